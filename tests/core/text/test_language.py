"""The language of a text by its letters and its commonest words."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.languages import DATA, load_alphabets, read_languages
from bot.core.text.language import STRANGE, Alphabet, Alphabets

ALPHABETS = load_alphabets()


@pytest.mark.parametrize(
    ("text", "otherwise", "language"),
    [
        ("Prisoners came home", "uk", "en"),
        ("Полонені повернулися", "ru", "uk"),
        ("Пленники вернулись, их много", "ru", "ru"),
        ("Вернулись пленные бойцы", "uk", "ru"),
        ("Удар по Харкову", "ru", "ru"),
        ("Удар по Харкову", "uk", "uk"),
        ("Удар по Харкову", "en", "ru"),
        ("2025: 1 212", "uk", "uk"),
        ("Shahed вдарив по Одесі", "en", "uk"),
        ("Загинула жінка, пише «Комсомольская правда»", "uk", "uk"),
        ("Что от завода осталось, сказал он", "uk", "ru"),
        ("Збито дрон та ракету, але без шкоди", "ru", "uk"),
        ("Збито дрон, ракету", "ru", "ru"),
        ("Другого етапу чекають уже завтра, 6 березня.", "uk", "uk"),
        ("Recep Tayyip Erdoğan met the Polish minister Radosław Sikorski in Łódź", "en", "en"),
        ("Türkiye", "en", "en"),
        ("", "ru", "ru"),
    ],
)
def test_letters_and_words_tell_the_language_and_the_feed_decides_the_rest(
    text: str, otherwise: str, language: str
) -> None:
    assert ALPHABETS.language_of(text, otherwise) == language


@pytest.mark.parametrize(
    "text",
    [
        "Падчас атакі на Харкаў загінулі 5 чалавек, паведаміў мэр горада.",
        "Украіна і Расія абмяняліся палоннымі: дадому вярнуліся 205 вайскоўцаў, што былі ў палоне.",
        "Седем души са загинали при нощна атака срещу Харков, съобщи кметът на града.",
        "У нападу на Харков погинуло је пет људи, саопштио је градоначелник.",
        "Ресейдің Харьковке жасаған шабуылынан бес адам қаза тапты, деп хабарлады әкім.",
        "Pięć osób zginęło w nocnym ataku na Charków, poinformował mer miasta.",
        "Bei einem nächtlichen Angriff auf Charkiw wurden fünf Menschen getötet, teilte der Bürgermeister mit.",
        "Cinq personnes ont été tuées dans une attaque sur Kharkiv, selon le maire de la ville.",
        "Cinco personas murieron en un ataque con drones en Járkov, según el alcalde.",
        "Cinque persone sono morte in un attacco con droni su Kharkiv, secondo il sindaco della città.",
        "Cinci persoane au murit în atacul asupra orașului Harkov, a declarat primarul.",
        "Harkiv'e düzenlenen saldırıda beş kişi öldü, bir çocuk yaralandı.",
        "Při útoku na Charkov zahynulo pět lidí, uvedl starosta města.",
    ],
)
@pytest.mark.parametrize("otherwise", ["en", "uk", "ru"])
def test_a_text_in_another_language_is_told_to_be_strange(text: str, otherwise: str) -> None:
    assert ALPHABETS.language_of(text, otherwise) == STRANGE


def test_a_new_language_is_told_by_its_own_letters_and_words() -> None:
    alphabets = Alphabets({"en": Alphabet(), "eo": Alphabet("latin", frozenset("ĉĝŝ"), frozenset({"la", "kaj"}))})
    assert alphabets.language_of("La ŝipoj kaj ĉevaloj", "en") == "eo"
    assert alphabets.language_of("The ships", "en") == "en"


def test_without_alphabets_every_text_is_in_the_language_of_its_feed() -> None:
    assert Alphabets({}).language_of("Полонені", "en") == "en"


def test_every_language_says_the_same_of_itself() -> None:
    tables = [tomllib.loads((DATA / code / "language.toml").read_text(encoding="utf-8")) for code in read_languages()]
    assert len({frozenset(table) - {"irregular"} for table in tables}) == 1
    assert len({frozenset(table["concepts"]) for table in tables}) == 1


@given(st.text(), st.sampled_from(["en", "uk", "ru"]))
def test_every_text_has_a_language_that_is_read_or_is_strange(text: str, otherwise: str) -> None:
    assert ALPHABETS.language_of(text, otherwise) in {"en", "uk", "ru", STRANGE}
