"""Telegram's HTML, read as the Bot API server reads it, with its error texts.

The server uses TDLib's parser, which is no HTML parser at all: it knows a fixed set of tags, wants them closed in order,
decodes four named references and counts positions in bytes. A post that any browser would show can be refused, so
the test server has to refuse the same ones. `test_markup.py` compares this module with TDLib itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

TAGS = frozenset(
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "strike",
        "del",
        "u",
        "ins",
        "tg-spoiler",
        "span",
        "tg-emoji",
        "tg-time",
        "pre",
        "code",
        "blockquote",
    ],
)
PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
}
NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
REFERENCE = re.compile(rb"&(?:#(?:[xX](?P<hex>[0-9a-fA-F]+)|(?P<dec>[0-9]+))|(?P<name>[a-zA-Z]+))")
SPACES = b" \t\r\n\0\v"
NAME_END = SPACES + b">"
ATTRIBUTE_END = SPACES + b"=>/\"'"
TOKEN = re.compile(rb"[0-9A-Za-z.\-]*")
LINK = re.compile(r"(?:https?://|tg://|ton://|tonsite://)\S+|[\w\-]+(?:\.[\w\-]+)+(?:[/?#]\S*)?", re.IGNORECASE)
DIGITS = re.compile(r"-?[0-9]+")
TIME_FORMAT = re.compile(r"[rR]?|[wWdDtT]*")
INT32 = 1 << 32
BEYOND_UNICODE = 0x110000
SURROGATES = range(0xD800, 0xE000)


class MarkupError(ValueError):
    """What Telegram says after "can't parse entities: "."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A formatted stretch: offset and length in UTF-16 units."""

    type: str
    offset: int
    length: int
    argument: str = ""
    format: str = ""


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    format: str


@dataclass(slots=True)
class _Reader:
    """The text with a NUL behind it, as TDLib's C strings have, a position in it, and what has been read."""

    text: bytes
    at: int = 0
    shown: list[str] = field(default_factory=list)
    offset: int = 0
    nested: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def byte(self) -> bytes:
        return self.text[self.at : self.at + 1]

    def skip_spaces(self) -> None:
        while self.byte() != b"\0" and self.byte() in SPACES:
            self.at += 1

    def until(self, stops: bytes) -> bytes:
        start = self.at
        while self.byte() not in stops:
            self.at += 1
        return self.text[start : self.at]

    def show(self, text: str) -> None:
        self.shown.append(text)
        self.offset += utf16_length(text)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, in which Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, tuple[Entity, ...]]:
    """Return what is shown and its formatting, or raise MarkupError."""
    data = text.encode("utf-8", "surrogatepass")
    reader = _Reader(data + b"\0")
    while reader.at < len(data):
        _step(reader)
    if reader.nested:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{reader.nested[-1].tag}"')
    entities = (replace(entity, argument="") if entity.type == "code" else entity for entity in reader.entities)
    return "".join(reader.shown), tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def _step(reader: _Reader) -> None:
    if reader.byte() == b"&" and (decoded := _reference(reader)):
        reader.show(decoded)
    elif reader.byte() != b"<":
        start = reader.at
        reader.at += 1
        while reader.text[reader.at] & 0xC0 == 0x80:
            reader.at += 1
        reader.show(reader.text[start : reader.at].decode("utf-8", "surrogatepass"))
    elif reader.text[reader.at + 1 : reader.at + 2] == b"/":
        _end_tag(reader)
    else:
        _start_tag(reader)


def _reference(reader: _Reader) -> str:
    """Return the character of a reference and step over it; "" where it is none and the & stands for itself."""
    match = REFERENCE.match(reader.text, reader.at)
    if match is None:
        return ""
    if match["name"]:
        decoded = NAMED.get(match["name"], "")
    else:
        code = int(match["hex"], 16) if match["hex"] else int(match["dec"])
        decoded = chr(code) if 0 < code < BEYOND_UNICODE else ""
    if decoded:
        if ord(decoded) in SURROGATES:
            raise MarkupError(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
                "surrogate code units",
            )
        reader.at = match.end() + (reader.text[match.end() : match.end() + 1] == b";")
    return decoded


