"""How the bot speaks one language: phrases, plural forms, days, numbers and lists, all out of `bot/data/<lang>/ui/`.

Plural categories, month names and list joints come from Babel's CLDR tables; the words from the data. A phrase is a
template: `{name}` is a value, `{name:form}` the plural form `form` that agrees with that value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list

from bot.core.model import Fact

PLACEHOLDER = re.compile(r"\{(\w+)(?::(\w+))?\}")
NO_BREAK = "\u00a0"
PRESENT = "*"
NO_RANGES: Mapping[str, tuple[int, int]] = {}


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to say a thing: usable where every fact of `when` agrees ("*": is stated) and none of `unless` does."""

    text: str
    when: Mapping[str, int | str] = field(default_factory=dict)
    unless: Mapping[str, int | str] = field(default_factory=dict)

    def fits(self, facts: Mapping[str, Fact]) -> bool:
        """Tell whether this variant may be used for these facts."""
        return all(_agrees(facts, slot, wanted) for slot, wanted in self.when.items()) and not any(
            _agrees(facts, slot, unwanted) for slot, unwanted in self.unless.items()
        )


def _agrees(facts: Mapping[str, Fact], slot: str, wanted: int | str) -> bool:
    value = facts.get(slot)
    return value is not None and (wanted in (PRESENT, value))


@dataclass(frozen=True, slots=True)
class KindPhrases:
    """How events of one kind are told; `asked` are the words by which people ask for the kind."""

    tag: str
    name: Mapping[str, str]
    asked: tuple[str, ...]
    title: str
    headline: tuple[Variant, ...]
    lines: tuple[tuple[Variant, ...], ...]
    plural: Mapping[str, Mapping[str, str]]
    slot: Mapping[str, str]
    value: Mapping[str, str]

    @classmethod
    def parse(cls, table: Mapping[str, Any]) -> KindPhrases:
        """Read a `ui/<kind>.toml` table; raise KeyError or TypeError where a part is missing or misshapen."""
        return cls(
            tag=table["tag"],
            name=table["name"],
            asked=tuple(table["asked"]),
            title=table["title"],
            headline=tuple(Variant(**entry) for entry in table["headline"]),
            lines=tuple(tuple(Variant(**entry) for entry in group) for group in table["lines"]),
            plural=table["plural"],
            slot=table["slot"],
            value=table["value"],
        )


def place_of(region: str, english: str) -> str:
    """Return under what a phrasebook has the place of an English name in a region."""
    return f"{region} {english}"


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Everything that is said in one language. `regions` are the display names by code, `places` those by English name.

    A place is there by `place_of` as well, because many share a name.

    `reasons` says by their English templates the reasons that the core gives (`bot.core.render.reasons`).
    """

    language: str
    texts: Mapping[str, Any]
    kinds: Mapping[str, KindPhrases]
    regions: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, **values: object) -> str:
        """Return the phrase under a dotted key, filled in; a table of plural forms is chosen by `count`."""
        phrase: Any = self.texts
        for part in key.split("."):
            phrase = phrase[part]
        if isinstance(phrase, Mapping):
            phrase = self.plural(phrase, int(str(values["count"])))
        return str(phrase).format(**values) if values else str(phrase)

    def plural(self, forms: Mapping[str, str], count: int) -> str:
        """Return the form that goes with a count."""
        return forms.get(Locale.parse(self.language).plural_form(count)) or forms["other"]

    def counted(self, forms: Mapping[str, str], count: int) -> str:
        """Return a count with its noun: "5 exchanges"."""
        return f"{self.number(count)}{NO_BREAK}{self.plural(forms, count)}"

    def number(self, value: int) -> str:
        """Group the digits as the language does: 1,212 or 1 212."""
        return f"{value:,}" if self.language == "en" else f"{value:,}".replace(",", NO_BREAK)

    def day(self, value: date | None) -> str:
        """Return a day in words: "9 June 2025"."""
        if value is None:
            return self.say("unknown_day")
        text: str = format_date(value, "d MMMM y", locale=self.language)
        return text

    def moment(self, value: datetime) -> str:
        """Return the time of day, in UTC."""
        return f"{value:%H:%M}"

    def listing(self, values: Sequence[str]) -> str:
        """Join words as the language does."""
        text: str = format_list(list(values), locale=self.language)
        return text

    def fact(self, kind: str, slot: str, value: Fact) -> str:
        """Return a fact as a reader would say it."""
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, tuple):
            return self.listing([self._word(kind, slot, word) for word in value])
        return self._word(kind, slot, value)

    def _word(self, kind: str, slot: str, word: str) -> str:
        if slot == "region":
            return self.regions.get(word) or self.kinds[kind].value.get(word, word)
        return self.kinds[kind].value.get(word, word)

    def spread(self, ends: tuple[int, int]) -> str:
        """Return a range: 15–20."""
        return f"{self.number(ends[0])}–{self.number(ends[1])}"

    def fill(
        self, kind: str, variant: Variant, facts: Mapping[str, Fact], ranges: Mapping[str, tuple[int, int]]
    ) -> str:
        """Fill a variant's template with the facts, or with the range of one that has no single value."""

        def put(match: re.Match[str]) -> str:
            slot, form = match.groups()
            value = ranges[slot][1] if slot in ranges else facts[slot]
            if form is None:
                return self.spread(ranges[slot]) if slot in ranges else self.fact(kind, slot, value)
            return self.plural(self.kinds[kind].plural[form], value if isinstance(value, int) else 0)

        return PLACEHOLDER.sub(put, variant.text)

    def tell(
        self,
        kind: str,
        variants: Sequence[Variant],
        facts: Mapping[str, Fact],
        ranges: Mapping[str, tuple[int, int]] = NO_RANGES,
    ) -> str:
        """Return the first variant that fits, filled in, or nothing."""
        chosen = next((variant for variant in variants if variant.fits(facts)), None)
        return self.fill(kind, chosen, facts, ranges) if chosen else ""
