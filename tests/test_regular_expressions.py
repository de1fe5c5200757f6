"""No regular expression of the house can be made slow by the text it is given.

Python's engine goes back over what a repeat has taken. That costs more than the text's length where the same signs can
be shared out between two repeats in several ways: one repeat inside another, or two next to each other; and where a
search begins with a repeat and tries again from every sign of it. Every compiled expression and every literal of the source
is taken apart, and the sets of signs of such repeats are compared.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from re import _compiler as compiler
from re import _constants as ops
from re import _parser as parser
from typing import Any

import pytest

import bot

LONG = 1_000
SIGNS = "".join(map(chr, range(9, 0x180))) + "ʼаебвгжіїєґыэъёАБЯІЇ–—‑’“”„…№«»•₴́文λ🙂\u200b\u202e\ufeff"
REPEATS = {ops.MAX_REPEAT, ops.MIN_REPEAT}
WIDTHLESS = {ops.AT, ops.ASSERT, ops.ASSERT_NOT}


def _patterns() -> Iterator[tuple[str, str, int, bool]]:
    """Yield where an expression stands, its text, its flags, and whether it is searched for in the midst of a text."""
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if ".migrations" in module.name or module.name == "bot.__main__":
            continue
        loaded = importlib.import_module(module.name)
        source = Path(loaded.__file__ or "").read_text(encoding="utf-8")
        for name, value in vars(loaded).items():
            searched = re.search(rf"\b{name}\.(?:search|sub|finditer|findall|split)\(", source) is not None
            for pattern in _inside(value):
                yield f"{module.name}.{name}", pattern.pattern, pattern.flags, searched
        yield from _literals(module.name, source)


def _inside(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset | set):
        for each in value:
            yield from _inside(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _inside(each)


def _literals(module: str, source: str) -> Iterator[tuple[str, str, int, bool]]:
    """Yield the expressions that are written where they are used: `re.sub(r"\\D", ...)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = node.args[0]
            named = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if (
                named
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and node.func.attr != "escape"
            ):
                yield f"{module}:{node.lineno}", first.value, 0, node.func.attr not in {"match", "fullmatch", "compile"}


def weaknesses(pattern: str, flags: int = 0, *, searched: bool = False) -> list[str]:
    """Return what in an expression may take more than linear time."""
    items = list(parser.parse(pattern, flags))
    again = ["a search begins with a repeat"] if searched and _restarts(items) else []
    return [*_weak(items), *again]


def _restarts(items: list[Any]) -> bool:
    """Return whether an expression begins with an endless repeat and may still fail behind it."""
    op, value = items[0] if items else (None, None)
    if op in {*REPEATS, ops.POSSESSIVE_REPEAT} and value[1] >= LONG:
        return not all(_may_be_empty(*each) for each in items[1:])
    bodies = list(_bodies(op, value)) if op not in WIDTHLESS else []
    return any(_restarts([*body, *items[1:]]) for body in bodies if op not in {*REPEATS, ops.POSSESSIVE_REPEAT})


def _weak(items: list[Any]) -> Iterator[str]:
    for at, (op, value) in enumerate(items):
        if op in REPEATS and value[1] >= LONG:
            body = list(value[2])
            if _loops(body) and (_ending(body) & _opening(body)):
                yield "a repeat within a repeat takes the same signs"
            same = (other for _, other in _reached(items[at + 1 :]) if _signs(body) & _opening(list(other[2])))
            yield from ("two repeats next to each other take the same signs" for _ in same)
        for inner in _bodies(op, value):
            yield from _weak(inner)


def _bodies(op: Any, value: Any) -> Iterator[list[Any]]:
    """Yield the expressions inside one; what is atomic is never gone back over."""
    if op in REPEATS or op is ops.POSSESSIVE_REPEAT:
        yield list(value[2])
    elif op is ops.SUBPATTERN:
        yield list(value[3])
    elif op is ops.BRANCH:
        yield from map(list, value[1])
    elif op in {ops.ASSERT, ops.ASSERT_NOT}:
        yield list(value[1])
    elif op is ops.ATOMIC_GROUP:
        yield list(value)


def _loops(items: list[Any]) -> bool:
    """Return whether something inside repeats without end and may be gone back over."""
    for op, value in items:
        if op in REPEATS and value[1] >= LONG:
            return True
        if op not in {ops.ATOMIC_GROUP, ops.POSSESSIVE_REPEAT} and any(map(_loops, _bodies(op, value))):
            return True
    return False


def _reached(items: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the endless repeats that may follow at once, what is between them being empty."""
    for op, value in items:
        if op in REPEATS and value[1] >= LONG:
            yield op, value
        inner = [each for body in _bodies(op, value) for each in body] if op is ops.SUBPATTERN else []
        yield from _reached(inner)
        if op not in WIDTHLESS and not _may_be_empty(op, value):
            return


def _may_be_empty(op: Any, value: Any) -> bool:
    if op in WIDTHLESS:
        return True
    if op in REPEATS or op is ops.POSSESSIVE_REPEAT:
        return value[0] == 0 or all(_may_be_empty(*each) for each in value[2])
    if op is ops.BRANCH:
        return any(all(_may_be_empty(*each) for each in body) for body in value[1])
    bodies = list(_bodies(op, value))
    return bool(bodies) and all(_may_be_empty(*each) for body in bodies for each in body)


def _opening(items: list[Any]) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for op, value in items:
        bodies = list(_bodies(op, value)) if op not in WIDTHLESS else []
        found |= frozenset().union(*map(_opening, bodies)) if bodies else _signs([(op, value)])
        if not _may_be_empty(op, value):
            break
    return found


def _ending(items: list[Any]) -> frozenset[str]:
    """Return the signs that the repeats at the end of an expression take."""
    found: frozenset[str] = frozenset()
    for op, value in reversed(items):
        if op in REPEATS and value[1] >= LONG:
            found |= _signs(list(value[2]))
        elif op not in WIDTHLESS:
            found |= frozenset().union(*map(_ending, _bodies(op, value)))
        if not _may_be_empty(op, value):
            break
    return found


def _signs(items: list[Any]) -> frozenset[str]:
    """Return the signs, out of a sample of all sorts, that single signs of an expression may be."""
    found: frozenset[str] = frozenset()
    for op, value in items:
        if op in {ops.LITERAL, ops.NOT_LITERAL, ops.IN, ops.ANY}:
            found |= _matching(op, repr(value), value if op in {ops.LITERAL, ops.NOT_LITERAL} else tuple(value or ()))
        elif op not in WIDTHLESS:
            found |= frozenset().union(*(_signs(body) for body in _bodies(op, value)))
    return found


@cache
def _matching(op: Any, _: str, value: Any) -> frozenset[str]:
    state = parser.State()
    state.flags, state.str = re.UNICODE, ""
    tree = parser.SubPattern(state, [(op, list(value) if isinstance(value, tuple) and op is ops.IN else value or None)])
    single = compiler.compile(tree, re.UNICODE)
    return frozenset(sign for sign in SIGNS if single.match(sign))


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(?:a|b+)*c", r"\d+\d+x", r"\w*\d*$", r"(?:\s*-?\s*)*x", r"[ \t]*\s*\n", r"[ \t]*\n"]
)
def test_an_expression_that_can_be_made_slow_is_seen(pattern: str) -> None:
    assert weaknesses(pattern, searched=True)


@pytest.mark.parametrize(
    "pattern", [r"(?:-\w+)*", r"\d+(?:\.\d+)*", r"(?>a+)+b", r"\d++\w+", r"a+b+", r"(?:[^\n]+\n)*"]
)
def test_an_expression_that_cannot_is_let_through(pattern: str) -> None:
    assert not weaknesses(pattern)


def test_every_expression_of_the_house_takes_linear_time() -> None:
    found = list(_patterns())
    assert len(found) > 50
    weak = {
        name: told
        for name, pattern, flags, searched in found
        if (told := weaknesses(pattern, flags, searched=searched))
    }
    assert not weak
