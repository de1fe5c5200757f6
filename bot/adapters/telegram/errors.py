"""What a failed call means for a message: did it surely not arrive, may it have arrived, or will it never.

python-telegram-bot tells these apart only by an exception's cause: its TimedOut is both "could not connect" and "was
sent, no answer", and its BadRequest is a NetworkError.
"""

from __future__ import annotations

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.adapters.secrecy import redacted
from bot.adapters.telegram.fencing import NotOursError
from bot.adapters.telegram.limiter import seconds_of
from bot.adapters.telegram.own import NEVER_LEFT
from bot.ports import MigratedError, PermanentError, TemporaryError, UnknownOutcomeError, VistkaError

TOKEN_DELAY = 300.0
CLOSED_TO_US = (
    "chat not found",
    "not enough rights",
    "need administrator rights",
    "have no rights",
    "chat_write_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "topic_closed",
    "peer_id_invalid",
)
NOT_MODIFIED = "message is not modified"
BAD_MARKUP = "can't parse entities"
NO_THREAD = "message thread not found"


def says(error: TelegramError, text: str) -> bool:
    """Return whether it is a 400 with this text in it."""
    return isinstance(error, BadRequest) and text in error.message.lower()


def outcome(error: TelegramError, chat_id: int) -> VistkaError:
    """Return what a failed send or edit means."""
    text = f"Telegram, chat {chat_id}: {redacted(error.message)}"
    match error:
        case RetryAfter():
            return TemporaryError(text, seconds_of(error))
        case ChatMigrated():
            return MigratedError(text, error.new_chat_id)
        case Forbidden() | BadRequest():
            return PermanentError(text, gone=_is_closed(error))
        case InvalidToken():
            return TemporaryError("Telegram refuses the token; check VISTKA_TELEGRAM_TOKEN", TOKEN_DELAY)
        case NotOursError():
            return TemporaryError(text)
    return TemporaryError(text) if isinstance(error.__cause__, NEVER_LEFT) else UnknownOutcomeError(text)


def looked_up(error: TelegramError, chat_id: int) -> VistkaError:
    """Return what a failed look means: one without an answer is simply taken again."""
    failure = outcome(error, chat_id)
    return TemporaryError(str(failure)) if isinstance(failure, UnknownOutcomeError) else failure


def _is_closed(error: TelegramError) -> bool:
    return isinstance(error, Forbidden) or any(says(error, reason) for reason in CLOSED_TO_US)
