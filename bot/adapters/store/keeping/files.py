"""Files that are kept: each stands under its name once all of it is on the disk, for its owner alone, and is never overwritten.

What a run that was killed left behind is taken away by the next one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from bot.ports import PermanentError

_PART = ".part"
_PARTS = (f".vistka-*.zip{_PART}", f".items-*.jsonl.gz{_PART}")
"""What is ours of a folder that others may write to as well: backups and archives that were begun."""
_LEFT_BEHIND = timedelta(days=1)
"""How old a file must be that somebody may still be writing before it is taken for left behind."""
_OURS = re.compile(r"vistka-(\d{4}-\d\d-\d\dT\d{6}Z)\.zip")
_STAMP = "%Y-%m-%dT%H%M%SZ"


def backup_name(at: datetime) -> str:
    """Return what a backup made at a time is called."""
    return f"vistka-{at.astimezone(UTC).strftime(_STAMP)}.zip"


def backups_in(folder: Path) -> dict[datetime, Path]:
    """Return the backups of a folder by when they were made, oldest first; other files are not looked at."""
    try:
        found = [(_OURS.fullmatch(path.name), path) for path in folder.iterdir()]
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PermanentError(f"{folder}: cannot be read ({error.strerror}); check its permissions") from None
    made = [(datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC), path) for match, path in found if match]
    return dict(sorted(made))


def thin(folder: Path, keep: Collection[datetime]) -> int:
    """Take away the backups of a folder that were made at other times than these; return how many those were."""
    gone = [path for at, path in backups_in(folder).items() if at not in keep]
    for path in gone:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise PermanentError(f"{path}: cannot be taken away ({error.strerror}); remove it by hand") from None
    return len(gone)


@contextmanager
def written(path: Path, now: datetime) -> Iterator[BinaryIO]:
    """Give a file to write, which is under its name at the end, or not there at all when the body raises."""
    part = path.with_name(f".{path.name}{_PART}")
    if path.parent.exists() and not path.parent.is_dir():
        raise PermanentError(f"{path.parent}: it is no folder; name another one")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent, now - _LEFT_BEHIND)
        if path.exists():
            raise PermanentError(f"{path}: it is there already, and is not overwritten; name another folder")
        with _opened(part) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(path)
        _settle(path.parent)
    except FileExistsError as error:
        raise PermanentError(f"{error.filename}: somebody is writing there; wait, or remove it") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PermanentError(f"{path}: cannot be written ({reason}); make room there or name another folder") from None


@contextmanager
def _opened(part: Path) -> Iterator[BinaryIO]:
    """Open a file that is not there, for its owner alone; it goes again when the body raises."""
    number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w+b") as stream:
            yield stream
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _sweep(folder: Path, before: datetime) -> None:
    """Take away what was left behind before a time."""
    for part in (part for ours in _PARTS for part in folder.glob(ours)):
        if part.stat().st_mtime < before.timestamp():
            part.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Have the folder know of its new file after a power cut, too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
