"""The preview shows posts as a reader of the channel would see them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.adapters.terminal import TerminalPublisher, styled
from bot.core.model import Button, Message


def publisher(*, terminal: bool = False, width: int = 60, **given: object) -> tuple[TerminalPublisher, io.StringIO]:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=width, color_system="standard" if terminal else None)
    return TerminalPublisher(console), stream


async def test_each_message_gets_the_next_id_and_is_counted() -> None:
    shown, _ = publisher()
    post = await shown.post(1, 0, Message("post"))
    await shown.edit(1, post, Message("edit"))
    reply = await shown.post(1, 0, Message("reply"), reply_to=post)
    assert (post, reply) == (1, 2)
    assert (shown.posts, shown.edits, shown.replies) == (1, 1, 1)
    assert await shown.find(1, 0, Message("post")) == 0


async def test_a_pipe_gets_plain_panels() -> None:
    shown, stream = publisher()
    buttons = ((Button("Джерела", data="s"), Button("Мапа", url="https://x.org")),)
    await shown.post(1, 0, Message("<b>Обмін: 307</b>\n1 &lt; 2", buttons))
    await shown.edit(1, 1, Message("<b>Обмін: 390</b>", silent=True))
    await shown.post(1, 0, Message("Було 307, стало 390"), reply_to=1)
    assert stream.getvalue().splitlines() == [
        "╭─ #1 · new post ♪ ────────────────────────────────────────╮",
        "│ Обмін: 307                                               │",
        "│ 1 < 2                                                    │",
        "│ [ Джерела ]  [ Мапа ]                                    │",
        "╰──────────────────────────────────────────────────────────╯",
        "╭─ #1 · edited, silently ──────────────────────────────────╮",
        "│ Обмін: 390                                               │",
        "╰──────────────────────────────────────────────────────────╯",
        "╭─ #2 to #1 · reply, with sound ♪ ─────────────────────────╮",
        "│ Було 307, стало 390                                      │",
        "╰──────────────────────────────────────────────────────────╯",
    ]


async def test_a_terminal_gets_colours_and_no_color_takes_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured, stream = publisher(terminal=True)
    await coloured.post(1, 0, Message("<b>x</b>"))
    assert "\x1b[32m" in stream.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    plain, stream = publisher(terminal=True)
    await plain.post(1, 0, Message("<b>x</b>"))
    assert "\x1b[32m" not in stream.getvalue()


async def test_a_wide_terminal_is_not_filled() -> None:
    shown, stream = publisher(width=300)
    await shown.post(1, 0, Message("x"))
    assert max(map(len, stream.getvalue().splitlines())) == 100


@pytest.mark.parametrize(
    ("html", "text", "styles"),
    [
        ("<b>a</b><i>b</i>", "ab", ["bold", "italic"]),
        ("<b>a<i>b</i></b>", "ab", ["bold", "bold italic"]),
        ('<a href="https://x.org">x</a>', "x", ["underline link https://x.org"]),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3", []),
        ("<b>unclosed", "unclosed", ["bold"]),
        ("</b>stray", "stray", []),
    ],
)
def test_markup_becomes_styles(html: str, text: str, styles: list[str]) -> None:
    shown = styled(html)
    assert shown.plain == text
    assert [str(span.style) for span in shown.spans if str(span.style) != "none"] == styles
