"""Finds plug-ins by their folder: the only dynamic import of the house.

A kind, source type, job or command is one module (or package) in its folder that ends in one annotated constant;
dropping the file in is all it takes, and no list names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover(folder: ModuleType, constant: str) -> tuple[Any, ...]:
    """Return the constant of every module in the folder, ordered by module name; raise where one lacks it."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    modules = (importlib.import_module(f"{folder.__name__}.{name}") for name in names if not name.startswith("_"))
    return tuple(getattr(module, constant) for module in modules)
