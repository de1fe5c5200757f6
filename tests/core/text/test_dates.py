"""Days named in a text, against Tuesday 10 June 2025."""

from __future__ import annotations

import tomllib
from datetime import date

import dateparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.languages import DATA, read_languages
from bot.core.text.dates import DateGrammar, Days
from bot.core.text.pattern import PatternError

MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "uk": [
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ],
    "ru": [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ],
}
NIGHT = "2025-06-10 night"


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on June 9", ["day 2025-06-09"]),
        ("on 9 June 2023, a Friday swap", ["day 2023-06-09", "weekday 2025-06-06"]),
        ("on Friday, June 6, at dawn", ["day 2025-06-06"]),
        ("the 9th of June", ["day 2025-06-09"]),
        ("from July 3-4", ["range 2025-07-03/2025-07-04"]),
        ("July 8-12, June 12-9", ["range 2025-07-08/2025-07-12", "day 2025-06-12"]),
        ("overnight in May 2024", ["night " + NIGHT, "month 2024-05-01/2024-05-31"]),
        ("between May 30 and 31", ["range 2025-05-30/2025-05-31"]),
        ("June 30 to July 2", ["range 2025-06-30/2025-07-02"]),
        ("on 23, 24 and 25 May", ["list 2025-05-23", "list 2025-05-24", "list 2025-05-25"]),
        ("on June 9 and 10", ["list 2025-06-09", "list 2025-06-10"]),
        ("on August 24", ["day 2024-08-24"]),
        ("on July 10", ["day 2025-07-10"]),
        ("June 31, February 30", []),
        ("2025-06-09, 09.06.2025 and 31.02.2025", ["numeric 2025-06-09", "numeric 2025-06-09"]),
        ("on Tuesday, on Wednesday", ["weekday 2025-06-10", "weekday 2025-06-04"]),
        ("last Tuesday; next Tuesday", ["last_weekday 2025-06-03", "next_weekday 2025-06-17"]),
        ("today, yesterday and tomorrow", ["today 2025-06-10", "yesterday 2025-06-09", "tomorrow 2025-06-11"]),
        ("the day before yesterday", ["day_before_yesterday 2025-06-08"]),
        ("this morning", ["today 2025-06-10"]),
        (
            "three days ago, two weeks ago, a week ago",
            ["days_ago 2025-06-07", "weeks_ago 2025-05-27", "weeks_ago 2025-06-03"],
        ),
        ("overnight", ["night " + NIGHT]),
        ("last night", ["night " + NIGHT]),
        ("overnight into June 9", ["night_into 2025-06-09 night"]),
        ("on the night of 8-9 June", ["night_into 2025-06-09 night"]),
        ("overnight on Saturday", ["night_into 2025-06-07 night"]),
        ("late on Saturday and into the early hours", ["night_before 2025-06-08 night"]),
        ("that night, night after night", []),
        ("overnight Thursday to Friday", ["night_into 2025-06-06 night"]),
        ("overnight from Thursday into Friday", ["night_into 2025-06-06 night"]),
        ("overnight Sunday-Monday", ["night_into 2025-06-09 night"]),
        ("overnight on June 8-9", ["night_into 2025-06-09 night"]),
        ("the night of June 8 to 9", ["night_into 2025-06-09 night"]),
        ("during the night of June 8/9", ["night_into 2025-06-09 night"]),
        ("on the night of Sunday to Monday", ["night_into 2025-06-09 night"]),
        ("in the early hours of Monday", ["night_into 2025-06-09 night"]),
        ("in the early hours of 9 June", ["night_into 2025-06-09 night"]),
        ("between 8 p.m. on June 8 and 7 a.m. on June 9", ["night_into 2025-06-09 night"]),
        ("from 11 p.m. on Friday to 7 a.m. on Monday", ["weekday 2025-06-06", "weekday 2025-06-09"]),
        ("from Sunday evening to Monday morning", ["night_into 2025-06-09 night"]),
        (
            "late Sunday into Monday; from Sunday into Monday",
            ["night_into 2025-06-09 night", "night_into 2025-06-09 night"],
        ),
        ("late on Sunday into the early hours of Monday", ["night_into 2025-06-09 night"]),
        ("on the 9th and 10th of June", ["list 2025-06-09", "list 2025-06-10"]),
        ("on 06/09/2025", ["numeric 2025-06-09"]),
        ("on 9/6/2025", ["numeric 2025-06-09"]),
        ("last week, this week", ["last_week 2025-06-02/2025-06-08", "this_week 2025-06-09/2025-06-15"]),
        ("on the eve of August 24, the day before June 9", ["eve_of 2024-08-23", "eve_of 2025-06-08"]),
        ("on 09.06, 2.06 percent", ["numeric 2025-06-09"]),
        ("over the weekend", ["weekend 2025-06-07/2025-06-08"]),
        ("last month, a year ago", ["last_month 2025-05-01/2025-05-31", "year_ago 2024-06-01/2024-06-30"]),
        ("two months ago, last year", ["month_ago 2025-04-01/2025-04-30", "last_year 2024-01-01/2024-12-31"]),
        ("since February 2022", ["month 2022-02-01/2022-02-28"]),
        ("on Friday and Saturday", ["weekday 2025-06-06", "weekday 2025-06-07"]),
        ("at 3:00 a.m. Kyiv time on June 9", ["day 2025-06-09"]),
        ("on the third anniversary, a day earlier", []),
        ("in May", ["month 2025-05-01/2025-05-31"]),
        ("in December 2022", ["month 2022-12-01/2022-12-31"]),
        ("since 2022", ["year 2022-01-01/2022-12-31"]),
        ("It may be, they march 9 km, the Sun wrote, Russia Today said", []),
        ("The 62nd exchange, 6000 for 6000, 10:20 a.m., 31, a", []),
        ("400000 days ago", []),
    ],
)
def test_english_days_are_worked_out(engine, text: str, dates: list[str]) -> None:
    assert engine.dates("en", text) == dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("9 червня 2025 року", ["day 2025-06-09"]),
        ("дев'ятого червня", ["day 2025-06-09"]),
        ("у п’ятницю, 6 червня", ["day 2025-06-06"]),
        ("8–9 червня", ["range 2025-06-08/2025-06-09"]),
        ("23, 24 та 25 травня", ["list 2025-05-23", "list 2025-05-24", "list 2025-05-25"]),
        ("станом на 09.06", ["numeric 2025-06-09"]),
        ("у вівторок, у середу", ["weekday 2025-06-10", "weekday 2025-06-04"]),
        ("серед загиблих", []),
        ("минулої п'ятниці", ["last_weekday 2025-06-06"]),
        ("наступної п'ятниці", ["next_weekday 2025-06-13"]),
        ("після недільного удару", ["weekday 2025-06-08"]),
        ("учора, позавчора, сьогодні", ["yesterday 2025-06-09", "day_before_yesterday 2025-06-08", "today 2025-06-10"]),
        ("напередодні окупанти вдарили", ["eve 2025-06-09"]),
        ("напередодні Великодня", []),
        ("напередодні 9 червня; напередодні, 9 червня,", ["eve_of 2025-06-08", "eve 2025-06-09", "day 2025-06-09"]),
        ("09.06 обміняли 40; 10.06 млн, о 08.06, 09.06%", ["numeric 2025-06-09"]),
        ("три дні тому", ["days_ago 2025-06-07"]),
        ("у ніч проти 9 червня", ["night_into 2025-06-09 night"]),
        ("в ніч на неділю", ["night_into 2025-06-08 night"]),
        ("у ніч із 8 на 9 червня", ["night_into 2025-06-09 night"]),
        ("9 червня вночі", ["night_into 2025-06-09 night"]),
        ("уночі", ["night " + NIGHT]),
        ("минулої ночі", ["night " + NIGHT]),
        ("протягом ночі", ["night " + NIGHT]),
        ("тієї самої ночі, тієї ж ночі", []),
        ("в ніч із 8-го на 9-те червня", ["night_into 2025-06-09 night"]),
        ("у ніч з неділі на понеділок", ["night_into 2025-06-09 night"]),
        ("у ніч на понеділок, 9 червня", ["night_into 2025-06-09 night"]),
        ("у ніч проти 10.06", ["night_into 2025-06-10 night"]),
        ("з 23:00 8 червня до 07:00 9 червня", ["night_into 2025-06-09 night"]),
        ("сьогодні вночі, напередодні вночі", ["night_into 2025-06-10 night", "night_into 2025-06-09 night"]),
        ("увечері 8 червня о 23:40", ["day 2025-06-08"]),
        ("у п'ятницю та суботу", ["weekday 2025-06-06", "weekday 2025-06-07"]),
        ("минулого тижня, цього тижня", ["last_week 2025-06-02/2025-06-08", "this_week 2025-06-09/2025-06-15"]),
        ("за вихідні", ["weekend 2025-06-07/2025-06-08"]),
        ("минулого місяця, рік тому", ["last_month 2025-05-01/2025-05-31", "year_ago 2024-06-01/2024-06-30"]),
        ("два місяці тому, торік", ["month_ago 2025-04-01/2025-04-30", "last_year 2024-01-01/2024-12-31"]),
        ("9 чер 2025", ["day 2025-06-09"]),
        ("у річницю, того ж дня, 2000 років тому", []),
        ("у серпні 2024 року", ["month 2024-08-01/2024-08-31"]),
        ("у 2023 році", ["year 2023-01-01/2023-12-31"]),
    ],
)
def test_ukrainian_days_are_worked_out(engine, text: str, dates: list[str]) -> None:
    assert engine.dates("uk", text) == dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("9 июня", ["day 2025-06-09"]),
        ("в пятницу, 6 июня", ["day 2025-06-06"]),
        ("с 8 по 9 июня", ["range 2025-06-08/2025-06-09"]),
        ("в среду; в среде учёных; средствами", ["weekday 2025-06-04"]),
        ("в прошлую пятницу", ["last_weekday 2025-06-06"]),
        ("в следующую пятницу", ["next_weekday 2025-06-13"]),
        ("воскресным утром", ["weekday 2025-06-08"]),
        ("вчера и завтра", ["yesterday 2025-06-09", "tomorrow 2025-06-11"]),
        ("накануне; накануне Пасхи", ["eve 2025-06-09"]),
        ("накануне 9 июня; накануне, 9 июня,", ["eve_of 2025-06-08", "eve 2025-06-09", "day 2025-06-09"]),
        ("09.06 обменяли 40; 10.06 млн, в 08.06, 09.06%", ["numeric 2025-06-09"]),
        ("двое суток назад", ["days_ago 2025-06-08"]),
        ("в ночь на 9 июня", ["night_into 2025-06-09 night"]),
        ("в ночь с 8 на 9 июня", ["night_into 2025-06-09 night"]),
        ("ночью 9 июня", ["night_into 2025-06-09 night"]),
        ("ночью", ["night " + NIGHT]),
        ("минувшей ночью", ["night " + NIGHT]),
        ("за ночь", ["night " + NIGHT]),
        ("той ночью, той же ночью", []),
        ("в ночь с 8-го на 9-е июня", ["night_into 2025-06-09 night"]),
        ("в ночь с воскресенья на понедельник", ["night_into 2025-06-09 night"]),
        ("в ночь на понедельник, 9 июня", ["night_into 2025-06-09 night"]),
        ("в ночь на 10.06", ["night_into 2025-06-10 night"]),
        ("с 20:00 мск 8 июня до 7:00 мск 9 июня", ["night_into 2025-06-09 night"]),
        ("сегодня ночью, накануне ночью", ["night_into 2025-06-10 night", "night_into 2025-06-09 night"]),
        ("вечером 8 июня в 23:40 мск", ["day 2025-06-08"]),
        ("в пятницу и субботу", ["weekday 2025-06-06", "weekday 2025-06-07"]),
        ("на прошлой неделе, на этой неделе", ["last_week 2025-06-02/2025-06-08", "this_week 2025-06-09/2025-06-15"]),
        ("за выходные", ["weekend 2025-06-07/2025-06-08"]),
        ("в прошлом месяце, год назад", ["last_month 2025-05-01/2025-05-31", "year_ago 2024-06-01/2024-06-30"]),
        ("два месяца назад, в прошлом году", ["month_ago 2025-04-01/2025-04-30", "last_year 2024-01-01/2024-12-31"]),
        ("9 июн 2025", ["day 2025-06-09"]),
        ("в годовщину, в тот же день, 2000 лет назад", []),
        ("в августе 2024 года", ["month 2024-08-01/2024-08-31"]),
        ("09.06.2025", ["numeric 2025-06-09"]),
    ],
)
def test_russian_days_are_worked_out(engine, text: str, dates: list[str]) -> None:
    assert engine.dates("ru", text) == dates


