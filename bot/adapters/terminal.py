"""The Publish port onto a terminal: what a reader of the channel would see, for the preview and the demo.

Each new post, silent edit and ringing reply is a panel of its own. Nothing is coloured in a pipe or where NO_COLOR asks
for that; rich sees to it.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rich.console import Console
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from bot.core.model import Message

STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strike",
    "strike": "strike",
    "del": "strike",
    "code": "cyan",
    "pre": "cyan",
    "blockquote": "dim",
    "span": "dim",
    "tg-spoiler": "dim",
}
LOOKS = {"post": ("green", "new post"), "edit": ("blue", "edited, silently"), "reply": ("yellow", "reply, with sound")}
WIDEST = 100


class Terminal(Console):
    """A console whose reader may leave, as `head` does: that ends the program as Ctrl-C would, and all is tidied up."""

    def on_broken_pipe(self) -> None:
        """Write to nowhere from now on, and ask the program to end."""
        with contextlib.suppress(SystemExit):
            super().on_broken_pipe()
        signal.raise_signal(signal.SIGINT)


@dataclass(slots=True)
class TerminalPublisher:
    """Prints what it is given, and counts it. Message ids grow by one."""

    console: Console = field(default_factory=Terminal)
    posts: int = 0
    edits: int = 0
    replies: int = 0
    _last_id: int = 0

    async def post(self, chat_id: int, thread_id: int, message: Message, reply_to: int = 0) -> int:  # noqa: ARG002
        """Print a message and return its id."""
        self._last_id += 1
        if reply_to:
            self.replies += 1
            self._show("reply", f"#{self._last_id} to #{reply_to}", message)
        else:
            self.posts += 1
            self._show("post", f"#{self._last_id}", message)
        return self._last_id

    async def edit(self, chat_id: int, message_id: int, message: Message) -> None:  # noqa: ARG002
        """Print a message as it is now."""
        self.edits += 1
        self._show("edit", f"#{message_id}", message)

    async def anchor(self, chat_id: int, thread_id: int) -> int:  # noqa: ARG002
        """Return 0: nothing is ever looked for here."""
        return 0

    async def find(
        self,
        chat_id: int,  # noqa: ARG002
        after: int,  # noqa: ARG002
        message: Message,  # noqa: ARG002
        answers: Collection[int] = (),  # noqa: ARG002
    ) -> int:
        """Return 0: what was printed to another terminal is not on this one."""
        return 0

    def resting(self) -> Collection[int]:
        """Return no chat: nothing here has to wait."""
        return ()

    def _show(self, action: str, number: str, message: Message) -> None:
        colour, title = LOOKS[action]
        body = styled(message.text)
        for row in message.buttons:
            body.append("\n" + "  ".join(f"[ {button.label} ]" for button in row), "reverse")
        width = min(self.console.width, WIDEST)
        bell = "" if message.silent or action == "edit" else " ♪"
        heading = Text(f"{number} · {title}{bell}", colour)
        self.console.print(Panel(body, title=heading, title_align="left", border_style=colour, width=width))


def styled(html: str) -> Text:
    """Return Telegram's HTML as styled text, links with their address."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text


class _Reader(HTMLParser):
    """Builds the text while it reads; the styles in force are a stack."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = Text()
        self._stack: list[tuple[str, Style]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = dict(attrs).get("href")
        style = Style(underline=True, link=link) if link else Style.parse(STYLES.get(tag, "none"))
        self._stack.append((tag, style))

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._stack) - 1, -1, -1):
            if self._stack[index][0] == tag:
                del self._stack[index:]
                return

    def handle_data(self, data: str) -> None:
        self.text.append(data, Style.combine([Style.null(), *(style for _, style in self._stack)]))
