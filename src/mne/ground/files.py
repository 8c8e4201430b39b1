"""Bytes in and out: ordinary files of a bounded size are read, and files are written whole or not at all.

Read `read_bytes` first. Nothing that a path leads to may hang, fill the memory or lead elsewhere: what cannot be read
is a finding. `write_atomic` is the only way in which anything is written.
"""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from mne.errors import WriteError
from mne.ground.catalogue import Severity
from mne.ground.encodings import likely_encoding
from mne.ground.findings import Finding, Place, clean_text
from mne.ground.phrases import phrase

__all__ = ["Limits", "SourceBytes", "decode_text", "matching", "read_bytes", "walk_sources", "write_atomic"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold before reading it stops with a finding whose code begins with ``limit-``."""

    file_bytes: int = 50 << 20
    files: int = 10_000
    depth: int = 64
    nodes: int = 200_000
    zip_entries: int = 2_000
    unzipped_bytes: int = 200 << 20
    elements: int = 20_000_000
    rows: int = 200_000
    columns: int = 1_024
    cells: int = 5_000_000


@dataclass(frozen=True, slots=True)
class SourceBytes:
    """What one file held: its name as the caller wrote it, its bytes, and their SHA-256 in hexadecimal."""

    name: str
    data: bytes
    sha256: str

    def __repr__(self) -> str:
        return f"SourceBytes({clean_text(self.name)!r}, {len(self.data)} bytes, {self.sha256[:12]}…)"


def read_bytes(
    path: str | os.PathLike[str], *, limits: Limits | None = None
) -> tuple[SourceBytes | None, tuple[Finding, ...]]:
    """The bytes of one ordinary file, or a finding that says why there are none.

    A link is followed, as the caller named it. Devices, pipes and folders are not opened for reading, and the size is
    bounded by what is read, whatever the file system says.
    """
    name = os.fspath(path)
    most = (limits or Limits()).file_bytes
    try:
        data = _regular_bytes(name, most + 1)
    except _NotRegularError as problem:
        return None, (_about(name, problem.code, found=problem.found),)
    except (FileNotFoundError, NotADirectoryError):
        return None, (_about(name, "file-missing"),)
    except (OSError, ValueError) as problem:
        return None, (_unreadable(name, problem),)
    if not data:
        return None, (_about(name, "file-empty"),)
    if len(data) > most:
        return None, (_about(name, "limit-file-size", limit=most),)
    return SourceBytes(name, data, hashlib.sha256(data).hexdigest()), ()


class _NotRegularError(Exception):
    def __init__(self, code: str, found: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.found = found


_KINDS: Final = (
    (stat.S_ISFIFO, phrase("a pipe")),
    (stat.S_ISSOCK, phrase("a socket")),
    (stat.S_ISCHR, phrase("a device")),
    (stat.S_ISBLK, phrase("a device")),
)


def _require_regular(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise _NotRegularError("file-is-directory")
    if not stat.S_ISREG(mode):
        raise _NotRegularError(
            "file-not-regular", next((kind for test, kind in _KINDS if test(mode)), phrase("no file"))
        )


def _regular_bytes(name: str, most: int) -> bytes:
    # Looked at before opening, as opening a device can already act on it, and after, as the path may have changed.
    _require_regular(Path(name).stat().st_mode)
    handle = os.open(name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as opened:
        _require_regular(os.fstat(handle).st_mode)
        return opened.read(most)


def _about(name: str, code: str, *, found: str = "", expected: str = "", **params: object) -> Finding:
    return Finding(code=code, place=Place(file=name), found=found, expected=expected, params=params)


def _unreadable(name: str, problem: Exception) -> Finding:
    told = problem.strerror if isinstance(problem, OSError) else None
    return _about(name, "file-unreadable", reason=told or str(problem))


# ---------------------------------------------------------------------------------------------------------- folders


_WILD = frozenset("*?[")


def matching(name: str) -> list[str] | None:
    """The paths that a pattern such as ``2026/*.csv`` names, in order; None for the name of a file, or of none."""
    if not _WILD & set(name) or Path(name).exists():
        return None
    return sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - a pattern may be absolute, which `Path.glob` refuses


def walk_sources(
    folder: str | os.PathLike[str], *, suffixes: tuple[str, ...], limits: Limits | None = None
) -> tuple[list[Path], tuple[Finding, ...]]:
    """The files under a folder whose names end in one of `suffixes`, in a fixed order, and what was left out.

    Hidden files and the lock files of office programs (``~$…``) are passed over. Links to folders are not entered, and
    links to files only where they stay inside the folder and their target is not read anyway.
    """
    top = Path(folder)
    try:
        top.stat()
        if not top.is_dir():
            return [], (_about(str(top), "file-not-folder"),)
        walk = _Walk(top, suffixes, limits or Limits())
        walk.enter(top)
    except (FileNotFoundError, NotADirectoryError):
        return [], (_about(str(top), "file-missing"),)
    except (OSError, ValueError) as problem:
        return [], (_unreadable(str(top), problem),)
    if walk.seen > walk.limits.files:
        return [], tuple(walk.findings)
    paths = sorted([*walk.files, *walk.settled_links()], key=lambda path: path.parts)
    if not paths:
        walk.findings.append(_about(str(top), "folder-empty", expected=", ".join(suffixes)))
    return paths, tuple(walk.findings)


class _Walk:
    def __init__(self, top: Path, suffixes: tuple[str, ...], limits: Limits) -> None:
        self.real_top = os.path.realpath(top)
        self.suffixes = tuple(suffix.casefold() for suffix in suffixes)
        self.limits = limits
        self.seen = 0
        self.files: list[Path] = []
        self.links: list[Path] = []
        self.findings: list[Finding] = []

    def enter(self, top: Path) -> None:
        folders = [top]
        while folders and self.seen <= self.limits.files:
            for entry in self._entries(folders.pop()):
                path = Path(entry.path)
                if entry.is_symlink():
                    self._link(path)
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif self._wanted(path):
                    self._file(path, regular=entry.is_file(follow_symlinks=False))

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as found:
                entries = list(islice(found, self.limits.files - self.seen + 1))
        except OSError as problem:
            self.findings.append(_unreadable(str(folder), problem))
            return []
        self.seen += len(entries)
        if self.seen > self.limits.files:
            self._say(folder, "limit-files", limit=self.limits.files)
        shown = (entry for entry in entries if not entry.name.startswith((".", "~$")))
        return sorted(shown, key=lambda entry: entry.name)

    def _wanted(self, path: Path) -> bool:
        if path.suffix.casefold() in self.suffixes:
            return True
        self._say(path, "file-type-unknown", found=path.suffix or path.name, expected=", ".join(self.suffixes))
        return False

    def _file(self, path: Path, *, regular: bool) -> None:
        if regular:
            self.files.append(path)
        else:
            self._say(path, "file-not-regular", found=phrase("a pipe or a device"))

    def _link(self, path: Path) -> None:
        target = os.path.realpath(path)
        if not _is_inside(target, self.real_top):
            self._say(path, "file-link-outside", found=target)
        elif Path(target).is_dir():
            self._say(path, "file-link-skipped", found=target, reason=phrase("it leads to another folder"))
        elif self._wanted(path):
            self.links.append(path)

    def settled_links(self) -> Iterator[Path]:
        read = {os.path.realpath(path) for path in self.files}
        for path in sorted(self.links):
            target = os.path.realpath(path)
            if target in read:
                self._say(
                    path, "file-link-skipped", found=target, reason=phrase("the file that it leads to is read already")
                )
            else:
                read.add(target)
                yield path

    def _say(self, path: Path, code: str, *, found: str = "", expected: str = "", **params: object) -> None:
        self.findings.append(_about(str(path), code, found=found, expected=expected, **params))


def _is_inside(target: str, folder: str) -> bool:
    try:
        return os.path.commonpath([target, folder]) == folder
    except ValueError:  # on another drive
        return False


# ------------------------------------------------------------------------------------------------------------- text

_HEAD: Final = 1_024
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode_text(data: bytes, *, name: str) -> tuple[str | None, tuple[Finding, ...]]:
    """The text of a file in UTF-8, or in UTF-16 with a byte order mark (which is said), or why it cannot be read."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return None, (_about(name, "encoding-unknown", found=phrase("it looks like UTF-32")),)
    encoding = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "utf-8")
    head = data[:_HEAD]
    if encoding == "utf-8" and head.count(0) * 4 > len(head):
        return None, (_about(name, "encoding-unknown", found=phrase("it looks like UTF-16 without a byte order mark")),)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as problem:
        if encoding == "utf-16":
            return None, (_about(name, "encoding-unknown", found=phrase("UTF-16 that breaks off or is damaged")),)
        before = problem.object[: problem.start]
        place = Place(file=name, line=before.count(b"\n") + 1, column=len(before) - before.rfind(b"\n"))
        found = phrase("byte {byte}", byte=f"0x{problem.object[problem.start]:02X}")
        likely = likely_encoding(data)
        return None, (Finding(code="encoding-not-utf8", place=place, found=found, suggestion=likely),)
    if encoding == "utf-16":
        return text, (replace(_about(name, "encoding-not-utf8", found="UTF-16"), severity=Severity.INFO),)
    return text, ()


# ---------------------------------------------------------------------------------------------------------- writing


def write_atomic(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write a file so that its path holds the old content or the new, and never a part of either.

    A link is written through. A new file gets the permissions that the process gives to new files, an existing one
    keeps its own. Text is written in UTF-8 with the line ends that it has.

    Raises:
        WriteError: the folder does not exist or may not be written to, the path is no ordinary file, the disk is full.
    """
    name = os.fspath(path)
    try:
        content = data.encode() if isinstance(data, str) else data
        target = Path(os.path.realpath(name))
        mode = _mode_of_existing(target)
        # A name of its own, not one made from the target's, which may already be as long as names can be.
        fresh = target.parent / f".write-{secrets.token_hex(8)}.tmp"
        try:
            _write_synced(fresh, content, mode)
            fresh.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                fresh.unlink()
            raise
        _sync_folder(target.parent)
    except _NotRegularError as problem:
        what = problem.found or "a folder"
        raise WriteError(f"cannot write {clean_text(name)}: it is {what}, not a file") from None
    except (OSError, ValueError) as problem:
        told = problem.strerror if isinstance(problem, OSError) else None
        raise WriteError(f"cannot write {clean_text(name)}: {told or problem}") from problem


def _mode_of_existing(target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    _require_regular(mode)
    return stat.S_IMODE(mode)


def _write_synced(fresh: Path, content: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(fresh, flags, 0o666), "wb") as opened:
        if mode is not None:
            fresh.chmod(mode)
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    # The new name is in place already; some file systems and Windows cannot sync a folder, which loses no content.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
