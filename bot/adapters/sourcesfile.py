"""Changes to a sources file that leave everything else in it as its owner wrote it: comments, order, blank lines.

The file is cut at the `[[source]]` lines. Whatever was changed is read again before it is written, and has to come to
exactly the tables that were meant; a file that is written in another way is left alone. It is replaced in one step, so that
nobody ever reads half of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import fields
from io import StringIO
from pathlib import Path
from typing import Any, TypeAlias

from bot.adapters.sources import SourcesError
from bot.core.model import Source
from bot.ports import VistkaError

Table: TypeAlias = dict[str, Any]

_HEADER = re.compile(r"[ \t]*\[\[[ \t]*source[ \t]*\]\][ \t]*(?:#.*)?")
_SWITCH = re.compile(r"[ \t]*enabled[ \t]*=")


def table_of(source: Source, *, enabled: bool = True) -> str:
    """Return a source as the `[[source]]` table that is read as it; what is "" is left out."""
    values = {field.name: getattr(source, field.name) for field in fields(Source)}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value]
    return "\n".join(["[[source]]", *lines, *([] if enabled else ["enabled = false"])]) + "\n"


def with_tables(text: str, tables: Sequence[str]) -> str:
    """Return the text with tables behind the others."""
    return "\n".join([text.rstrip("\n") + "\n" if text.strip() else "", *tables]).lstrip("\n")


def without(name: str, text: str, source_id: str) -> str:
    """Return the text without the table of a source, and without the comment that stands right above it.

    One with which the file begins is about the file.
    """
    pieces = _pieces(name, text)
    number = _number(name, pieces, source_id)
    before, after = pieces[number - 1], pieces[number]
    start = len(before)
    while start > 0 and before[start - 1].lstrip().startswith("#"):
        start -= 1
    pieces[number - 1] = before[:start] if start or number > 1 else before
    pieces[number] = after[_end(after) :]
    return _checked(name, text, pieces, lambda tables: [each for each in tables if each.get("id") != source_id])


def switched(name: str, text: str, source_id: str, *, enabled: bool) -> str:
    """Return the text with a source switched on or off."""
    pieces = _pieces(name, text)
    number = _number(name, pieces, source_id)
    piece = [line for line in pieces[number] if not _SWITCH.match(line)]
    if not enabled:
        end = _end(piece)
        if not piece[end - 1].endswith("\n"):
            piece[end - 1] += "\n"
        piece.insert(end, "enabled = false\n")
    pieces[number] = piece

    def meant(tables: list[Table]) -> list[Table]:
        changed = [{**each, "enabled": enabled} if each.get("id") == source_id else each for each in tables]
        return [{name: value for name, value in each.items() if (name, value) != ("enabled", True)} for each in changed]

    return _checked(name, text, pieces, meant)


def _pieces(name: str, text: str) -> list[list[str]]:
    """Cut the lines before each `[[source]]`; raise SourcesError where these are not all the sources there are."""
    pieces: list[list[str]] = [[]]
    for line in StringIO(text):
        if _HEADER.fullmatch(line.rstrip("\r\n")):
            pieces.append([])
        pieces[-1].append(line)
    try:
        read = [tomllib.loads("".join(piece))["source"] for piece in pieces[1:]]
        sound = read == [[table] for table in tomllib.loads(text).get("source", [])]
    except (tomllib.TOMLDecodeError, KeyError):
        sound = False
    if not sound:
        raise SourcesError(f"{name}: it is not written as [[source]] tables one after the other; change it by hand")
    return pieces


def _number(name: str, pieces: Sequence[Sequence[str]], source_id: str) -> int:
    for number, piece in enumerate(pieces[1:], 1):
        if tomllib.loads("".join(piece))["source"][0].get("id") == source_id:
            return number
    raise SourcesError(f"{name}: it has no source {source_id!r}; 'vistka sources list' names those there are")


def _end(piece: Sequence[str]) -> int:
    """Return behind which line of a piece its table ends, and what stands before the next one begins."""
    said = [number for number, line in enumerate(piece, 1) if line.strip() and not line.lstrip().startswith("#")]
    return said[-1] if said else 0


def _checked(name: str, text: str, pieces: Sequence[Sequence[str]], meant: Callable[[list[Table]], list[Table]]) -> str:
    """Return the pieces as one text; raise SourcesError unless it reads as it is meant."""
    changed = "".join(line for piece in pieces for line in piece)
    try:
        sound = tomllib.loads(changed).get("source", []) == meant(tomllib.loads(text)["source"])
    except tomllib.TOMLDecodeError:
        sound = False
    if not sound:
        raise SourcesError(f"{name}: it is written in an unusual way; change it by hand")
    return changed


def write_text(path: Path, text: str, *, instead_of: str | None) -> None:
    """Put a text into the place of the file's, in one step; raise VistkaError.

    `instead_of` is what was read in it; None makes a new file. Where something else stands there now it is left alone.
    """
    target = path.resolve()
    try:
        if (target.read_text(encoding="utf-8") if target.exists() else None) != instead_of:
            raise VistkaError(f"{path}: it was changed meanwhile; nothing was written, try again")
        _replace(target, text)
    except OSError as error:
        raise VistkaError(f"{path}: cannot be written ({error.strerror}); check its folder and permissions") from None


def _replace(target: Path, text: str) -> None:
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
    handle, fresh = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).chmod(mode)
        Path(fresh).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(fresh).unlink()
        raise
