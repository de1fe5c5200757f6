"""The sources as the settings name them: the file that people may change, or the bundled list, which nobody does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import click

from bot.adapters.sources import Listed, SourcesError, read_sources, read_text
from bot.adapters.sourcesfile import write_text
from bot.core.identity import canonical
from bot.settings import Settings

RESTART = "the daemon reads the list when it starts: restart it"


@dataclass(frozen=True, slots=True)
class Lists:
    """A list of sources: where it stands (`path` is None for the bundled one), its text, and what that says.

    One that `is_new` has no file yet.
    """

    path: Path | None
    text: str
    listed: tuple[Listed, ...]
    types: Collection[str]
    is_new: bool = False

    @property
    def name(self) -> str:
        """What the list is called in messages."""
        return str(self.path) if self.path else "the bundled list"

    @property
    def ids(self) -> frozenset[str]:
        """The ids that are taken."""
        return frozenset(each.source.id for each in self.listed)

    def find(self, source_id: str) -> Listed:
        """Return a source; raise SourcesError where there is none of that id."""
        for each in self.listed:
            if each.source.id == source_id:
                return each
        raise SourcesError(f"{self.name}: it has no source {source_id!r}; 'vistka sources list' names those there are")

    def known(self, url: str) -> Listed | None:
        """Return the source that is at an address already."""
        wanted = place_of(url)
        return next((each for each in self.listed if place_of(each.source.url) == wanted), None)

    def own(self) -> Path:
        """Return the file to be changed; raise SourcesError where there is only the bundled list."""
        if self.path is None:
            raise SourcesError(
                "the bundled list is not to be changed; 'vistka sources init' makes a file of your own out of it, and "
                "VISTKA_SOURCES may name a new one"
            )
        return self.path

    def change(self, text: str) -> None:
        """Put a text into the file's place, if it can be read as a list; raise VistkaError."""
        path = self.own()
        read_sources(self.name, text, self.types)
        write_text(path, text, instead_of=None if self.is_new else self.text)
        click.echo(f"{path} is written; {RESTART}", err=True)


def place_of(url: str) -> str:
    """Return what two addresses of one feed have in common: all but scheme, "www." and tracking."""
    return canonical(url) or url


def open_lists(settings: Settings, types: Collection[str], *, begin: bool = False) -> Lists:
    """Read the list that the settings name; with `begin` a file of one's own may be missing, or be empty. Raise SourcesError."""
    path = settings.sources
    if begin and path is not None and not path.exists():
        return Lists(path, "", (), types, is_new=True)
    text = read_text(path)
    if begin and path is not None and _is_empty(text):
        return Lists(path, text, (), types)
    name = str(path) if path else "bundled sources.toml"
    return Lists(path, text, read_sources(name, text, types), types)


def _is_empty(text: str) -> bool:
    """Tell whether a file says nothing, but for comments."""
    return all(line.lstrip()[:1] in ("", "#") for line in text.splitlines())
