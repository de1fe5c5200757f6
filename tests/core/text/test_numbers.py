"""Numbers in figures and words, with num2words as a second opinion."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words


@pytest.mark.parametrize(
    ("code", "text", "numbers"),
    [
        ("en", "Two hundred and seven prisoners, 2000 others", "207 2000"),
        ("en", "two thousand and five, twenty-one", "2005 21"),
        ("en", "half a dozen drones, a dozen others, two dozen more", "6 12 24"),
        ("en", "dozens hurt, hundreds fled, several hundred came", ""),
        ("en", "a hundred and forty-six soldiers, half a million people", "146 500000"),
        ("en", "the sixty-sixth swap, the 62nd one", "66th 62th 1"),
        ("en", "6,000 bodies, 1.5 million people, 2.5", "6000 1500000"),
        ("en", "no one died, nobody, one of them, one woman", "1"),
        ("en", "a 57-year-old man, 57, was 5 km away at 3:56 for $5 and 40%", ""),
        ("en", "Shahed 136, Shahed-136, Mi-8, No 7, in his seventies", ""),
        ("en", "five two-three drones", "5"),
        ("en", "call +380441234567", ""),
        ("en", "205-for-205, 5-6 people", "205 205 5 6"),
        ("en", "aged 18-25 years, soldiers under 25, 7+ hours, a 1,000-kilometre line, the 2022 vote", ""),
        ("uk", "сто сорок шість полонених, тисячу осіб, двісті сімома", "146 1000 207"),
        ("uk", "двоє дітей, троє, двадцятеро, п’ятьох поранених", "2 3 20 5"),
        ("uk", "шістдесят шостий обмін, 66-й, дев'ятого", "66th 66th 9th"),
        ("uk", "1 212 тіл, 2,5 тис. дронів, 2 тис. людей, півтори тисячі", "1212 2500 2000 1500"),
        ("uk", "жоден, ні один, одна одній, один одного, один із них, один поранений", "1"),
        ("uk", "57-річний, 20-ти людей, 5 років, Х-101, Су-34, 20:30, 30 км", "20"),
        ("uk", "тисячі людей, сотні дронів, кілька тисяч", ""),
        ("ru", "двести семь пленных, сорок девять беспилотников", "207 49"),
        ("ru", "шестьдесят шестой обмен, двумястами, трёх, тысячу", "66th 200 3 1000"),
        ("ru", "семью пленными, полторы тысячи, трое детей, оба", "1500 3 2"),
        ("ru", "Т-72, 120-мм, 5 лет, 3 часа, 7 %, 100 рублей, 1 млн человек", "1000000"),
        ("ru", "один раненый, ни один, один из них", "1"),
    ],
)
def test_numbers_are_what_a_reader_would_count(engine, code: str, text: str, numbers: str) -> None:
    assert engine.numbers(code, text) == numbers.split()


def test_a_number_knows_its_tokens(engine) -> None:
    (number,) = engine.sentence("en", "about two hundred and seven people").numbers
    assert (number.value, number.first, number.last, number.ordinal) == (207, 1, 5, False)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["en", "uk", "ru"]), st.integers(2, 6_999))
def test_every_count_in_words_is_read_back(engine, code: str, value: int) -> None:
    assert engine.numbers(code, num2words(value, lang=code).replace(",", "")) == [str(value)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from("ngdaip"), st.integers(8, 999))
def test_every_russian_case_is_read_back(engine, case: str, value: int) -> None:
    words = num2words(value, lang="ru", case=case)
    assert engine.numbers("ru", words) == [str(value)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["en", "ru"]), st.integers(1, 99))
def test_every_ordinal_in_words_is_read_back(engine, code: str, value: int) -> None:
    assert engine.numbers(code, num2words(value, lang=code, to="ordinal")) == [f"{value}th"]


@settings(deadline=None)
@given(st.sampled_from(["en", "uk", "ru"]), st.text(alphabet="0123456789 ,.-аяй's twohundred"))
def test_no_text_makes_the_numbers_fail(engine, code: str, text: str) -> None:
    engine.numbers(code, text)
