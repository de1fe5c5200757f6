"""Numbers in figures and words, with num2words as a second opinion."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from bot.adapters.languages import DATA, read_languages


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
        (
            "en",
            "1.212 bodies, 1'212 more, 1’212, 1K drones, 500-plus men, 1,2 thousand",
            "1212 1212 1212 1000 500 1200",
        ),
        ("en", "1 million 200 thousand, 1.2 million people", "1200000 1200000"),
        ("en", "a pair of drones, a couple of men, both men, both Kyiv and Lviv, both sides", "2 2 2"),
        ("en", "12 out of 15 drones, between 10 and 15 people, from 3 to 5", "12 15 10 15 3 5"),
        ("en", "aged 3, 7 and 12; women of 55 and 63 years; 63- and 55-year-old men; 10 to 15 km", ""),
        ("en", "two thirds of 24, 1/3, 24/7, at 9 a.m., 5pm, minus 20, five times", "3th 24"),
        ("en", "the 72nd Brigade, two countries, S-300, Kh 101, 9M723, F-16, M777, T-72, PS752", ""),
        ("en", "building 5, school No. 5, Unit 12345, 12 Main Street, highway 4.", ""),
        ("en", "at 12 Shevchenko Street, 3 Ukrainian drones, Sumska Street 12, and 40 men", "3 40"),
        ("uk", "вул. Соборна 12, пошкоджено 3 авто; 3 ОШБр", "3"),
        ("ru", "ул. Ленина 12, повреждены 3 авто", "3"),
        ("en", "a building 5 people left, Sumska Street, 12", "5"),
        ("en", "call +380 44 123 4567 or 044 123 45 67; tel. 123-45-67; 2 000 people", "2000"),
        ("ru", "соотношение 3 к 1, 5к дронов, в возрасте 7, людей пожилого возраста, 12 человек", "3 1 5000 12"),
        (
            "en",
            "two and a half thousand men, three and a half million, tens of thousands, two and a half years",
            "2500 3500000",
        ),
        ("uk", "дві з половиною тисячі людей, півтораста, чотирьомастами, два з половиною роки", "2500 150 400"),
        ("ru", "две с половиной тысячи человек, полтораста, два с половиной года", "2500 150"),
        ("en", "the 53rd time, five times", "53th"),
        ("uk", "уже 70-й раз, п'ять разів", "70th"),
        ("ru", "уже 70-й раз, пять раз", "70th"),
        ("uk", "близько сотні, до тисячі, понад сотню, пара дронів, удвох", "100 1000 100 2 2"),
        ("uk", "1 тис. 212 тіл, 2 млн 300 тис. людей, 12 із 15, від 10 до 15", "1212 2300000 12 15 10 15"),
        ("uk", "віком 3, 7 та 12 років; жінки 55 і 63 років; 63- та 55-річні; 10-15 км; дві третини", ""),
        ("uk", "72-га бригада, 110 бригада, обидві сторони, 9М723, С-300, Іскандер-М, 155-мм снаряд, у 2022-му", ""),
        ("uk", "будинок 5, школа № 5, вул. Соборна, 12, в/ч 12345, вантаж 200, мінус 20, о 14.30", ""),
        ("uk", "у будинку 5 людей; тел. 044-123-45-67; +380 44 123 45 67", "5"),
        ("uk", "двоє, обидва, сімох, дев'яноста, двомастами, шістьома, одинадцятеро", "2 2 7 90 200 6 11"),
        ("ru", "около сотни, более тысячи, пара дронов, вдвоём, 1 тыс. 212 тел", "100 1000 2 2 1212"),
        ("ru", "в возрасте 3, 7 и 12 лет; женщины 55 и 63 лет; 63- и 55-летние; 10-15 км; две трети", ""),
        ("ru", "72-я бригада, 110 бригада, обе стороны, 9М723, С-300, Т-72, 155-мм снаряд, в 2022-м", ""),
        ("ru", "дом 5, школа № 5, ул. Ленина, 12, в/ч 12345, груз 200, минус 20, в 14.30", ""),
        ("ru", "в доме 5 человек; тел. 912-345-67-89; +7 912 345-67-89", "5"),
        ("ru", "двое, обоих, семерых, девяноста, двумястами, одиннадцатеро, с 300 людьми", "2 2 7 90 200 11 300"),
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
        ("uk", "12 поранених, загинули 1 […]", "12"),
        ("en", "12 were wounded, the toll rose to 1...", "12"),
        ("ru", "ранены 12… погибли трое…", "12 3"),
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


@pytest.mark.parametrize("code", ["en", "uk", "ru"])
def test_a_number_of_four_hundred_digits_counts_nothing(engine, code: str) -> None:
    assert engine.numbers(code, f"{'9' * 400}, {'1' * 400}-th, 5") == ["5"]


@pytest.mark.parametrize("code", ["en", "uk", "ru"])
@given(st.integers(0, 99_999), st.sampled_from([" ", ",", ".", "'"]))
def test_every_way_to_part_thousands_is_read(engine, code: str, value: int, sign: str) -> None:
    written = f"{value:,}".replace(",", sign)
    assert engine.numbers(code, f"- {written} -") == [str(value)] or 1910 <= value < 2040 or sign == "."


def test_every_language_has_the_same_lists_of_number_words() -> None:
    tables = [tomllib.loads((DATA / code / "numbers.toml").read_text(encoding="utf-8")) for code in read_languages()]
    assert len({frozenset(table) for table in tables}) == 1
    for table in tables:
        assert set(range(1, 21)) <= set(table["values"].values())
        assert {*range(1, 21), *range(30, 100, 10)} <= set(table["ordinals"].values())


@settings(deadline=None)
@given(st.sampled_from(["en", "uk", "ru"]), st.text(alphabet="0123456789 ,.-аяй's twohundred"))
def test_no_text_makes_the_numbers_fail(engine, code: str, text: str) -> None:
    engine.numbers(code, text)
