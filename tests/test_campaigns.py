"""Liars, copies and sources gone mad: what they bring to a chat that holds what is unconfirmed, to one that marks it, and
to the admins.

The first never gets a false post. The second gets one for each lie, since it asked for what one source says, but never
more than a source may found in an hour (`FLOOD`), and none that is plainly not of these days. An admin is asked once about
each, however often it is repeated, denied or copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import pytest

from bot.adapters.reader import ThreadedRead
from bot.cli._reading import load_reader
from bot.core.model import Source
from bot.core.trust import FLOOD
from tests.core.text.test_likeness import OWN, WIRE
from tests.newsroom import ADMINS, CAREFUL, OPEN, Entry, Newsroom, a_source
from tests.reports import at

DENIER = a_source("Рада", tier="official", side="RU")
LIE = {"day": date(2025, 6, 9), "facts": {"region": "UA-59", "killed": 40}}
REGIONS = ("BEL", "BRY", "KRS", "VOR", "ROS", "LIP", "TUL", "KLU", "ORL", "MOS", "TAM", "PNZ", "SAR", "SAM", "ULY")
LANGUAGES = tuple(WIRE)


@pytest.fixture
async def newsroom() -> Newsroom:
    return await Newsroom().open()


async def test_one_liar_is_held_however_often_it_repeats_itself(newsroom):
    for minute in range(5):
        await newsroom.tell("Liar", minute, **LIE)
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)


async def test_why_it_is_held_is_said(newsroom):
    reason = await newsroom.tell("Liar", 0, **LIE)
    assert reason == "told (post 1); admins are asked"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_five_copies_of_one_liar_are_one_voice(newsroom, language):
    for minute, outlet in enumerate(("Liar", "CopyA", "CopyB", "CopyC", "CopyD", "CopyE")):
        await newsroom.tell(outlet, minute, f"{outlet}. {WIRE[language]}", **LIE)
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)


async def test_a_report_in_words_of_its_own_confirms(newsroom):
    await newsroom.tell("Берег", 0, WIRE["uk"], **LIE)
    await newsroom.tell("Слобода", 9, OWN["uk"], **LIE)
    assert await newsroom.posts() == (1, 1)


async def test_a_late_denial_confirms_nothing_and_asks_nobody_twice(newsroom):
    await newsroom.tell("Liar", 0, **LIE)
    denied = {"day": date(2025, 6, 9), "facts": {"region": "UA-59"}, "disputed": True}
    await newsroom.tell(DENIER, 90, **denied)
    await newsroom.tell("Вестник", 95, **denied)
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)
    (event,) = await newsroom.events()
    assert (event.disputed, event.confirmed) == (True, False)


async def test_a_mad_source_is_cut_off_even_where_unconfirmed_news_is_posted(newsroom):
    days = [date(2025, 5, 30) + timedelta(days=number) for number in range(11)]
    places = [(region, day) for region in ("UA-59", "UA-63", "UA-51") for day in days]
    reasons = [
        await newsroom.tell("Mad", minute, facts={"region": region}, day=day)
        for minute, (region, day) in enumerate(places)
    ]
    careful, marked = await newsroom.posts()
    assert (careful, marked <= FLOOD) == (0, True)
    assert reasons[-1] == "not told: its source founds too many events that nobody else tells"


@pytest.mark.parametrize("apart", [1, 90])
async def test_a_mad_source_gains_nothing_by_saying_everything_thrice(newsroom, apart):
    """Neither at once nor once the flood is over does saying it again make it news."""
    for again in range(3):
        for number in range(30):
            says = {"facts": {"region": f"RU-{number:03}", "attacker": "UA"}, "day": at(9).date()}
            await newsroom.tell("Mad", again * apart + number // 6, **says)
        await newsroom.spread()
    assert await newsroom.posts() == (0, FLOOD)
    assert await newsroom.notices() == (FLOOD + 1, FLOOD + 1)


async def test_a_mad_source_gains_nothing_by_other_figures_either(newsroom):
    for again in range(3):
        for number in range(30):
            facts = {"region": f"RU-{number:03}", "attacker": "UA", "killed": 1 + again * 10}
            await newsroom.tell("Mad", again * 15 + number // 6, facts=facts, day=at(9).date())
    assert await newsroom.posts() == (0, FLOOD)


async def test_what_a_mad_source_told_is_posted_once_another_voice_bears_it_out(newsroom):
    for number in range(FLOOD + 1):
        await newsroom.tell("Mad", number, day=at(9).date(), facts={"region": f"RU-{number:03}", "attacker": "UA"})
    await newsroom.spread()
    await newsroom.tell("Берег", 100, day=at(9).date(), facts={"region": f"RU-{FLOOD:03}", "attacker": "UA"})
    assert await newsroom.posts() == (1, FLOOD + 1)


async def test_admins_hear_of_a_flood_once_and_not_of_each_drop(newsroom):
    for number in range(100):
        await newsroom.tell("Mad", number // 3, day=at(9).date(), facts={"region": f"RU-{number:03}", "attacker": "UA"})
    assert await newsroom.notices() == (FLOOD + 1, FLOOD + 1)


async def test_a_quick_outlet_on_a_heavy_night_is_believed(newsroom):
    for number in range(6):
        await newsroom.tell("Quick", number, day=at(9).date(), facts={"region": f"UA-{number:02}"})
    assert await newsroom.posts() == (0, 6)


def entries(days: Iterable[date | None], published: datetime | None, mark: str = "") -> Iterator[Entry]:
    """Yield an entry on another region for each day that its text gives, all with one time of publication."""
    for number, day in enumerate(days):
        says = {
            "day": day,
            "facts": {"region": f"RU-{REGIONS[number % len(REGIONS)]}", "attacker": "UA", "killed": number},
        }
        name = f"Удар {number}"
        yield Entry(name, published, says, guid=f"{mark}{number}", text=f"{name} {mark}")


@pytest.fixture
async def archive(newsroom: Newsroom) -> Source:
    """An outlet that has been polled for a while."""
    source = a_source("Archive")
    await newsroom.publish(source, ())
    newsroom.clock.time += timedelta(hours=2)
    return source


LAST_YEAR = [date(2024, 6, 9) - timedelta(days=number) for number in range(60)]


async def test_a_source_that_changes_all_its_guids_tells_nothing_again(newsroom, archive):
    today = [newsroom.clock.time.date()] * 5
    for mark in ("a", "b", "c"):
        await newsroom.publish(archive, entries(today, newsroom.clock.time, mark))
        newsroom.clock.time += timedelta(minutes=20)
    told = await newsroom.spread()
    assert (told[CAREFUL.chat_id, "post"], told[OPEN.chat_id, "post"], told[OPEN.chat_id, "reply"]) == (0, 5, 0)
    assert await newsroom.notices() == (5, 5)
    assert len(await newsroom.events()) == 5


@pytest.mark.parametrize("published", [at(9, month=6) - timedelta(days=365), None, at(9, 14), at(9, 14, month=12)])
async def test_last_years_news_are_posted_nowhere_whatever_their_dates(newsroom, archive, published):
    """Their time of publication is old, or missing, or of today, or in the future: the text gives the day away."""
    await newsroom.publish(archive, entries(LAST_YEAR, published))
    assert await newsroom.posts() == (0, 0)
    assert max(await newsroom.notices()) <= 1
    assert len(await newsroom.events()) == len(LAST_YEAR)


async def test_last_years_news_without_a_day_are_known_by_their_times(newsroom, archive):
    await newsroom.publish(archive, entries([None] * 30, at(9) - timedelta(days=365)))
    assert await newsroom.posts() == (0, 0)
    assert await newsroom.notices() == (0, 0)


async def test_news_without_any_day_that_pretend_to_be_new_are_a_flood(newsroom, archive):
    """Nothing gives these away, so that the open chat gets as many as a source may found in an hour."""
    await newsroom.publish(archive, entries([None] * len(REGIONS), newsroom.clock.time))
    careful, marked = await newsroom.posts()
    assert (careful, marked) == (0, FLOOD)
    assert await newsroom.notices() == (FLOOD + 1, FLOOD + 1)


async def test_an_official_source_gone_mad_is_cut_off_as_well(newsroom):
    """It needs nobody to bear it out, so that even the careful chat gets what it tells before that is noticed."""
    official = a_source("Архів", tier="official", side="RU")
    for number in range(60):
        facts = {"region": f"RU-{number:03}", "attacker": "UA"}
        await newsroom.tell(official, number // 2, facts=facts, day=at(9).date())
    assert await newsroom.posts() == (FLOOD, FLOOD)
    assert await newsroom.notices() == (1, 1)


@pytest.mark.parametrize("year", [1970, 1999, 2026, 2038, 2300])
async def test_a_source_in_another_time_floods_nobody(newsroom, archive, year):
    days = [date(year, 6, 9) - timedelta(days=number) for number in range(30)]
    noon = datetime.combine(days[0], at(9).timetz())
    await newsroom.publish(archive, entries(days, noon))
    assert await newsroom.posts() == (0, 0)
    assert max(await newsroom.notices()) <= 1


@pytest.mark.parametrize("year", [1970, 2300])
async def test_a_clock_that_is_wrong_loses_no_news(newsroom, archive, year):
    says = {"day": newsroom.clock.time.date(), "facts": {"region": "UA-59", "killed": 4}}
    await newsroom.publish(archive, [Entry("Удар", datetime(year, 1, 1, tzinfo=at(9).tzinfo), says)])
    assert await newsroom.posts() == (0, 1)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_five_outlets_that_credit_the_liar_are_his_voice(newsroom, language):
    await newsroom.tell("Liar", 0, WIRE[language], **LIE)
    for minute in range(1, 6):
        own = " ".join(f"{word}{minute}" for word in OWN[language].split())
        await newsroom.tell(f"Echo{minute}", minute, own, **LIE, credits=("liar",))
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)


async def test_nobody_is_asked_where_no_chat_holds_anything_back(newsroom):
    await newsroom.store.remove(CAREFUL.chat_id)
    await newsroom.tell("Liar", 0, **LIE)
    assert await newsroom.notices() == (0,) * len(ADMINS)


LIES = {
    "en": (
        "Forty killed in night attack on Sumy",
        (
            "Forty people were killed in Sumy when Russian drones came down on the city overnight on 9 June. A dormitory and two "
            "shops burned until the morning, and rescuers still lift slabs from a cellar in which families had hidden. The trams "
            "do not run, schools stay shut, and people stand in line to give blood at the hospital on the hill."
        ),
    ),
    "uk": (
        "Нічна атака на Суми: 40 загиблих",
        (
            "У Сумах унаслідок нічної атаки російських дронів 9 червня загинули 40 людей. Гуртожиток і дві крамниці горіли до "
            "ранку, рятувальники досі піднімають плити над підвалом, у якому ховалися родини. Трамваї не ходять, школи зачинені, "
            "а люди стоять у черзі, щоб здати кров у лікарні на пагорбі."
        ),
    ),
    "ru": (
        "Ночная атака на Сумы: 40 погибших",
        (
            "В Сумах в результате ночной атаки российских дронов 9 июня погибли 40 человек. Общежитие и два магазина горели до "
            "утра, спасатели всё ещё поднимают плиты над подвалом, где прятались семьи. Трамваи не ходят, школы закрыты, а люди "
            "стоят в очереди, чтобы сдать кровь в больнице на холме."
        ),
    ),
}
DENIALS = {
    "en": (
        "Moscow denies strike on Sumy that killed 40",
        "The Russian military denies that it attacked Sumy on 9 June; 40 people were reported killed.",
    ),
    "uk": (
        "Москва заперечує удар по Сумах",
        "Міноборони РФ заперечило удар по Сумах 9 червня і назвало повідомлення про 40 загиблих неправдою.",
    ),
    "ru": (
        "Москва отрицает удар по Сумам",
        "Минобороны РФ опровергло удар по Сумам 9 июня и назвало сообщение о 40 погибших ложью.",
    ),
}

ECHOES = {
    "en": (
        "Forty people were killed in Sumy in a Russian drone attack on 9 June, Reuters reports.",
        "A Russian drone attack on Sumy killed 40 people on 9 June, according to Reuters.",
        "Russian drones killed 40 people in Sumy overnight on 9 June, Reuters said.",
        "Reuters reported that a Russian attack on Sumy killed 40 people on 9 June.",
        "As reported by Reuters, 40 people died in Sumy when Russian drones struck the city on 9 June.",
    ),
    "uk": (
        "У Сумах унаслідок атаки російських дронів 9 червня загинули 40 людей, повідомляє Reuters.",
        "Як передає Reuters, 9 червня внаслідок атаки російських дронів на Суми загинули 40 людей.",
        "Російська атака на Суми 9 червня: загинули 40 людей. Про це повідомило агентство Reuters.",
        "40 людей загинули в Сумах через удар російських безпілотників 9 червня, пише Reuters.",
        "За даними Reuters, внаслідок російського удару по Сумах 9 червня загинули 40 людей.",
    ),
    "ru": (
        "В Сумах в результате атаки российских дронов 9 июня погибли 40 человек, сообщает Reuters.",
        "Как передаёт Reuters, 9 июня при атаке российских дронов на Сумы погибли 40 человек.",
        "Российская атака на Сумы 9 июня: погибли 40 человек. Об этом сообщило агентство Reuters.",
        "40 человек погибли в Сумах из-за удара российских беспилотников 9 июня, пишет Reuters.",
        "По данным Reuters, в результате российского удара по Сумам 9 июня погибли 40 человек.",
    ),
}


@pytest.fixture(scope="module")
def reader() -> ThreadedRead:
    return ThreadedRead(load_reader)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_lie_that_is_read_repeated_copied_and_denied_is_one_lie(reader, language):
    newsroom = await Newsroom(read=reader).open()
    title, text = LIES[language]
    for minute in range(3):
        await newsroom.read("Liar", minute, language, title, text + "!" * minute)
    for minute, outlet in enumerate(("CopyA", "CopyB", "CopyC", "CopyD", "CopyE"), 10):
        await newsroom.read(outlet, minute, language, f"{title} ({outlet})", f"{text} {outlet}.")
    assert await newsroom.posts() == (0, 1)
    await newsroom.read("Вестник", 60, language, *DENIALS[language])
    await newsroom.read(DENIER, 70, language, *DENIALS[language])
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)
    (event,) = await newsroom.events()
    assert (event.disputed, event.confirmed) == (True, False)
    assert len(event.reports) == 10


@pytest.mark.parametrize("languages", [*((each,) for each in LANGUAGES), LANGUAGES], ids="+".join)
async def test_all_that_repeat_one_agency_are_its_voice(reader, languages):
    """Five outlets of a language in words of their own, or fifteen of three languages: nobody but the agency says so."""
    newsroom = await Newsroom(read=reader).open()
    for number, (language, text) in enumerate((each, text) for each in languages for text in ECHOES[each]):
        await newsroom.read(f"Echo{number}", number, language, text.split(",")[0], text)
    (event,) = await newsroom.events()
    assert (len(event.reports), event.confirmed) == (5 * len(languages), False)
    assert await newsroom.posts() == (0, 1)
    assert await newsroom.notices() == (1, 1)


async def test_a_lie_and_its_translations_are_believed(reader):
    """Nothing tells a translation from a report of its own: this is what the careful chat is not safe from."""
    newsroom = await Newsroom(read=reader).open()
    for minute, language in enumerate(LANGUAGES):
        await newsroom.read(f"Outlet-{language}", minute, language, *LIES[language])
    assert await newsroom.posts() == (1, 1)
