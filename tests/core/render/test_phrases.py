"""Every language says everything that English says, with plurals that are right."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale

from bot.core.render.phrases import KindPhrases, Variant
from tests.examples import BOOKS


def leaves(table, path=()):
    """List the dotted keys of a table; a table of plural forms is one leaf."""
    for key, value in table.items():
        if isinstance(value, dict) and "other" not in value:
            yield from leaves(value, (*path, key))
        else:
            yield ".".join((*path, key))


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_a_language_has_every_phrase_of_english(language):
    assert sorted(leaves(BOOKS[language].texts)) == sorted(leaves(BOOKS["en"].texts))


@pytest.mark.parametrize("language", ["uk", "ru"])
@pytest.mark.parametrize("kind", ["swap", "strike"])
def test_a_language_tells_a_kind_in_as_many_ways_as_english(language, kind):
    ours, english = BOOKS[language].kinds[kind], BOOKS["en"].kinds[kind]
    assert [(v.when, v.unless) for v in ours.headline] == [(v.when, v.unless) for v in english.headline]
    assert [[v.when for v in group] for group in ours.lines] == [[v.when for v in group] for group in english.lines]
    assert ours.value.keys() == english.value.keys()
    assert ours.slot.keys() == english.slot.keys()
    assert ours.plural.keys() == english.plural.keys()


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_plural_tables_have_the_forms_the_language_needs(language):
    wanted = set(Locale.parse(language).plural_form.tags) | {"other"}
    for kind in BOOKS[language].kinds.values():
        for forms in (kind.name, *kind.plural.values()):
            assert set(forms) == wanted


@pytest.mark.parametrize(
    ("language", "count", "wanted"),
    [
        ("en", 1, "1\u00a0exchange"),
        ("en", 5, "5\u00a0exchanges"),
        ("uk", 1, "1\u00a0обмін"),
        ("uk", 3, "3\u00a0обміни"),
        ("uk", 11, "11\u00a0обмінів"),
        ("uk", 21, "21\u00a0обмін"),
        ("ru", 22, "22\u00a0обмена"),
        ("ru", 1005, "1\u00a0005\u00a0обменов"),
    ],
)
def test_a_count_agrees_with_its_noun(language, count, wanted):
    book = BOOKS[language]
    assert book.counted(book.kinds["swap"].name, count) == wanted


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "9 June 2025"), ("uk", "9 червня 2025"), ("ru", "9 июня 2025")]
)
def test_a_day_is_written_as_people_do(language, wanted):
    assert BOOKS[language].day(date(2025, 6, 9)) == wanted


def test_a_day_that_nobody_named_is_said_to_be_so():
    assert BOOKS["uk"].day(None) == "день не названо"


def test_nothing_is_told_where_no_variant_fits():
    variant = Variant("x {killed}", {"killed": "*"}, {"killed": 0})
    assert BOOKS["en"].tell("strike", [variant], {"killed": 0}) == ""
    assert BOOKS["en"].tell("strike", [variant], {"killed": 2}) == "x 2"
    assert BOOKS["en"].tell("strike", [variant], {}) == ""


def test_a_word_without_a_translation_is_shown_as_it_is():
    assert BOOKS["ru"].fact("swap", "mediators", ("UAE", "Oman")) == "ОАЭ и Oman"
    assert BOOKS["ru"].fact("strike", "region", "RU-XX") == "RU-XX"
    assert BOOKS["ru"].fact("strike", "region", "RU") == "Россия"


def test_a_misshapen_table_is_refused():
    with pytest.raises(KeyError):
        KindPhrases.parse({"tag": "#x"})
