"""`vistka events export`: all events in a form for others, into a file at one stroke or onto standard output."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

import click

import bot.core.export
from bot.cli._events.opening import load_books, opened, wishes
from bot.core.export import Edition, Entry, Format
from bot.exporting import Whereabouts, counted
from bot.plugins import discover
from bot.ports import VistkaError, Wanted
from bot.settings import load_settings

FORMATS: Final[Mapping[str, Format]] = {form.name: form for form in discover(bot.core.export, "FORMAT")}
NOWHERE: Final = Path("-")


@click.command("export")
@click.option(
    "--format", "name", type=click.Choice(sorted(FORMATS)), help="The form; by the file's name where left out."
)
@wishes
@click.option("--confirmed", "sure", is_flag=True, help="Leave out what is unconfirmed.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=NOWHERE,
    help="File; else standard output.",
)
def export(name: str | None, wanted: Wanted, output: Path, *, sure: bool) -> None:
    """Write all events that readers may see, with who says what: docs/reference/events.md tells what each field means.

    The same events make the same bytes, in the order of their numbers. ICS has exchanges alone where no kind is named.
    """
    form = _form(name, output)
    wanted = replace(wanted, kinds=wanted.kinds or form.kinds)
    with _replacing(output) as file:
        edition = asyncio.run(_write(form, wanted, file, sure=sure))
    if output != NOWHERE and form.beside:
        with _replacing(output.with_name(output.name + form.beside_name)) as file:
            file.write(form.beside(edition, output.name).encode())
    if output != NOWHERE:
        click.echo(f"{output}: {edition.count} events")


def _form(name: str | None, output: Path) -> Format:
    form = FORMATS.get(name or output.suffix.removeprefix("."))
    if form is None:
        raise click.UsageError(f"--format: name one of {', '.join(sorted(FORMATS))}")
    return form


async def _write(form: Format, wanted: Wanted, file: IO[bytes], *, sure: bool) -> Edition:
    """Write an export and return the edition that it is; its head, which counts the rows, is known after them."""
    settings = load_settings()
    async with opened(settings, load_books()["en"]) as (exporting, blank):
        with tempfile.TemporaryFile() as rows:
            edition = await _rows(form, exporting.every(wanted, Whereabouts(), sure=sure), blank, rows)
            rows.seek(0)
            file.write(form.head(edition).encode())
            shutil.copyfileobj(rows, file)
            file.write(form.foot(edition).encode())
    return edition


async def _rows(form: Format, entries: AsyncIterator[Entry], edition: Edition, file: IO[bytes]) -> Edition:
    """Write the rows and return the edition that they make."""
    async for entry in entries:
        row = form.row(entry, edition)
        if row:
            file.write(((form.between if edition.count else "") + row).encode())
            edition = counted(edition, entry)
    return edition


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that takes the place of this one once all is in it; "-" is standard output."""
    if path == NOWHERE:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    try:
        handle, fresh = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise VistkaError(f"{path}: cannot be written ({error.strerror}); check its folder and permissions") from None
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(fresh).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(fresh).unlink()
        raise
