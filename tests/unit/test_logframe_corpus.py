"""The files of the reference material as logframes: none crashes, none passes. (What each one says: test_corpus.py.)"""

from __future__ import annotations

import shutil

from mne.logframe.files import check_logframe


def test_no_file_of_any_kind_raises_or_passes_as_a_logframe(shared, tmp_path):
    files = sorted(path for path in (shared / "corpus").rglob("*") if path.is_file() and path.stat().st_size < 5 << 20)
    assert len(files) > 150
    for path in files:
        for ending in (".yaml", ".json"):
            copy = tmp_path / f"plan{ending}"
            shutil.copyfile(path, copy)
            findings = check_logframe(copy)
            assert findings.at_least("error"), path
            assert len(findings) <= 310, path
            for finding in findings:
                assert len(str(finding)) < 2_000
                assert str(finding).isprintable()
