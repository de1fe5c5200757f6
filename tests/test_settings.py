"""The environment becomes settings, or one line that helps."""

from __future__ import annotations

import os
from ipaddress import ip_network

import pytest

from bot.settings import Settings, SettingsError, load_settings

NO_ADDRESSES = [
    ("VISTKA_HTTP", "8080", ("VISTKA_HTTP", "a host or a port alone; 127.0.0.1:8080", "HOST:PORT")),
    ("VISTKA_HTTP", ":8080", ("VISTKA_HTTP", "a host or a port alone")),
    ("VISTKA_HTTP", "localhost", ("VISTKA_HTTP", "a host or a port alone")),
    ("VISTKA_HTTP", "127.0.0.1:http", ("VISTKA_HTTP", "its port is no number")),
    ("VISTKA_HTTP", "127.0.0.1:-1", ("VISTKA_HTTP", "its port is no number")),
    ("VISTKA_HTTP", "127.0.0.1:８０８０", ("VISTKA_HTTP", "its port is no number")),
    ("VISTKA_HTTP", "127.0.0.1:65536", ("VISTKA_HTTP", "its port is above 65535")),
    ("VISTKA_HTTP", f"127.0.0.1:{'9' * 5000}", ("VISTKA_HTTP", "its port is above 65535")),
    ("VISTKA_HTTP", "http://127.0.0.1:8080", ("VISTKA_HTTP", "a slash or a blank")),
    ("VISTKA_HTTP", "[::1]:8080", ("VISTKA_HTTP", "neither a name nor an IPv4 address")),
    ("VISTKA_HTTP", "::1", ("VISTKA_HTTP", "neither a name nor an IPv4 address")),
]
"""What VISTKA_HTTP may be by mistake, and the words in which that is said, whatever else is set."""


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in list(os.environ):
        if name.startswith("VISTKA_"):
            monkeypatch.delenv(name)


def test_without_any_setting_the_defaults_stand(tmp_path):
    assert load_settings(tmp_path) == Settings()


