"""Lists of feeds that others collected: what we keep of them is what the collection says, but where `opml.toml` says why not."""

from __future__ import annotations

import ast
import re
import tarfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.opml import Outline, OutlineError, Outlines, read_outlines

ARCHIVES = Path(__file__).parents[3] / "shared" / "thirdparty"
DIFFERENCES = tomllib.loads(Path(__file__).with_name("opml.toml").read_text(encoding="utf-8"))["difference"]
KEPT = {"bozo", "feeds", "lists", "opportunities", "meta", "url", "title"}
"""What of listparser's result we keep; `LEFT` is what is not, where it is only named."""
LEFT = {"author", "created", "modified"}


def files(name: str) -> Iterator[tuple[str, bytes]]:
    archive = ARCHIVES / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(archive) as members:
        for member in members:
            if member.isfile() and member.name.endswith((".xml", ".opml")):
                yield member.name.removeprefix(f"{name}/"), members.extractfile(member).read()


def seen(body: bytes) -> Mapping[str, Any]:
    """Return our reading in the shape of listparser's result."""
    try:
        read = read_outlines(body)
    except OutlineError:
        read = None
    outlines = read or Outlines(())

    def told(*found: Outline) -> list[dict[str, str]]:
        return [{"url": each.url, "title": each.title} for each in found]

    return {
        "bozo": read is None,
        "feeds": told(*outlines.feeds),
        "lists": told(*(each for each in outlines.others if each.sort == "list")),
        "opportunities": told(*(each for each in outlines.others if each.sort == "page")),
        "meta": {"title": outlines.title} if outlines.title else {},
    }


def value(node: ast.expr, result: Mapping[str, Any]) -> Any:  # noqa: PLR0911  (a line for each form)
    """Return what an expression of the collection comes to; raise LookupError for what we do not keep."""
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id="result"):
            return result
        case ast.Tuple(elts=parts):
            return tuple(value(part, result) for part in parts)
        case ast.List(elts=parts):
            return [value(part, result) for part in parts]
        case ast.Subscript(value=of, slice=key):
            return value(of, result)[value(key, result)]
        case ast.Call(func=ast.Name(id="len"), args=[of]):
            return len(value(of, result))
        case ast.UnaryOp(op=ast.Not(), operand=of):
            return not value(of, result)
        case ast.Compare(left=left, ops=[relation], comparators=[right]):
            return related(relation, value(left, result), value(right, result))
    raise LookupError(ast.dump(node))


def related(relation: ast.cmpop, left: Any, right: Any) -> bool:
    match relation:
        case ast.Eq() | ast.Is():
            return bool(left == right)
        case ast.In():
            return left in right
        case ast.NotIn():
            return left not in right
    raise LookupError(relation)


def is_kept(expression: ast.expr) -> bool:
    """Tell whether an expression speaks of nothing but what we keep."""
    keys = {each.slice.value for each in ast.walk(expression) if isinstance(each, ast.Subscript)}
    said = {each.value for each in ast.walk(expression) if isinstance(each, ast.Constant)}
    calls = any(isinstance(each, ast.Attribute) for each in ast.walk(expression))
    return not calls and {key for key in keys if isinstance(key, str)} <= KEPT and not said & LEFT


def statements(body: bytes) -> Iterator[str]:
    """Yield what a file of listparser's says of itself."""
    yield from (found.strip() for found in re.findall(r"Eval:\s*(.+)", body.decode("utf-8", "replace")))


def test_lists_are_read_as_their_collection_says_but_where_we_say_why_not():
    equal, differing = 0, set()
    for name, body in files("listparser"):
        result = seen(body)
        for statement in statements(body):
            expression = ast.parse(statement, mode="eval").body
            if not is_kept(expression):
                continue
            try:
                agreed = bool(value(expression, result))
            except (LookupError, TypeError):
                agreed = False
            equal += agreed
            differing |= set() if agreed else {(name, statement)}
    reasons = {
        (name, statement): [each["why"] for each in DIFFERENCES if name.startswith(each["files"])]
        for name, statement in differing
    }
    assert all(len(why) == 1 for why in reasons.values()), [each for each, why in reasons.items() if len(why) != 1]
    for each in DIFFERENCES:
        assert sum(name.startswith(each["files"]) for name, _ in differing) == each["statements"], each
    assert (equal, len(differing)) == (141, 82)


def test_every_list_of_the_validator_is_read_or_refused_in_a_line():
    outcomes = {}
    for name, body in files("feedvalidator"):
        if not name.endswith(".opml"):
            continue
        try:
            outcomes[name] = len(read_outlines(body).found)
        except OutlineError as error:
            outcomes[name] = str(error)
    assert len(outcomes) == 36
    refused = {name: told for name, told in outcomes.items() if isinstance(told, str)}
    assert refused == {"testcases/opml/errors/missingOpml.opml": "it is no OPML: it has no <opml> in it"}
    assert outcomes["testcases/opml/clean/subscriptionList.opml"] == 13
    assert outcomes["testcases/opml/errors/notwellformed.opml"] == 1
