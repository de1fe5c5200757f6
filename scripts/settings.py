"""Writes docs/reference/settings.md from bot/settings.py: every setting, what it is where unset, and what it means.

python scripts/settings.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from pydantic import SecretStr  # noqa: E402
from pydantic.fields import FieldInfo  # noqa: E402

from bot.settings import PREFIX, SECRETS, Settings  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "settings.md"
HEAD = """# Settings

Every setting is a variable in the environment, or a line `NAME=value` in the file `.env` of the working folder; the environment
wins. Lists are separated by commas. What is misspelt or malformed ends the program with exit code 2 and one line that names the
variable and the remedy; `vistka check` looks at more. This page is written by `scripts/settings.py`; a test fails when it is out
of step. `.env.example` has the same for copying.

| setting | where unset | meaning |
|---|---|---|
"""
SECRET = """
## Secrets

What is marked as secret may stand in a file instead, named by the same variable with `_FILE` at its end: {files}. Only one of
the two may be set. No log, traceback, message, metric or export shows a secret.
"""


def page() -> str:
    """Return the page."""
    rows = "".join(row(PREFIX + name.upper(), field) for name, field in Settings.model_fields.items())
    return HEAD + rows + SECRET.format(files=", ".join(f"`{PREFIX}{name}_FILE`" for name in SECRETS))


def row(name: str, field: FieldInfo) -> str:
    """Return the line of a setting."""
    secret = " (secret)" if name.removeprefix(PREFIX) in SECRETS else ""
    return f"| `{name}`{secret} | {_unset(field.default)} | {field.description} |\n"


def _unset(default: Any) -> str:
    value = default.get_secret_value() if isinstance(default, SecretStr) else default
    if isinstance(value, bool):
        value = str(value).lower()
    return "" if value in (None, "", ()) else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
