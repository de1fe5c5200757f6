"""Lists of events in pages: what was asked for, ten events, totals over all of them, and buttons to the other pages.

The first page has the newest events; on a page the newest stands last, next to where the next message will be. A button
carries the whole question in the one way in which it is read back, so that a page shows the same days tomorrow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from bot.core.model import Button, Event, Message, Outline
from bot.core.render.answer import event_line
from bot.core.render.buttons import button, rows
from bot.core.render.markup import LIMIT, authored, bold, fit, quiet, text
from bot.core.render.phrases import Phrasebook
from bot.core.text.arguments import Period
from bot.core.text.asking import Asked
from bot.core.text.dictionary import Meaning

PAGE = "page"
"""The prefix of the buttons that ask a question again, from another event on or with other words."""
PER_PAGE = 10
LINES = LIMIT - 1500
NAMES_SHOWN = 6
MOST_WRITTEN = 190
"""Characters that a button carries."""
UNSAID = frozenset(":\r\n")
"""What no button carries."""
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A page of events as the store has them, newest first, from an offset on, and all events in short, oldest first."""

    events: tuple[Event, ...]
    outlines: tuple[Outline, ...]
    offset: int = 0


def again(label: str, command: str, asked: str, offset: int = 0) -> Button | None:
    """Return the button that asks a command again; None for a question that is too long for it."""
    fits = len(asked) <= MOST_WRITTEN and not UNSAID & {*asked}
    return button(label, PAGE, offset, command, asked) if fits else None


def page(command: str, asked: Asked, found: Found, book: Phrasebook, *, notes: Sequence[str] = ()) -> Message:
    """Return one page of a list with its heading, totals and buttons."""
    heading = bold(text(title(book.say(f"question.{command}"), asked, book), 400))
    running = _running(found.outlines)
    lines = [_line(event, running, book) for event in found.events]
    kept, _ = fit(lines, LINES)
    told = [*guesses(asked, book), *(text(note) for note in notes)]
    parts = [heading, *told, "", *reversed(kept), *totals(found.outlines, book), *_place(found, book)]
    return Message("\n".join(parts), _turns(command, asked.written(), found, book))


def _line(event: Event, running: Mapping[int, int], book: Phrasebook) -> str:
    line = event_line(event, book)
    home = running.get(event.id)
    return f"{line} · {authored(book.say('command.running', ukraine=book.number(home)))}" if home else line


def _running(outlines: Iterable[Outline]) -> dict[int, int]:
    """Return by event how many people were home by then."""
    running: dict[int, int] = {}
    home = 0
    for each in outlines:
        if each.kind == "swap" and _is_exchange(each) and counted(each, "to_ukraine"):
            home += counted(each, "to_ukraine")
            running[each.id] = home
    return running


def counted(event: Outline | Event, slot: str) -> int:
    """Return a count of what has taken place, 0 where nobody gave it."""
    value = event.facts.get(slot)
    return value if isinstance(value, int) and event.status == "carried_out" else 0


def _is_exchange(event: Outline | Event) -> bool:
    return event.facts.get("subtype") != "bodies"


def _place(found: Found, book: Phrasebook) -> list[str]:
    """Return where in the list a page stands, where there are several."""
    all_of_them = len(found.outlines)
    if all_of_them <= PER_PAGE:
        return []
    first, last = found.offset + 1, found.offset + len(found.events)
    numbers = {"first": book.number(first), "last": book.number(last), "all": book.number(all_of_them)}
    return [authored(book.say("question.of", **numbers))]


