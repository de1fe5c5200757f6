"""The pattern language of the lexicons: one line of text becomes a small program that runs over a sentence.

A pattern is a row of elements separated by blanks:

    word        a token that has this dictionary form (`полонений` finds «полоненими»); punctuation stands for itself
    =word       exactly this folded token                    stem*     a folded token that begins so
    <concept>   a mark of the lexicon                        (a|b c)   one of several, the first that fits
    [x|y z]     may be there or not                          ..  ..9   up to 6 (9) tokens of anything but `;`
    #  ##       a cardinal number, an ordinal number         @date  @place
    $day $year  figures: a day of the month, a year          $date $daymonth   09.06.2025 or 2025-06-09, 09.06
    $cap        a token that begins with a capital letter
    {name:x|y}  the tokens of `x` or `y`, captured under a name

A plain word should be given in its dictionary form; an inflected Ukrainian or Russian one stands for its dictionary
forms. A gap that once found nothing behind a token is not tried there again, so time grows with the sentence's length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from bot.core.text.view import Key, View

Captured: TypeAlias = tuple[tuple[str, int], ...]
Found: TypeAlias = tuple[int, Captured] | None
Step: TypeAlias = Callable[[View, int, Captured], Found]
Resolve: TypeAlias = Callable[[str], Sequence[frozenset[Key]]]
Rarity: TypeAlias = Callable[[Collection[Key]], float]
SPANS = frozenset({"#", "##", "@date", "@place"})
LEAVES = SPANS | {"$day", "$year", "$date", "$daymonth", "$cap"}
GAP = 6
UNBOUND = 1 << 20
_GAP = re.compile(r"\.\.([0-9]{0,2})")
_SCAN = re.compile(r"\.\.\d*(?=[\s)\]}|]|$)|[()\[\]|}]|\{[a-z_]\w*:|<[a-z_]\w*>|[^\s()\[\]{}|<>]+|\S")


class PatternError(ValueError):
    """A pattern that cannot be read; the text says which and why."""


def is_span(key: Key) -> bool:
    """Return whether an element may be several tokens: a number, a date, a place, a concept."""
    return key in SPANS or key[0] == "<"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Keys one of which every match has, and how many tokens before it the match may begin."""

    keys: frozenset[Key]
    least: int
    most: int

    def moved(self, least: int, most: int) -> Anchor:
        """Return the anchor as seen from further left."""
        return Anchor(self.keys, self.least + least, min(self.most + most, UNBOUND))


def _done(view: View, at: int, captured: Captured) -> Found:  # noqa: ARG001
    return at, captured


def _token(keys: frozenset[Key], then: Step) -> Step:
    def step(view: View, at: int, captured: Captured) -> Found:
        return None if keys.isdisjoint(view.keys[at]) else then(view, at + 1, captured)

    return step


def _span(key: Key, then: Step) -> Step:
    def step(view: View, at: int, captured: Captured) -> Found:
        for end in view.ends(key).get(at, ()):
            if found := then(view, end, captured):
                return found
        return None

    return step


def _fork(ways: Sequence[Step]) -> Step:
    def step(view: View, at: int, captured: Captured) -> Found:
        for way in ways:
            if found := way(view, at, captured):
                return found
        return None

    return step


def _gap(longest: int, then: Step) -> Step:
    def step(view: View, at: int, captured: Captured) -> Found:
        here = id(step), at
        if here in view.dead:
            return None
        tokens = view.sentence.tokens
        for end in range(at, min(at + longest, view.length) + 1):
            if found := then(view, end, captured):
                return found
            if end < view.length and tokens[end].text == ";":
                break
        view.dead.add(here)
        return None

    return step


def _note(name: str, then: Step) -> Step:
    def step(view: View, at: int, captured: Captured) -> Found:
        return then(view, at, (*captured, (name, at)))

    return step


