"""The inline mode: `@bot words` in any chat, answered by cards to choose from."""

from __future__ import annotations

from telegram import (
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)
from telegram.constants import ParseMode

from bot.core.model import Message
from bot.core.render.buttons import keyboard
from bot.core.render.markup import plain
from handlers import Ask, Card, Inline, plain_sorry
from handlers._telegram.answers import NO_PREVIEW

KEPT = 20
"""Seconds for which Telegram may give the same answer again: figures change."""
MOST = 50
TITLE, LINE, HINT = 120, 200, 64


async def deal(query: InlineQuery, inline: Inline, ask: Ask) -> None:
    """Answer an inline query with cards, or with a hint above an empty list that leads to the bot."""
    try:
        found = await inline.answer(ask, query.offset)
    except Exception as error:  # noqa: BLE001  (as for a command)
        hint = InlineQueryResultsButton(plain(plain_sorry(error, ask, inline.name), HINT), start_parameter="help")
        await query.answer([], cache_time=KEPT, is_personal=True, button=hint)
        return
    results = [_article(card) for card in found.cards[:MOST]]
    await query.answer(results, cache_time=KEPT, is_personal=True, next_offset=found.after)


def _article(card: Card) -> InlineQueryResultArticle:
    content = InputTextMessageContent(card.message.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW)
    return InlineQueryResultArticle(
        card.id,
        plain(card.title, TITLE),
        content,
        description=plain(card.line, LINE),
        reply_markup=_markup(card.message),
    )


def _markup(message: Message) -> InlineKeyboardMarkup | None:
    """Return the buttons that lead somewhere: a press on another one could be tied to no chat."""
    rows = (tuple(button for button in row if button.url or button.query) for row in message.buttons)
    kept = Message("", tuple(row for row in rows if row))
    return InlineKeyboardMarkup.de_json(keyboard(kept, inline=True)) if kept.buttons else None
