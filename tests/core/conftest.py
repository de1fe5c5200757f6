"""What counts as covered: what examples that somebody wrote down reach.

What Hypothesis draws reaches other branches on other days, and would hide that nobody has an example of them. It runs
untraced, in half of the time, as do the laws over whole collections of news (`pytest.mark.no_cover`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the measuring of coverage pause for what is drawn."""
    for item in items:
        if HERE in item.path.parents and hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker("no_cover")
