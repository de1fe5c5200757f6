"""The environment as one frozen value, read once at the start.

Every setting is a `VISTKA_...` variable, in the environment or in `.env` of the working folder; lists are separated by
commas; a secret may stand in a file instead, named by `..._FILE`. What is missing, malformed or misspelt ends the
program with one line that names the variable and the remedy, never its secret value.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from io import StringIO
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from bot.ports import VistkaError

PREFIX = "VISTKA_"
SECRETS = ("TELEGRAM_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET")
LARGEST_ID = 2**52
"""Telegram's ids have at most 52 significant bits."""
TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
SECRET = re.compile(r"[\w-]{16,256}", re.ASCII)
FORMS = {
    "telegram_api": "it does not begin with https:// or http://",
    "webhook_url": "it does not begin with https://, or has a blank, ?, # or @ in it",
    "public_url": "it does not begin with https://, or has a blank, ?, # or @ in it",
    "language": "it is no code of two or three small letters",
}
"""What is wrong with a setting that has another form than its pattern."""
COMPLAINTS = {
    "float_parsing": "it is no number",
    "finite_number": "it is no number",
    "greater_than_equal": "it is below {ge:g}",
    "less_than_equal": "it is above {le:g}",
    "bool_parsing": "it is neither true nor false",
    "string_too_long": "it is longer than {max_length} characters",
}
"""What is wrong, by what the library calls it."""
LARGEST_PORT = 65535
WEBHOOK_PORTS = (None, 443, 80, 88, 8443)
"""The ports to which Telegram pushes updates."""

Networks = tuple[IPv4Network | IPv6Network, ...]


class SettingsError(VistkaError):
    """A setting is missing, malformed or unknown."""

    exit_code = 2


