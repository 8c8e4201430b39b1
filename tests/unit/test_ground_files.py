"""Reading bytes, walking folders and writing whole files: what may not hang, mislead or be left half done."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mne.errors import MneError, WriteError
from mne.ground.files import Limits, decode_text, read_bytes, walk_sources, write_atomic

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")


def codes(findings):
    return [finding.code for finding in findings]


# ------------------------------------------------------------------------------------------------------------ reading


def test_bytes_come_with_the_name_as_given_and_their_hash(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"x,y\n1,2\n")
    monkeypatch.chdir(tmp_path)
    source, findings = read_bytes("a.csv")
    assert findings == ()
    assert (source.name, source.data) == ("a.csv", b"x,y\n1,2\n")
    assert source.sha256 == hashlib.sha256(b"x,y\n1,2\n").hexdigest()
    assert "1,2" not in repr(source)


def test_the_name_of_a_path_object_is_its_text(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x")
    source, _ = read_bytes(tmp_path / "a.csv")
    assert source.name == str(tmp_path / "a.csv")


def refused(path, **options):
    source, findings = read_bytes(path, **options)
    assert source is None
    assert [finding.place.file for finding in findings] == [os.fspath(path)]
    assert [finding.level for finding in findings] == ["blocker"]
    return findings[0].code


def test_a_missing_file_a_folder_and_an_empty_file(tmp_path):
    (tmp_path / "empty.csv").touch()
    assert refused(tmp_path / "none.csv") == "file-missing"
    assert refused(tmp_path / "empty.csv" / "below.csv") == "file-missing"
    assert refused(tmp_path) == "file-is-directory"
    assert refused(tmp_path / "empty.csv") == "file-empty"


@pytest.mark.parametrize("name", ["a\0b", "x" * 5_000])
def test_a_path_that_cannot_be(name):
    assert refused(name) == "file-unreadable"


@needs_pipes
def test_pipes_sockets_and_devices_are_not_read(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert refused("socket") == "file-not-regular"
    assert refused(tmp_path / "pipe") == "file-not-regular"
    assert refused("/dev/zero") == "file-not-regular"


@needs_pipes
def test_a_path_that_turns_into_a_pipe_after_it_was_looked_at_does_not_hang(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x")
    real_open = os.open

    def swapped(name, flags, *rest):
        path.unlink()
        os.mkfifo(path)
        return real_open(name, flags, *rest)

    monkeypatch.setattr(os, "open", swapped)
    assert refused(path) == "file-not-regular"


def test_what_may_not_be_opened_is_a_finding(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"x")

    def denied(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", denied)
    assert refused(tmp_path / "a.csv") == "file-unreadable"


def test_the_size_is_bounded_by_what_is_read(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x" * 11)
    assert refused(tmp_path / "a.csv", limits=Limits(file_bytes=10)) == "limit-file-size"
    source, _ = read_bytes(tmp_path / "a.csv", limits=Limits(file_bytes=11))
    assert len(source.data) == 11


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the system has no /proc")
def test_a_file_that_says_it_is_empty_and_is_not_is_bounded_too():
    assert Path("/proc/self/maps").stat().st_size == 0
    assert refused("/proc/self/maps", limits=Limits(file_bytes=100)) == "limit-file-size"


def test_a_link_that_the_caller_names_is_followed(tmp_path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "a.csv").write_bytes(b"x")
    (tmp_path / "inside" / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    source, _ = read_bytes(tmp_path / "inside" / "link.csv")
    assert source.data == b"x"
    assert refused(tmp_path / "loop.csv") == "file-unreadable"


# ------------------------------------------------------------------------------------------------------------ folders


def filled(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def walked(folder, **options):
    paths, findings = walk_sources(folder, suffixes=(".csv", ".xlsx"), **options)
    told = {(Path(finding.place.file).relative_to(folder).as_posix(), finding.code) for finding in findings}
    return [path.relative_to(folder).as_posix() for path in paths], told


def test_files_come_in_the_order_of_their_paths_whatever_their_case_of_suffix(tmp_path):
    filled(tmp_path, "b.csv", "a/z.XLSX", "a/b/c.csv", "a.csv", "c.Csv")
    assert walked(tmp_path) == (["a/b/c.csv", "a/z.XLSX", "a.csv", "b.csv", "c.Csv"], set())


def test_the_folder_is_part_of_each_path_as_it_was_given(tmp_path, monkeypatch):
    filled(tmp_path, "reports/a.csv")
    monkeypatch.chdir(tmp_path)
    assert walk_sources("reports", suffixes=(".csv",))[0] == [Path("reports/a.csv")]


def test_hidden_and_lock_files_are_passed_over_and_other_kinds_are_named(tmp_path):
    filled(tmp_path, "a.csv", ".hidden.csv", ".git/b.csv", "~$a.xlsx", "README.md", "notes", "run.py")
    read, told = walked(tmp_path)
    assert read == ["a.csv"]
    assert told == {(name, "file-type-unknown") for name in ("README.md", "notes", "run.py")}


def test_links_are_followed_to_files_inside_only_and_no_file_is_read_twice(tmp_path):
    outside = tmp_path / "outside"
    folder = tmp_path / "folder"
    filled(outside, "secret.csv")
    filled(folder, "a.csv", ".store/b.csv", "sub/d.csv")
    (folder / "again.csv").symlink_to(folder / "a.csv")
    (folder / "b.csv").symlink_to(folder / ".store" / "b.csv")
    (folder / "b2.csv").symlink_to(folder / ".store" / "b.csv")
    (folder / "out.csv").symlink_to(outside / "secret.csv")
    (folder / "outfolder").symlink_to(outside)
    (folder / "subagain").symlink_to(folder / "sub")
    (folder / "notes").symlink_to(folder / ".store")
    read, told = walked(folder)
    assert read == ["a.csv", "b.csv", "sub/d.csv"]
    assert told == {
        ("again.csv", "file-link-skipped"),
        ("b2.csv", "file-link-skipped"),
        ("out.csv", "file-link-outside"),
        ("outfolder", "file-link-outside"),
        ("subagain", "file-link-skipped"),
        ("notes", "file-link-skipped"),
    }


def test_a_folder_beside_one_whose_name_begins_alike_is_outside(tmp_path):
    filled(tmp_path, "in/a.csv", "inbox/b.csv")
    (tmp_path / "in" / "b.csv").symlink_to(tmp_path / "inbox" / "b.csv")
    assert walked(tmp_path / "in") == (["a.csv"], {("b.csv", "file-link-outside")})


@needs_pipes
def test_a_pipe_in_a_folder_is_named_and_not_read(tmp_path):
    filled(tmp_path, "a.csv")
    os.mkfifo(tmp_path / "pipe.csv")
    assert walked(tmp_path) == (["a.csv"], {("pipe.csv", "file-not-regular")})


def test_a_folder_that_is_missing_or_a_file_or_holds_nothing(tmp_path):
    filled(tmp_path, "a.csv")
    (tmp_path / "nothing").mkdir()
    assert codes(walk_sources(tmp_path / "none", suffixes=(".csv",))[1]) == ["file-missing"]
    assert codes(walk_sources(tmp_path / "a.csv", suffixes=(".csv",))[1]) == ["file-not-folder"]
    assert codes(walk_sources(tmp_path / "nothing", suffixes=(".csv",))[1]) == ["folder-empty"]
    assert codes(walk_sources("a\0b", suffixes=(".csv",))[1]) == ["file-unreadable"]


def test_a_folder_that_may_not_be_entered_is_named_and_the_rest_is_read(tmp_path, monkeypatch):
    filled(tmp_path, "a.csv", "locked/b.csv")
    real = os.scandir

    def denied(path):
        if Path(path).name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert walked(tmp_path) == (["a.csv"], {("locked", "file-unreadable")})


def test_a_folder_of_too_many_files_is_refused(tmp_path):
    filled(tmp_path, *(f"{number}.csv" for number in range(6)))
    assert walked(tmp_path, limits=Limits(files=5)) == ([], {(".", "limit-files")})
    assert len(walked(tmp_path, limits=Limits(files=6))[0]) == 6


# --------------------------------------------------------------------------------------------------------------- text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_is_text_without_a_word(encoding):
    assert decode_text("Tavildara – Тавилдара".encode(encoding), name="a") == ("Tavildara – Тавилдара", ())


@pytest.mark.parametrize(("bom", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf16_with_its_mark_is_read_and_said(bom, encoding):
    text, findings = decode_text(bom + "Тавилдара".encode(encoding), name="a")
    assert text == "Тавилдара"
    assert [(finding.code, finding.level) for finding in findings] == [("encoding-not-utf8", "info")]


def test_the_first_byte_that_is_not_utf8_is_pointed_at():
    text, (finding,) = decode_text("id,name\n1,Тавилдара\n".encode("cp1251"), name="a.csv")
    assert text is None
    assert (finding.code, finding.level) == ("encoding-not-utf8", "blocker")
    assert (finding.place.file, finding.place.line, finding.place.column) == ("a.csv", 2, 3)


@pytest.mark.parametrize(
    "data", ["id,name".encode("utf-16-le"), "id".encode("utf-32"), b"\xff\xfea", b"\xff\xfe\x00\xd8a\x00"]
)
def test_what_cannot_be_told_is_not_guessed(data):
    text, findings = decode_text(data, name="a")
    assert (text, codes(findings)) == (None, ["encoding-unknown"])


# ------------------------------------------------------------------------------------------------------------ writing


def test_text_and_bytes_are_written_as_they_are(tmp_path):
    write_atomic(tmp_path / "a.txt", "ключ\r\n\n")
    write_atomic(str(tmp_path / "b.bin"), b"\x00\xff")
    assert (tmp_path / "a.txt").read_bytes() == "ключ\r\n\n".encode()
    assert (tmp_path / "b.bin").read_bytes() == b"\x00\xff"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.bin"]


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of Unix")
def test_an_existing_file_keeps_its_permissions_and_a_new_one_gets_the_usual(tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text("old")
    kept.chmod(0o640)
    usual = tmp_path / "usual.txt"
    usual.write_text("x")
    write_atomic(kept, "new")
    write_atomic(tmp_path / "fresh.txt", "new")
    assert (kept.read_text(), stat.S_IMODE(kept.stat().st_mode)) == ("new", 0o640)
    assert (tmp_path / "fresh.txt").stat().st_mode == usual.stat().st_mode


def test_a_link_is_written_through(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    write_atomic(tmp_path / "link.txt", "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "a.txt").read_text() == "new"


def test_a_name_as_long_as_names_can_be_is_written(tmp_path):
    name = "x" * 255
    write_atomic(tmp_path / name, "new")
    assert (tmp_path / name).read_text() == "new"


@pytest.mark.parametrize("path", ["", "missing/a.txt", "a\0b", "folder"])
def test_what_cannot_be_written_is_one_clear_error(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError) as raised:
        write_atomic(path, "new")
    assert isinstance(raised.value, MneError)
    assert isinstance(raised.value, OSError)
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


@needs_pipes
def test_a_pipe_or_device_is_never_replaced_by_a_file(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", "/dev/null"):
        with pytest.raises(WriteError):
            write_atomic(path, "new")
        assert not Path(path).is_file()


def test_text_that_utf8_cannot_hold_is_refused_before_anything_is_touched(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(WriteError):
        write_atomic(tmp_path / "a.txt", "\ud800")
    assert (tmp_path / "a.txt").read_text() == "old"


@pytest.mark.parametrize("step", ["open", "fsync", "replace"])
@pytest.mark.parametrize("problem", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_at_any_step_leaves_the_old_file_and_no_rest(tmp_path, monkeypatch, step, problem):
    (tmp_path / "a.txt").write_text("old")

    def fails(*_, **__):
        raise problem

    monkeypatch.setattr(os, step, fails)
    with pytest.raises(WriteError if isinstance(problem, OSError) else KeyboardInterrupt):
        write_atomic(tmp_path / "a.txt", "new")
    monkeypatch.undo()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "old")]


KILLED = """
import os, sys
from mne.ground.files import write_atomic
step = sys.argv[2]
real = getattr(os, step)
def last(*arguments, **options):
    if sys.argv[3] == "after":
        real(*arguments, **options)
    os._exit(9)
setattr(os, step, last)
write_atomic(sys.argv[1], "new" * 100_000)
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["open", "fdopen", "fsync", "replace"])
def test_a_process_killed_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path, step, when):
    path = tmp_path / "a.txt"
    path.write_text("old")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), step, when], check=False)
    assert done.returncode == 9
    assert path.read_text() == ("new" * 100_000 if (step, when) == ("replace", "after") else "old")
    assert walk_sources(tmp_path, suffixes=(".txt", ".tmp"))[0] == [path]  # what is left over is hidden
