"""What others read of us over HTTP: feeds of the posts by language, and all events as CSV, JSON, GeoJSON and a calendar.

    /feeds/uk.atom  /feeds/uk.json   the newest events in the words of their posts
    /events.csv  /events.json  /events.geojson  /events.ics   events by number, a page at a time

Anybody may ask, so an answer costs little: it is made once for all who ask for the same, and again only when an event of it
has another revision. Only one is made at a time; who comes while too many wait is asked to come later.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.adapters.http import Asked, Route, Said
from bot.adapters.outgoing.answers import Made, pressed, said
from bot.adapters.outgoing.questions import EVENTS, FEEDS, Forms, Question, WrongError, read_question
from bot.core.render.phrases import Phrasebook
from bot.exporting import Exporting, Page, Whereabouts
from bot.ports import Clock, TemporaryError

__all__ = ["Forms", "Outgoing", "outgoing_routes"]

FRESH: Final = 10.0
"""Seconds for which nobody looks whether an answer is still true."""
MOST_KEPT, MOST_BYTES = 64, 32 << 20
"""Answers that are kept, and how large they may be together."""
MOST_WAITING: Final = 32
"""Who may wait at a time for an answer to be made."""
LATER: Final = 5
"""Seconds after which the others are to come again."""
ABOUT: Final = "application/csvm+json"
"""What is told beside a table, by CSV on the Web."""
OK, WRONG, UNKNOWN, BUSY = 200, 400, 404, 503


@dataclass(slots=True)
class _Kept:
    made: Made
    page: Page
    looked: float


class Outgoing:
    """Answers who asks for feeds or events. `made` counts the answers that were made, `kept` those that were there already.

    The forms bring libraries along that are large, so that they are loaded (`load`) when somebody asks. `where` says where
    events can be read, as far as that is known by now; `elapsed` counts seconds.
    """

    def __init__(
        self,
        exporting: Exporting,
        books: Mapping[str, Phrasebook],
        clock: Clock,
        load: Callable[[], Forms],
        *,
        where: Callable[[], Whereabouts] = Whereabouts,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.made = self.kept = 0
        self._exporting = exporting
        self._books = books
        self._clock = clock
        self._load = load
        self._where = where
        self._elapsed = elapsed
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._answers: OrderedDict[Question, _Kept] = OrderedDict()
        self._forms: Forms | None = None

    def knows(self, asked: Asked) -> int:
        """Tell whether somebody asks for what may be served here."""
        stem, _, ending = asked.name.partition(".")
        known = stem in self._books if asked.folder == FEEDS else stem == EVENTS
        return OK if known and ending else UNKNOWN

    async def answer(self, asked: Asked) -> int | Said:
        """Return the feed or the events, or nothing where who asks has them already."""
        if self._forms is None:
            self._forms = await asyncio.to_thread(self._load)
        forms = self._forms
        try:
            question = read_question(asked, forms, self._exporting.edition)
            made = await self._answer(question, forms) if question else None
        except WrongError as wrong:
            return Said(f"{wrong}\n".encode(), WRONG)
        except TemporaryError:
            made = None
        if made is None:
            return Said(b"", BUSY, headers={"Retry-After": str(LATER)}) if question else UNKNOWN
        return said(made, asked)

    async def _answer(self, question: Question, forms: Forms) -> Made | None:
        """Return an answer that is true, or was a moment ago; None where too many wait for theirs."""
        if made := self._fresh(question):
            return made
        if self._waiting >= MOST_WAITING:
            known = self._answers.get(question)
            return known.made if known else None
        self._waiting += 1
        try:
            async with self._turn:
                return self._fresh(question) or await self._renewed(question, forms)
        finally:
            self._waiting -= 1

    def _fresh(self, question: Question) -> Made | None:
        known = self._answers.get(question)
        if known is None or self._elapsed() - known.looked >= FRESH:
            return None
        self._answers.move_to_end(question)
        self.kept += 1
        return known.made

    async def _renewed(self, question: Question, forms: Forms) -> Made:
        """Return the answer that was there where all in it is as it was, else make it."""
        page, known = await self._page(question), self._answers.get(question)
        if known and known.page == page:
            known.looked = self._elapsed()
            self.kept += 1
            return known.made
        made = await self._make(question, page, forms)
        self.made += 1
        self._keep(question, _Kept(made, page, self._elapsed()))
        return made

    async def _page(self, question: Question) -> Page:
        where = self._where()
        if question.folder == FEEDS:
            return await self._exporting.newest(question.wanted, question.limit, where)
        return await self._exporting.page(question.wanted, question.after, question.limit, where)

    async def _make(self, question: Question, page: Page, forms: Forms) -> Made:
        at = self._clock.now()
        if question.folder == FEEDS:
            feed, book = forms.feeds[question.ending], self._books[question.stem]
            own = self._where().url
            url = f"{own}/{FEEDS}/{question.name}" if own else ""
            return await pressed(await self._exporting.fed(page, feed, book, url, sure=question.sure), feed.type, at)
        form, beside = forms.of(question.ending)
        text, edition = await self._exporting.written(page, form, sure=question.sure)
        if beside and form.beside:
            return await pressed(form.beside(edition, f"{EVENTS}.{form.name}").encode(), ABOUT, at)
        links = {
            "next": question.further(page.last) if page.more else "",
            "describedby": f"{question.name}{form.beside_name}" if form.beside else "",
        }
        return await pressed(text.encode(), form.type, at, links)

    def _keep(self, question: Question, kept: _Kept) -> None:
        """Keep an answer; those that nobody asked for the longest give way."""
        self._answers[question] = kept
        self._answers.move_to_end(question)
        while self._answers and (
            len(self._answers) > MOST_KEPT or sum(each.made.size for each in self._answers.values()) > MOST_BYTES
        ):
            self._answers.popitem(last=False)


def outgoing_routes(outgoing: Outgoing) -> tuple[Route, ...]:
    """Return who answers those who read feeds or take events."""
    return (Route(answer=outgoing.answer, admit=outgoing.knows, method="GET"),)