@pytest.mark.parametrize(
    ("today", "text", "day"),
    [
        (date(2026, 1, 3), "on December 30", "day 2025-12-30"),
        (date(2025, 12, 28), "on January 5", "day 2026-01-05"),
        (date(2025, 3, 1), "on February 29", "day 2024-02-29"),
        (date(1, 1, 1), "yesterday", "yesterday 0001-01-01"),
        (date(9999, 12, 31), "tomorrow", "tomorrow 9999-12-31"),
        (date(9999, 12, 31), "on June 9", "day 9999-06-09"),
        (date(9999, 12, 31), "next week", "next_week 9999-12-27"),
    ],
)
def test_the_year_is_the_one_nearest_to_publication(engine, today: date, text: str, day: str) -> None:
    assert engine.dates("en", text, today) == [day]


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("en", "{day} {month} {year}"),
        ("en", "{month} {day}, {year}"),
        ("uk", "{day} {month} {year} року"),
        ("ru", "{day} {month} {year} года"),
    ],
)
@settings(max_examples=40, deadline=None)
@given(day=st.dates(date(2014, 1, 1), date(2039, 12, 31)))
def test_whole_dates_are_those_that_dateparser_reads(engine, code: str, written: str, day: date) -> None:
    text = written.format(day=day.day, month=MONTHS[code][day.month - 1], year=day.year)
    other = dateparser.parse(text, languages=[code])
    assert other is not None
    assert engine.dates(code, text) == [f"day {other.date()}"]


