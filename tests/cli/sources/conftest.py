"""`vistka sources` as a shell calls it, in a folder with a list of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from tests.cli.sources.listed import LIST, Call, Outcome


@pytest.fixture
def call(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `vistka sources` as a shell does, in a folder of its own."""

    def run_command(*words: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["vistka", "sources", *words])
        with pytest.raises(SystemExit) as end:
            main()
        return Outcome(end.value.code or 0, *capsys.readouterr())

    return run_command


@pytest.fixture
def own(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the sources file that the settings name."""
    path = folder / "mine.toml"
    path.write_text(LIST, encoding="utf-8")
    monkeypatch.setenv("VISTKA_SOURCES", str(path))
    return path
