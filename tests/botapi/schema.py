"""What a request and a reply may hold, taken from two sources that we did not write.

aiogram's models are always there; Telegram's documentation as JSON (`../shared/telegram/api.json`) where the project
is checked out beside it. Both are turned into one shape, and every request and reply has to satisfy each of them, so
that a mistake of ours, of python-telegram-bot or of one source does not pass unseen.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SPECIFICATION = Path(__file__).parents[2].parent / "shared" / "telegram" / "api.json"
WHOLE = re.compile(r"-?\d+")
TRUTHS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """Which types are allowed ("Integer", "Array of X", object names) and whether it has to be there."""

    types: tuple[str, ...]
    required: bool


@dataclass(frozen=True, slots=True)
class Object:
    """The fields of an object, or the names of the objects that it stands for."""

    fields: Mapping[str, Parameter]
    subtypes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Bot API."""

    name: str
    parameters: Mapping[str, Parameter]
    returns: tuple[str, ...]


@dataclass(slots=True)
class Schema:
    """Methods by their name in lower case, since Telegram ignores case there, and objects by name."""

    methods: dict[str, Method] = field(default_factory=dict)
    objects: dict[str, Object] = field(default_factory=dict)

    def faults(self, value: Any, types: tuple[str, ...], path: str) -> list[str]:
        """Return what is wrong with a value; nothing where one of the types fits."""
        found = [list(self._of_type(value, name, path)) for name in types]
        return [] if not found or [] in found else min(found, key=len)

    def missing_and_unknown(self, value: Mapping[str, Any], fields: Mapping[str, Parameter], path: str) -> list[str]:
        """Return the required names that are absent and the names that do not exist."""
        absent = [f"{path}.{name} is missing" for name, it in fields.items() if it.required and name not in value]
        return absent + [f"{path}.{name} is unknown" for name in value if name not in fields]

    def _of_type(self, value: Any, name: str, path: str) -> Iterator[str]:
        if name.startswith("Array of "):
            yield from self._array(value, name.removeprefix("Array of "), path)
        elif name in SCALAR_CHECKS:
            if not SCALAR_CHECKS[name](value):
                yield f"{path} must be {name}"
        elif not isinstance(value, dict):
            yield f"{path} must be {name}"
        else:
            yield from self._object(value, name, path)

    def _array(self, value: Any, name: str, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} must be an array"
            return
        for index, element in enumerate(value):
            yield from self.faults(element, (name,), f"{path}[{index}]")

    def _object(self, value: dict[str, Any], name: str, path: str) -> Iterator[str]:
        shape = self.objects[name]
        if shape.subtypes:
            yield from self.faults(value, shape.subtypes, path)
            return
        yield from self.missing_and_unknown(value, shape.fields, path)
        for key, element in value.items():
            if key in shape.fields:
                yield from self.faults(element, shape.fields[key].types, f"{path}.{key}")


SCALAR_CHECKS = {
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    "String": lambda value: isinstance(value, str),
    "InputFile": lambda value: isinstance(value, bytes) or str(value).startswith("attach://"),
}


def decode(raw: Any, types: tuple[str, ...]) -> Any:
    """Turn a form field into a value of one of the types, as the server does; ValueError where it is none."""
    if isinstance(raw, bytes):
        return raw
    text = raw if isinstance(raw, str) else json.dumps(raw)
    if "Integer" in types and WHOLE.fullmatch(text):
        return int(text)
    if "String" in types or "InputFile" in types:
        return text
    if types == ("Boolean",):
        return TRUTHS[text.lower()]
    return json.loads(text)


def from_specification(path: Path = SPECIFICATION) -> Schema:
    """Read Telegram's documentation as JSON."""
    document = json.loads(path.read_text(encoding="utf-8"))
    objects = {
        name: Object(_documented(shape), tuple(shape.get("subtypes", ()))) for name, shape in document["types"].items()
    }
    methods = {
        name.lower(): Method(name, _documented(shape), tuple(shape["returns"]))
        for name, shape in document["methods"].items()
    }
    return Schema(methods, objects)


def _documented(shape: Mapping[str, Any]) -> dict[str, Parameter]:
    fields = shape.get("fields", ())
    return {each["name"]: Parameter(tuple(each["types"]), each["required"]) for each in fields}
