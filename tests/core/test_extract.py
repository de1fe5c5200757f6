"""The reader over kinds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core.extract import Reader
from bot.core.kinds import Comparison, Kind
from bot.core.model import Evidence, Item, Origin, Report, Source
from bot.core.text.dates import DateGrammar
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon, Vocabulary, marks_of
from bot.core.text.numbers import NumberWords
from bot.core.text.reading import Language, Reading

SOURCE = Source("pier", "Pier", "rss", "", "en")


def _same(word: str) -> frozenset[str]:
    return frozenset({word})


def _origin(item: Item) -> Origin:
    return Origin(item.id, SOURCE.id, SOURCE.name, "outlet", "independent", "", "en", "", item.published)


def _read(document: Document, lexicon: Lexicon) -> tuple[Report, ...]:
    marked = [each for each in document.sentences if marks_of(each, "swap")]
    evidence = tuple(Evidence("exchange", "swap.1", each.text, each.field, 0, len(each.text)) for each in marked)
    return (Report(kind="swap", origin=_origin(document.item), evidence=evidence),) if marked else ()


def _kind(name: str, read) -> Kind:
    return Kind(
        name,
        (),
        read,
        *[lambda _: frozenset()] * 3,
        _compare,
        lambda *_: "none",
        lambda _: frozenset(),
        lambda *_: "",
        lambda _: None,
    )


def _compare(*_: object) -> Comparison:
    return Comparison(0.0, veto=False, reasons=())


def _never(document: Document, lexicon: Lexicon) -> tuple[Report, ...]:
    raise AssertionError("read behind a closed gate")


@pytest.fixture
def reader() -> Reader:
    english = Language("en", _same, NumberWords(), DateGrammar({}, {}, {}, _same))
    lexicons = {
        "swap": Lexicon({"en": Vocabulary({"swap": ["swapped"]}, {}, _same)}, ("swap",)),
        "strike": Lexicon({}, ("missile",)),
    }
    reading = Reading({"en": english}, lambda tokens, language: ())
    return Reader((_kind("strike", _never), _kind("swap", _read)), lexicons, reading.document)


ITEM = Item("7", SOURCE, "en", "", datetime(2025, 6, 10, tzinfo=UTC), "Soldiers SWAPPED. Others not.", "", None)


def test_a_kind_reads_only_behind_its_own_gate(reader: Reader) -> None:
    (report,) = reader.read(ITEM)
    assert (report.kind, [each.text for each in report.evidence]) == ("swap", ["Soldiers SWAPPED."])


def test_an_item_without_gate_words_is_not_worked_out(reader: Reader) -> None:
    closed = replace(reader, document=_never)
    assert closed.read(replace(ITEM, title="Weather", body="Sunny")) == ()


def test_gate_words_in_the_body_count(reader: Reader) -> None:
    assert len(reader.read(replace(ITEM, title="Weather", body="They were swapped"))) == 1


@pytest.mark.parametrize(
    ("texts", "opens"),
    [
        ({"title": "A swap"}, True),
        ({"title": "Bread", "summary": "<b>SWAPped</b>"}, True),
        ({"title": "Bread", "page": "<p>A swap took place.</p>"}, True),
        ({"title": "Bread"}, False),
    ],
)
def test_an_item_is_promising_where_a_gate_opens_to_it(reader: Reader, texts: dict[str, str], opens: bool) -> None:
    item = Item("1", SOURCE, "en", "", datetime(2025, 6, 10, tzinfo=UTC), **texts)
    assert reader.promising(item) is opens


def test_the_page_of_an_item_is_read_where_its_feed_has_no_body(reader: Reader) -> None:
    item = Item("1", SOURCE, "en", "", datetime(2025, 6, 10, tzinfo=UTC), "Bread", page="<p>They were swapped.</p>")
    (report,) = reader.read(item)
    assert [(each.field, each.text) for each in report.evidence] == [("body", "They were swapped.")]
    assert reader.read(replace(item, body="Prices.")) == ()


def test_reasons_tell_why_and_why_not(reader: Reader) -> None:
    strike, swap = reader.explain(ITEM)
    assert strike.lines() == ("strike: no gate word in the text",)
    assert swap.lines() == (
        "swap: main, carried out, no date",
        "  exchange = None: 'Soldiers SWAPPED.' (title), rule swap.1",
    )
    _, silent = reader.explain(replace(ITEM, title="A swap of views"))
    assert silent.lines() == ("swap: gate word 'swap', but no event in the sentences",)
    dated = replace(swap, reports=(replace(swap.reports[0], date=date(2025, 6, 9)),))
    assert "2025-06-09" in dated.lines()[0]
