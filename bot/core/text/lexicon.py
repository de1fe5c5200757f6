"""Words as data: the concepts and constructions of the lexicon files, and where they stand in a sentence.

One file `bot/data/<language>/<kind>.toml` holds, for one language and one kind,

    gate = ["обмін", "полонен"]             # raw casefolded substrings: with none of any language the kind is not read
    [concepts]                               # concept -> phrases
    prisoner = ["військовополонений", "бранець", "полон*", "=додому", "захисник (повернутися|визволити)"]
    [patterns]                               # name -> patterns, the preferred one first
    n_for_n = ["{to_ukraine:#} на {to_russia:#}", "<exchange> .. {n:#} на {m:#}"]

in the pattern language of `bot.core.text.pattern`. A phrase is a pattern too, but without `<concept>`. The concepts of
`<language>/language.toml` are marked for every kind as well. A hyphenated word also has the dictionary forms of its
parts, so `missile` finds "drone-and-missile"; `1,000-for-1,000` is read as five tokens. A word of a phrase that the
reader takes for several tokens, such as `18-25`, stands for these in a row.

A `Lexicon` holds all languages of one kind and takes the words of each sentence's own language.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from bot.core.text.document import NO_MARKS, Document, Mark, Marks, Number, Sentence, Token
from bot.core.text.pattern import LEAVES, SPANS, Captured, PatternError, Program, Step, captures, compiled
from bot.core.text.tokens import canonical, figure_keys, split
from bot.core.text.view import Key, Value, View

Lemmas: TypeAlias = Callable[[str], frozenset[str]]
Phrases: TypeAlias = Mapping[str, Sequence[str]]
COMMON = {"#": 200, "##": 20, "@date": 60, "@place": 150, "$cap": 500, "$day": 100, "$year": 8}
BY_LENGTH = {1: 40, 2: 20, 3: 6, 4: 2}
CONCEPT = 20
"""How common elements, words of few letters and concepts are, in uses of a word; a pattern is looked for by its rarest part."""


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


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A phrase or pattern, `least` to `most` tokens of which stand before what it is looked for by.

    `opens` is the number, date, place or concept with which it begins, "" where it may begin otherwise; of each set of
    `needs` one must be in the sentence.
    """

    name: str
    order: int
    run: Step
    least: int
    most: int
    opens: Key
    needs: tuple[frozenset[Key], ...]

    def starts(self, view: View, anchors: Iterable[int]) -> Iterable[int]:
        """Return where the rule may begin, told by where its anchors stand, from left to right."""
        if self.least == self.most:
            return [anchor - self.least for anchor in anchors if anchor >= self.least]
        found: list[int] = []
        free = 0
        for anchor in anchors:
            first, free = max(free, anchor - self.most), max(free, anchor - self.least + 1)
            found.extend(range(first, free))
        return view.ends(self.opens).keys() & found if self.opens else found


class _Line(NamedTuple):
    """A line of a word file: concept or pattern name, its place among those of the name, and its program."""

    name: str
    order: int
    program: Program


class _Cue(NamedTuple):
    """What a token is to a vocabulary: its keys, the concepts it is by itself, the rules that are looked for by it."""

    keys: frozenset[Key]
    concepts: tuple[str, ...]
    phrases: tuple[_Rule, ...]
    patterns: tuple[_Rule, ...]
    stirs: bool


class _Matches(dict[str, tuple[Match, ...]]):
    """The matches of all patterns of a vocabulary in one sentence by name, found when they are first asked for."""

    __slots__ = ("_rules", "_view")

    def __init__(
        self, names: Mapping[str, tuple[Match, ...]], view: View, rules: Mapping[_Rule, Sequence[int]]
    ) -> None:
        super().__init__(names)
        self._view = view
        self._rules: dict[str, list[tuple[_Rule, Sequence[int]]]] = {}
        for rule, anchors in rules.items():
            if all(map(view.present.intersection, rule.needs)):
                self._rules.setdefault(rule.name, []).append((rule, anchors))
                self.pop(rule.name, None)

    @property
    def possible(self) -> Collection[str]:
        """The names of the patterns that the sentence has all parts for."""
        return self._rules

    def __missing__(self, name: str) -> tuple[Match, ...]:
        found = self[name] = tuple(self._matches(self._rules[name]))
        return found

    def _matches(self, rules: Iterable[tuple[_Rule, Sequence[int]]]) -> Iterator[Match]:
        view = self._view
        starts = [(at, rule.order, rule) for rule, anchors in rules for at in rule.starts(view, anchors)]
        free = 0
        for at, _, rule in sorted(starts, key=_place):
            if at >= free and (end := rule.run(view, at, ())):
                yield _match(rule, at, *end, view)
                free = end[0]


def _place(start: tuple[int, int, _Rule]) -> tuple[int, int]:
    return start[:2]


