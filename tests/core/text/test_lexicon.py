"""Concepts and constructions in three languages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Item, Source
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon, Vocabulary, has, marks_of

WORDS = {
    "en": (
        {"prisoner": ["prisoner", "prisoner of war"], "home": ["=home"], "freed": ["free", "(set|let) free"]},
        {"n_for_n": ["{a:#} (for|-) [for] [-] {b:#}"], "n_prisoners": ["{n:#} [..2] <prisoner>"]},
    ),
    "uk": (
        {"prisoner": ["військовополонений", "полонений"], "home": ["=додому"], "freed": ["звільнити", "повернен*"]},
        {"n_for_n": ["{a:#} на {b:#}"], "n_prisoners": ["{n:#} [..2] <prisoner>"]},
    ),
    "ru": (
        {"prisoner": ["военнопленный", "пленный"], "home": ["=домой"], "freed": ["освобожденный", "на свободе"]},
        {"n_for_n": ["{a:#} на {b:#}"], "n_prisoners": ["{n:#} [..2] <prisoner>"]},
    ),
}


@pytest.fixture(scope="module")
def lexicon(engine) -> Lexicon:
    each = {code: Vocabulary(*tables, engine.language(code).lemmas) for code, tables in WORDS.items()}
    return Lexicon(each, ("prisoner", "полонен", "пленн"))


def _marked(engine, lexicon: Lexicon, code: str, text: str):
    return lexicon.mark(Document(Item("1", SOURCE, code, "", None, text), (engine.sentence(code, text),))).sentences[0]


SOURCE = Source("pier", "Pier", "rss", "", "en")


@pytest.mark.parametrize(
    ("code", "text", "marks"),
    [
        ("en", "Prisoners of war were set free, home at last", ["prisoner 0-3", "freed 4-6", "home 7-8"]),
        (
            "uk",
            "Полонених звільнили, повернення військовополонених",
            ["prisoner 0-1", "freed 1-2", "freed 3-4", "prisoner 4-5"],
        ),
        ("ru", "Освобождёнными пленными; на свободе, домой", ["freed 0-1", "prisoner 1-2", "freed 3-5", "home 6-7"]),
    ],
)
def test_concepts_are_marked_in_every_inflection(
    engine, lexicon: Lexicon, code: str, text: str, marks: list[str]
) -> None:
    sentence = _marked(engine, lexicon, code, text)
    assert [f"{mark.concept} {mark.first}-{mark.last}" for mark in sentence.marks] == marks


@pytest.mark.parametrize(
    ("code", "text", "numbers"),
    [
        ("en", "a 1,000-for-1,000 swap, then 205 for two hundred and seven", [(1000, 1000), (205, 207)]),
        ("uk", "обмін 390 на 390", [(390, 390)]),
        ("ru", "обмен сто на девяносто пять", [(100, 95)]),
    ],
)
def test_constructions_capture_numbers(engine, lexicon: Lexicon, code: str, text: str, numbers: list[tuple]) -> None:
    found = lexicon.match("n_for_n", engine.sentence(code, text))
    assert [(match.number("a"), match.number("b")) for match in found] == numbers


@pytest.mark.parametrize(
    ("code", "text"),
    [("en", "205 Ukrainian prisoners"), ("uk", "двоє українських полонених"), ("ru", "66 украинских пленных")],
)
def test_patterns_reach_over_concepts(engine, lexicon: Lexicon, code: str, text: str) -> None:
    sentence = _marked(engine, lexicon, code, text)
    assert [(match.first, match.last) for match in lexicon.match("n_prisoners", sentence)] == [(0, 3)]


def test_marks_can_be_asked_for_by_concept(engine, lexicon: Lexicon) -> None:
    sentence = _marked(engine, lexicon, "en", "Prisoners came home")
    assert [mark.concept for mark in marks_of(sentence, "home", "freed")] == ["home"]
    assert has(sentence, "home", "freed")
    assert not has(sentence, "freed")


def test_a_mark_within_a_longer_one_of_its_concept_is_left_out(engine) -> None:
    vocabulary = Vocabulary({"war": ["war", "prisoner .. war", "of war"]}, {}, engine.language("en").lemmas)
    assert [(mark.first, mark.last) for mark in vocabulary.marks(engine.sentence("en", "prisoners of war, war"))] == [
        (0, 3),
        (4, 5),
    ]


def test_a_name_that_one_language_lacks_finds_nothing_there(engine, lexicon: Lexicon) -> None:
    english = Lexicon({"en": lexicon.vocabularies["en"], "ru": Vocabulary({}, {}, engine.language("ru").lemmas)})
    assert english.match("n_for_n", engine.sentence("ru", "100 на 100")) == ()
    assert english.match("n_for_n", engine.sentence("uk", "100 на 100")) == ()
    assert _marked(engine, english, "uk", "полонені").marks == ()


def test_a_name_that_no_language_has_is_a_mistake(engine, lexicon: Lexicon) -> None:
    with pytest.raises(KeyError, match="no language has a pattern 'n_to_n'"):
        lexicon.match("n_to_n", engine.sentence("en", "100 to 100"))


def test_the_gate_names_the_stem_that_opens_it(lexicon: Lexicon) -> None:
    assert lexicon.opening("новини про полонених") == "полонен"
    assert lexicon.opening("погода") == ""


def test_two_sentences_with_equal_words_are_looked_at_anew(engine, lexicon: Lexicon) -> None:
    sentence = engine.sentence("en", "5 for 6")
    assert len(lexicon.match("n_for_n", sentence)) == 1
    assert lexicon.match("n_for_n", replace(sentence, numbers=())) == ()