def _turns(command: str, asked: str, found: Found, book: Phrasebook) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons to the pages beside this one."""
    older, newer = found.offset + PER_PAGE, max(0, found.offset - PER_PAGE)
    wanted = [
        again(book.say("question.older"), command, asked, older) if older < len(found.outlines) else None,
        again(book.say("question.newer"), command, asked, newer) if found.offset else None,
    ]
    return rows([each for each in wanted if each])


def totals(outlines: Sequence[Outline], book: Phrasebook) -> list[str]:
    """Return what all the events come to, a line a kind; nothing where none has taken place."""
    done = [each for each in outlines if each.status == "carried_out"]
    swaps = [each for each in done if each.kind == "swap" and _is_exchange(each)]
    fallen = [each for each in done if each.kind == "swap" and not _is_exchange(each)]
    strikes = [each for each in done if each.kind == "strike"]
    told = []
    if swaps:
        count = book.counted(book.kinds["swap"].name, len(swaps))
        silent = sum(not _is_stated(each) for each in swaps)
        if silent < len(swaps):
            told.append(book.say("command.swaps_totals", swaps=count, **_both_ways(swaps, book)))
        told += [book.say("question.silent", count=silent)] if 0 < silent < len(swaps) else []
        told += [book.say("question.all_silent", count=silent)] if silent == len(swaps) else []
    if fallen:
        told.append(book.say("command.bodies_totals", **_both_ways(fallen, book)))
    if strikes:
        count = book.counted(book.kinds["strike"].name, len(strikes))
        told.append(book.say("command.strikes_totals", strikes=count, **_sums(strikes, ("killed", "injured"), book)))
    return ["", *(bold(authored(line)) for line in told)] if told else []


def _is_stated(event: Outline) -> bool:
    return any(isinstance(event.facts.get(slot), int) for slot in ("to_ukraine", "to_russia"))


def _both_ways(events: Sequence[Outline], book: Phrasebook) -> dict[str, str]:
    sums = _sums(events, ("to_ukraine", "to_russia"), book)
    return {slot.removeprefix("to_"): value for slot, value in sums.items()}


def _sums(events: Sequence[Outline], slots: Sequence[str], book: Phrasebook) -> dict[str, str]:
    return {slot: book.number(sum(counted(event, slot) for event in events)) for slot in slots}


def title(base: str, asked: Asked, book: Phrasebook) -> str:
    """Return the heading of an answer: what was asked for, in words."""
    about = [base]
    if asked.regions:
        about.append(_some([region_name(code, book) for code in asked.regions], book))
    if asked.places:
        about.append(_some([place_name(name, book) for name in asked.places], book))
    if asked.words:
        about.append(book.say("question.words", text=quiet(" ".join(asked.words), 60)))
    about += [f"№ {number}" for number in (*asked.ordinals, *asked.numbers)][:NAMES_SHOWN]
    if asked.period:
        about.append(days(asked.period, book))
    return " · ".join(filter(None, about))


def _some(names: Sequence[str], book: Phrasebook) -> str:
    shown = [*names[:NAMES_SHOWN], *(["…"] if len(names) > NAMES_SHOWN else [])]
    return book.listing(shown)


def region_name(code: str, book: Phrasebook) -> str:
    """Return what a region, or a country of two letters, is called."""
    if code in book.texts["question"]["country"]:
        return book.say(f"question.country.{code}")
    return book.regions.get(code, code)


def place_name(english: str, book: Phrasebook) -> str:
    """Return what a settlement is called, whichever of those with its English name it is."""
    return book.places.get(english, english)


def days(period: Period, book: Phrasebook) -> str:
    """Return a period in words: a day, a month, a year, or from one to another."""
    first, last = period.first, period.last
    if first is None and last is None:
        return book.say("question.ever")
    if last is None:
        return book.say("question.since", day=book.day(first))
    if first is None:
        return book.say("question.until", day=book.day(last))
    if first == last:
        return book.day(first)
    if whole := _whole(first, last):
        return _dated(first, whole, book)
    return _from_to(first, last, book)


def _from_to(first: date, last: date, book: Phrasebook) -> str:
    """Return two days with what they share said once: 14–15 June 2025."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{book.day(last)}"
    start = _dated(first, "d MMMM", book) if first.year == last.year else book.day(first)
    return f"{start} – {book.day(last)}"