Node: TypeAlias = "_Leaf | _Row | _Choice | _Gap | _Capture"


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One element of the syntax tree: one token, or what may be several.

    Every node can be `compiled` in front of a step, knows the keys it may begin with (`firsts`, with the empty key where
    it may be empty), how many tokens it takes (`width`) and yields in `anchors` what no match can be without.
    """

    keys: frozenset[Key]

    @property
    def is_token(self) -> bool:
        return not any(map(is_span, self.keys))

    def compiled(self, then: Step) -> Step:
        return _token(self.keys, then) if self.is_token else _span(min(self.keys), then)

    def firsts(self) -> frozenset[Key]:
        return self.keys

    def width(self) -> tuple[int, int]:
        return 1, 1 if self.is_token else UNBOUND

    def anchors(self, rarity: Rarity) -> Iterator[Anchor]:  # noqa: ARG002
        yield Anchor(self.keys, 0, 0)


@dataclass(frozen=True, slots=True)
class _Row:
    nodes: tuple[Node, ...]

    def compiled(self, then: Step) -> Step:
        return reduce(_before, reversed(self.nodes), then)

    def firsts(self) -> frozenset[Key]:
        keys: frozenset[Key] = frozenset({""})
        for node in self.nodes:
            keys = (keys - {""}) | node.firsts()
            if "" not in keys:
                break
        return keys

    def width(self) -> tuple[int, int]:
        widths = [node.width() for node in self.nodes]
        return sum(least for least, _ in widths), min(sum(most for _, most in widths), UNBOUND)

    def anchors(self, rarity: Rarity) -> Iterator[Anchor]:
        least = most = 0
        for node in self.nodes:
            yield from (anchor.moved(least, most) for anchor in node.anchors(rarity))
            width = node.width()
            least, most = least + width[0], most + width[1]


@dataclass(frozen=True, slots=True)
class _Choice:
    nodes: tuple[Node, ...]

    def compiled(self, then: Step) -> Step:
        return _fork([node.compiled(then) for node in self.nodes])

    def firsts(self) -> frozenset[Key]:
        return frozenset().union(*(node.firsts() for node in self.nodes))

    def width(self) -> tuple[int, int]:
        widths = [node.width() for node in self.nodes]
        return min(least for least, _ in widths), max(most for _, most in widths)

    def anchors(self, rarity: Rarity) -> Iterator[Anchor]:
        each = [rarest(node.anchors(rarity), rarity) for node in self.nodes]
        found = [anchor for anchor in each if anchor]
        if len(found) == len(each):
            keys = frozenset[Key]().union(*(anchor.keys for anchor in found))
            yield Anchor(keys, min(anchor.least for anchor in found), max(anchor.most for anchor in found))


@dataclass(frozen=True, slots=True)
class _Gap:
    longest: int

    def compiled(self, then: Step) -> Step:
        return _gap(self.longest, then)

    def firsts(self) -> frozenset[Key]:
        return frozenset({""})

    def width(self) -> tuple[int, int]:
        return 0, self.longest

    def anchors(self, rarity: Rarity) -> Iterator[Anchor]:  # noqa: ARG002
        yield from ()


@dataclass(frozen=True, slots=True)
class _Capture:
    name: str
    node: Node

    def compiled(self, then: Step) -> Step:
        return _note(self.name, self.node.compiled(_note(self.name, then)))

    def firsts(self) -> frozenset[Key]:
        return self.node.firsts()

    def width(self) -> tuple[int, int]:
        return self.node.width()

    def anchors(self, rarity: Rarity) -> Iterator[Anchor]:
        yield from self.node.anchors(rarity)


def _before(then: Step, node: Node) -> Step:
    return node.compiled(then)


def rarest(anchors: Iterator[Anchor], rarity: Rarity) -> Anchor | None:
    """Return the anchor that fewest sentences will have, the first of several."""
    return min(anchors, key=lambda anchor: rarity(anchor.keys), default=None)


class _Parser:
    """Recursive descent over the elements of one pattern."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        self._parts = _SCAN.findall(text)
        self._at = 0
        self._resolve = resolve
        self.keys: set[Key] = set()
        self.elements: set[Key] = set()

    def whole(self) -> Node:
        node = self._row("")
        if isinstance(node, _Row) and any(isinstance(end, _Gap) for end in node.nodes[:1] + node.nodes[-1:]):
            raise PatternError("begins or ends with a gap, which finds nothing more")
        if "" in node.firsts():
            raise PatternError("could be empty")
        return node

    def _next(self) -> str:
        self._at += 1
        return self._parts[self._at - 1] if self._at <= len(self._parts) else ""

    def _row(self, closing: str) -> Node:
        rows: list[list[Node]] = [[]]
        while (part := self._next()) != closing:
            if not part:
                raise PatternError(f"`{closing}` is missing")
            if part == "|" and closing:
                rows.append([])
            else:
                rows[-1].append(self._element(part))
        nodes = tuple(row[0] if len(row) == 1 else _Row(tuple(row)) for row in rows)
        return nodes[0] if len(nodes) == 1 else _one_of(nodes)

    def _element(self, part: str) -> Node:
        if part == "(":
            return self._row(")")
        if part == "[":
            return _Choice((self._row("]"), _Row(())))
        if part[0] == "{" and len(part) > 1:
            return _Capture(part[1:-1], self._row("}"))
        if gap := _GAP.fullmatch(part):
            return _Gap(int(gap[1] or GAP))
        if part in LEAVES or (part[0] == "<" and len(part) > 1):
            self.elements.add(part)
            return _Leaf(frozenset({part}))
        if part in "[](){}|<>" or part[0] in "#@$":
            raise PatternError(f"`{part}` is out of place")
        leaves = [_Leaf(keys) for keys in self._resolve(part)]
        self.keys.update(*(leaf.keys for leaf in leaves))
        return leaves[0] if len(leaves) == 1 else _Row(tuple(leaves))


