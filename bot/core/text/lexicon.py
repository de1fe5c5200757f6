"""Words as data: the concepts and constructions of the lexicon files, and where they stand in a sentence.

One file `bot/data/<language>/<kind>.toml` holds, for one language and one kind,

    gate = ["обмін", "полонен"]             # raw casefolded substrings: with none of any language the kind is not read
    [concepts]                               # concept -> phrases
    prisoner = ["військовополонений", "бранець", "полон*", "=додому", "захисник (повернутися|визволити)"]
    [patterns]                               # name -> patterns, the preferred one first
    n_for_n = ["{to_ukraine:#} на {to_russia:#}", "<exchange> .. {n:#} на {m:#}"]

in the pattern language of `bot.core.text.pattern`. A phrase is a pattern too, but without `<concept>`. The concepts of `<language>/language.toml` are marked for every kind as well. A hyphenated word also has the
dictionary forms of its parts, so `missile` finds "drone-and-missile"; `1,000-for-1,000` is read as five tokens. A word of a
phrase that the reader takes for several tokens, such as `18-25`, stands for these in a row.

A `Lexicon` holds all languages of one kind and takes the words of each sentence's own language.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias

from bot.core.text.document import NO_MARKS, Document, Mark, Marks, Number, Sentence, Token
from bot.core.text.pattern import LEAVES, Captured, PatternError, Program, captures, compiled
from bot.core.text.tokens import canonical, figure_keys, split
from bot.core.text.view import Key, Value, View

Lemmas: TypeAlias = Callable[[str], frozenset[str]]
Phrases: TypeAlias = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Capture:
    """Tokens `first` to `last` (excluded) of a match, and the number, date or place that is exactly these."""

    first: int
    last: int
    value: Value = None


@dataclass(frozen=True, slots=True)
class Match:
    """Where a pattern matched, in tokens, and what it captured by name. `rule` is "name" or "name.2" and so on."""

    first: int
    last: int
    captures: Mapping[str, Capture]
    rule: str = ""

    def number(self, name: str) -> int | None:
        """Return the captured count or ordinal, None where nothing was captured under this name."""
        value = self.captures[name].value if name in self.captures else None
        return value.value if isinstance(value, Number) else None


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    order: int
    program: Program


class _Rules:
    """Rules by the rarest thing that each of them needs."""

    def __init__(self, rules: Sequence[_Rule]) -> None:
        self._by_need: dict[Key, list[_Rule]] = defaultdict(list)
        for rule in rules:
            for key in rule.program.need:
                self._by_need[key].append(rule)

    def candidates(self, view: View) -> Mapping[str, Sequence[_Rule]]:
        found: dict[str, dict[int, _Rule]] = defaultdict(dict)
        for key in view.places:
            for rule in self._by_need.get(key, ()):
                found[rule.name][rule.order] = rule
        return {name: [rules[order] for order in sorted(rules)] for name, rules in found.items()}


class Vocabulary:
    """The compiled concepts and patterns of one language. Raises PatternError naming the rule and the pattern."""

    def __init__(self, concepts: Phrases, patterns: Phrases, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._stems: frozenset[str] = frozenset()
        phrases = self._compile(concepts)
        rules = self._compile(patterns)
        self._check(phrases, rules, concepts)
        self._phrases, self._patterns = _Rules(phrases), _Rules(rules)
        self.patterns = frozenset(patterns)
        self._used = frozenset().union(*(rule.program.words for rule in (*phrases, *rules)))
        self._stem_lengths = sorted({len(key) - 1 for key in self._used if key[0] == "^"})
        self._keys = lru_cache(maxsize=1 << 15)(self._find_keys)
        self._seen: tuple[Sentence, View, Mapping[str, Sequence[_Rule]]] | None = None

    def marks(self, sentence: Sentence) -> Marks:
        """Return every concept in a sentence, by position, the longer first; none lies within one of the same concept."""
        view = View(replace(sentence, marks=NO_MARKS), self._token_keys)
        longest: dict[tuple[str, int], int] = {}
        for name, rules in self._phrases.candidates(view).items():
            for rule in rules:
                for at in view.starts(rule.program.firsts):
                    end, _ = rule.program.run(view, at) or (at, ())
                    longest[name, at] = max(end, longest.get((name, at), at))
        found = [Mark(name, at, end) for (name, at), end in longest.items() if end > at]
        found.sort(key=lambda mark: (mark.first, -mark.last, mark.concept))
        return Marks(_outermost(found))

    def match(self, name: str, sentence: Sentence) -> tuple[Match, ...]:
        """Return the matches of a pattern name from left to right; none overlaps another."""
        view, candidates = self._look(sentence)
        starts = {
            (at, rule.order): rule for rule in candidates.get(name, ()) for at in view.starts(rule.program.firsts)
        }
        found: list[Match] = []
        for (at, _), rule in sorted(starts.items(), key=lambda entry: entry[0]):
            if (not found or at >= found[-1].last) and (end := rule.program.run(view, at)):
                found.append(_match(rule, at, *end, view))
        return tuple(found)

    def _look(self, sentence: Sentence) -> tuple[View, Mapping[str, Sequence[_Rule]]]:
        seen = self._seen
        if seen is None or seen[0] is not sentence:
            view = View(sentence, self._token_keys)
            seen = self._seen = sentence, view, self._patterns.candidates(view)
        return seen[1], seen[2]

    def _compile(self, table: Phrases) -> list[_Rule]:
        rules = []
        for name, texts in table.items():
            for order, text in enumerate(texts):
                try:
                    rules.append(_Rule(name, order, compiled(text, self._resolve)))
                except PatternError as error:
                    raise PatternError(f"{name}: {text!r}: {error}") from None
        return rules

    @staticmethod
    def _check(phrases: list[_Rule], rules: list[_Rule], concepts: Phrases) -> None:
        for rule in phrases:
            if wrong := rule.program.elements - LEAVES:
                raise PatternError(f"{rule.name}: a phrase cannot contain a concept such as {min(wrong)}")
        known = LEAVES | {f"<{concept}>" for concept in concepts}
        for rule in rules:
            if unknown := rule.program.elements - known:
                raise PatternError(f"{rule.name}.{rule.order + 1}: there is no concept {min(unknown)}")

    def _resolve(self, word: str) -> Sequence[frozenset[Key]]:
        plain = word[1:] if word[0] == "=" and len(word) > 1 else word
        if word[-1] == "*" and len(plain) > 1:
            if len(plain) < len(word):
                raise PatternError(f"`{word}` cannot be exact and a beginning at once")
            return [frozenset({"^" + canonical(word[:-1])})]
        folds = [canonical(part) for part, _, _ in split(plain)]
        return [frozenset({"=" + each}) if len(plain) < len(word) else self._inflected(each) for each in folds]

    def _inflected(self, folded: str) -> frozenset[Key]:
        lemmas = self._lemmas(folded)
        return frozenset({"~" + folded} if folded in lemmas else {"~" + lemma for lemma in (*lemmas, folded)})

    def _token_keys(self, token: Token) -> Iterator[Key]:
        yield from self._keys(token.fold, token.lemmas)
        yield from figure_keys(token)

    def _find_keys(self, folded: str, lemmas: frozenset[str]) -> tuple[Key, ...]:
        stems = {"^" + folded[:length] for length in self._stem_lengths}
        words = {"~" + lemma for lemma in lemmas}
        return tuple(sorted((stems | words | {"~" + folded, "=" + folded}) & self._used))


def _outermost(marks: Sequence[Mark]) -> Iterator[Mark]:
    reach: dict[str, int] = {}
    for mark in marks:
        if mark.last > reach.get(mark.concept, 0):
            reach[mark.concept] = mark.last
            yield mark


def _match(rule: _Rule, first: int, last: int, captured: Captured, view: View) -> Match:
    spans = captures(captured).items()
    found = {name: Capture(start, end, view.value(start, end)) for name, (start, end) in spans}
    return Match(first, last, found, f"{rule.name}.{rule.order + 1}")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one kind: a vocabulary per language, and the gate stems of all languages."""

    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)
    gate: tuple[str, ...] = ()

    def match(self, name: str, sentence: Sentence) -> tuple[Match, ...]:
        """Return the matches of a pattern name in a sentence; raise KeyError where no language has the name."""
        vocabulary = self.vocabularies.get(sentence.language)
        if vocabulary is None or name not in vocabulary.patterns:
            if not any(name in each.patterns for each in self.vocabularies.values()):
                raise KeyError(f"no language has a pattern {name!r}")
            return ()
        return vocabulary.match(name, sentence)

    def mark(self, document: Document) -> Document:
        """Return the document with every sentence's marks set."""
        return replace(document, sentences=tuple(self._marked(sentence) for sentence in document.sentences))

    def _marked(self, sentence: Sentence) -> Sentence:
        vocabulary = self.vocabularies.get(sentence.language)
        return replace(sentence, marks=vocabulary.marks(sentence) if vocabulary else NO_MARKS)

    def opening(self, folded: str) -> str:
        """Return the first gate stem that a casefolded text contains, "" where there is none."""
        return next((stem for stem in self.gate if stem in folded), "")


def marks_of(sentence: Sentence, *concepts: str) -> tuple[Mark, ...]:
    """Return the marks of these concepts in a sentence, by position."""
    return sentence.marks.of(*concepts)


def has(sentence: Sentence, *concepts: str) -> bool:
    """Return whether one of these concepts is in a sentence."""
    return sentence.marks.has(*concepts)