def _whole(first: date, last: date) -> str:
    """Return the pattern for a whole month or year, "" for any other period."""
    after = last + timedelta(days=1) if last < date.max else last
    if (first.day, after.day) != (1, 1):
        return ""
    months = (after.year - first.year) * MONTHS + after.month - first.month
    if months == MONTHS and first.month == 1:
        return "y"
    return "LLLL y" if months == 1 else ""


def meaning_name(sort: str, value: str, book: Phrasebook) -> str:
    """Return in the reader's language what a word was taken for."""
    namings: Mapping[str, Callable[[str, Phrasebook], str]] = {
        "region": region_name,
        "place": place_name,
        "kind": lambda kind, book: book.kinds[kind].title,
        "month": lambda month, book: _dated(date(2000, int(month), 1), "LLLL", book),
        "date": _day_and_month,
        "weekday": lambda day, book: _dated(date(2001, 1, int(day)), "cccc", book),
    }
    if sort in namings:
        return namings[sort](value, book)
    return str(book.texts["question"]["meaning"].get(f"{sort}_{value}".rstrip("_"), value or sort))


def _day_and_month(value: str, book: Phrasebook) -> str:
    day, month = map(int, value.split("."))
    return _dated(date(2000, month, day), "d MMMM", book)


def _dated(day: date, pattern: str, book: Phrasebook) -> str:
    return str(format_date(day, pattern, locale=book.language))


def guesses(asked: Asked, book: Phrasebook) -> list[str]:
    """Say plainly what was not written as it was read."""
    return [
        authored(book.say("question.guessed", typed=quiet(typed, 40), read=_named(meaning, book)))
        for typed, meaning in asked.guesses[:NAMES_SHOWN]
    ]


def _named(meaning: Meaning, book: Phrasebook) -> str:
    return meaning_name(meaning.sort, meaning.value, book)


def which(word: str, choices: Sequence[tuple[str, str, str]], command: str, book: Phrasebook) -> Message:
    """Ask which of several things a word means, a button each."""
    asked = authored(book.say("question.which", text=quiet(word, 40)))
    wanted = (again(meaning_name(sort, value, book), command, words) for sort, value, words in choices)
    return Message(asked, rows([each for each in wanted if each], 1))


def nothing(command: str, asked: Asked, book: Phrasebook, near: Sequence[str] = ()) -> Message:
    """Say that nothing was found, and offer what is near (settlements, codes of regions), and what is asked for with less."""
    about = title("" if command == "search" else book.say(f"question.{command}"), asked, book)
    said = [*guesses(asked, book), text(book.say("question.nothing", about=about), 500)]
    wanted = [again(_place_or_region(name, book), command, name) for name in near[:NAMES_SHOWN]]
    wanted += [again(label, command, other.written()) for label, other in _wider(asked, book)]
    return Message("\n".join(said), rows([each for each in wanted if each]))


def _place_or_region(name: str, book: Phrasebook) -> str:
    return region_name(name, book) if name in book.regions else place_name(name, book)


def _wider(asked: Asked, book: Phrasebook) -> list[tuple[str, Asked]]:
    """Return the question without its days, and without its places, where that leaves anything out and in."""
    where = Asked(kinds=asked.kinds, regions=asked.regions, places=asked.places, words=asked.words)
    when = Asked(kinds=asked.kinds, period=asked.period)
    wider = []
    if asked.period and asked.period != Period():
        everything = Asked(
            kinds=where.kinds, regions=where.regions, places=where.places, words=where.words, period=Period()
        )
        wider.append((book.say("question.ever"), everything))
    if asked.period and (asked.regions or asked.places or asked.words):
        wider.append((book.say("question.everywhere"), when))
    return wider


def by_month(outlines: Iterable[Outline], year: int, kind: str) -> dict[int, int]:
    """Return how many events of a kind took place in every month of a year."""
    done = (each.date for each in outlines if each.kind == kind and each.status == "carried_out" and each.date)
    return dict(sorted(Counter(day.month for day in done if day.year == year).items()))
