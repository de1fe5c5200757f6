"""aiogram's models as one of the sources of truth; they take seconds to load, which only who runs the server waits for."""

from __future__ import annotations

import typing
from datetime import datetime, timedelta
from enum import Enum
from types import NoneType
from typing import Any, Literal

import aiogram.methods
from aiogram.client.default import Default
from aiogram.types.base import UNSET_TYPE
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tests.botapi.schema import Method, Object, Parameter, Schema

SCALARS = {
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    str: "String",
    datetime: "Integer",
    timedelta: "Integer",
}


def from_aiogram() -> Schema:
    """Read aiogram's models."""
    schema = Schema()
    for name in aiogram.methods.__all__:
        model = getattr(aiogram.methods, name)
        api_name = getattr(model, "__api_method__", None)
        if isinstance(api_name, str):
            returns = _names(model.__returning__, schema)
            schema.methods[api_name.lower()] = Method(api_name, _modelled(model, schema), returns)
    return schema


def _modelled(model: type[BaseModel], schema: Schema) -> dict[str, Parameter]:
    return {
        info.alias or name: Parameter(_names(_annotation(info), schema), info.is_required())
        for name, info in model.model_fields.items()
    }


def _annotation(info: FieldInfo) -> Any:
    return info.annotation


def _names(annotation: Any, schema: Schema) -> tuple[str, ...]:
    """Return the type names of an annotation, adding the objects it mentions to the schema."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return ("Boolean",) if isinstance(arguments[0], bool) else ("String",)
    if origin is list:
        return tuple(f"Array of {name}" for name in _names(arguments[0], schema))
    if origin is typing.Annotated:
        return _names(arguments[0], schema)
    if arguments:
        return tuple(dict.fromkeys(name for each in arguments for name in _names(each, schema)))
    return _plain_names(annotation, schema)


def _plain_names(annotation: Any, schema: Schema) -> tuple[str, ...]:
    if annotation in SCALARS:
        return (SCALARS[annotation],)
    if not isinstance(annotation, type) or annotation in (NoneType, Default, UNSET_TYPE):
        return ()
    if issubclass(annotation, Enum):
        return ("String",)
    name = annotation.__name__
    if issubclass(annotation, BaseModel) and name not in schema.objects:
        schema.objects[name] = Object({})
        schema.objects[name] = Object(_modelled(annotation, schema))
    return (name,)
