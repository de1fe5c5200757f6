"""Finds posts whose answer was lost, by editing the ids where one may stand to the very text of the post.

"Not modified" says that it stands there, "not found" that nothing does, "can't be edited" that it is somebody else's; an
edit that succeeds met a message of our own that no delivery owns. Such a one can only be the post as it read before: ids are
looked at only above an anchor, the newest id that was known before the post left, and answers above it are known too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import structlog
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import NOT_MODIFIED, looked_up, says
from bot.core.model import Message
from bot.ports import TemporaryError, UnknownOutcomeError

log = structlog.get_logger()

FURTHEST = 20
MISSING_IN_A_ROW = 5
MARK = Message("·", silent=True)
"""What is sent for a moment to learn where the messages of a chat end."""
ATTEMPTS = 3
"""How often it is tried to take the mark away again."""
Found: TypeAlias = Literal["ours", "nothing", "another"]
TOLD: dict[str, Found] = {
    NOT_MODIFIED: "ours",
    "message to edit not found": "nothing",
    "message can't be edited": "another",
    "no text in the message to edit": "another",
}
"""What stands under an id, by the words in which Telegram refuses an edit there."""

Edit: TypeAlias = Callable[[int, int, Message], Awaitable[None]]
Post: TypeAlias = Callable[[int, int, Message], Awaitable[int]]


@dataclass(slots=True)
class _Look:
    """How far a search has come: the id that is next, and how many were missing in a row."""

    candidate: int
    missing: int = 0
    answers: Collection[int] = ()


@dataclass(slots=True)
class Lost:
    """Looks for posts in chats that number their own messages, and where the bot cannot edit what others wrote.

    A search that meets a limit or loses an answer of its own raises TemporaryError, and goes on where it stopped.
    """

    bot: ExtBot[Any]
    edit: Edit
    post: Post
    _stopped: dict[tuple[int, int, str], _Look] = field(default_factory=dict)

    async def find(self, chat_id: int, after: int, message: Message, answers: Collection[int]) -> int:
        """Return the id above `after` under which a post stands, 0 where it does not. Answers to people are passed over."""
        key = (chat_id, after, message.text)
        look = self._stopped.pop(key, None) or _Look(after + 1)
        look.answers = answers
        try:
            return await self._ahead(chat_id, after, look, message)
        except TemporaryError:
            self._stopped[key] = look
            raise

    async def anchor(self, chat_id: int, thread_id: int) -> int:
        """Return the id at which the messages of a chat end now: that of a silent mark, which goes at once.

        What was written there before is never looked at, so that nothing of it can be taken for a lost post.
        """
        try:
            mark = await self.post(chat_id, thread_id, MARK)
        except UnknownOutcomeError as error:
            raise TemporaryError(str(error)) from error
        for _ in range(ATTEMPTS):
            if await self._deleted(chat_id, mark):
                return mark
        log.warning("a mark was left behind", chat=chat_id, message=mark)
        return mark

    async def _ahead(self, chat_id: int, after: int, look: _Look, message: Message) -> int:
        """Look behind the last known id; the first message of ours is the post."""
        while look.candidate <= after + FURTHEST:
            found = await self._probe(chat_id, look, message)
            if found == "ours":
                return look.candidate
            look.missing = look.missing + 1 if found == "nothing" else 0
            look.candidate += 1
            if look.missing == MISSING_IN_A_ROW:
                return 0
        raise UnknownOutcomeError(f"chat {chat_id}: too much was written there meanwhile to find a post")

    async def _deleted(self, chat_id: int, message_id: int) -> bool:
        """Delete a message; return False where it may still stand, and it is worth another attempt."""
        try:
            await self.bot.delete_message(chat_id, message_id, rate_limit_args="edit")
        except BadRequest as error:
            log.info("not deleted", chat=chat_id, message=message_id, reason=error.message)
        except TelegramError:
            return False
        return True

    async def _probe(self, chat_id: int, look: _Look, message: Message) -> Found:
        """Return what stands under the id that is next; a message of our own shows the post from now on."""
        if look.candidate in look.answers:
            return "another"
        try:
            await self.edit(chat_id, look.candidate, message)
        except TelegramError as error:
            for text, found in TOLD.items():
                if says(error, text):
                    return found
            raise looked_up(error, chat_id) from error
        return "ours"
