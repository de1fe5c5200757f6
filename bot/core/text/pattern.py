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
forms. Programs never look at the same element and position twice, so time grows with the length of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from bot.core.text.view import Key, View

Captured: TypeAlias = tuple[tuple[str, int], ...]
Resolve: TypeAlias = Callable[[str], Sequence[frozenset[Key]]]
LEAVES = frozenset({"#", "##", "@date", "@place", "$day", "$year", "$date", "$daymonth", "$cap"})
GAP = 6
_GAP = re.compile(r"\.\.([0-9]{0,2})")
_SCAN = re.compile(r"\.\.\d*(?=[\s)\]}|]|$)|[()\[\]|}]|\{[a-z_]\w*:|<[a-z_]\w*>|[^\s()\[\]{}|<>]+|\S")


class PatternError(ValueError):
    """A pattern that cannot be read; the text says which and why."""


Step: TypeAlias = "_Done | _Take | _Fork | _Skip | _Note"
State: TypeAlias = tuple[Step, int, Captured]


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    """The end of a program. `step` of every instruction gives the states that may follow, the preferred one first."""

    def step(self, view: View, at: int, captured: Captured) -> Sequence[State]:  # noqa: ARG002
        return ()


@dataclass(frozen=True, slots=True, eq=False)
class _Take:
    keys: frozenset[Key]
    then: Step

    def step(self, view: View, at: int, captured: Captured) -> Sequence[State]:
        return [(self.then, end, captured) for key in self.keys for end in view.ends(key, at)]


@dataclass(frozen=True, slots=True, eq=False)
class _Fork:
    ways: tuple[Step, ...]

    def step(self, view: View, at: int, captured: Captured) -> Sequence[State]:  # noqa: ARG002
        return [(way, at, captured) for way in self.ways]


@dataclass(frozen=True, slots=True, eq=False)
class _Skip:
    then: Step

    def step(self, view: View, at: int, captured: Captured) -> Sequence[State]:
        return ((self.then, at + 1, captured),) if at < view.length and view.passable(at) else ()


@dataclass(frozen=True, slots=True, eq=False)
class _Note:
    name: str
    then: Step

    def step(self, view: View, at: int, captured: Captured) -> Sequence[State]:  # noqa: ARG002
        return ((self.then, at, (*captured, (self.name, at))),)


_DONE = _Done()


Node: TypeAlias = "_Leaf | _Row | _Choice | _Gap | _Capture"


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One element of the syntax tree.

    Every node can be `compiled` in front of a program, knows the keys it may begin with (`firsts`, with the empty key
    where it may be empty) and yields in `needs` sets of keys that cannot all be missing from the sentence.
    """

    keys: frozenset[Key]

    def compiled(self, then: Step) -> Step:
        return _Take(self.keys, then)

    def firsts(self) -> frozenset[Key]:
        return self.keys

    def needs(self) -> Iterator[frozenset[Key]]:
        yield self.keys


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

    def needs(self) -> Iterator[frozenset[Key]]:
        for node in self.nodes:
            yield from node.needs()


@dataclass(frozen=True, slots=True)
class _Choice:
    nodes: tuple[Node, ...]

    def compiled(self, then: Step) -> Step:
        return _Fork(tuple(node.compiled(then) for node in self.nodes))

    def firsts(self) -> frozenset[Key]:
        return frozenset().union(*(node.firsts() for node in self.nodes))

    def needs(self) -> Iterator[frozenset[Key]]:
        each = [next(node.needs(), frozenset[Key]()) for node in self.nodes]
        if all(each):
            yield frozenset().union(*each)


@dataclass(frozen=True, slots=True)
class _Gap:
    longest: int

    def compiled(self, then: Step) -> Step:
        return reduce(lambda step, _: _Fork((then, _Skip(step))), range(self.longest), then)

    def firsts(self) -> frozenset[Key]:
        return frozenset({""})

    def needs(self) -> Iterator[frozenset[Key]]:
        yield from ()


@dataclass(frozen=True, slots=True)
class _Capture:
    name: str
    node: Node

    def compiled(self, then: Step) -> Step:
        return _Note(self.name, self.node.compiled(_Note(self.name, then)))

    def firsts(self) -> frozenset[Key]:
        return self.node.firsts()

    def needs(self) -> Iterator[frozenset[Key]]:
        yield from self.node.needs()


def _before(then: Step, node: Node) -> Step:
    return node.compiled(then)


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
        return nodes[0] if len(nodes) == 1 else _Choice(nodes)

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


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled pattern.

    One of the keys `firsts` must be where it begins and one of `need` somewhere in the sentence; `words` are the keys
    of all its words, `elements` its other elements.
    """

    firsts: frozenset[Key]
    need: frozenset[Key]
    words: frozenset[Key]
    elements: frozenset[Key]
    _start: Step

    def run(self, view: View, at: int) -> tuple[int, Captured] | None:
        """Return the end of the preferred match that begins at a token, and what it captured, or None."""
        if isinstance(self._start, _Take) and self._start.then is _DONE:
            return next(((end, ()) for key in self.firsts for end in view.ends(key, at)), None)
        stack: list[State] = [(self._start, at, ())]
        seen: set[tuple[int, int]] = set()
        while stack:
            step, here, captured = stack.pop()
            if step is _DONE:
                return here, captured
            if (id(step), here) not in seen:
                seen.add((id(step), here))
                stack.extend(reversed(step.step(view, here, captured)))
        return None


def compiled(text: str, resolve: Resolve) -> Program:
    """Return the program of a pattern; `resolve` gives for a word the keys of each of its tokens. Raises PatternError."""
    parser = _Parser(text, resolve)
    node = parser.whole()
    need = min(node.needs(), key=_commonness, default=node.firsts())
    words, elements = frozenset(parser.keys), frozenset(parser.elements)
    return Program(node.firsts(), need, words, elements, node.compiled(_DONE))


def _commonness(keys: frozenset[Key]) -> tuple[bool, int]:
    return any(key in LEAVES for key in keys), len(keys)


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
