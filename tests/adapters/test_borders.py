"""The file of borders: read, or refused with what to do about it."""

from __future__ import annotations

import pytest

from bot.adapters.borders import load_atlas
from bot.ports import VistkaError


def test_the_borders_of_the_house_have_both_countries_and_the_land_around():
    atlas = load_atlas()
    assert {code[:2] for code in atlas.regions} == {"UA", "RU"}
    assert len(atlas.land) > 20


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"land": [[1]]}', '{"land": [], "UA-1": {}}', '{"land": [["a", "b"]]}', "\0"]
)
def test_a_damaged_file_is_named_with_the_remedy(text, tmp_path):
    (tmp_path / "borders.json").write_text(text)
    with pytest.raises(VistkaError, match=r"borders\.json: cannot be read .*scripts/borders\.py"):
        load_atlas(tmp_path / "borders.json")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(VistkaError, match="FileNotFoundError"):
        load_atlas(tmp_path / "none.json")
