"""Who is one voice, and when something is confirmed."""

from __future__ import annotations

from itertools import permutations

import pytest

from bot.core.model import Origin, Report, Speaker
from bot.core.text.credits import Author
from bot.core.text.likeness import sketch
from bot.core.trust import confirmed, depend, passed_on, trust_in
from tests.core.text.test_likeness import OWN, WIRE
from tests.reports import at, origin

COPY, OTHER = sketch(WIRE["uk"]), sketch(OWN["uk"])


def said(name: str, **changes: object) -> Origin:
    return origin(name, at(9), **changes)


def sure(*origins: Origin) -> bool:
    return list(confirmed(report(each) for each in origins))[-1]


def report(voice: Origin, *, disputed: bool = False, attacker: str = "", quotes: str = "") -> Report:
    facts = {"attacker": attacker} if attacker else {}
    speakers = {"killed": Speaker("defence_ministry", quotes)} if quotes else {}
    return Report(kind="strike", origin=voice, disputed=disputed, facts=facts, speakers=speakers)


def official(side: str) -> Origin:
    return said(f"Official {side}", tier="official", side=side)


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
        pytest.param(
            [said(name, credits=("afp",)) for name in "абвгд"], False, id="five outlets that credit one agency"
        ),
        pytest.param(
            [said("Liar"), *(said(name, credits=("Liar",)) for name in "абв")], False, id="they credit the liar"
        ),
        pytest.param(
            [said("а", credits=("liar",)), said("б", source_id="liar")], False, id="one credits the other by id"
        ),
        pytest.param(
            [said("а", credits=("group",)), said("б", owner="group")], False, id="one credits the other's owner"
        ),
        pytest.param([said("а", credits=("afp",)), said("б", credits=("ap",))], True, id="two agencies"),
        pytest.param([said("а", credits=("afp",)), said("б")], True, id="an agency and an outlet"),
        pytest.param([said("а"), said("Portal", tier="aggregator")], False, id="an aggregator that names nobody"),
        pytest.param(
            [said("а"), said("Portal", tier="aggregator", credits=("ap",))], True, id="one that names an agency"
        ),
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


@pytest.mark.parametrize(
    ("author", "tier", "side", "expected"),
    [
        (Author("@somebody", is_known=False), "outlet", "UA", False),
        (Author("reuters", "agency"), "agency", "UA", False),
        (Author("state", "official", "UA"), "official", "UA", True),
        (Author("ru_state", "official", "RU"), "official", "RU", False),
    ],
)
def test_what_an_official_passes_on_is_vouched_for_by_its_author(author, tier, side, expected):
    passed = passed_on(official("UA"), author)
    assert (passed.tier, passed.side) == (tier, side)
    assert next(confirmed([report(passed, attacker="RU")])) is expected


def test_nobody_is_trusted_more_for_what_is_passed_on():
    portal = said("Portal", tier="aggregator")
    assert passed_on(portal, Author("state", "official", "UA")) == portal


def test_depending_is_mutual():
    one, other = said("а", wording=COPY), said("б", wording=COPY)
    assert depend(one, other)
    assert depend(other, one)


def test_an_official_is_trusted_most_about_the_own_side():
    kyiv = said("Штаб", tier="official", side="UA")
    assert trust_in(kyiv, "UA") > trust_in(kyiv, "RU") > trust_in(said("Берег"), "UA")


@pytest.mark.parametrize("side", ["UA", "RU"])
def test_an_official_vouches_for_what_was_done_to_the_own_side_and_for_no_boast(side):
    other = {"UA": "RU", "RU": "UA"}[side]
    assert list(confirmed([report(official(side), attacker=other)])) == [True]
    assert list(confirmed([report(official(side), attacker=side)])) == [False]


def test_a_boast_is_one_voice_however_many_quote_it():
    boast = report(official("RU"), attacker="RU")
    echoes = [report(said(name), attacker="RU", quotes="RU") for name in "абв"]
    own = report(said("г"), attacker="RU")
    for ordered in permutations([boast, *echoes]):
        assert not any(confirmed(ordered))
    assert list(confirmed([boast, *echoes, own]))[-1]


def test_who_quotes_the_side_that_was_hit_is_a_voice_beside_a_boast():
    boast = report(official("RU"), attacker="RU")
    assert list(confirmed([boast, report(said("а"), attacker="RU", quotes="UA")])) == [False, True]


def test_both_sides_officials_confirm_what_one_of_them_did():
    reports = [report(official("RU"), attacker="RU"), report(official("UA"), attacker="RU")]
    for ordered in permutations(reports):
        assert list(confirmed(ordered))[-1]
