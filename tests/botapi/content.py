"""What a message may hold: its text and formatting, its picture, its buttons."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from tests.botapi.markup import Entity, MarkupError, parse_html
from tests.botapi.refusal import Refusal, bad_request
from tests.botapi.world import Photo, World

Parameters: TypeAlias = Mapping[str, Any]
LONGEST, LONGEST_CAPTION = 4096, 1024
LONGEST_DATA = 64
LARGEST_PHOTO = 10 << 20
WIDEST, STEEPEST = 10_000, 20
"""The sum of a photo's width and height, and how many times longer than wide it may be."""
PNG = b"\x89PNG\r\n\x1a\n"
LINKS = ("http://", "https://", "tg://")
SWITCHES = ("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as it is shown, its formatting, and what was sent."""

    shown: str
    entities: tuple[Entity, ...]
    sent: str


def read_text(given: Parameters, name: str = "text") -> Words:
    """Return what a text shows, trimmed, and its formatting."""
    if not given[name]:
        raise bad_request("message text is empty")
    words = _parsed(given, name)
    if not words.shown:
        raise bad_request("text must be non-empty")
    if len(words.shown) > LONGEST:
        raise bad_request("message is too long")
    return words


def read_caption(given: Parameters) -> Words:
    """Return what a caption shows; there need not be one."""
    words = _parsed(given, "caption")
    if len(words.shown) > LONGEST_CAPTION:
        raise bad_request("message caption is too long")
    return words


def _parsed(given: Parameters, name: str) -> Words:
    text, mode = given.get(name, ""), given.get("parse_mode", "").lower()
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        shown, entities = parse_html(text) if mode else (text, ())
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error
    trimmed = shown.strip()
    left, length = len(shown) - len(shown.lstrip()), len(trimmed.encode("utf-16-le")) // 2
    return Words(trimmed, _shifted(entities, left, length), text)


def _shifted(entities: tuple[Entity, ...], left: int, length: int) -> tuple[Entity, ...]:
    """Fit formatting to a text that lost `left` spaces at its start and is `length` units long."""
    fitted = []
    for entity in entities:
        start = max(entity.offset - left, 0)
        end = min(entity.offset + entity.length - left, length)
        if end > start:
            fitted.append(Entity(entity.type, start, end - start, entity.argument, entity.format))
    return tuple(fitted)


def read_photo(world: World, given: bytes | str) -> Photo:
    """Return the photo that was uploaded, or that a file's id names."""
    if isinstance(given, str):
        known = world.photos.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    if len(given) > LARGEST_PHOTO:
        raise bad_request("file is too big")
    if not given.startswith(PNG):
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", given[16:24])
    if width + height > WIDEST or max(width, height) > STEEPEST * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return world.keep(Photo(f"photo-{len(world.photos) + 1}", width, height, given))


def read_markup(given: Parameters) -> Mapping[str, Any] | None:
    """Return the inline keyboard, None where there is none."""
    markup: Mapping[str, Any] | None = given.get("reply_markup")
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            refusal = _button_refusal(button)
            if refusal is not None:
                raise refusal
    return markup if markup and markup.get("inline_keyboard") else None


def _button_refusal(button: Mapping[str, Any]) -> Refusal | None:
    actions = [name for name in button if name not in ("text", "style", "icon_custom_emoji_id")]
    if not actions:
        return bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
        return bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(LINKS):
        return bad_request(f"inline keyboard button URL '{button['url']}' is invalid: unsupported URL protocol")
    return None