class Settings(BaseModel):
    """All that an operator can choose. The descriptions are the reference; `.env.example` lists them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    telegram_token: SecretStr | None = Field(
        default=None, description="The bot's token from @BotFather; without it posts go to the terminal."
    )
    telegram_api: str = Field(
        default="https://api.telegram.org", pattern=r"^https?://", description="Base URL of the Bot API."
    )
    database_url: SecretStr = Field(
        default=SecretStr("sqlite:///vistka.sqlite3"),
        description="sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME.",
    )
    backups: Path | None = Field(
        default=None,
        description="Folder that the daemon writes a backup of the database to once a day, and old news to once a month.",
    )
    sources: Path | None = Field(
        default=None, description="TOML file of [[source]] tables; the bundled list where unset."
    )
    admins: tuple[int, ...] = Field(
        default=(),
        description="User ids of the bot's admins, who are asked about doubtful events and may rule on them; "
        "each has to write to the bot once.",
    )
    editors: tuple[int, ...] = Field(
        default=(),
        description="User ids of those who may rule on events as admins do, but hear nothing of what ails the bot.",
    )
    channels: tuple[int, ...] = Field(default=(), description="Chat ids that are posted to from the start.")
    language: str = Field(
        default="en",
        pattern=r"^[a-z]{2,3}$",
        description="Language of posts in VISTKA_CHANNELS and in the terminal: a folder of bot/data, such as uk.",
    )
    fetch_allow: Networks = Field(
        default=(), description="Networks that the fetch guard lets through, such as 127.0.0.0/8 for a local feed."
    )
    poll_seconds: float = Field(default=60, ge=1, le=21600, description="Shortest interval between polls of a source.")
    horizon_hours: float = Field(
        default=6, ge=0, le=87600, description="At the first poll of a source, items older than this are never posted."
    )
    edit_seconds: float = Field(
        default=30,
        ge=0,
        le=3600,
        description="Least seconds between two edits of one post; what comes meanwhile is one edit.",
    )
    contact: str = Field(
        default="", max_length=200, description="Address in the User-Agent, so that a feed's owner can reach you."
    )
    http: str = Field(
        default="",
        description="HOST:PORT to listen on: /healthz, /readyz and /metrics for our own network, and behind a proxy that has "
        "the certificate feeds and exports for everybody and what VISTKA_WEBHOOK_URL and VISTKA_PUBLIC_URL bring.",
    )
    full_text: bool = Field(
        default=True,
        description="Whether the page of an item is read where its feed has only a teaser that may be about an event.",
    )
    webhook_secret: SecretStr | None = Field(
        default=None,
        description="What Telegram has to say with every update that it pushes: 16 to 256 of A-Z, a-z, 0-9, _ and -; "
        "derived from the token where unset.",
    )
    webhook_url: str = Field(
        default="",
        pattern=r"^$|^https://[^\s?#@]+$",
        description="Address under https:// to which Telegram pushes updates; without it they are polled.",
    )
    public_url: str = Field(
        default="",
        pattern=r"^$|^https://[^\s?#@]+$",
        description="Address under https:// behind which VISTKA_HTTP listens; hubs push there what is new in feeds that "
        "have one (WebSub).",
    )
    resend_unknown: bool = Field(
        default=False,
        description="Whether a post of which nobody can tell if it arrived is sent again, and may then stand there twice.",
    )
    name: str = Field(
        default="", max_length=64, description="The bot's name as Telegram shows it; left as it is where unset."
    )

    @field_validator("telegram_token")
    @classmethod
    def _shaped(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not TOKEN.fullmatch(value.get_secret_value()):
            msg = "it is no bot token, which is a number, a colon and some thirty letters"
            raise ValueError(msg)
        return value

    @field_validator("telegram_api")
    @classmethod
    def _with_host(cls, value: str) -> str:
        if complaint := _no_address(value):
            raise ValueError(complaint)
        return value

    @field_validator("contact")
    @classmethod
    def _in_a_header(cls, value: str) -> str:
        if not value.isprintable():
            msg = "it has more than one line, or signs that nobody can read"
            raise ValueError(msg)
        return value

    @field_validator("http")
    @classmethod
    def _listened_on(cls, value: str) -> str:
        if value and (complaint := _no_place(value)):
            raise ValueError(complaint)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _sendable(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not SECRET.fullmatch(value.get_secret_value()):
            msg = "it is too short, too long, or has other signs in it"
            raise ValueError(msg)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _reachable(cls, value: str, others: ValidationInfo) -> str:
        """Refuse an address that Telegram would refuse, or that nothing of ours listens behind."""
        if value:
            complaint = _unreachable(value, others.data)
            if complaint:
                raise ValueError(complaint)
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _served(cls, value: str, others: ValidationInfo) -> str:
        complaint = value and (_no_address(value) or _unheard(others.data))
        if complaint:
            raise ValueError(complaint)
        return value.rstrip("/")

    @field_validator("admins", "editors", "channels", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return tuple(_each(value, _id, "a number such as Telegram's ids")) if isinstance(value, str) else value

    @field_validator("admins", "editors")
    @classmethod
    def _people(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        chat = next((each for each in value if each <= 0), None)
        if chat is not None:
            msg = f"{chat} is no person: the ids of people are above 0, those of groups and channels below"
            raise ValueError(msg)
        return tuple(dict.fromkeys(value))

    @field_validator("channels")
    @classmethod
    def _chats(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if 0 in value:
            msg = "0 is no chat: the id of a channel is a number such as -1001234567890"
            raise ValueError(msg)
        return value

    @field_validator("fetch_allow", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return tuple(_each(value, ip_network, "a network such as 127.0.0.0/8")) if isinstance(value, str) else value


def _no_place(value: str) -> str:
    """Return why nobody can listen at HOST:PORT, "" where somebody may."""
    host, colon, port = value.rpartition(":")
    if "/" in value or any(map(str.isspace, value)):
        return "it has a slash or a blank in it; write the host and the port alone, such as 127.0.0.1:8080"
    if not colon or not host:
        return "it names a host or a port alone; 127.0.0.1:8080 is this machine's own, 0.0.0.0:8080 all others' too"
    if set(host) & set(":[]@?#"):
        return "its host is neither a name nor an IPv4 address, such as 127.0.0.1:8080"
    if not (port.isascii() and port.isdecimal()):
        return "its port is no number, such as 127.0.0.1:8080"
    if len(port) > len(str(LARGEST_PORT)) or int(port) > LARGEST_PORT:
        return f"its port is above {LARGEST_PORT}"
    return ""


def _unreachable(url: str, others: Mapping[str, Any]) -> str:
    """Return why no update would come by this address, "" where one may."""
    if complaint := _no_address(url):
        return complaint
    if urlsplit(url).port not in WEBHOOK_PORTS:
        return "Telegram pushes to the ports 443, 80, 88 and 8443 only"
    if others.get("telegram_token", "") is None:
        return _unheard(others) or "VISTKA_TELEGRAM_TOKEN is not set, so nothing would be pushed"
    return _unheard(others)


def _no_address(url: str) -> str:
    """Return why this is no address that others can reach, "" where it may be one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "it is no address"
    if any(map(str.isspace, url)):
        return "it has a blank in it"
    return "" if parts.hostname else "it names no host"


