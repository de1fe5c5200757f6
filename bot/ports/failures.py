"""The two ways in which the outside fails, and the others that are not quite a failure."""

from __future__ import annotations

from bot.core.model import Holder


class VistkaError(Exception):
    """An expected failure; its text is one line for people: what, where, remedy."""

    exit_code = 1


class TemporaryError(VistkaError):
    """It may work later: after `delay` seconds where the other side said so, else when the caller sees fit.

    `unreachable` says that nothing was heard of the other side at all: its trouble, or that of our own network. `host` is
    whose trouble it is, "" where that is who was asked: a redirect may have led to somebody else.
    """

    host = ""

    def __init__(self, text: str, delay: float | None = None, *, unreachable: bool = False) -> None:
        super().__init__(text)
        self.delay = delay
        self.unreachable = unreachable


class StoreError(TemporaryError):
    """The database is locked, full or out of reach: our own trouble, which says nothing of anybody who was asked."""


class PermanentError(VistkaError):
    """It will not work however often it is tried. `gone` says that the chat, feed or page no longer exists for us."""

    def __init__(self, text: str, *, gone: bool = False) -> None:
        super().__init__(text)
        self.gone = gone


class UnreadLanguageError(VistkaError):
    """The text is in a language that nothing is read in."""


class UnknownOutcomeError(VistkaError):
    """The request left and no answer came: it may or may not have taken effect."""


class MigratedError(VistkaError):
    """The group became a supergroup with another id."""

    def __init__(self, text: str, chat_id: int) -> None:
        super().__init__(text)
        self.chat_id = chat_id


class LeaseLostError(VistkaError):
    """Another process does by now what this one did alone: nothing more may come of it here."""

    def __init__(self, name: str, holder: Holder | None) -> None:
        super().__init__(f"{name}: {holder or 'another process'} took over from this one, which does nothing more here")
