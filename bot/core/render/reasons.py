"""The reasons of decisions in the reader's language.

The core words its reasons in English, where logs print them. `ui/reasons.toml` of a language says each of them again under its
English template, as message catalogues do; what no template fits stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.core.render.phrases import Phrasebook

FIELD = re.compile(r"\{(\w+)\}")
JOINT = "; "


def retell(reason: str, kind: str, book: Phrasebook) -> str:
    """Return a reason in the book's language; one that holds several is told part by part."""
    for template, told in book.reasons.items():
        values = unfill(template, reason)
        if values is not None:
            return told.format(**{name: _value(value, kind, book) for name, value in values.items()})
    head, joint, rest = reason.partition(JOINT)
    return retell(head, kind, book) + joint + retell(rest, kind, book) if joint else reason


def unfill(template: str, text: str) -> Mapping[str, str] | None:
    """Return the values with which the template is the text, None where there are none; each value is as short as can be."""
    first, *parts = FIELD.split(template)
    if not text.startswith(first):
        return None
    values: dict[str, str] = {}
    at = len(first)
    for name, literal in zip(parts[::2], parts[1::2], strict=True):
        end = text.find(literal, at) if literal else len(text)
        if end < 0:
            return None
        values[name] = text[at:end]
        at = end + len(literal)
    return values if at == len(text) else None


def _value(value: str, kind: str, book: Phrasebook) -> str:
    """Return a value as people of the language say it: a day, a region, a slot, or a reason within a reason."""
    try:
        return book.day(date.fromisoformat(value))
    except ValueError:
        pass
    known = book.regions.get(value) or book.kinds[kind].slot.get(value)
    return known or (retell(value, kind, book) if " " in value else value)
