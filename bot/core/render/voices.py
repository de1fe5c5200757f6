"""Whose figures they are: officials of a side, with the office that is quoted, or the sources of a side."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.model import Claim, Event
from bot.core.render.phrases import Phrasebook

MOST_VOICES = 2
"""So many officials stand behind a figure by name; the others are among the sources."""


def vouching(event: Event, slot: str, book: Phrasebook) -> str:
    """Return which officials give the value that is shown, "" where only outlets do, or an editor set it."""
    if slot in _ruled(event) or slot in event.ranges:
        return ""
    shown = [each for each in event.claims.get(slot, ()) if each.value == event.facts.get(slot) and _is_official(each)]
    names = dict.fromkeys(said_by(claim, book) for claim in shown)
    return book.listing(list(names)[:MOST_VOICES]) if names else ""


def _ruled(event: Event) -> set[str]:
    """Return the slots that an editor has set."""
    return {ruling.slot for ruling in event.rulings if ruling.act == "correct"}


def differing(event: Event, book: Phrasebook) -> list[str]:
    """Return a line for each count of which the two sides say different things, and which no editor has set."""
    lines = []
    ruled = _ruled(event)
    for slot, claims in event.claims.items():
        told = [] if slot in ruled else _two_sides(claims)
        if told:
            said = ", ".join(f"{said_by(claim, book)} {book.fact(event.kind, slot, claim.value)}" for claim in told)
            lines.append(book.say("differ", slot=book.kinds[event.kind].slot.get(slot, slot), claims=said))
    return lines


def _two_sides(claims: Sequence[Claim]) -> list[Claim]:
    """Return the newest claim of either side where they differ, officials before outlets; else nothing.

    Where not both are official a lower figure has to be the later one, and a new one: outlets lag behind with older tolls.
    """
    newest: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda claim: (_is_official(claim), claim.origin.published)):
        newest[_side(claim)] = claim
    pair = [newest[side] for side in ("RU", "UA") if side in newest and isinstance(newest[side].value, int)]
    if len(pair) < 2 or pair[0].value == pair[1].value:  # noqa: PLR2004
        return []
    low, high = sorted(pair, key=lambda claim: int(str(claim.value)))
    before = (claim.value for claim in claims if claim.origin.published < high.origin.published)
    official = all(map(_is_official, pair))
    return pair if official or (low.origin.published > high.origin.published and low.value not in before) else []


def _is_official(claim: Claim) -> bool:
    return claim.speaker is not None or claim.origin.tier == "official"


def _side(claim: Claim) -> str:
    return claim.speaker.side if claim.speaker else claim.origin.side


def said_by(claim: Claim, book: Phrasebook) -> str:
    """Return whose claim it is: officials of a side, with the office where it is quoted, or sources of that side."""
    side = _side(claim)
    if not _is_official(claim) or side not in book.texts["official"]:
        return book.say(f"side.{side}")
    office = book.texts["office"].get(claim.speaker.office) if claim.speaker else None
    return book.say(f"official.{side}") + (f" ({office})" if office else "")
