"""Sentences and what is kept with them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.document import NO_MARKS, Mark, Marks, Sentence
from bot.core.text.tokens import tokens

TEXT = "Обмін 390 на 390, обмін тілами."


def _sentence(text: str = TEXT) -> Sentence:
    return Sentence("body", 0, 0, text, 7, "uk", tokens(text, lambda word: frozenset({word})))


def _marks() -> Marks:
    return Marks((Mark("exchange", 0, 1), Mark("trade", 0, 1), Mark("exchange", 5, 6), Mark("body", 6, 7)))


def test_marks_are_asked_for_by_concept_and_keep_their_order() -> None:
    marks = _marks()
    assert marks.of("body", "exchange", "exchange", "nobody") == (marks[0], marks[2], marks[3])
    assert marks.of("exchange") == (marks[0], marks[2])
    assert marks.of("nobody") == marks.of() == NO_MARKS.of("body") == ()


def test_marks_know_whether_a_concept_is_there() -> None:
    assert _marks().has("nobody", "body")
    assert not _marks().has("nobody")
    assert not _marks().has()


def test_the_extent_of_tokens_is_where_they_stand_though_others_read_the_same() -> None:
    sentence = _sentence()
    assert [sentence.text[slice(*sentence.extent(at, at + 1))] for at in range(8)] == [
        "Обмін", "390", "на", "390", ",", "обмін", "тілами", ".",
    ]  # fmt: skip
    assert sentence.text[slice(*sentence.extent(3, 6))] == "390, обмін"


@given(st.text(max_size=60).filter(str.strip))
def test_every_token_of_any_text_is_found_in_it(text: str) -> None:
    sentence = _sentence(text)
    for at, token in enumerate(sentence.tokens):
        assert sentence.text[slice(*sentence.extent(at, at + 1))] == token.text


def test_what_is_worked_out_of_a_sentence_is_worked_out_once_and_never_taken_over() -> None:
    asked: list[Sentence] = []

    def work(sentence: Sentence) -> int:
        asked.append(sentence)
        return len(sentence.tokens)

    sentence = _sentence()
    assert sentence.worked_out(work) == sentence.worked_out(work) == 8
    assert len(asked) == 1
    marked = sentence.marked(_marks())
    assert marked.worked_out(work) == 8
    assert len(asked) == 2
    assert marked == replace(sentence, marks=_marks())
    assert sentence == _sentence()