def test_a_weekday_is_never_more_than_six_days_back(engine) -> None:
    names = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    found = engine.language("en").dates.find(engine.sentence("en", names), Days.on(date(2025, 6, 10)))
    assert sorted((date(2025, 6, 10) - each.day).days for each in found) == list(range(7))


def test_every_language_has_the_same_rules() -> None:
    """Ukrainian and Russian have a word of their own for the day before."""
    tables = [tomllib.loads((DATA / code / "dates.toml").read_text(encoding="utf-8")) for code in read_languages()]
    assert {frozenset(table) - {"capital"} for table in tables} == {frozenset({"months", "weekdays", "patterns"})}
    assert len({frozenset(table["patterns"]) - {"eve"} for table in tables}) == 1
    for table in tables:
        assert set(table["months"].values()) == set(range(1, 13))
        assert set(table["weekdays"].values()) == set(range(1, 8))


def test_a_mention_keeps_its_tokens(engine) -> None:
    (mention,) = engine.language("uk").dates.find(
        engine.sentence("uk", "удар у ніч проти 9 червня"), Days.on(date(2025, 6, 10))
    )
    assert (mention.first, mention.last, mention.night) == (2, 6, True)


def test_an_unknown_date_rule_is_refused() -> None:
    with pytest.raises(PatternError, match="someday: no such date rule"):
        DateGrammar({}, {}, {"someday": ["x"]}, lambda word: frozenset({word}))


@settings(deadline=None)
@given(
    st.sampled_from(["en", "uk", "ru"]),
    st.lists(
        st.sampled_from(
            [
                "on",
                "9",
                "31",
                "June",
                "2025",
                "overnight",
                "night",
                "the",
                "of",
                "-",
                ",",
                "and",
                "last",
                "Friday",
                "days",
                "ago",
                "09.06.2025",
                "99.99.2025",
                "у",
                "ніч",
                "на",
                "9",
                "червня",
                "п'ятниці",
                "минулої",
                "ночью",
                "в",
                "ночь",
                "июня",
                "назад",
                "0",
                "2025-13-45",
                "today",
            ],
        )
    ),
    st.dates(date(1, 1, 1), date(9999, 12, 31)),
)
def test_no_row_of_date_words_makes_the_grammar_fail(engine, code: str, words: list[str], today: date) -> None:
    engine.dates(code, " ".join(words), today)
