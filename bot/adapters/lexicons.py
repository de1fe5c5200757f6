"""The word files of `bot/data`, loaded and wired into a reader."""

from __future__ import annotations

import gc
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar, get_args

from bot.adapters.agencies import read_agencies
from bot.adapters.languages import DATA, load_alphabets, read_languages
from bot.adapters.morphology import by_endings, lemmas_of
from bot.adapters.places import load_gazetteer
from bot.core.extract import Reader
from bot.core.kinds import Kind
from bot.core.model import Side, Source
from bot.core.text.boilerplate import Boilerplate, Words
from bot.core.text.credits import Credits, CreditWords
from bot.core.text.dateline import Datelines
from bot.core.text.dates import DateGrammar
from bot.core.text.english import english_lemmas
from bot.core.text.lexicon import Lemmas, Lexicon, Vocabulary
from bot.core.text.normalise import fold
from bot.core.text.numbers import NumberWords
from bot.core.text.offices import Manner, Office, Speech
from bot.core.text.pattern import PatternError
from bot.core.text.reading import Language, Reading
from bot.core.text.speakers import Speakers
from bot.core.text.tokens import canonical, split
from bot.ports import VistkaError

MORPHOLOGIES: Final[Mapping[str, Callable[[str, Mapping[str, Any]], Lemmas]]] = {
    "english": lambda _, table: english_lemmas(table["irregular"]),
    "dictionary": lambda code, _: lemmas_of(code),
    "endings": lambda _, table: by_endings(table["endings"]),
}
SHORT: Final = 4
"""Letters of a name that may stand within many words."""
ENDING: Final = 1
"""Letters at the end of a name that change with its case."""
DATELINE_WORDS: Final = ("stamps", "beside", "zones", "authors", "joints", "seats")
T = TypeVar("T")


class LexiconError(VistkaError):
    """A word file cannot be used; the text names the file and what is wrong in it."""


def reader_over(kinds: Sequence[Kind], data: Path = DATA, *, sources: Sequence[Source] = ()) -> Reader:
    """Return the reader over some kinds, with all languages and places of `bot/data`; raise LexiconError.

    `sources` are those that items may be passed on from.
    """
    with _for_good():
        reading = load_reading(data)
        lexicons = {kind.name: load_lexicon(kind.name, reading.languages, data) for kind in kinds}
        speakers, credits_ = load_speakers(reading.languages, data), load_credits(reading.languages, data)
        return Reader(tuple(kinds), lexicons, reading.document, speakers, credits_.knowing(sources))


@contextmanager
def _for_good() -> Iterator[None]:
    """Stop the search for garbage while loading: nothing of it ever is, and the search would take a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def load_reading(data: Path = DATA) -> Reading:
    """Return what works items out into documents, without any kind; raise LexiconError."""
    languages = {code: load_language(code, data) for code in read_languages(data)}
    boilerplate = load_boilerplate(languages, data)
    return Reading(languages, load_gazetteer(data).find, load_alphabets(data), boilerplate)


def load_boilerplate(languages: Mapping[str, Language], data: Path = DATA) -> Boilerplate:
    """Return the words of every language that stand around stories and in datelines; raise LexiconError."""
    paths = [path for code in languages if (path := data / code / "boilerplate.toml").exists()]
    lists: dict[str, list[str]] = {name: [] for name in (*Words._fields, *DATELINE_WORDS, "agencies")}
    for path in paths:
        table = _table(path)
        if unknown := set(table) - set(lists):
            raise LexiconError(f"{path}: there is no list {min(unknown)}")
        for name, words in table.items():
            lists[name].extend(words)
    datelines = Datelines(
        agencies=frozenset(tuple(canonical(part) for part, _, _ in split(name)) for name in lists["agencies"]),
        day_word=_day_words(languages),
        **{name: frozenset(lists[name]) for name in DATELINE_WORDS},
    )
    return Boilerplate(Words(*(tuple(lists[name]) for name in Words._fields)), datelines)


def _day_words(languages: Mapping[str, Language]) -> Callable[[str], bool]:
    """Return what tells whether a folded word is a month or a weekday in one of the languages, in any form."""
    return lambda word: any(language.dates.names_day(word) for language in languages.values())


def load_language(code: str, data: Path = DATA) -> Language:
    """Return one language's words without subject; raise LexiconError."""
    path = data / code / "language.toml"
    table = _table(path)
    lemmas = _checked(path, lambda: _morphology(code, table))
    return _checked(
        path,
        lambda: Language(
            code,
            lemmas,
            _numbers(data / code / "numbers.toml"),
            _dates(data / code / "dates.toml", lemmas),
            frozenset(table.get("abbreviations", ())),
            frozenset(table.get("starters", ())),
            table.get("concepts", {}),
            table.get("utc_offset", 0),
        ),
    )


def _morphology(code: str, table: Mapping[str, Any]) -> Lemmas:
    """Return what gives the dictionary forms of a word, by the way that the language's file names."""
    return MORPHOLOGIES[table["morphology"]](code, table)


