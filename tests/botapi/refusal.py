"""How the Bot API says no: its codes and its very words, in one place."""

from __future__ import annotations

import math
from typing import Any


class Refusal(Exception):  # noqa: N818  (it is an answer, not an error of ours)
    """An answer with `ok` false."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the answer as JSON."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body if self.parameters is None else body | {"parameters": self.parameters}


def bad_request(text: str) -> Refusal:
    """Return a 400."""
    return Refusal(400, f"Bad Request: {text}")


def forbidden(text: str) -> Refusal:
    """Return a 403."""
    return Refusal(403, f"Forbidden: {text}")


def too_many_requests(seconds: float) -> Refusal:
    """Return a 429 that asks to wait."""
    whole = math.ceil(seconds)
    return Refusal(429, f"Too Many Requests: retry after {whole}", {"retry_after": whole})


def migrated(chat_id: int) -> Refusal:
    """Return the answer of a group that has become a supergroup."""
    return Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": chat_id})


UNAUTHORIZED = Refusal(401, "Unauthorized")
NO_METHOD = Refusal(404, "Not Found: method not found")
OTHER_POLLER = Refusal(
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
)
WEBHOOK = Refusal(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
)
NOT_MODIFIED = bad_request(
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message",
)
OLD_QUERY = bad_request("query is too old and response timeout expired or query ID is invalid")
