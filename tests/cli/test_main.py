"""The command line finds its commands and turns failures into one line and an exit code."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.__main__ import main, vistka
from bot.ports import PermanentError
from bot.settings import SettingsError

VISTKA = Path(sys.executable).with_name("vistka")


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


def test_an_interrupt_ends_without_a_traceback_and_keeps_what_was_printed():
    item = b'{"id": "1", "title": "Rain", "published": "2025-06-09T12:00:00Z"}\n'
    with subprocess.Popen(
        [VISTKA, "extract"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdin
        assert running.stdout
        running.stdin.write(item)
        running.stdin.flush()
        printed = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, json.loads(printed)["id"]) == (1, "1")
    assert errors.decode().strip() == "Aborted!"


@pytest.mark.parametrize(
    ("redirection", "code", "words"),
    [
        ("< /dev/null > /dev/full", 1, "cannot be written (No space left on device)"),
        ("<&-", 2, "is closed"),
        (">&-", 2, "is closed"),
    ],
)
def test_unusable_streams_are_one_line(redirection, code, words):
    ended = subprocess.run(
        f"{shlex.quote(str(VISTKA))} --version {redirection}", shell=True, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (code, 1)
    assert words in ended.stderr