def test_lists_are_separated_by_commas(tmp_path, monkeypatch):
    monkeypatch.setenv("VISTKA_CHANNELS", "-1001, -1002")
    monkeypatch.setenv("VISTKA_FETCH_ALLOW", "127.0.0.0/8,::1/128")
    settings = load_settings(tmp_path)
    assert settings.channels == (-1001, -1002)
    assert settings.fetch_allow == (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def test_the_environment_beats_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("VISTKA_POLL_SECONDS=5\nVISTKA_LANGUAGE=uk\n", encoding="utf-8")
    monkeypatch.setenv("VISTKA_POLL_SECONDS", "7")
    settings = load_settings(tmp_path)
    assert (settings.poll_seconds, settings.language) == (7, "uk")


def test_a_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "token").write_text("1:canary\n", encoding="utf-8")
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN_FILE", str(tmp_path / "token"))
    settings = load_settings(tmp_path)
    assert settings.telegram_token is not None
    assert settings.telegram_token.get_secret_value() == "1:canary"
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("VISTKA_ADMINS", "12,boss", ("VISTKA_ADMINS", "'boss' is not a number")),
        ("VISTKA_ADMINS", "12,-100123", ("VISTKA_ADMINS", "-100123 is no person")),
        ("VISTKA_ADMINS", "0", ("VISTKA_ADMINS", "0 is no person")),
        ("VISTKA_POLL_SECONDS", "soon", ("VISTKA_POLL_SECONDS", "it is no number")),
        ("VISTKA_POLL_SECONDS", "0", ("VISTKA_POLL_SECONDS", "it is below 1")),
        ("VISTKA_FETCH_ALLOW", "localhost", ("VISTKA_FETCH_ALLOW", "is not a network")),
        ("VISTKA_TELEGRAM_API", "telegram", ("VISTKA_TELEGRAM_API", "Base URL")),
        *NO_ADDRESSES,
        ("VISTKA_EDITORS", "-5", ("VISTKA_EDITORS", "-5 is no person")),
        ("VISTKA_RESEND_UNKNOWN", "maybe", ("VISTKA_RESEND_UNKNOWN", "neither true nor false")),
        ("VISTKA_NAME", "x" * 65, ("VISTKA_NAME", "longer than 64 characters")),
        ("VISTKA_LANGUAGE", "Polish", ("VISTKA_LANGUAGE", "two or three small letters")),
        ("VISTKA_CHANELS", "1", ("VISTKA_CHANELS", "did you mean VISTKA_CHANNELS")),
        ("VISTKA_TELEGRAM_TOKEN_FILE", "/nowhere/token", ("VISTKA_TELEGRAM_TOKEN_FILE", "cannot be read")),
        ("VISTKA_TELEGRAM_TOKEN_FILE", os.devnull, ("VISTKA_TELEGRAM_TOKEN_FILE", "is empty")),
        ("VISTKA_TELEGRAM_TOKEN", "12:new\nline", ("VISTKA_TELEGRAM_TOKEN", "no bot token", "@BotFather")),
        ("VISTKA_TELEGRAM_API", "http://[", ("VISTKA_TELEGRAM_API", "Base URL")),
        ("VISTKA_TELEGRAM_API", "http:///bot", ("VISTKA_TELEGRAM_API", "names no host")),
        ("VISTKA_CHANNELS", "9" * 30, ("VISTKA_CHANNELS", "is not a number such as Telegram's ids")),
        ("VISTKA_TELEGRAM_API", "https://h:99999", ("VISTKA_TELEGRAM_API", "it is no address")),
        ("VISTKA_TELEGRAM_API", "https://a b", ("VISTKA_TELEGRAM_API", "a blank")),
        ("VISTKA_CHANNELS", "0", ("VISTKA_CHANNELS", "0 is no chat")),
        ("VISTKA_CHANNELS", "{x}", ("VISTKA_CHANNELS", "'{x}' is not a number")),
        ("VISTKA_HORIZON_HOURS", "inf", ("VISTKA_HORIZON_HOURS", "it is no number")),
        ("VISTKA_HORIZON_HOURS", "-0.1", ("VISTKA_HORIZON_HOURS", "it is below 0")),
        ("VISTKA_EDIT_SECONDS", "nan", ("VISTKA_EDIT_SECONDS", "it is no number")),
        ("VISTKA_EDIT_SECONDS", "3601", ("VISTKA_EDIT_SECONDS", "it is above 3600")),
        ("VISTKA_FULL_TEXT", "2", ("VISTKA_FULL_TEXT", "neither true nor false")),
        ("VISTKA_CONTACT", "me@example.org\nX-Sent: no", ("VISTKA_CONTACT", "more than one line")),
        ("VISTKA_CONTACT", "x" * 201, ("VISTKA_CONTACT", "longer than 200 characters")),
        ("VISTKA_WEBHOOK_SECRET", "short", ("VISTKA_WEBHOOK_SECRET", "too short", "16 to 256")),
        ("VISTKA_WEBHOOK_URL", "http://vistka.example", ("VISTKA_WEBHOOK_URL", "does not begin with https://")),
        (
            "VISTKA_PUBLIC_URL",
            "https://v.example?x",
            ("VISTKA_PUBLIC_URL", "does not begin with https://, or has a blank, ?"),
        ),
    ],
)
def test_a_bad_setting_is_one_line_with_its_name_and_the_remedy(tmp_path, monkeypatch, name, value, words):
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    line = str(caught.value)
    assert "\n" not in line
    assert all(word in line for word in words)


def test_every_setting_that_not_anything_will_do_for_has_a_bad_one_here():
    """The others are judged where they are opened: a database, a folder and a file say themselves what is wrong with them."""
    (table,) = test_a_bad_setting_is_one_line_with_its_name_and_the_remedy.pytestmark
    judged = {name.removeprefix("VISTKA_").lower() for name, *_ in table.args[1]}
    assert Settings.model_fields.keys() - judged == {"database_url", "backups", "sources"}


@pytest.mark.parametrize("place", ["127.0.0.1:8080", "0.0.0.0:0", "vistka.internal:65535", ""])
def test_a_place_to_listen_at_is_a_host_and_a_port(tmp_path, monkeypatch, place):
    monkeypatch.setenv("VISTKA_HTTP", place)
    assert load_settings(tmp_path).http == place


def test_a_secret_given_twice_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN", "1:a")
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN_FILE", "x")
    with pytest.raises(SettingsError, match="both set"):
        load_settings(tmp_path)


