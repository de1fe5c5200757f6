"""The pages of settings and of the command line are what the code makes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import SECRETS, Settings
from tests.deploy.files import ROOT, loaded


@pytest.mark.parametrize("name", ["settings", "cli"])
def test_the_page_is_in_step_with_the_code(name):
    script = loaded(f"scripts/{name}.py")
    assert script.PAGE.read_text(encoding="utf-8") == script.page(), f"run python scripts/{name}.py"


def test_every_setting_says_what_it_means():
    assert all(field.description and field.description.endswith(".") for field in Settings.model_fields.values())
    assert {name.lower() for name in SECRETS} <= Settings.model_fields.keys()


@pytest.mark.parametrize(
    "path", ["README.md", "deploy/README.md", *(f"docs/howto/{name}.md" for name in ("channel", "deploy", "watch"))]
)
def test_a_command_that_a_guide_shows_is_in_the_reference(path):
    known = set(
        re.findall(r"^## (vistka .+)$", (ROOT / "docs/reference/cli.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    words = {word for name in known for word in name.split()[1:2]}
    for shown in re.findall(r"`(?:\.venv/bin/)?vistka ([a-z]+)", Path(ROOT / path).read_text(encoding="utf-8")):
        assert shown in words, shown
