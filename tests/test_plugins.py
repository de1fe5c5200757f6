"""Plug-ins are found by their folder."""

from __future__ import annotations

import types

import pytest

import bot.core.kinds
import bot.core.sources
import bot.jobs
import handlers
from bot.core.kinds import Kind
from bot.core.sources import SourceType
from bot.jobs import Job
from bot.plugins import discover
from handlers import Buttons, Command, Inline, Texts


@pytest.mark.parametrize(
    ("folder", "constant", "wanted", "least"),
    [
        (bot.core.kinds, "KIND", Kind, 2),
        (bot.core.sources, "SOURCE", SourceType, 3),
        (bot.jobs, "JOB", Job, 2),
    ],
)
def test_every_module_of_a_plugin_folder_brings_its_constant(folder, constant, wanted, least):
    found = discover(folder, constant)
    assert len(found) >= least
    assert all(isinstance(plugin, wanted) for plugin in found)
    assert len({plugin.name for plugin in found}) == len(found)


def test_the_modules_of_the_handlers_bring_commands_buttons_and_what_else_is_answered():
    plugs = discover(handlers, *handlers.PLUG_INS)
    names = [plug.name for plug in plugs if isinstance(plug, Command)]
    prefixes = [plug.prefix for plug in plugs if isinstance(plug, Buttons)]
    assert len(set(names)) == len(names) >= 20
    assert {"desk", "say", "show", "page", "set"} <= set(prefixes)
    assert len(set(prefixes)) == len(prefixes)
    assert sum(isinstance(plug, Inline) for plug in plugs) == 1
    assert all(isinstance(plug, Command | Buttons | Inline | Texts) for plug in plugs)


def test_a_module_may_bring_several_constants(tmp_path, monkeypatch):
    (tmp_path / "several").mkdir()
    (tmp_path / "several" / "__init__.py").touch()
    (tmp_path / "several" / "both.py").write_text("THING, OTHER = 1, 2", encoding="utf-8")
    (tmp_path / "several" / "one.py").write_text("OTHER = 3", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert discover(__import__("several"), "THING", "OTHER") == (1, 2, 3)


def test_a_dropped_in_file_is_found_and_a_private_one_is_not(tmp_path, monkeypatch):
    (tmp_path / "plugged").mkdir()
    (tmp_path / "plugged" / "__init__.py").touch()
    (tmp_path / "plugged" / "one.py").write_text("THING = 1", encoding="utf-8")
    (tmp_path / "plugged" / "_hidden.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = __import__("plugged")
    assert discover(folder, "THING") == (1,)


def test_a_plugin_without_its_constant_is_an_error():
    folder = types.ModuleType("bot.core.text")
    folder.__path__ = list(__import__("bot.core.text", fromlist=["x"]).__path__)
    with pytest.raises(AttributeError):
        discover(folder, "KIND")