def _unheard(others: Mapping[str, Any]) -> str:
    return "VISTKA_HTTP is not set; name there the HOST:PORT to listen on" if others.get("http") == "" else ""


def _id(text: str) -> int:
    number = int(text)
    if abs(number) > LARGEST_ID:
        raise ValueError(text)
    return number


def _each(value: str, convert: Any, wanted: str) -> list[Any]:
    """Convert a comma-separated list; the error names the part at fault."""
    converted = []
    for part in filter(None, (piece.strip() for piece in value.split(","))):
        try:
            converted.append(convert(part))
        except ValueError:
            msg = f"{part!r} is not {wanted}; separate several with commas"
            raise ValueError(msg) from None
    return converted


def bot_number(settings: Settings) -> str:
    """Return by which number everybody knows the bot, "" without a token: what stands before its colon is no secret."""
    return settings.telegram_token.get_secret_value().partition(":")[0] if settings.telegram_token else ""


def number_of(token: str) -> int:
    """Return the number of the bot that a token is for, the part before its colon; 0 where it has none."""
    number = token.partition(":")[0]
    return int(number) if number.isascii() and number.isdecimal() else 0


def load_settings(folder: Path | None = None) -> Settings:
    """Read the environment and `.env` in the folder (the working folder by default); raise SettingsError."""
    named = {**_written((folder or Path.cwd()) / ".env"), **os.environ}
    values = {name.upper(): value for name, value in named.items() if name.upper().startswith(PREFIX) and value}
    _refuse_unknown(values)
    for secret in SECRETS:
        _read_secret_file(values, PREFIX + secret)
    try:
        return Settings.model_validate({name.removeprefix(PREFIX).lower(): value for name, value in values.items()})
    except ValidationError as error:
        raise SettingsError(_first_line(error)) from None


def _written(path: Path) -> Mapping[str, str]:
    """Read `.env`; a line that means nothing is refused, since it may have been meant to hold the token."""
    if not path.exists():
        return {}
    text = _content(path, str(path))
    for line in parse_stream(StringIO(text)):
        if line.error:
            raise SettingsError(f"{path}, line {line.original.line}: it is not NAME=value; correct or remove it")
    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}


def _content(path: Path, name: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise SettingsError(f"{name}: cannot be read ({reason}); check the path and its permissions") from None


def _refuse_unknown(values: dict[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {f"{PREFIX}{name}_FILE" for name in SECRETS}
    for name in sorted(values.keys() - known):
        near = difflib.get_close_matches(name, known, n=1)
        remedy = f"did you mean {near[0]}?" if near else "see .env.example for the settings there are"
        raise SettingsError(f"{name} is not a setting; {remedy}")


def _read_secret_file(values: dict[str, str], name: str) -> None:
    """Put the content of the file named by `NAME_FILE` in the place of `NAME`."""
    path = values.pop(f"{name}_FILE", None)
    if path is None:
        return
    if name in values:
        raise SettingsError(f"{name} and {name}_FILE are both set; keep one of them")
    values[name] = _content(Path(path), f"{name}_FILE: {path}").strip()
    if not values[name]:
        raise SettingsError(f"{name}_FILE: {path} is empty; put the secret into it, or unset the variable")


def _first_line(error: ValidationError) -> str:
    """Word the first complaint for people, without the value, which may be a secret."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = str(first["loc"][0])
    if first["type"] in COMPLAINTS:
        complaint = COMPLAINTS[first["type"]].format(**first.get("ctx", {}))
    elif first["type"] == "string_pattern_mismatch":
        complaint = FORMS[field]
    else:
        complaint = first["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{field.upper()}: {complaint}. {Settings.model_fields[field].description}"
