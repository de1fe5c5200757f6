"""The script that makes the files of secrets: once, closed to others, and never over what is there."""

from __future__ import annotations

import os
import subprocess

import pytest

from bot.settings import TOKEN, load_settings
from tests.deploy.files import DEPLOY

SCRIPT = DEPLOY / "secrets.sh"


def made(folder, *words, given="12:token\n"):
    environment = {"PATH": os.environ["PATH"], "SECRETS": str(folder)}
    return subprocess.run([SCRIPT, *words], input=given, env=environment, capture_output=True, text=True, check=False)


def test_what_it_makes_is_read_as_settings(tmp_path, monkeypatch):
    folder = tmp_path / "secrets"
    assert made(folder, "--postgres", "--grafana").returncode == 0
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN_FILE", str(folder / "telegram_token"))
    monkeypatch.setenv("VISTKA_DATABASE_URL_FILE", str(folder / "database_url"))
    monkeypatch.setenv("VISTKA_DATABASE_URL", "")
    settings = load_settings(tmp_path)
    password = (folder / "database_password").read_text(encoding="ascii")
    assert settings.telegram_token.get_secret_value() == "12:token"
    assert settings.database_url.get_secret_value() == f"postgresql://vistka:{password}@database/vistka"
    assert len({password, (folder / "grafana_password").read_text(encoding="ascii")}) == 2
    assert len(password) == 48


def test_nobody_else_gets_into_the_folder_and_nobody_writes_the_files(tmp_path):
    folder = tmp_path / "secrets"
    made(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [each.stat().st_mode & 0o777 for each in folder.iterdir()] == [0o444]


def test_what_is_there_stays(tmp_path):
    made(tmp_path, "--postgres")
    before = {each.name: each.read_text(encoding="ascii") for each in tmp_path.iterdir()}
    assert made(tmp_path, "--postgres", given="34:other\n").returncode == 0
    assert {each.name: each.read_text(encoding="ascii") for each in tmp_path.iterdir()} == before


@pytest.mark.parametrize("given", ["", "token", "a:b:c", ":x", "1:", "1:a b", "1:a;rm"])
def test_what_is_no_token_is_refused_and_not_repeated(tmp_path, given):
    done = made(tmp_path, given=given)
    assert done.returncode == 1
    assert not TOKEN.fullmatch(given)
    assert "no bot token" in done.stderr
    assert "rm" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_another_word_is_refused_with_those_that_there_are(tmp_path):
    done = made(tmp_path, "--mysql")
    assert done.returncode == 2
    assert "--postgres" in done.stderr
