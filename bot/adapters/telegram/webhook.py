"""Has Telegram push updates to us, and takes them.

Where they are pushed to, and what Telegram says to prove that it is the one who pushes, both come from one secret, which is
derived from the token unless it is set. An update is acknowledged once it is stored; a repeat is acknowledged and dropped.
What is not acknowledged Telegram pushes again, so a store that fails loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import structlog
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.adapters.http import Asked, Listener, Route
from bot.adapters.secrecy import redacted
from bot.adapters.telegram.dispatcher import Dispatcher
from bot.adapters.telegram.incoming import WANTED
from bot.adapters.telegram.limiter import seconds_of
from bot.ports import PermanentError

log = structlog.get_logger()

HEADER = "x-telegram-bot-api-secret-token"
CONNECTIONS = 40
"""How many updates Telegram may push at the same time."""
PATIENCE = 10.0
"""Seconds that a push waits while too much is under way; then Telegram is asked to come again."""
LARGEST_UPDATE = 2**62
TAKEN, MISSHAPEN, REFUSED, UNKNOWN, LATER = 200, 400, 403, 404, 503
FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where updates are pushed to: the public `url` without our path, and the `secret` of who pushes there."""

    url: str
    secret: str = field(repr=False)

    @property
    def name(self) -> str:
        """The last part of the path. Another secret makes another address, so that Telegram gets to know it."""
        return hmac.new(self.secret.encode(), b"where", "sha256").hexdigest()[:32]

    @property
    def full(self) -> str:
        """The address that Telegram is given."""
        return f"{self.url}/{self.name}"


def derived_secret(token: str) -> str:
    """Return the secret that is used where none is set."""
    return hmac.new(token.encode(), b"vistka webhook", "sha256").hexdigest()


class Webhook:
    """Takes what is pushed: proves the sender, keeps the update, and only then acknowledges it."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        address: Address,
        listener: Listener,
        *,
        patience: float = PATIENCE,
        delay: float = FIRST_DELAY,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._address = address
        self._listener = listener
        self._patience = patience
        self._delay = delay

    async def run(self, stop: asyncio.Event) -> None:
        """Answer at the listener until `stop` is set, then let the running handlers finish.

        Raises PermanentError for an address that Telegram refuses.
        """
        try:
            await self._dispatcher.resume()
            with self._listener.answering(Route(answer=self.answer, admit=self.admit)):
                log.info("listening", at=self._listener.url, for_host=urlsplit(self._address.url).netloc)
                await self._announce(stop)
                await stop.wait()
        finally:
            await self._dispatcher.finish()

    def admit(self, asked: Asked) -> int:
        """Return the status for what somebody is about to post to us: nothing is read of who is not Telegram."""
        if not _same(asked.name, self._address.name):
            return UNKNOWN
        if not _same(asked.headers.get(HEADER, ""), self._address.secret):
            log.warning("update refused", reason="it was posted without the secret, so not by Telegram")
            return REFUSED
        return TAKEN

    async def answer(self, asked: Asked) -> int:
        """Return the status for what Telegram posted to us."""
        update = _read(asked.body)
        if update is None:
            log.warning("update refused", reason="it is none", size=len(asked.body))
            return MISSHAPEN
        try:
            await self._dispatcher.take(update, self._patience)
        except TimeoutError:
            log.warning("update put off", reason="too many are under way", update_id=update["update_id"])
            return LATER
        except Exception:
            log.exception("update not taken", update_id=update["update_id"])
            return LATER
        return TAKEN

    async def _announce(self, stop: asyncio.Event) -> None:
        """Tell Telegram the address, again and again while it is out of reach."""
        delay = self._delay
        while not stop.is_set():
            try:
                await self._write()
            except InvalidToken as error:
                raise PermanentError("Telegram refuses the token; check VISTKA_TELEGRAM_TOKEN") from error
            except BadRequest as error:
                raise PermanentError(f"VISTKA_WEBHOOK_URL: Telegram refuses it ({redacted(error.message)})") from error
            except TelegramError as error:
                pause = seconds_of(error) if isinstance(error, RetryAfter) else delay
                log.warning("webhook not set", reason=redacted(error.message), again_in=pause)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
                delay = min(LONGEST_DELAY, delay * 2)
            else:
                return

    async def _write(self) -> None:
        known = await self._bot.get_webhook_info()
        stands = known.url, known.max_connections, frozenset(known.allowed_updates or ())
        if stands != (self._address.full, CONNECTIONS, frozenset(WANTED)):
            await self._bot.set_webhook(
                self._address.full,
                max_connections=CONNECTIONS,
                allowed_updates=WANTED,
                secret_token=self._address.secret,
            )
            log.info("webhook set", host=urlsplit(self._address.url).netloc)


def _same(given: str, wanted: str) -> bool:
    """Compare in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), wanted.encode())


def _read(body: bytes) -> dict[str, object] | None:
    """Return the update that a body holds, None where it holds none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if type(number) is int and 0 < number < LARGEST_UPDATE else None
