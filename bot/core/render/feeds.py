"""The list of feeds for people: how many are well, then each with whose it is, how far it is trusted and how it does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from babel.dates import format_timedelta

from bot.core.health import Ailment
from bot.core.model import Message, PollState, Source
from bot.core.render.buttons import rows
from bot.core.render.markup import LIMIT, authored, bold, fit, link, text
from bot.core.render.pages import again
from bot.core.render.phrases import Phrasebook

PER_PAGE = 20
PER_DETAILED_PAGE = 10
"""Feeds of a page where each has its error and interval too."""
LATELY = timedelta(hours=12)
"""How long after its last success a source counts as read lately: the longest that one is left alone
is six hours, but where its publisher asks for more."""
LONGEST_ERROR = 160
SIGNS: Mapping[str, str] = {
    "ok": "✅",
    "never": "⏳",
    "failing": "⚠️",
    "ended": "⛔",
    "silent": "🔇",
    "dry": "🔎",
    "undated": "🕰",
    "unlinked": "🔗",
}
"""How a source does, by a sign; the phrases `question.sources.sign` say what each means."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """The configured feeds, what is remembered of their polls, and what ails those of which the admins were told."""

    sources: Collection[Source]
    states: Mapping[str, PollState]
    ailing: Mapping[str, Ailment] = field(default_factory=dict)

    def condition(self, source: Source, now: datetime) -> str:
        """Return how a feed does: a key of `SIGNS`."""
        state = self.states.get(source.id)
        if state is None:
            return "never"
        if state.ended is not None:
            return "ended"
        waits = state.asked_until is not None and state.asked_until > now
        if state.failures or (state.last_success and now - state.last_success > LATELY and not waits):
            return "failing"
        return self.ailing.get(source.id, "ok") if state.last_success else "never"


def feeds(known: Feeds, now: datetime, book: Phrasebook, offset: int = 0, *, details: bool = False) -> Message:
    """Return a page of the feeds, those in trouble first; with `details` each has its interval and its error too."""
    conditions = {source.id: known.condition(source, now) for source in known.sources}
    ordered = sorted(
        known.sources, key=lambda each: (_is_well(conditions[each.id]), each.side, each.tier, each.name.casefold())
    )
    count = PER_DETAILED_PAGE if details else PER_PAGE
    offset = offset if offset < len(ordered) else 0
    shown = ordered[offset : offset + count]
    told = [_feed(each, known.states.get(each.id), conditions[each.id], now, book, details=details) for each in shown]
    lines, _ = fit(told, LIMIT * 2)
    heading = [bold(authored(book.say("question.sources.title", count=book.number(len(ordered)))))]
    heading += [
        authored(_summary([*conditions.values()], book)),
        authored(_legend([conditions[each.id] for each in shown], book)),
    ]
    numbers = {"first": offset + 1, "last": offset + len(shown), "all": len(ordered)}
    place = [authored(book.say("question.of", **numbers))] if len(ordered) > count else []
    before = again(book.say("question.sources.back"), "sources", "", max(0, offset - count)) if offset else None
    more = (
        again(book.say("question.sources.more"), "sources", "", offset + count)
        if offset + count < len(ordered)
        else None
    )
    return Message(
        "\n".join([*filter(None, heading), "", *lines, *place]), rows([each for each in (before, more) if each])
    )


def _is_well(condition: str) -> bool:
    return condition in ("ok", "never")


def _summary(conditions: Sequence[str], book: Phrasebook) -> str:
    """Return how many feeds are well, in trouble and not read yet."""
    counts = {
        "fine": conditions.count("ok"),
        "trouble": sum(not _is_well(each) for each in conditions),
        "waiting": conditions.count("never"),
    }
    said = [book.say(f"question.sources.{name}", count=count) for name, count in counts.items() if count]
    return " · ".join(said)


def _legend(shown: Sequence[str], book: Phrasebook) -> str:
    """Return what the signs of a page mean."""
    return " · ".join(
        f"{sign} {book.say(f'question.sources.sign.{name}')}" for name, sign in SIGNS.items() if name in shown
    )


def _feed(
    source: Source, state: PollState | None, condition: str, now: datetime, book: Phrasebook, *, details: bool
) -> str:
    tier, side = book.say(f"desk.tier.{source.tier}"), book.say(f"desk.side.{source.side}")
    told = [tier, side, *_times(state, condition, now, book)]
    if details and state and state.interval and condition != "ended":
        told.append(book.say("question.sources.every", time=length(timedelta(seconds=state.interval), book)))
    line = f"{SIGNS[condition]} {link(source.name[:60], public(source.url))} · {text(' · '.join(told), 200)}"
    if not details or state is None:
        return line
    if state.address:
        line += f" · {link(book.say('question.sources.moved'), public(state.address))}"
    return f"{line}\n   {text(state.error, LONGEST_ERROR)}" if state.error else line


def _times(state: PollState | None, condition: str, now: datetime, book: Phrasebook) -> list[str]:
    """Return when a feed was read last and what was newest in it, as far as that is worth saying."""
    if state is None or state.last_success is None:
        return [book.say("question.sources.never")]
    read = ago(state.last_success, now, book)
    if condition in ("failing", "ended"):
        return [book.say(f"question.sources.{condition}", ago=read)]
    newest = [book.say("question.sources.newest", ago=ago(state.last_item, now, book))] if state.last_item else []
    return [", ".join([book.say("question.sources.read", ago=read), *newest])]


def public(url: str) -> str:
    """Return an address without what may be a secret in it: user, password, query and fragment; "" for none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def ago(moment: datetime, now: datetime, book: Phrasebook) -> str:
    """Return how long ago something was: "5 minutes ago"."""
    passed = max(timedelta(seconds=60), now - moment)
    return str(format_timedelta(-passed, add_direction=True, locale=book.language, granularity="minute"))


def length(time: timedelta, book: Phrasebook) -> str:
    """Return how long something is: "5 minutes"."""
    return str(format_timedelta(max(timedelta(seconds=60), time), locale=book.language, granularity="minute"))
