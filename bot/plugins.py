"""Finds plug-ins by their folder: the only dynamic import of the house.

A kind, source type, job or command is one module (or package) in its folder that ends in one annotated constant;
dropping the file in is all it takes, and no list names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType
from typing import Any


def discover(folder: ModuleType, *constants: str) -> tuple[Any, ...]:
    """Return the constant in which every module of the folder ends, ordered by module name.

    In a folder of several sorts of plug-ins that is one of the `constants`; raise where a module has none of them.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    modules = (importlib.import_module(f"{folder.__name__}.{name}") for name in names if not name.startswith("_"))
    return tuple(getattr(module, _ends_in(module, constants)) for module in modules)


def _ends_in(module: ModuleType, constants: Sequence[str]) -> str:
    return next((constant for constant in constants if hasattr(module, constant)), constants[0])