def load_lexicon(kind: str, languages: Mapping[str, Language], data: Path = DATA) -> Lexicon:
    """Return the words of one kind in all languages that have a file for it; raise LexiconError."""
    paths = {code: path for code in languages if (path := data / code / f"{kind}.toml").exists()}
    if not paths:
        raise LexiconError(f"{data}: no language has a {kind}.toml; add {data / 'en' / kind}.toml")
    tables = {code: _table(path) for code, path in paths.items()}
    vocabularies = {
        code: _checked(paths[code], partial(_vocabulary, table, languages[code])) for code, table in tables.items()
    }
    return Lexicon(vocabularies, tuple(stem.casefold() for table in tables.values() for stem in table.get("gate", ())))


def load_speakers(languages: Mapping[str, Language], data: Path = DATA) -> Speakers:
    """Return the words by which texts quote offices, of all languages that have a file for it; raise LexiconError."""
    paths = {code: path for code in languages if (path := data / code / "speakers.toml").exists()}
    return Speakers(
        {code: _checked(path, partial(_speech, _table(path), languages[code])) for code, path in paths.items()}
    )


def _speech(table: Mapping[str, Any], language: Language) -> Speech:
    """Return a language's words for offices, each a concept of its own: "ua_president", "open_president"."""
    manners: dict[str, Manner] = {
        **dict.fromkeys(get_args(Side), "sided"),
        "open": "open",
        "local": "local",
        "again": "again",
        "own": "own",
    }
    concepts: dict[str, Sequence[str]] = {"speaker": (), "own": (), **table["concepts"]}
    offices: dict[str, Office] = {}
    for section in manners.keys() & table.keys():
        for name, phrases in table[section].items():
            concepts[concept := f"{section.lower()}_{name}"] = phrases
            offices[concept] = _office(manners[section], section, name, table.get("default", {}))
    sides = {f"side_{side.lower()}": side for side in table["sides"]}
    concepts |= {concept: table["sides"][side] for concept, side in sides.items()}
    vocabulary = Vocabulary(concepts, table["patterns"], language.lemmas)
    return Speech(vocabulary, offices, sides, frozenset(table.get("pointers", ())))


def _office(manner: Manner, section: str, name: str, default: Mapping[str, Side]) -> Office:
    side: Any = section if manner == "sided" else default.get(name) if manner == "open" else None
    return Office("" if name == "any" else name, manner, side)


def load_credits(languages: Mapping[str, Language], data: Path = DATA) -> Credits:
    """Return the agencies, and how the languages that have a file for it name them as their source; raise LexiconError."""
    agencies = read_agencies(data)
    paths = {code: path for code in languages if (path := data / code / "credits.toml").exists()}
    names = {fold(name.strip("=*")): owner for owner, each in agencies.items() for name in each}
    words = {
        code: _checked(path, partial(_credit_words, _table(path), agencies, languages[code]))
        for code, path in paths.items()
    }
    short = frozenset(name for name in names if len(name) <= SHORT)
    return Credits(words, names, tuple(dict.fromkeys(map(_stem, names.keys() - short))), short)


def _stem(name: str) -> str:
    """Return what every form of a name has in it: of several words the last, as the first are often common ones."""
    last = name.rsplit(maxsplit=1)[-1]
    return name if name.isascii() else last[: max(SHORT + 1, len(last) - ENDING)]


def _credit_words(table: Mapping[str, Any], agencies: Mapping[str, Sequence[str]], language: Language) -> CreditWords:
    named = {f"from_{owner}": names for owner, names in agencies.items()}
    concepts = {"agency": (), **table["concepts"], **named}
    vocabulary = Vocabulary(concepts, table["patterns"], language.lemmas)
    return CreditWords(vocabulary, dict(zip(named, agencies, strict=True)), language.lemmas)


def _vocabulary(table: Mapping[str, Any], language: Language) -> Vocabulary:
    concepts: dict[str, Sequence[str]] = dict(language.concepts or {})
    for concept, phrases in table.get("concepts", {}).items():
        concepts[concept] = (*concepts.get(concept, ()), *phrases)
    return Vocabulary(concepts, table.get("patterns", {}), language.lemmas)


def _numbers(path: Path) -> NumberWords:
    table = _table(path)
    return _checked(path, lambda: NumberWords(**{name: _folded(words) for name, words in table.items()}))


def _folded(words: Any) -> Any:
    """Return a list as a set of folded words, and a table by its folded words."""
    if isinstance(words, list):
        return frozenset(map(fold, words))
    return {fold(word): value for word, value in words.items()}


def _dates(path: Path, lemmas: Lemmas) -> DateGrammar:
    table = _table(path)
    capital = frozenset(table.get("capital", ()))
    return _checked(path, lambda: DateGrammar(table["months"], table["weekdays"], table["patterns"], lemmas, capital))


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{path}: {error}; correct or restore the file") from error


def _checked(path: Path, build: Callable[[], T]) -> T:
    try:
        return build()
    except PatternError as error:
        raise LexiconError(f"{path}: {error}") from error
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise LexiconError(f"{path}: {error!r} is missing or of the wrong kind") from error
