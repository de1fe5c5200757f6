"""Finds posts whose answer was lost, by editing the ids where one may stand to the very text of the post.

"Not modified" says that it stands there, "not found" that nothing does, "can't be edited" that it is somebody else's; an
edit that succeeds met a message of our own that no delivery owns. Such a one can only be the post as it read before, or a
mark that an earlier look left behind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import structlog
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.adapters.telegram.errors import NOT_MODIFIED, looked_up, says
from bot.core.model import Message
from bot.ports import TemporaryError, UnknownOutcomeError

log = structlog.get_logger()

FURTHEST = 20
MISSING_IN_A_ROW = 5
MARK = Message("·", silent=True)
"""What is sent for a moment to learn where the messages of a chat end."""
UNDELETABLE = ("message to delete not found", "message can't be deleted")
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
    """How far a search has come: the id that is next, how many were missing in a row, the mark, and what of ours it met."""

    candidate: int
    missing: int = 0
    mark: int = 0
    ours: list[int] = field(default_factory=list)
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

    async def find(self, chat_id: int, thread_id: int, after: int, message: Message, answers: Collection[int]) -> int:
        """Return the id under which a post stands, 0 where it does not; `after` is 0 where no id of the chat is known.

        Answers to people are passed over.
        """
        key = (chat_id, after, message.text)
        look = self._stopped.pop(key, None)
        if look is None:
            look = _Look(after + 1) if after else await self._marked(chat_id, thread_id)
        look.answers = answers
        try:
            return await (self._ahead(chat_id, after, look, message) if after else self._back(chat_id, look, message))
        except TemporaryError:
            self._stopped[key] = look
            raise

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

    async def _back(self, chat_id: int, look: _Look, message: Message) -> int:
        """Look before the mark, which goes. Marks come after the post: of what is ours the lowest is the post, the rest goes."""
        while look.candidate > max(0, look.mark - 1 - FURTHEST):
            if await self._probe(chat_id, look, message) == "ours":
                look.ours.append(look.candidate)
            look.candidate -= 1
        while len(look.ours) > 1:
            await self._delete(chat_id, look.ours[0])
            del look.ours[0]
        await self._delete(chat_id, look.mark)
        return look.ours[0] if look.ours else 0

    async def _marked(self, chat_id: int, thread_id: int) -> _Look:
        """Leave a mark and return a look that begins before it. One whose answer is lost is met by the next look."""
        try:
            mark = await self.post(chat_id, thread_id, MARK)
        except UnknownOutcomeError as error:
            raise TemporaryError(str(error)) from error
        return _Look(mark - 1, mark=mark)

    async def _delete(self, chat_id: int, message_id: int) -> None:
        try:
            await self.bot.delete_message(chat_id, message_id, rate_limit_args="edit")
        except TelegramError as error:
            if not any(says(error, text) for text in UNDELETABLE):
                raise looked_up(error, chat_id) from error
            log.info("not deleted", chat=chat_id, message=message_id, reason=error.message)

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