def _one_of(nodes: tuple[Node, ...]) -> Node:
    """Return a choice; one between single tokens is itself a token with all their keys."""
    leaves = [node for node in nodes if isinstance(node, _Leaf) and node.is_token]
    return (
        _Leaf(frozenset[Key]().union(*(leaf.keys for leaf in leaves))) if len(leaves) == len(nodes) else _Choice(nodes)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled pattern.

    It begins with one of the keys `firsts`. `words` are the keys of all its words, `elements` its other elements.
    """

    firsts: frozenset[Key]
    words: frozenset[Key]
    elements: frozenset[Key]
    _node: Node

    def steps(self) -> Step:
        """Return what gives the end of the preferred match that begins at a token, and what it captured, or None.

        Made when it is asked for: most phrases are single words and found without it.
        """
        return self._node.compiled(_done)

    @property
    def single(self) -> frozenset[Key]:
        """The keys of the one token that the pattern is, none where it is more."""
        return self._node.keys if isinstance(self._node, _Leaf) and self._node.is_token else frozenset()

    @property
    def opens(self) -> Key:
        """The number, date, place or concept that it begins with, "" where it may begin otherwise."""
        return min(self.firsts) if len(self.firsts) == 1 and all(map(is_span, self.firsts)) else ""

    def anchor(self, rarity: Rarity) -> Anchor:
        """Return what to look for first: the rarest thing that every match has."""
        return rarest(self._node.anchors(rarity), rarity) or Anchor(self.firsts, 0, 0)

    def needs(self, rarity: Rarity) -> tuple[frozenset[Key], ...]:
        """Return the sets of numbers, dates, places and concepts, by bare name, of each of which every match has one."""
        anchors = (anchor.keys for anchor in self._node.anchors(rarity) if all(map(is_span, anchor.keys)))
        return tuple(frozenset(key.strip("<>") for key in keys) for keys in anchors)


def compiled(text: str, resolve: Resolve) -> Program:
    """Return the program of a pattern; `resolve` gives for a word the keys of each of its tokens. Raises PatternError."""
    if text.removeprefix("=").isalpha() and len(leaves := resolve(text)) == 1:
        return Program(leaves[0], leaves[0], frozenset(), _Leaf(leaves[0]))
    parser = _Parser(text, resolve)
    node = parser.whole()
    return Program(node.firsts(), frozenset(parser.keys), frozenset(parser.elements), node)


def captures(captured: Captured) -> Mapping[str, tuple[int, int]]:
    """Return the first and last token of every captured name; of a name used twice the last one counts."""
    opened: dict[str, int] = {}
    spans: dict[str, tuple[int, int]] = {}
    for name, at in captured:
        if name in opened:
            spans[name] = (opened.pop(name), at)
        else:
            opened[name] = at
    return spans
