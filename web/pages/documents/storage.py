"""Uploaded files: judged by their content, kept under random names outside everything that is served."""

from __future__ import annotations

import hashlib
import os
import secrets
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import filetype  # type: ignore[import-untyped]

from web.pages.documents.names import harmless_name

LARGEST = 20 * 1024 * 1024
"""Bytes in one file."""
_CHUNK = 256 * 1024
# What an office file may unpack to: well above any real one, far below what hurts a reader's computer.
_LARGEST_UNPACKED = 400 * 1024 * 1024
_MOST_ENTRIES = 5000
_LARGEST_RATIO = 200

PDF, PNG, JPEG, TEXT = "application/pdf", "image/png", "image/jpeg", "text/plain"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."
# Ending → media type. What is not here is not taken.
ENDINGS = {
    "pdf": PDF,
    "png": PNG,
    "jpg": JPEG,
    "jpeg": JPEG,
    "txt": TEXT,
    "docx": _OOXML + "wordprocessingml.document",
    "xlsx": _OOXML + "spreadsheetml.sheet",
    "pptx": _OOXML + "presentationml.presentation",
    "odt": _ODF + "text",
    "ods": _ODF + "spreadsheet",
    "odp": _ODF + "presentation",
}
_MAIN_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<body", b"<head")


class Refused(Exception):
    """A file that is not taken. `reason` is one of the keys that `web.pages.documents.words` has a sentence for."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file that lies in the store. `digest` is SHA-256, `stored_as` its random name there."""

    name: str
    media_type: str
    size: int
    digest: str
    stored_as: str


class Storage:
    """The folder of uploaded files. Nothing in it carries a name that somebody sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, stream: IO[bytes], claimed_name: str) -> Accepted:
        """Judge the content of `stream` and store it, on disk before this returns.

        Raises:
            Refused: it is empty, too large, of a kind that is not taken, or not what its name says. Nothing is left behind.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        stored_as = secrets.token_hex(24)
        draft = self._folder / f".{stored_as}"
        try:
            size, digest = _copy(stream, draft)
            ending = claimed_name.rsplit(".", 1)[-1].strip().lower() if "." in claimed_name else ""
            media_type = judge(draft, ending)
            draft.replace(self._folder / stored_as)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(self._folder)
        return Accepted(harmless_name(claimed_name, ending), media_type, size, digest, stored_as)

    def path(self, stored_as: str) -> Path:
        """Where a stored file lies.

        Raises:
            ValueError: `stored_as` is no name that `keep` gives.
        """
        if len(stored_as) != 48 or not set(stored_as) <= set("0123456789abcdef"):
            raise ValueError("not the name of a stored file")
        return self._folder / stored_as

    def drop(self, stored_as: str) -> None:
        """Delete a file; one that is gone already is fine."""
        self.path(stored_as).unlink(missing_ok=True)


def judge(file: Path, ending: str) -> str:
    """The media type of `file`, found in its content.

    Raises:
        Refused: the kind is not taken, or the content is not what `ending` says.
    """
    expected = ENDINGS.get(ending)
    if expected is None:
        raise Refused("kind")
    if expected == TEXT:
        _judge_text(file)
    elif expected in (PDF, PNG, JPEG):
        if filetype.guess_mime(str(file)) != expected:
            raise Refused("content")
    else:
        _judge_office(file, ending, expected)
    return expected


def _copy(stream: IO[bytes], to: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise Refused("large")
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    if not size:
        raise Refused("empty")
    return size, digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name in the folder durable too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _judge_text(file: Path) -> None:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in text) or "\ufffd" in text:
        raise Refused("content")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise Refused("content")


def _judge_office(file: Path, ending: str, expected: str) -> None:
    """An office file is a zip archive with certain parts; nothing of it is unpacked but a few bytes of its own description."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _judge_size(entries, file.stat().st_size)
            if expected.startswith(_ODF):
                fits = "content.xml" in names and _beginning(archive, "mimetype") == expected.encode()
            else:
                fits = "[Content_Types].xml" in names and _MAIN_PARTS[ending] in names
            if not fits or any(entry.flag_bits & 1 for entry in entries):
                raise Refused("content")
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise Refused("macros")
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, KeyError) as error:
        # NotImplementedError is what zipfile says of a compression or encryption that it does not know.
        raise Refused("content") from error


def _judge_size(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _LARGEST_UNPACKED or unpacked > max(packed, _CHUNK) * _LARGEST_RATIO:
        raise Refused("bomb")


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(200).strip()
