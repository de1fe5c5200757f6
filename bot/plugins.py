"""Finds plug-ins by their folder: the only dynamic import of the house.

A kind, source type, job or command is one module (or package) in its folder that ends in an annotated constant; dropping
the file in is all it takes, and no list names it. A command may bring its buttons along, as a constant of their own.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from types import ModuleType
from typing import Any


def discover(folder: ModuleType, *constants: str) -> tuple[Any, ...]:
    """Return the constants in which the modules of the folder end, ordered by module name.

    In a folder of several sorts of plug-ins a module has one or more of the `constants`; raise where it has none.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    modules = (importlib.import_module(f"{folder.__name__}.{name}") for name in names if not name.startswith("_"))
    return tuple(getattr(module, name) for module in modules for name in _ends_in(module, constants))


def _ends_in(module: ModuleType, constants: Sequence[str]) -> list[str]:
    return [constant for constant in constants if hasattr(module, constant)] or [constants[0]]
