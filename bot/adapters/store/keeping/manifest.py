"""What a backup says of itself, beside its tables: by it the backup is checked before anything is made of it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from pydantic import TypeAdapter, ValidationError

from bot.ports import PermanentError

NAME = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a backup: its columns, how many rows it has, and the digest of the lines that these are."""

    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the tables of a schema as they were at a time, and which Vistka wrote it."""

    schema: str
    made: datetime
    tables: Mapping[str, Part]
    vistka: str = version("vistka")
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """How many rows it has in all."""
        return sum(part.rows for part in self.tables.values())


_MANIFEST = TypeAdapter(Manifest)


def dumped(manifest: Manifest) -> bytes:
    """Return the manifest as it is written, for people to read."""
    return json.dumps(_MANIFEST.dump_python(manifest, mode="json"), indent=2).encode() + b"\n"


def checked(path: Path) -> Manifest:
    """Return the manifest of a backup after reading all of it; raise PermanentError where a byte is not as it was written."""
    try:
        with ZipFile(path) as backup:
            manifest = _read(path, backup)
            for table, part in manifest.tables.items():
                _compare(path, backup, table, part)
    except OSError as error:
        raise PermanentError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from None
    except (BadZipFile, KeyError, EOFError, NotImplementedError, zlib.error):
        raise damaged(path) from None
    return manifest


def member(table: str) -> str:
    """Return what the lines of a table are called in a backup."""
    return f"{table}.jsonl"


def damaged(path: Path) -> PermanentError:
    """Return the error for a backup that is not as it was written."""
    return PermanentError(f"{path}: it is no backup of Vistka, or damaged; take another one")


def _read(path: Path, backup: ZipFile) -> Manifest:
    try:
        manifest = _MANIFEST.validate_json(backup.read(NAME))
    except ValidationError:
        raise damaged(path) from None
    if manifest.format > FORMAT:
        raise PermanentError(f"{path}: a newer Vistka ({manifest.vistka}) wrote it; update Vistka")
    return manifest


def _compare(path: Path, backup: ZipFile, table: str, part: Part) -> None:
    digest, rows = hashlib.sha256(), 0
    with backup.open(member(table)) as lines:
        while chunk := lines.read(_CHUNK):
            digest.update(chunk)
            rows += chunk.count(b"\n")
    if (rows, digest.hexdigest()) != (part.rows, part.sha256):
        raise damaged(path)
