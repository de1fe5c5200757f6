"""The command line finds its commands and turns failures into one line and an exit code."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from bot.__main__ import main, vistka
from bot.ports import PermanentError
from bot.settings import SettingsError


def test_help_lists_every_command_with_a_line():
    result = CliRunner().invoke(vistka, ["--help"])
    assert result.exit_code == 0
    for name in ("check", "demo", "extract", "fetch", "replay", "run"):
        assert f"  {name} " in result.output


def test_help_imports_no_command():
    program = "import sys; from bot.__main__ import vistka; vistka(['--help'], standalone_mode=False); "
    program += "print([m for m in ('telegram', 'sqlmodel', 'aiohttp', 'pydantic') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "[]"


def test_an_unknown_command_is_wrong_usage():
    result = CliRunner().invoke(vistka, ["sing"])
    assert result.exit_code == 2
    assert "sing" in result.output


def test_the_version_is_told():
    assert "vistka, version 0.1.0" in CliRunner().invoke(vistka, ["--version"]).output


@pytest.mark.parametrize(
    ("error", "code"),
    [(PermanentError("the store: is full; make room"), 1), (SettingsError("VISTKA_X: odd; mend it"), 2)],
)
def test_an_expected_failure_is_one_line_on_standard_error(monkeypatch, capsys, error, code):
    def fail():
        raise error

    monkeypatch.setattr("bot.__main__.vistka", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == code
    assert capsys.readouterr() == ("", f"vistka: {error}\n")


def test_an_interrupt_ends_quietly(monkeypatch, capsys):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.__main__.vistka", interrupt)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""
