"""`vistka items`: what is stored comes out as lines that `vistka replay` takes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bot.adapters.register import load_register
from bot.adapters.store import open_store
from bot.cli import backfill, replay
from bot.cli._lines import item_of
from bot.cli._reading import load_reader
from bot.cli.items import COMMAND
from bot.core.model import Source
from bot.core.render.lines import item_fields
from bot.intake import Intake
from tests.reports import KINDS, at, item

pytestmark = pytest.mark.usefixtures("folder")

LISTED = Source("sloboda", "Sloboda Wire", "rss", "https://sloboda.example/rss", "en", "agency", "UA", "state")
GONE = Source("gone", "Gone", "rss", "https://gone.example/rss", "en")
FIRST = replace(
    item("sloboda", at(9), "Exchange of 25 prisoners"), source=LISTED, summary="«25 на 25»", body="Цитата\n"
)
SECOND = replace(item("gone", at(10, 23), "Bread prices rise"), source=GONE, language="en")
SOURCES = """
[[source]]
id = "sloboda"
name = "Sloboda Wire"
type = "rss"
url = "https://sloboda.example/rss"
language = "en"
tier = "agency"
side = "UA"
owner = "state"
"""


class Nothing:
    async def read(self, _):
        return ()


@pytest.fixture(autouse=True)
def stored(folder, monkeypatch):
    (folder / "sources.toml").write_text(SOURCES, encoding="utf-8")
    monkeypatch.setenv("VISTKA_SOURCES", str(folder / "sources.toml"))

    async def take() -> None:
        store = await open_store(f"sqlite:///{folder / 'vistka.sqlite3'}")
        await Intake(Nothing(), store, KINDS.values()).take([SECOND, FIRST])
        await store.close()

    asyncio.run(take())


def printed(*options: str) -> list[dict]:
    result = CliRunner().invoke(COMMAND, list(options))
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_an_item_comes_out_as_it_went_in_with_what_the_list_says_of_its_source():
    line, _ = printed()
    assert item_of(json.dumps(line).encode()) == replace(
        FIRST, source=replace(LISTED, type="lines", url="", language="uk")
    )


def test_a_source_that_is_no_longer_listed_has_its_id_alone():
    _, line = printed()
    assert line["source"] == {"id": "gone", "name": "gone", "tier": "outlet", "side": "independent"}


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), [FIRST.id, SECOND.id]),
        (("--since", "2025-06-10"), [SECOND.id]),
        (("--until", "2025-06-09"), [FIRST.id]),
        (("--since", "2025-06-10", "--until", "2025-06-10"), [SECOND.id]),
        (("--since", "2025-06-11"), []),
    ],
)
def test_days_are_whole_and_both_ends_belong_to_the_time(options, ids):
    assert [line["id"] for line in printed(*options)] == ids


def test_a_day_that_is_none_is_wrong_usage():
    result = CliRunner().invoke(COMMAND, ["--since", "yesterday"])
    assert result.exit_code == 2
    assert "yesterday" in result.stderr


def test_the_register_is_replayed_as_it_was_taken_in(monkeypatch):
    CliRunner().invoke(backfill.COMMAND, [])
    monkeypatch.setattr(replay, "load_reader", load_reader)
    lines = CliRunner().invoke(COMMAND, ["--until", "2025-01-31"]).stdout
    answers = CliRunner().invoke(replay.COMMAND, [], input=lines).stdout.splitlines()
    rows = [entry for entry in load_register() if entry.item.published < at(1, month=2)]
    told = [json.loads(answer)["reports"] for answer in answers]
    assert len(told) == len(rows)
    assert all(len(reports) == 1 for reports in told)


def test_a_line_keeps_whom_an_item_is_from():
    passed = replace(item("sloboda", at(9), "Порт"), via="Гавань (@havan)")
    assert item_of(json.dumps(item_fields(passed)).encode()).via == passed.via
    assert "via" not in item_fields(replace(passed, via=""))
