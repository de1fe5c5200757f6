"""The pattern language, over words that have no other form than their own."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.text.document import DateMention, Mark, Marks, Number, Place, Sentence
from bot.core.text.lexicon import Vocabulary
from bot.core.text.pattern import PatternError
from bot.core.text.tokens import tokens


def _same(word: str) -> frozenset[str]:
    return frozenset({word})


def _sentence(text: str, **found) -> Sentence:
    return Sentence("title", 0, 0, text, 0, "en", tokens(text, _same), **found)


def _matches(pattern: str | list[str], sentence: Sentence | str) -> list[str]:
    patterns = [pattern] if isinstance(pattern, str) else pattern
    vocabulary = Vocabulary({"prisoner": ["captive"]}, {"p": patterns}, _same)
    sentence = _sentence(sentence) if isinstance(sentence, str) else sentence
    return [
        " ".join(token.text for token in sentence.tokens[match.first : match.last])
        for match in vocabulary.match("p", sentence)
    ]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a b", "a b c a b", ["a b", "a b"]),
        ("a (b|c d) e", "a b e a c d e a c e", ["a b e", "a c d e"]),
        ("a [b] c", "a b c a c", ["a b c", "a c"]),
        ("a [b|x y] c", "a x y c", ["a x y c"]),
        ("[the] end", "the end", ["the end"]),
        ("pris* of", "Prisoners of war", ["Prisoners of"]),
        ("=Kyiv's", "KYIV’S", ["KYIV’S"]),
        ("a .. b", "a 1 2 3 4 5 6 b", ["a 1 2 3 4 5 6 b"]),
        ("a .. b", "a 1 2 3 4 5 6 7 b", []),
        ("a ..1 b", "a x b a x x b a b", ["a x b", "a b"]),
        ("a .. b", "a x b b", ["a x b"]),
        ("a .. b", "a ; b", []),
        ("a , b", "a, b", ["a , b"]),
        ("18-25", "aged 18-25 only", ["18 - 25"]),
        ("u.s. aid", "U.S. aid", ["U.S. aid"]),
        ("$day (may|june)", "9 June", ["9 June"]),
        ("in $year", "in 1999", ["in 1999"]),
        ("$cap said", "Anna said he said", ["Anna said"]),
        ("a a", "a a a a a", ["a a", "a a"]),
        (["x", "a b"], "x a b x", ["x", "a b", "x"]),
        (["a b", "a"], "a b a", ["a b", "a"]),
        (["a", "a b"], "a b", ["a"]),
    ],
)
def test_elements_match_as_the_module_says(pattern: str | list[str], text: str, matches: list[str]) -> None:
    assert _matches(pattern, text) == matches


def test_numbers_dates_places_and_concepts_are_elements() -> None:
    day = date(2025, 6, 9)
    sentence = _sentence(
        "the 66th two captive near Kyiv today",
        numbers=(Number(66, 1, 2, ordinal=True), Number(2, 2, 3)),
        dates=(DateMention(day, day, 6, 7, "today"),),
        places=(Place("Kyiv", "UA-30", "UA", "settlement", 5, 6),),
        marks=Marks((Mark("prisoner", 3, 4),)),
    )
    vocabulary = Vocabulary(
        {"prisoner": ["captive"]}, {"p": ["the {o:##} {n:#} {who:<prisoner>} near {place:@place} {day:@date}"]}, _same
    )
    (match,) = vocabulary.match("p", sentence)
    assert (match.first, match.last, match.rule) == (0, 7, "p.1")
    assert match.captures["place"].value == sentence.places[0]
    assert match.captures["day"].value == sentence.dates[0]
    assert (match.number("o"), match.number("n"), match.number("who"), match.number("x")) == (66, 2, None, None)
    assert (match.captures["who"].first, match.captures["who"].value) == (3, None)


def test_a_capture_spans_its_whole_row_and_of_two_the_last_counts() -> None:
    vocabulary = Vocabulary({}, {"p": ["{x:a b} {x:c|d}", "{y:e} f"]}, _same)
    (match,) = vocabulary.match("p", _sentence("a b d"))
    assert {name: (each.first, each.last) for name, each in match.captures.items()} == {"x": (2, 3)}


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("a (b", "`)` is missing"),
        ("a [b", "`]` is missing"),
        ("{x:a", "`}` is missing"),
        ("a )", "`)` is out of place"),
        ("a | b", "`|` is out of place"),
        ("a {b}", "`{` is out of place"),
        ("a #x", "`#x` is out of place"),
        ("@dates", "`@dates` is out of place"),
        (".. a", "begins or ends with a gap"),
        ("a ..", "begins or ends with a gap"),
        ("[a]", "could be empty"),
        ("", "could be empty"),
        ("a <pilot>", "no concept <pilot>"),
        ("=a*", "exact and a beginning at once"),
    ],
)
def test_a_pattern_that_cannot_be_read_is_named(pattern: str, complaint: str) -> None:
    with pytest.raises(PatternError) as error:
        Vocabulary({"prisoner": ["captive"]}, {"n_for_n": ["fine", pattern]}, _same)
    assert complaint in str(error.value)
    assert str(error.value).startswith("n_for_n")


def test_a_phrase_cannot_contain_a_concept() -> None:
    with pytest.raises(PatternError, match="guard: a phrase cannot contain a concept such as <prisoner>"):
        Vocabulary({"prisoner": ["captive"], "guard": ["<prisoner> guard"]}, {}, _same)


def test_many_gaps_over_a_long_row_take_linear_time() -> None:
    started = time.process_time()
    assert _matches(["a ..9 a ..9 a ..9 a ..9 [x|b]  a ..9 (b|c|d)", "d"], _sentence("a " * 500 + "; d")) == ["d"]
    assert time.process_time() - started < 5


@settings(deadline=None)
@given(st.text(alphabet="ab ()[]{}|<>.:#@$=*1-'", max_size=25))
def test_any_pattern_compiles_or_is_refused_in_words(pattern: str) -> None:
    with suppress(PatternError):
        assert all(_matches(pattern, "a b ab 1 - '"))
