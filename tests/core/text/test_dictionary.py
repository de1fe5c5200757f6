"""The words of questions: what is looked into when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.core.text.dictionary import Dictionary, Entry, Meaning


class Watched(Mapping[str, str]):
    """A table that counts how often it is looked into."""

    def __init__(self, **rows: str) -> None:
        self.looks = 0
        self._rows = rows

    def __getitem__(self, key: str) -> str:
        self.looks += 1
        return self._rows[key]

    def __iter__(self) -> Iterator[str]:
        self.looks += 1
        return iter(self._rows)

    def __len__(self) -> int:
        self.looks += 1
        return len(self._rows)


def a_dictionary(places: Watched, larger: Watched, regions: Watched) -> Dictionary:
    entries = [Entry("strikes", Meaning("kind", "strike"))]
    return Dictionary(entries, lambda word: (word,), lambda _: (), places, larger=larger, regions=regions)


def test_settlements_are_not_looked_into_before_somebody_asks_for_one():
    places, larger, regions = Watched(xarkiv="Kharkiv"), Watched(xarkiv=""), Watched(Kharkiv="UA-63")
    a_dictionary(places, larger, regions)
    assert (places.looks, larger.looks, regions.looks) == (0, 0, 0)


def test_settlements_may_be_looked_into_before_anybody_asks():
    places, larger, regions = Watched(xarkiv="Kharkiv"), Watched(xarkiv=""), Watched(Kharkiv="UA-63")
    dictionary = a_dictionary(places, larger, regions)
    dictionary.settle()
    assert 0 not in (places.looks, larger.looks, regions.looks)
    assert dictionary.around(["Kharkiv"]) == ("UA-63",)
    assert dictionary.near_places("xarkif") == ("Kharkiv",)