def test_an_env_file_saved_by_windows_is_read_like_any_other(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfVISTKA_LANGUAGE=uk\r\nVISTKA_POLL_SECONDS=5\r\n")
    settings = load_settings(tmp_path)
    assert (settings.language, settings.poll_seconds) == ("uk", 5)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"VISTKA_POLL_SECONDS=5\nthis is no setting\n", ("line 2", "NAME=value")),
        (b'VISTKA_TELEGRAM_TOKEN="1:secret\nVISTKA_POLL_SECONDS=5\n', ("line 1", "NAME=value")),
        ("VISTKA_LANGUAGE=uk".encode("utf-16"), (".env: cannot be read", "UTF-8")),
    ],
)
def test_an_env_file_that_cannot_be_understood_is_refused(tmp_path, written, words):
    (tmp_path / ".env").write_bytes(written)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    line = str(caught.value)
    assert "secret" not in line
    assert all(word in line for word in words)


def test_a_folder_in_the_place_of_the_env_file_is_refused(tmp_path):
    (tmp_path / ".env").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


PUSHED = {
    "VISTKA_TELEGRAM_TOKEN": "1:canary",
    "VISTKA_PUBLIC_URL": "https://bot.example.org:4433/",
    "VISTKA_HTTP": "127.0.0.1:8080",
    "VISTKA_WEBHOOK_URL": "https://bot.example.org/telegram/",
    "VISTKA_WEBHOOK_SECRET": "canary-canary-canary",
}


def test_updates_may_be_pushed(tmp_path, monkeypatch):
    for name, value in PUSHED.items():
        monkeypatch.setenv(name, value)
    settings = load_settings(tmp_path)
    assert settings.webhook_url == "https://bot.example.org/telegram"
    assert settings.public_url == "https://bot.example.org:4433"
    assert "canary" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("VISTKA_WEBHOOK_URL", "http://bot.example.org", ("VISTKA_WEBHOOK_URL", "https://")),
        ("VISTKA_WEBHOOK_URL", "https://", ("VISTKA_WEBHOOK_URL", "https://")),
        ("VISTKA_WEBHOOK_URL", "https://:443", ("VISTKA_WEBHOOK_URL", "names no host")),
        ("VISTKA_WEBHOOK_URL", "https://bot.example.org:x", ("VISTKA_WEBHOOK_URL", "it is no address")),
        ("VISTKA_WEBHOOK_URL", "https://bot.example.org:8080", ("VISTKA_WEBHOOK_URL", "443, 80, 88 and 8443")),
        ("VISTKA_HTTP", "", ("VISTKA_WEBHOOK_URL", "VISTKA_HTTP is not set")),
        ("VISTKA_PUBLIC_URL", "http://bot.example.org", ("VISTKA_PUBLIC_URL", "https://")),
        ("VISTKA_PUBLIC_URL", "https://:443", ("VISTKA_PUBLIC_URL", "names no host")),
        ("VISTKA_PUBLIC_URL", "https://bot.example.org:x", ("VISTKA_PUBLIC_URL", "it is no address")),
        *NO_ADDRESSES,
        ("VISTKA_TELEGRAM_TOKEN", "", ("VISTKA_WEBHOOK_URL", "VISTKA_TELEGRAM_TOKEN is not set")),
        ("VISTKA_WEBHOOK_SECRET", "canary", ("VISTKA_WEBHOOK_SECRET", "too short")),
        ("VISTKA_WEBHOOK_SECRET", "canary canary canary", ("VISTKA_WEBHOOK_SECRET", "other signs")),
        ("VISTKA_WEBHOOK_SECRET", "canary" * 50, ("VISTKA_WEBHOOK_SECRET", "too long")),
    ],
)
def test_what_would_keep_pushed_updates_away_is_one_line_without_the_secret(tmp_path, monkeypatch, name, value, words):
    for each, good in (PUSHED | {name: value}).items():
        monkeypatch.setenv(each, good)
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    line = str(caught.value)
    assert all(word in line for word in words)
    assert "canary" not in line
    assert "\n" not in line


def test_an_address_for_hubs_needs_one_to_listen_on(tmp_path, monkeypatch):
    monkeypatch.setenv("VISTKA_PUBLIC_URL", "https://bot.example.org")
    with pytest.raises(SettingsError, match="VISTKA_PUBLIC_URL: VISTKA_HTTP is not set"):
        load_settings(tmp_path)
