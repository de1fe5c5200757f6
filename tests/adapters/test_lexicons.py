"""Word files on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.lexicons import LexiconError, load_language, load_lexicon, load_reading
from bot.cli._reading import load_reader

LANGUAGE = 'morphology = "english"\nabbreviations = ["gen"]\n[irregular]\nmen = "man"\n[concepts]\nnegation = ["not"]\n'
DATES = "[months]\njune = 6\n[weekdays]\nmonday = 1\n[patterns]\nday = ['{d:$day} {month:<month>}']\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "language.toml").write_text(LANGUAGE, encoding="utf-8")
    (folder / "numbers.toml").write_text("bare = ['dozen']\n[values]\ntwo = 2\n", encoding="utf-8")
    (folder / "dates.toml").write_text(DATES, encoding="utf-8")
    (folder / "swap.toml").write_text(
        "gate = ['SWAP']\n[concepts]\nman = ['man']\n[patterns]\np = ['<negation> <man>']\n", encoding="utf-8"
    )
    return tmp_path


def test_the_words_of_the_house_load_and_wire_a_reader() -> None:
    reader = load_reader()
    assert {kind.name for kind in reader.kinds} == {"swap", "strike"}
    assert all(reader.lexicons[kind.name].gate for kind in reader.kinds)


def test_a_reading_without_kinds_knows_the_three_languages() -> None:
    assert set(load_reading().languages) == {"en", "uk", "ru"}


def test_a_lexicon_joins_the_words_of_the_kind_and_of_the_language(data: Path) -> None:
    english = load_language("en", data)
    lexicon = load_lexicon("swap", {"en": english}, data)
    assert lexicon.gate == ("swap",)
    assert lexicon.vocabularies["en"].patterns == {"p"}
    assert english.abbreviations == {"gen"}


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        ("swap.toml", "gate = [", "swap.toml: Invalid value"),
        ("swap.toml", "[patterns]\np = ['(a']", "swap.toml: p: '(a': `)` is missing"),
        ("swap.toml", "[patterns]\np = [3]", "swap.toml: "),
        ("numbers.toml", "colour = 'red'", "numbers.toml: "),
        ("dates.toml", "[months]", "dates.toml: KeyError('weekdays')"),
        ("language.toml", "\x00", "language.toml: "),
    ],
)
def test_a_broken_file_is_one_line_that_names_it(data: Path, file: str, text: str, complaint: str) -> None:
    (data / "en" / file).write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError) as error:
        load_lexicon("swap", {"en": load_language("en", data)}, data)
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_named(data: Path) -> None:
    (data / "en" / "numbers.toml").unlink()
    with pytest.raises(LexiconError, match=r"numbers\.toml"):
        load_language("en", data)


def test_a_kind_without_words_in_any_language_is_refused(data: Path) -> None:
    with pytest.raises(LexiconError, match=r"no language has a drill\.toml"):
        load_lexicon("drill", {"en": load_language("en", data)}, data)