def _start_tag(reader: _Reader) -> None:
    begin = reader.at
    reader.at += 1
    tag = reader.until(NAME_END).lower().decode("utf-8", "replace")
    if reader.byte() == b"\0":
        raise MarkupError(f"Unclosed start tag at byte offset {begin}")
    if tag not in TAGS:
        raise MarkupError(f'Unsupported start tag "{tag}" at byte offset {begin}')
    argument = shape = ""
    reader.skip_spaces()
    while reader.byte() != b">":
        attribute, value = _attribute(reader, tag, begin)
        shape = value if (tag, attribute) == ("tg-time", "format") else shape
        argument = _argument(tag, attribute, value, argument)
        reader.skip_spaces()
    reader.at += 1
    if tag == "span" and argument != "spoiler":
        raise MarkupError(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
    reader.nested.append(_Open(tag, argument, reader.offset, shape))


def _attribute(reader: _Reader, tag: str, begin: int) -> tuple[str, str]:
    name = reader.until(ATTRIBUTE_END).decode("utf-8", "replace")
    if not name:
        raise MarkupError(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
    reader.skip_spaces()
    if reader.byte() == b"\0":
        raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
    if reader.byte() != b"=":
        return name, ""
    reader.at += 1
    reader.skip_spaces()
    if reader.byte() == b"\0":
        raise MarkupError(f'Unclosed start tag "{tag}" at byte offset {begin}')
    value = _quoted(reader) if reader.byte() in b"'\"" else _token(reader)
    if reader.byte() == b"\0":
        raise MarkupError(f"Unclosed start tag at byte offset {begin}")
    return name, value


def _token(reader: _Reader) -> str:
    begin = reader.at
    token = TOKEN.match(reader.text, begin)
    assert token is not None
    reader.at = token.end()
    if reader.byte() not in NAME_END:
        raise MarkupError(f"Unexpected end of name token at byte offset {begin}")
    return token[0].decode().lower()


def _quoted(reader: _Reader) -> str:
    quote = reader.byte()
    reader.at += 1
    value = ""
    while reader.byte() not in (quote, b"\0"):
        if reader.byte() == b"&" and (decoded := _reference(reader)):
            value += decoded
        else:
            start = reader.at
            reader.at += 1
            while reader.text[reader.at] & 0xC0 == 0x80:
                reader.at += 1
            value += reader.text[start : reader.at].decode("utf-8", "surrogatepass")
    reader.at += reader.byte() == quote
    return value


def _argument(tag: str, attribute: str, value: str, before: str) -> str:
    if (tag, attribute) in {("a", "href"), ("tg-emoji", "emoji-id"), ("tg-time", "unix")}:
        return value
    if (tag, attribute) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, attribute) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    if (tag, attribute) == ("blockquote", "expandable"):
        return "1"
    return before


def _end_tag(reader: _Reader) -> None:
    begin = reader.at
    if not reader.nested:
        raise MarkupError(f"Unexpected end tag at byte offset {begin}")
    reader.at += 2
    name = reader.until(NAME_END).lower().decode("utf-8", "replace")
    reader.skip_spaces()
    if reader.byte() != b">":
        raise MarkupError(f"Unclosed end tag at byte offset {begin}")
    reader.at += 1
    opened = reader.nested.pop()
    if name and name != opened.tag:
        raise MarkupError(
            f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"',
        )
    if reader.offset > opened.offset:
        _close(reader, opened)


def _close(reader: _Reader, opened: _Open) -> None:
    length = reader.offset - opened.offset
    if opened.tag == "a":
        shown = "".join(reader.shown).encode("utf-16-le")[opened.offset * 2 :].decode("utf-16-le")
        url = opened.argument or shown
        if LINK.fullmatch(url):
            reader.entities.append(Entity("text_link", opened.offset, length, url))
    elif opened.tag == "blockquote":
        kind = "expandable_blockquote" if opened.argument else "blockquote"
        reader.entities.append(Entity(kind, opened.offset, length))
    elif opened.tag == "tg-emoji":
        if not opened.argument.isdecimal() or int(opened.argument) == 0:
            raise MarkupError("Invalid custom emoji identifier specified")
        reader.entities.append(Entity("custom_emoji", opened.offset, length, opened.argument))
    elif opened.tag == "tg-time":
        _time(reader, opened, length)
    else:
        _plain(reader, Entity(PLAIN[opened.tag], opened.offset, length, opened.argument))


def _time(reader: _Reader, opened: _Open, length: int) -> None:
    """Add a moment that everybody sees in own time; a number that is none, or not after 1970, leaves plain text."""
    digits = DIGITS.match(opened.argument)
    unix = (int(digits[0]) + INT32 // 2) % INT32 - INT32 // 2 if digits else 0
    if unix > 0:
        if not TIME_FORMAT.fullmatch(opened.format):
            raise MarkupError("Invalid date format used")
        reader.entities.append(Entity("date_time", opened.offset, length, str(unix), opened.format))


def _plain(reader: _Reader, entity: Entity) -> None:
    """Add it; code with a language exactly inside a pre, or around it, becomes one pre with that language."""
    last = reader.entities[-1] if reader.entities else Entity("", 0, 0)
    same = (last.offset, last.length) == (entity.offset, entity.length)
    language = last.argument if last.type == "code" else entity.argument
    if same and {last.type, entity.type} == {"code", "pre"} and language:
        reader.entities[-1] = Entity("pre", entity.offset, entity.length, language)
    else:
        reader.entities.append(entity)
