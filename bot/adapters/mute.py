"""The Publish port of a process that sends nothing: what it plans waits in the outbox for the one that does."""

from __future__ import annotations

from collections.abc import Collection

from bot.core.model import Message
from bot.ports import PermanentError

_REFUSAL = "this process sends nothing; run one with --role sender"


class MutePublisher:
    """Refuses whatever is to be sent."""

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:  # noqa: ARG002
        """Refuse."""
        raise PermanentError(_REFUSAL)

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:  # noqa: ARG002
        """Refuse."""
        raise PermanentError(_REFUSAL)

    async def anchor(self, chat_id: int, thread_id: int) -> int:  # noqa: ARG002
        """Refuse."""
        raise PermanentError(_REFUSAL)

    async def find(self, chat_id: int, after: int, message: Message, answers: Collection[int] = ()) -> int:  # noqa: ARG002
        """Refuse."""
        raise PermanentError(_REFUSAL)

    def resting(self) -> Collection[int]:
        """Return no chat."""
        return ()
