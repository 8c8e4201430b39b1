"""Good and hostile files, damaged at random: bytes, tokens, splices, and parts of workbooks behind a right checksum.

Read `Mutator` first. The same seed gives the same files.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

__all__ = ["Mutator"]

_NUMBER: Final = re.compile(rb"[0-9]+(?:\.[0-9]+)?")
_WORD: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_-]*")
_VALUES: Final = (
    b"", b"0", b"-0", b"-1", b"1e400", b"NaN", b"inf", b"1" * 400, b"9223372036854775808", b"1,234", b"1.234,5", b"12%",
    b"5/0", b"2024-02-30", b"2024-13", b"99999-01-01", b"31/12/2024", b"0000-00-00", b"2024-06-30T24:00:00+99:99",
    b"_T", b"TOTAL", b"n/a", b"#REF!", b"=1+1", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\xc0\x80", b"\xed\xa0\x80",
    "٣٤".encode(), "½".encode(), "\u202e".encode(), "\u2028".encode(), b"a" * 5_000, b"{" * 100, b"[" * 100,
)  # fmt: skip
_TOKENS: Final[dict[str, tuple[bytes, ...]]] = {
    "csv": (b",", b";", b"\t", b'"', b'""', b"\n", b"\r", b"\r\n", b"sep=;\n", b"\n\n,,,\n", b'"\n'),
    "json": (b"{", b"}", b"[", b"]", b":", b",", b'"', b"null", b"true", b"\\u0000", b"\\ud800", b"1e", b"-", b"//"),
    "yaml": (b": ", b"- ", b"\n", b"  ", b"{", b"}", b"[", b"]", b"&a ", b"*a", b"!!x ", b"<<: ", b"|", b">", b"? ", b"---\n", b"'", b'"', b"\t", b"#"),
    "xml": (b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?x y?>", b"&amp;", b"&#0;", b"&#x10FFFF;", b"<!DOCTYPE x>", b"xmlns='a'"),
}  # fmt: skip
_TOKENS["xlsx"] = (
    *_TOKENS["xml"],
    b't="s"',
    b't="e"',
    b't="b"',
    b't="d"',
    b's="9"',
    b'r="XFD1"',
    b'r="A0"',
    b"<f>A1</f>",
    b'hidden="1"',
    b'ref="A1:B9"',
)


class Mutator:
    """Makes damaged files from whole ones."""

    def __init__(self, kind: str, seeds: Sequence[bytes], random: Random) -> None:
        self.kind = kind
        self.seeds = [seed for seed in seeds if len(seed) <= 300_000] or [b""]
        self.random = random

    def next(self) -> bytes:
        """The next file."""
        random = self.random
        seed = random.choice(self.seeds)
        if random.random() < 0.03:
            return self._generated()
        if self.kind == "xlsx" and random.random() < 0.8 and (packed := self._repacked(seed)) is not None:
            return packed
        return self._damaged(seed)

    def _generated(self) -> bytes:
        random = self.random
        pieces = (*_VALUES, *_TOKENS[self.kind], *(bytes([random.randrange(256)]) for _ in range(20)))
        return b"".join(random.choice(pieces) for _ in range(random.randrange(1, 300)))

    def _damaged(self, data: bytes) -> bytes:
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3, 5, 8))):
            data = self._once(data)
        return data[:2_000_000]

    def _once(self, data: bytes) -> bytes:
        random = self.random
        at = random.randrange(len(data) + 1)
        end = min(len(data), at + random.choice((1, 1, 2, 4, 16, 64, 512)))
        match random.randrange(9):
            case 0:
                flipped = bytes(byte ^ (1 << random.randrange(8)) for byte in data[at : at + 1])
                return data[:at] + flipped + data[at + 1 :]
            case 1:
                return data[:at] + data[end:]
            case 2:
                return data[:end] + data[at:]
            case 3:
                return data[:at] + random.choice(_TOKENS[self.kind]) * random.choice((1, 1, 1, 2, 100)) + data[at:]
            case 4 | 5:
                return self._put(data, _NUMBER if random.random() < 0.7 else _WORD, random.choice(_VALUES))
            case 6:
                other = random.choice(self.seeds)
                there = random.randrange(len(other) + 1)
                return data[:at] + other[there : there + random.choice((16, 256, 4_096))] + data[end:]
            case 7:
                lines = data.split(b"\n")
                random.shuffle(lines) if random.random() < 0.3 else lines.insert(
                    random.randrange(len(lines)), random.choice(lines)
                )
                return b"\n".join(lines)
            case _:
                words = _WORD.findall(data)
                return self._put(data, _WORD, random.choice(words)) if words else data

    def _put(self, data: bytes, pattern: re.Pattern[bytes], instead: bytes) -> bytes:
        found = list(pattern.finditer(data[:200_000]))
        if not found:
            return data + instead
        chosen = self.random.choice(found)
        return data[: chosen.start()] + instead + data[chosen.end() :]

    def _repacked(self, data: bytes) -> bytes | None:
        """A workbook with one part damaged, and everything around it right."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if len(archive.namelist()) > 50:
                    return None
                parts = [(name, archive.read(name)) for name in archive.namelist()]
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, ValueError):
            return None
        names = [at for at, (name, _) in enumerate(parts) if name.endswith((".xml", ".rels"))] or [0]
        sheets = [at for at in names if "sheet" in parts[at][0]] or names
        at = self.random.choice(sheets if self.random.random() < 0.6 else names)
        parts[at] = (parts[at][0], self._damaged(parts[at][1]))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts:
                archive.writestr(name, content)
        return out.getvalue()