class _Index:
    """Rules by the keys of their anchors."""

    def __init__(self, rules: Iterable[tuple[Key, _Rule]]) -> None:
        self._rules: dict[Key, list[_Rule]] = {}
        for key, rule in rules:
            self._rules.setdefault(key, []).append(rule)
        self._spans = [key for key in self._rules if key in SPANS]
        self._concepts = {key[1:-1]: key for key in self._rules if key[0] == "<"}
        self.has_spans = bool(self._spans or self._concepts)

    def under(self, keys: Iterable[Key]) -> tuple[_Rule, ...]:
        """Return the rules that are looked for by one of a token's keys."""
        return tuple(dict.fromkeys(rule for key in keys for rule in self._rules.get(key, ())))

    def spanned(self, view: View) -> Iterator[tuple[_Rule, Iterable[int]]]:
        """Yield the rules that are looked for by numbers, dates, places and concepts of a sentence, and where these are."""
        concepts = view.sentence.marks.by_concept.keys() & self._concepts.keys()
        spans = view.present.intersection(self._spans)
        for key in (*spans, *map(self._concepts.__getitem__, concepts)):
            for rule in self._rules[key]:
                yield rule, view.ends(key)


class Vocabulary:
    """The compiled concepts and patterns of one language. Raises PatternError naming the rule and the pattern."""

    def __init__(self, concepts: Phrases, patterns: Phrases, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._seen = object()
        self.patterns = frozenset(patterns)
        self._nothing: Mapping[str, tuple[Match, ...]] = dict.fromkeys(patterns, ())
        phrases, rules = list(self._compiled(concepts)), list(self._compiled(patterns))
        _check(phrases, rules, concepts)
        self._uses = Counter(key for each in (*phrases, *rules) for key in each.program.words)
        self._used = frozenset(self._uses)
        self._stem_lengths = sorted({len(key) - 1 for key in self._used if key[0] == "^"})
        self._concepts: dict[Key, tuple[str, ...]] = {}
        for key, name in {(key, phrase.name): None for phrase in phrases for key in phrase.program.single}:
            self._concepts[key] = (*self._concepts.get(key, ()), name)
        self._phrases = _Index(self._anchored(phrase for phrase in phrases if not phrase.program.single))
        self._rules = _Index(self._anchored(rules))

    def marks(self, sentence: Sentence) -> Marks:
        """Return every concept in a sentence, by position, the longer first; none lies within one of the same concept."""
        cues = self._look(sentence)
        found = [_mark(name, at, at + 1) for at, cue in enumerate(cues) if cue.concepts for name in cue.concepts]
        if longer := self._longer(sentence, cues):
            found = [*_outermost(sorted((*found, *longer), key=_position))]
        return Marks(found) if found else NO_MARKS

    def marked(self, sentence: Sentence) -> Sentence:
        """Return a sentence with its marks set."""
        marked = sentence.marked(self.marks(sentence))
        marked.memo[self._seen] = sentence.memo[self._seen]
        return marked

    def match(self, name: str, sentence: Sentence) -> tuple[Match, ...]:
        """Return the matches of a pattern name from left to right; none overlaps another."""
        matches: _Matches = sentence.memo.get(self) or self.matches(sentence)
        return matches[name]

    def possible(self, sentence: Sentence) -> Collection[str]:
        """Return the names of the patterns that may match: the sentence has what every match of them needs."""
        matches: _Matches = sentence.memo.get(self) or self.matches(sentence)
        return matches.possible

    def stirred(self, sentence: Sentence) -> bool:
        """Return whether the words of a sentence may be, or be part of, anything of this vocabulary."""
        return any(map(_stirs, self._look(sentence)))

    def _look(self, sentence: Sentence) -> list[_Cue]:
        found: list[_Cue] | None = sentence.memo.get(self._seen)
        if found is None:
            try:
                found = [token.memo[self] for token in sentence.tokens]
            except KeyError:
                found = [token.memo.get(self) or self._cue(token) for token in sentence.tokens]
            sentence.memo[self._seen] = found
        return found

    def _cue(self, token: Token) -> _Cue:
        stems = {"^" + token.fold[:length] for length in self._stem_lengths}
        words = {"~" + lemma for lemma in token.lemmas}
        found = (stems | words | {"~" + token.fold, "=" + token.fold}) & self._used
        keys = sorted({*found, *figure_keys(token)})
        concepts = {concept for key in keys for concept in self._concepts.get(key, ())}
        phrases, rules = self._phrases.under(keys), self._rules.under(keys)
        cue = _Cue(frozenset(keys), tuple(sorted(concepts)), phrases, rules, bool(concepts or phrases or rules))
        token.memo[self] = cue
        return cue

    def _longer(self, sentence: Sentence, cues: Sequence[_Cue]) -> list[Mark]:
        """Return the concepts that are told by phrases of several words."""
        hopes = [(rule, at) for at, cue in enumerate(cues) if cue.phrases for rule in cue.phrases]
        if not hopes and not self._phrases.has_spans:
            return []
        view = View(sentence, [cue.keys for cue in cues])
        if self._phrases.has_spans:
            hopes += [(rule, at) for rule, anchors in self._phrases.spanned(view) for at in anchors]
        starts = ((rule, at) for rule, anchor in hopes for at in rule.starts(view, (anchor,)))
        ends = ((rule.name, at, rule.run(view, at, ())) for rule, at in starts)
        return [_mark(name, at, end[0]) for name, at, end in ends if end]

    def matches(self, sentence: Sentence) -> _Matches:
        """Return what the patterns give in a sentence, by name, found when it is asked for, and keep it with the sentence."""
        cues = self._look(sentence)
        view = View(sentence, [cue.keys for cue in cues])
        found: dict[_Rule, list[int]] = {}
        for at, cue in enumerate(cues):
            for rule in cue.patterns:
                found.setdefault(rule, []).append(at)
        for rule, anchors in self._rules.spanned(view):
            found[rule] = sorted({*found.get(rule, ()), *anchors})
        matches = sentence.memo[self] = _Matches(self._nothing, view, found)
        return matches

    def _compiled(self, table: Phrases) -> Iterator[_Line]:
        for name, texts in table.items():
            for order, text in enumerate(texts):
                try:
                    yield _Line(name, order, compiled(text, self._resolve))
                except PatternError as error:
                    raise PatternError(f"{name}: {text!r}: {error}") from None

    def _anchored(self, lines: Iterable[_Line]) -> Iterator[tuple[Key, _Rule]]:
        for line in lines:
            anchor = line.program.anchor(self._commonness)
            rule = _Rule(
                line.name,
                line.order,
                line.program.steps(),
                anchor.least,
                anchor.most,
                line.program.opens,
                line.program.needs(self._commonness),
            )
            yield from ((key, rule) for key in sorted(anchor.keys))

    def _commonness(self, keys: Collection[Key]) -> float:
        return sum(
            COMMON.get(key) or self._uses[key] + (CONCEPT if key[0] == "<" else BY_LENGTH.get(len(key) - 1, 0))
            for key in keys
        )

    def _resolve(self, word: str) -> Sequence[frozenset[Key]]:
        plain = word[1:] if word[0] == "=" and len(word) > 1 else word
        if word[-1] == "*" and len(plain) > 1:
            if len(plain) < len(word):
                raise PatternError(f"`{word}` cannot be exact and a beginning at once")
            return [frozenset({"^" + canonical(word[:-1])})]
        folds = [canonical(part) for part, _, _ in split(plain)] if not plain.isalpha() else [canonical(plain)]
        return [frozenset({"=" + each}) if len(plain) < len(word) else self._inflected(each) for each in folds]

    def _inflected(self, folded: str) -> frozenset[Key]:
        lemmas = self._lemmas(folded)
        words = (folded,) if folded in lemmas else (*lemmas, folded)
        return frozenset([sys.intern("~" + word) for word in words])


_mark = lru_cache(1 << 14)(Mark)
_stirs = attrgetter("stirs")


def _position(mark: Mark) -> tuple[int, int, str]:
    return mark.first, -mark.last, mark.concept


def _outermost(marks: Iterable[Mark]) -> Iterator[Mark]:
    reach: dict[str, int] = {}
    for mark in marks:
        if mark.last > reach.get(mark.concept, 0):
            reach[mark.concept] = mark.last
            yield mark


def _check(phrases: Iterable[_Line], rules: Iterable[_Line], concepts: Phrases) -> None:
    for line in phrases:
        if wrong := line.program.elements - LEAVES:
            raise PatternError(f"{line.name}: a phrase cannot contain a concept such as {min(wrong)}")
    known = LEAVES | {f"<{concept}>" for concept in concepts}
    for line in rules:
        if unknown := line.program.elements - known:
            raise PatternError(f"{line.name}.{line.order + 1}: there is no concept {min(unknown)}")


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
        matches: Mapping[str, tuple[Match, ...]] = sentence.memo.get(vocabulary) or vocabulary.matches(sentence)
        return matches[name]

    def mark(self, document: Document) -> Document:
        """Return the document with every sentence's marks set."""
        return replace(document, sentences=tuple(self._marked(sentence) for sentence in document.sentences))

    def _marked(self, sentence: Sentence) -> Sentence:
        vocabulary = self.vocabularies.get(sentence.language)
        return vocabulary.marked(sentence) if vocabulary else sentence.marked(NO_MARKS)

    def opening(self, found: Container[str]) -> str:
        """Return the first gate stem that is in a casefolded text, or among stems found there, "" where there is none."""
        return next((stem for stem in self.gate if stem in found), "")


def marks_of(sentence: Sentence, *concepts: str) -> tuple[Mark, ...]:
    """Return the marks of these concepts in a sentence, by position."""
    return sentence.marks.of(*concepts)


def has(sentence: Sentence, *concepts: str) -> bool:
    """Return whether one of these concepts is in a sentence."""
    return sentence.marks.has(*concepts)
