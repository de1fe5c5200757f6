"""Who is one voice, and when something is confirmed."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.core.model import Origin, Report
from bot.core.text.likeness import sketch
from bot.core.trust import confirmed, depend, trust_in
from tests.core.text.test_likeness import OWN, WIRE
from tests.reports import at, origin

COPY, OTHER = sketch(WIRE["uk"]), sketch(OWN["uk"])


def said(name: str, **changes: object) -> Origin:
    return origin(name, at(9), **changes)


def sure(*origins: Origin) -> bool:
    return list(confirmed(report(each) for each in origins))[-1]


def report(voice: Origin, *, disputed: bool = False) -> Report:
    return Report(kind="strike", origin=voice, disputed=disputed)


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        pytest.param([said("Берег")], False, id="one outlet"),
        pytest.param([said("Берег"), said("Слобода")], True, id="two outlets"),
        pytest.param([said("Берег"), said("Берег")], False, id="one outlet twice"),
        pytest.param([said("Берег", owner="g"), said("Слобода", owner="g")], False, id="two outlets of one owner"),
        pytest.param([said(name, wording=COPY) for name in "абвгд"], False, id="five copies of one text"),
        pytest.param([said("а", wording=COPY), said("б", wording=OTHER)], True, id="two texts"),
        pytest.param([said("ДСНС", tier="official", side="UA")], True, id="one official"),
        pytest.param([said("ООН", tier="official", side="international")], False, id="an official of neither side"),
        pytest.param([said("Register", tier="register")], True, id="the register"),
        pytest.param([said("ТАСС", tier="agency", side="RU")], False, id="one agency"),
    ],
)
def test_what_it_takes_to_be_confirmed(origins, expected):
    assert {sure(*ordered) for ordered in permutations(origins)} == {expected}


def test_a_denial_confirms_nothing_whoever_brings_it():
    official = said("Рада", tier="official", side="RU")
    assert list(confirmed([report(said("а")), report(official, disputed=True)])) == [False, False]


def test_a_copy_of_a_copy_is_the_same_voice():
    links = [said("а", wording=COPY), said("б", owner="g", wording=COPY), said("в", owner="g", wording=OTHER)]
    assert not sure(*links)


def test_what_is_confirmed_stays_so():
    states = list(confirmed(report(said(name)) for name in "аба"))
    assert states == [False, True, True]


def test_depending_is_mutual():
    one, other = said("а", wording=COPY), said("б", wording=COPY)
    assert depend(one, other)
    assert depend(other, one)


def test_an_official_is_trusted_most_about_the_own_side():
    kyiv = said("Штаб", tier="official", side="UA")
    assert trust_in(kyiv, "UA") > trust_in(kyiv, "RU") > trust_in(said("Берег"), "UA")
