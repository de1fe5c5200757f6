"""Each form has what its standard asks for, and reads back as what went in."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

import bot.core.export
from bot.core.export import LICENCE, LICENCE_URL, Format
from bot.core.export.as_csv import FORMAT as CSV
from bot.core.export.as_csv import columns
from bot.core.export.as_geojson import FORMAT as GEOJSON
from bot.core.export.as_ics import FORMAT as ICS
from bot.core.export.as_json import FORMAT as JSON
from bot.core.model import Claim, Event, Ruling, Speaker
from bot.plugins import discover
from tests.core.export.editions import EDITION, faults, written
from tests.examples import exchange, moment, origin, strike
from tests.reports import KINDS

DOCS = Path(__file__).parents[3] / "docs" / "reference"
SCHEMA = json.loads((DOCS / "events.schema.json").read_text(encoding="utf-8"))
MERGED = strike(id=14, merged_into=13, reports=(), claims={})
WITHDRAWN = strike(id=15, verdict="reject")
HELD = strike(id=16, verdict="hold")
KILLED = (
    Claim("killed", 2, origin("Берег"), Speaker("police", "UA")),
    Claim("killed", 5, origin("Вестник", "RU", "official")),
)
DISPUTED = strike(id=17, claims={"killed": KILLED}, ranges={"injured": (15, 21)}, disputed=True, confirmed=True)
NAMELESS = exchange(id=18, status="announced", date=None)
ALL = (exchange(), strike(), MERGED, WITHDRAWN, HELD, DISPUTED, NAMELESS)
TOLD = [12, 13, 14, 15, 17, 18]


def table(*events: Event) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(written(CSV, *events), newline="")))


def test_every_file_of_the_folder_is_a_form():
    forms = discover(bot.core.export, "FORMAT")
    assert {form.name for form in forms} >= {"csv", "json", "geojson", "ics"}
    assert all(isinstance(form, Format) for form in forms)


@pytest.mark.parametrize("form", discover(bot.core.export, "FORMAT"), ids=lambda form: form.name)
def test_nothing_that_an_editor_holds_back_goes_out_in_any_form(form):
    ruling = Ruling(id=1, act="hold", report=strike().reports[0].id, by=4242, at=moment(12))
    events = (strike(verdict="hold"), strike(verdict="reject", rulings=(ruling,)), replace(WITHDRAWN, id=4))
    told = written(form, *events)
    assert not [
        secret for secret in ("Kharkiv", "UA-63", "residential", "Sloboda", "sloboda", "4242") if secret in told
    ]


def test_the_columns_are_those_of_the_reference():
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", text.partition("## Columns")[2].partition("\n## ")[0], re.MULTILINE)
    assert tuple(listed) == columns(KINDS)


def test_csv_has_an_event_a_row_in_lines_that_end_as_the_standard_has_it():
    text = written(CSV, *ALL)
    assert text.count("\r\n") == len(TOLD) + 1
    assert "\n" not in text.replace("\r\n", "")
    rows = table(*ALL)
    assert [int(row["event"]) for row in rows] == TOLD
    assert {row["licence"] for row in rows} == {LICENCE}
    assert all(None not in row and None not in row.values() for row in rows)


def test_csv_says_plainly_how_sure_an_event_is():
    sure, unsure = table(exchange(), strike())
    assert (sure["certainty"], unsure["certainty"]) == ("confirmed", "unconfirmed")
    assert (sure["disputed"], unsure["disputed"]) == ("true", "false")


def test_csv_shows_differing_claims_with_who_says_them_and_a_range_as_a_range():
    (row,) = table(DISPUTED)
    assert (row["killed"], row["injured"], row["targets"]) == ("2", "15..21", "residential; school")
    first, second = json.loads(row["claims"])
    assert (first["value"], first["speaker"], first["source"]) == (2, {"office": "police", "side": "UA"}, "Берег")
    assert (second["value"], second["speaker"], second["source"]) == (5, None, "Вестник")
    (row,) = table(strike())
    assert row["claims"] == ""


def test_csv_has_of_what_does_not_stand_any_more_only_that():
    for row in table(MERGED, WITHDRAWN):
        said = {name for name, value in row.items() if value}
        assert said == {"event", "kind", "state", "changed", "version", "licence", "attribution"} | (
            {"merged_into"} if row["event"] == "14" else set()
        )


@given(st.text(max_size=12))
@settings(max_examples=40)
def test_no_cell_of_a_table_is_a_formula_and_every_cell_reads_back(name):
    told = strike()
    (report,) = told.reports
    called = replace(report, origin=replace(report.origin, name=name, url=f"javascript:{name}"))
    (row,) = table(replace(told, reports=(called,)))
    assert row["sources"].removeprefix("'") == name.removeprefix("'")
    assert not row["sources"].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert row["urls"] == ""


def test_beside_the_table_stands_how_many_rows_it_has_and_under_which_licence():
    edition = EDITION.of(6, datetime(2025, 6, 9, 12, tzinfo=UTC))
    said = json.loads(CSV.beside(edition, "mine.csv"))
    assert (said["url"], said["dc:extent"], said["dc:license"]) == ("mine.csv", "6 rows", {"@id": LICENCE_URL})
    assert [each["titles"] for each in said["tableSchema"]["columns"]] == list(columns(KINDS))
    assert "dc:modified" not in json.loads(CSV.beside(EDITION, "x"))


def test_json_is_as_its_schema_has_it():
    for events in (ALL, ()):
        document = json.loads(written(JSON, *events, link="https://t.me/vistka/7"))
        assert list(faults(document, SCHEMA, SCHEMA)) == []
    assert [event["event"] for event in json.loads(written(JSON, *ALL))["events"]] == TOLD


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("count",), "6"),
        (("licence",), "MIT"),
        (("events", 0, "state"), "held"),
        (("events", 0, "facts", "name"), "Ostap"),
        (("events", 0, "claims", 0, "value"), None),
        (("events", 1, "sources", 0, "url"), "ftp://x"),
        (("events", 1, "title"), "headline"),
    ],
)
def test_the_schema_refuses_what_is_not_so(path, value):
    document = json.loads(written(JSON, exchange(), strike()))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert list(faults(document, SCHEMA, SCHEMA))


def test_the_schema_names_every_slot_of_the_kinds():
    slots = {slot.name for kind in KINDS.values() for slot in kind.slots}
    assert set(SCHEMA["$defs"]["facts"]["properties"]) == slots


def test_json_has_the_whole_of_an_export_at_its_head():
    document = json.loads(written(JSON, *ALL))
    assert (document["count"], document["licence"], document["more"]) == (len(TOLD), LICENCE, False)
    assert document["updated"] == "2025-06-09T12:20:00Z"
    empty = json.loads(written(JSON))
    assert (empty["count"], empty["updated"], empty["events"]) == (0, None, [])


def test_json_has_claims_sources_and_changes_but_no_headline_of_anybody():
    (event,) = json.loads(written(JSON, exchange()))["events"]
    assert [claim["value"] for claim in event["claims"]] == [1207, 1195]
    assert [source["name"] for source in event["sources"]] == ["Северный <Вестник>", "Берег News"]
    assert [(step["slot"], step["before"], step["after"]) for step in event["history"]] == [
        ("status", "announced", "carried_out"),
        ("to_ukraine", 1195, 1207),
    ]
    assert "headline" not in written(JSON, exchange())


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bereh.example/1?a=b", "https://bereh.example/1?a=b"),
        ("https://user:secret@bereh.example/1", None),
        ("file:///etc/passwd", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_an_address_that_is_not_for_all_stays_here(url, shown):
    (report,) = strike().reports
    told = strike(reports=(replace(report, origin=replace(report.origin, url=url)),))
    (event,) = json.loads(written(JSON, told))["events"]
    assert event["sources"][0]["url"] == shown


def test_geojson_puts_an_event_at_its_cities_else_at_its_region_and_never_closer():
    def at(*places: str, region: str = "UA-63") -> tuple[object, object]:
        document = json.loads(written(GEOJSON, strike(facts={"region": region, "places": places})))
        (feature,) = document["features"]
        return feature["geometry"], feature["properties"]["precision"]

    assert at("Izium") == ({"type": "Point", "coordinates": [37.3, 49.2]}, "city")
    assert at("Izium", "Lozova", "Khutir") == (
        {"type": "MultiPoint", "coordinates": [[37.3, 49.2], [36.3, 48.9]]},
        "city",
    )
    assert at("Khutir") == ({"type": "Point", "coordinates": [36.2, 50.0]}, "region")
    assert at("Izium", region="RU-BEL") == ({"type": "Point", "coordinates": [37.7, 50.9]}, "region")
    assert at(region="UA") == (None, None)


def test_geojson_has_a_feature_for_every_event_that_goes_out():
    features = json.loads(written(GEOJSON, *ALL))["features"]
    by_number = {feature["id"]: feature for feature in features}
    assert by_number[13]["geometry"] == {"type": "Point", "coordinates": [36.2, 50.0]}
    assert by_number[13]["properties"]["precision"] == "region"
    assert by_number[12]["geometry"] is None
    assert (by_number[14]["geometry"], by_number[14]["properties"]["merged_into"]) == (None, 13)
    assert (by_number[13]["properties"]["killed"], by_number[17]["properties"]["injured"]) == (2, "15..21")
    assert by_number[13]["properties"]["certainty"] == "unconfirmed"
    night = json.loads(written(GEOJSON, strike(facts={"attacker": "RU", "region": "UA"})))
    assert night["features"][0]["geometry"] is None


def test_geojson_is_a_collection_of_features():
    document = json.loads(written(GEOJSON, *ALL))
    assert (document["type"], document["count"], document["licence"]) == ("FeatureCollection", len(TOLD), LICENCE)
    for feature in document["features"]:
        assert {"type", "id", "geometry", "properties"} == set(feature)
        assert feature["type"] == "Feature"


def days(*events: Event, link: str = "") -> dict[str, dict[str, object]]:
    """Read a calendar back: the days by their UID."""
    text = written(ICS, *events, link=link)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    return {str(day["UID"]): day for day in Calendar.from_ical(text).walk("VEVENT")}


def test_a_calendar_has_whole_days_with_what_stands_in_the_post():
    ((uid, day),) = days(exchange(), link="https://t.me/vistka/7").items()
    assert re.fullmatch(r"[0-9a-f-]{36}", uid)
    assert day["DTSTART"].dt == date(2025, 6, 9)
    assert day["DTSTAMP"].dt == datetime(2025, 6, 9, 12, 20, tzinfo=UTC)
    assert str(day["SUMMARY"]) == "🕊 Prisoner exchange: 1,207 for 1,195"
    assert "To Ukraine: 1,207 people" in str(day["DESCRIPTION"])
    assert (str(day["STATUS"]), str(day["TRANSP"]), str(day["URL"])) == (
        "CONFIRMED",
        "TRANSPARENT",
        "https://t.me/vistka/7",
    )


def test_a_calendar_keeps_an_event_whatever_becomes_of_it():
    kept = [set(days(event)) for event in (strike(), strike(revision=4, confirmed=True), strike(verdict="reject"))]
    assert kept[0] == kept[1] == kept[2]
    other = replace(EDITION, bot="78")
    assert written(ICS, strike()) != written(ICS, strike(), edition=other)


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (exchange(), "CONFIRMED"),
        (exchange(confirmed=False), "TENTATIVE"),
        (exchange(status="announced"), "TENTATIVE"),
        (exchange(status="postponed"), "CANCELLED"),
        (strike(verdict="reject"), "CANCELLED"),
        (replace(MERGED, id=13), "CANCELLED"),
    ],
)
def test_a_calendar_says_how_sure_an_event_is(event, status):
    ((_, day),) = days(event).items()
    assert str(day["STATUS"]) == status
    if not event.confirmed and status == "TENTATIVE":
        assert str(day["SUMMARY"]).endswith("(unconfirmed)")
        assert "Unconfirmed" in str(day["DESCRIPTION"])


def test_a_denied_event_says_so_in_the_calendar():
    ((_, day),) = days(DISPUTED).items()
    assert "denies or contradicts" in str(day["DESCRIPTION"])


def test_a_calendar_has_no_place_for_what_has_no_day_and_counts_what_it_has():
    text = written(ICS, exchange(), NAMELESS)
    calendar = Calendar.from_ical(text)
    assert len(calendar.walk("VEVENT")) == 1
    assert str(calendar["X-WR-CALDESC"]).startswith("Events: 1, as of 2025-06-09T12:20:00Z")
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert LICENCE in str(calendar["X-WR-CALDESC"])


@pytest.mark.parametrize("events", [(), (NAMELESS,)])
def test_a_calendar_without_events_has_a_component_all_the_same(events):
    calendar = Calendar.from_ical(written(ICS, *events))
    (zone,) = calendar.subcomponents
    assert (zone.name, zone["TZID"]) == ("VTIMEZONE", "Etc/UTC")
    assert [each["TZOFFSETTO"].td for each in zone.subcomponents] == [timedelta(0)]


def test_the_same_events_make_the_same_bytes():
    for form in discover(bot.core.export, "FORMAT"):
        assert written(form, *ALL) == written(form, *ALL)
