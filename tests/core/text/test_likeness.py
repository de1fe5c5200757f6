"""Copies of a text are known by their wording, whatever stands around them; other texts on the same event are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text.likeness import FEWEST, SIZE, likeness, sketch

WIRE = {
    "en": (
        "Two people died and eleven were hurt when drones came down on a market town in the east of the region, its head "
        "wrote early on Friday. A bakery and nine houses burned; the fire was out by dawn. Rescuers are still looking "
        "through what is left of a two-storey house where a family of three had been asleep. Schools stay shut."
    ),
    "uk": (
        "Двоє людей загинули, ще одинадцятеро дістали поранення, коли безпілотники впали на містечко на сході області, "
        "написав її очільник уранці в п'ятницю. Горіли пекарня й дев'ять хат; полум'я загасили до світанку. Рятувальники "
        "досі розбирають рештки двоповерхівки, де спала родина з трьох людей. Школи сьогодні не працюють."
    ),
    "ru": (
        "Два человека погибли, одиннадцать ранены после падения беспилотников на городок на востоке области, написал её "
        "глава утром в пятницу. Горели пекарня и девять домов; огонь потушили к рассвету. Спасатели всё ещё разбирают "
        "остатки двухэтажного дома, где спала семья из трёх человек. Школы сегодня закрыты."
    ),
}
OWN = {
    "en": (
        "Drones struck a small town overnight and killed two residents, according to the governor, who put the number of "
        "wounded at eleven. Our correspondent saw the bakery burn. Neighbours said that they had carried water from the "
        "well until firefighters arrived. The search under a ruined house went on through the morning."
    ),
    "uk": (
        "Уночі дрони вдарили по невеликому місту: двоє мешканців загинули, одинадцять поранені, каже губернатор. Наш "
        "кореспондент бачив, як горить пекарня. Сусіди розповіли, що носили воду з криниці, доки приїхали пожежники. "
        "Пошуки під завалами тривали весь ранок, лікарня приймала постраждалих."
    ),
    "ru": (
        "Ночью дроны ударили по небольшому городу: двое жителей погибли, одиннадцать ранены, говорит губернатор. Наш "
        "корреспондент видел, как горит пекарня. Соседи рассказали, что носили воду из колодца, пока ехали пожарные. "
        "Поиски под завалами шли всё утро, больница принимала пострадавших."
    ),
}


def cut(text: str, words: int) -> str:
    return " ".join(text.split()[:words])


@pytest.mark.parametrize("language", WIRE)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text, id="word for word"),
        pytest.param(lambda text: cut(text, 25) + "…", id="cut by the feed"),
        pytest.param(lambda text: "ГРАД, 9 червня (Вість). " + text, id="with a dateline"),
        pytest.param(
            lambda text: text + " Earlier the mayor spoke of one dead. Read the live page.", id="with an end of its own"
        ),
        pytest.param(lambda text: text.replace(".", "!").upper(), id="in capitals and other signs"),
        pytest.param(lambda text: text.replace(" 9", " 10"), id="with another figure"),
    ],
)
def test_a_copy_is_known(language, change):
    assert likeness(sketch(WIRE[language]), sketch(change(WIRE[language]))) >= 0.6


@pytest.mark.parametrize("language", WIRE)
def test_a_text_of_its_own_on_the_same_event_is_no_copy(language):
    assert likeness(sketch(WIRE[language]), sketch(OWN[language])) < 0.1


def test_short_notices_are_never_copies():
    notice = "Two dead in drone attack on Sumy, governor says"
    assert sketch(notice) == ()
    assert likeness(sketch(notice), sketch(notice)) == 0


@given(st.text(max_size=2_000), st.text(max_size=2_000))
def test_likeness_is_mutual_and_a_share(one, other):
    first, second = sketch(one), sketch(other)
    assert likeness(first, second) == likeness(second, first)
    assert 0 <= likeness(first, second) <= 1


@given(st.lists(st.sampled_from("абвгґдеєжзиі"), min_size=FEWEST + 3, max_size=300))
def test_a_sketch_is_small_sorted_and_like_itself(words):
    own = sketch(" ".join(words))
    assert len(own) <= SIZE
    assert list(own) == sorted(set(own))
    assert not own or likeness(own, own) == 1
