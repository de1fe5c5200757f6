"""Bodies made to bring a reader down: each is within the 8 MiB that the door lets through, and harms only its own worker.

Nothing here was copied from anywhere: every body is spelled out of a few letters when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

LARGEST = 8 << 20
"""Bytes of a body that the door lets through."""
RSS = b'<rss version="2.0"><channel><title>x</title>%s</channel></rss>'
ITEM = b"<item><guid>%d</guid><title>Ferry %d</title></item>"
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>1</id>%s</entry></feed>'
PREVIEW = '<html><body><section class="tgme_channel_history js-message_history">%s</section></body></html>'
DATE = "2025-" * 1_600
POST = (
    '<div class="tgme_widget_message js-widget_message" data-post="pier/%d"><div class="tgme_widget_message_text'
    ' js-message_text">Ferry %d</div><a class="tgme_widget_message_date"><time datetime="2025-06-10T09:00:00+00:00">'
    "</time></a></div>"
)


@dataclass(frozen=True, slots=True)
class Bomb:
    """A hostile body; `type` is the source type that reads it, "article" a page for the story of which it is searched."""

    name: str
    type: str
    made: Callable[[], bytes]
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> bytes:
        """Return the body, cut to what the door lets through."""
        return self.made()[:LARGEST]


def filled(letters: bytes, size: int = LARGEST - 400) -> bytes:
    """Return the letters over and over, `size` bytes of them."""
    return (letters * (size // len(letters) + 1))[: size // len(letters) * len(letters)]


def rss(inside: bytes) -> bytes:
    return RSS % inside


def entities(declared: bytes, used: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE rss [%s]>' % declared + rss(b"<item><title>%s</title></item>" % used)


def laughs() -> bytes:
    levels = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(12))
    return entities(b'<!ENTITY l0 "ha">' + levels, b"&l12;")


def nest(tag: bytes, count: int = 200_000) -> bytes:
    return b"<%s>" % tag * count + b"</%s>" % tag * count


def items(count: int, item: bytes = ITEM) -> bytes:
    return b"".join(item % ((number,) * item.count(b"%d")) for number in range(count))


def cdata(text: bytes, tag: bytes = b"description") -> bytes:
    return rss(b"<item><guid>1</guid><%s><![CDATA[%s]]></%s></item>" % (tag, text, tag))


def json_feed(inside: str) -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [%s]}' % inside.encode()


def article(inside: bytes) -> bytes:
    return b"<html><head><title>Ferry</title></head><body><article>%s</article></body></html>" % inside


def preview(inside: str) -> bytes:
    return (PREVIEW % inside).encode()


def nested_post(inside: str) -> bytes:
    return preview((POST % (1, 1)).replace("Ferry 1", inside, 1))


XML = {
    "billion laughs": laughs,
    "quadratic entity": lambda: entities(b'<!ENTITY a "%s">' % filled(b"a", 1 << 20), filled(b"&a;", 1 << 20)),
    "entities in an attribute": lambda: entities(
        b'<!ENTITY a "%s">' % filled(b"a", 99_000), b'<b c="%s"/>' % (b"&a;" * 90)
    ),
    "external entity": lambda: entities(b'<!ENTITY a SYSTEM "file:///etc/passwd">', b"&a;"),
    "parameter entities": lambda: entities(
        b'<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a; <!ENTITY % b "%a;%a;"> %b;', b"&b;"
    ),
    "100,000 entities": lambda: entities(b"".join(b'<!ENTITY e%d "e">' % n for n in range(100_000)), b"&e1;"),
    "DTD of 8 MiB": lambda: entities(filled(b"<!ELEMENT a (b)>"), b"x"),
    "DTD without an end": lambda: b"<!DOCTYPE rss [" + filled(b"<!ENTITY a 'b'> "),
    "attributes by default": lambda: entities(
        b"<!ATTLIST b %s>" % b"".join(b'a%d CDATA "%s" ' % (n, b"x" * 99) for n in range(999)),
        filled(b"<b/>", 4_000_000),
    ),
    "entity that swells": lambda: entities(b'<!ENTITY a "%s">' % filled(b"a", 9_000), filled(b"&a;", 90_000)),
    "101 entities": lambda: entities(b"".join(b"<!ENTITY e%d 'e'>" % n for n in range(101)), b"&e1;"),
    "257 deep": lambda: rss(b"<item>%s</item>" % nest(b"a", 257)),
    "257 deep in xhtml content": lambda: ATOM % (b'<content type="xhtml">%s</content>' % nest(b"b", 257)),
    "256 deep, and again": lambda: rss(b"<item>%s</item>" % (nest(b"a", 250) * 290)),
    "150,000 tags": lambda: rss((b"<item>%s</item>" % (b"<a>b</a>" * 70)) * 1_000),
    "150,000 tags that never end": lambda: rss((b"<item>" + b"<a>" * 140) * 1_000),
    "2 MiB of ampersands": lambda: rss(b"<item><title>%s</title></item>" % filled(b"&", 2_090_000)),
    "2 MiB for a pattern": lambda: rss(
        b"<item><author>%s</author><link>%s</link></item>" % (filled(b"a.", 2_090_000), filled(b"&a", 2_090_000))
    ),
    "2 MiB of quotes for a pattern": lambda: rss(b"<item><a %s" % filled(b'b="c\'" ', 2_090_000)),
    "2 MiB of open tags": lambda: rss(b"<item>" + filled(b"a" * 60 + b"<", 2_090_000)),
    "namespaces": lambda: rss(b"".join(b'<n%d:a xmlns:n%d="u:%d">b</n%d:a>' % (n, n, n, n) for n in range(300))),
    "200,000 nested tags": lambda: rss(b"<item>%s</item>" % nest(b"a")),
    "tags that never end": lambda: rss(b"<item>" + filled(b"<a>")),
    "tags that only end": lambda: rss(filled(b"</a>")),
    "nested items": lambda: rss(nest(b"item")),
    "nested channels": lambda: nest(b"rss", 50_000) + nest(b"channel", 50_000),
    "nested titles": lambda: rss(b"<item>%s</item>" % nest(b"title")),
    "nested in xhtml content": lambda: (
        ATOM % (b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">%s</div></content>' % nest(b"b"))
    ),
    "nested in CDATA": lambda: cdata(nest(b"b")),
    "misnested in CDATA": lambda: cdata(filled(b"<a><b><i></a></b>")),
    "nested, escaped": lambda: rss(b"<item><description>%s</description></item>" % filled(b"&lt;div&gt;")),
    "item of 8 MiB of markup": lambda: cdata(filled(b"<p>Ferry <b>back</b> on &amp; off</p>")),
    "content of 8 MiB of tags": lambda: ATOM % (b'<content type="xhtml">%s</content>' % filled(b"<p>a</p>")),
    "100,000 tiny items": lambda: rss(filled(b"<item><title>a</title></item>")),
    "a million empty items": lambda: rss(filled(b"<item/>")),
    "100,000 items, broken": lambda: rss(filled(b"<item><title>a & b</item>")),
    "attribute of 8 MiB": lambda: rss(b'<item><link href="%s"/></item>' % filled(b"a")),
    "attribute without an end": lambda: rss(b'<item><link href="%s' % filled(b"a > < ")),
    "a million attributes": lambda: rss(b"<item><a %s/></item>" % b"".join(b'a%d="" ' % n for n in range(600_000))),
    "comment of 8 MiB": lambda: rss(b"<!--%s--><item/>" % filled(b"a")),
    "comment without an end": lambda: rss(b"<!--" + filled(b"a - - ")),
    "a million comments": lambda: rss(filled(b"<!---->")),
    "instruction of 8 MiB": lambda: rss(b"<?a %s?><item/>" % filled(b"a")),
    "CDATA of 8 MiB": lambda: cdata(filled(b"a")),
    "CDATA without an end": lambda: rss(b"<item><title><![CDATA[" + filled(b"a]] ")),
    "a million CDATA sections": lambda: rss(b"<item><title>%s</title></item>" % filled(b"<![CDATA[a]]>")),
    "title of 8 MiB": lambda: rss(b"<item><title>%s</title></item>" % filled(b"a ")),
    "title of 8 MiB, Cyrillic": lambda: rss(b"<item><title>%s</title></item>" % filled("я".encode())),
    "text with one emoji": lambda: rss(b"<item><title>%s\xf0\x9f\x8e\xbe</title></item>" % filled(b"a ")),
    "title of ampersands": lambda: rss(b"<item><title>%s</title></item>" % filled(b"&")),
    "title of references": lambda: rss(b"<item><title>%s</title></item>" % filled(b"&#1234;")),
    "title of angle brackets": lambda: rss(b"<item><title>%s</title></item>" % filled(b"<")),
    "a million namespaces": lambda: rss(
        b"<item %s/>" % b"".join(b'xmlns:n%d="u:%d" ' % (n, n) for n in range(200_000))
    ),
    "namespaces used": lambda: rss(
        b"".join(b'<n%d:a xmlns:n%d="u:%d">b</n%d:a>' % (n, n, n, n) for n in range(150_000))
    ),
    "a name of 8 MiB": lambda: rss(b"<%s/>" % filled(b"a")),
    "dates of 1 MB": lambda: rss(
        b"".join(b"<item><pubDate>%s</pubDate></item>" % filled(b"1", 1 << 20) for _ in range(7))
    ),
    "1,000 strange dates": lambda: rss(
        items(
            1_000, "<item><guid>%d</guid><pubDate>%d чер о пів на сьому вечора минулої середи</pubDate></item>".encode()
        )
    ),
    "1,000 dates in words": lambda: rss(
        items(
            1_000,
            b"<item><guid>%d</guid><pubDate>a b c d e f g h i j k l m n o p q r s t u v w x y z %d</pubDate></item>",
        )
    ),
    "authors for a pattern": lambda: rss(b"<item><author>%s</author></item>" % filled(b"a.")),
    "links for a pattern": lambda: rss(b"<item><link>%s</link></item>" % filled(b"&a")),
    "quotes for a pattern": lambda: rss(b"<item><a %s" % filled(b'b="c\'" ')),
    "durations for a pattern": lambda: rss(b"<item><pubDate>%s</pubDate></item>" % filled(b"1:", 60_000)),
    "categories": lambda: rss(b"<item>%s</item>" % b"".join(b"<category>%d</category>" % n for n in range(100_000))),
    "links": lambda: rss(b"<item>%s</item>" % filled(b"<link>a</link>", 4_000_000)),
    "base addresses": lambda: rss(nest(b"a xml:base='b/'", 40_000)),
    "HTML comments before a page": lambda: filled(b"<!-- a -->"),
    "declarations before a page": lambda: filled(b"<?xml a?>"),
    "blanks": lambda: filled(b" "),
    "zero bytes": lambda: filled(b"\0"),
}
ENCODED = {
    "declared UTF-16, but is not": lambda: b'<?xml version="1.0" encoding="utf-16"?>' + rss(items(40_000)),
    "UTF-32 of 8 MiB": lambda: rss(items(30_000)).decode().encode("utf-32"),
    "UTF-16 nest": lambda: rss(nest(b"a")).decode().encode("utf-16"),
    "UTF-7": lambda: b'<?xml version="1.0" encoding="utf-7"?>' + filled(b"+ADw-a+AD4-"),
    "EBCDIC nest": lambda: ('<?xml version="1.0" encoding="cp037"?>' + rss(nest(b"a")).decode()).encode("cp037"),
    "punycode": lambda: b'<?xml version="1.0" encoding="punycode"?>' + filled(b"a-b"),
    "idna": lambda: b'<?xml version="1.0" encoding="idna"?>' + filled(b"a"),
    "unicode_escape": lambda: b'<?xml version="1.0" encoding="unicode_escape"?>' + filled(b"\\u003ca"),
    "an encoding without an end": lambda: b"<?xml encoding='" + filled(b"a"),
    "bytes of no encoding": lambda: filled(b"\xff\xfe\xfd"),
    "Cyrillic bytes of no encoding": lambda: rss(b"<item><title>%s</title></item>" % filled(b"\xc0\xc1\xc2 ")),
}
JSON = {
    "nested arrays": lambda: json_feed("[" * 4_000_000),
    "nested objects": lambda: json_feed('{"a":' * 1_600_000),
    "nested arrays that end": lambda: json_feed("[" * 100_000 + "]" * 100_000),
    "string of 8 MiB": lambda: json_feed(json.dumps({"id": "1", "title": "a" * (LARGEST - 200)})),
    "string of escapes": lambda: json_feed('{"id": "1", "title": "%s"}' % ("\\u0430" * 1_398_000)),
    "string with one emoji": lambda: json_feed('{"id": "1", "title": "%s\U0001f3be"}' % ("a" * (LARGEST - 200))),
    "a million keys": lambda: json_feed("{" + ",".join(f'"{n}":1' for n in range(600_000)) + "}"),
    "number of 8 MiB": lambda: json_feed('{"id": %s}' % ("9" * (LARGEST - 200))),
    "fraction of 8 MiB": lambda: json_feed('{"id": 0.%s}' % ("9" * (LARGEST - 200))),
    "numbers of 4,000 digits": lambda: json_feed(",".join('{"id": %s}' % ("9" * 4_000) for _ in range(2_000))),
    "exponents": lambda: json_feed(",".join(f'{{"id": 1e{n}}}' for n in range(500_000))),
    "a million items": lambda: json_feed("{}," * 2_700_000 + "{}"),
    "100,000 items of JSON": lambda: json_feed(",".join(f'{{"id": "{n}", "title": "a"}}' for n in range(250_000))),
    "a million empty lists": lambda: json_feed("[]," * 2_700_000 + "[]"),
    "1,000 dates of 8 KB": lambda: json_feed(
        ",".join(f'{{"id": "{n}", "date_published": "{DATE}"}}' for n in range(1_000))
    ),
    "blanks around": lambda: filled(b" ") + b"{",
}
TELEGRAM = {
    "200,000 nested tags in a post": lambda: nested_post("<b>" * 200_000 + "</b>" * 200_000),
    "257 deep in a post": lambda: nested_post("<b>" * 257 + "</b>" * 257),
    "250 deep, 60,000 tags": lambda: nested_post("<div>" * 250 + "<p>a" * 50_000),
    "tables that never end": lambda: nested_post("<table>" * 250 + "<tr><td>" * 25_000),
    "divisions that never end": lambda: preview((POST % (1, 1)) + "<div>" * 1_600_000),
    "200,000 posts that never end": lambda: preview((POST % (1, 1)).replace("</div>", "") * 35_000),
    "formatting that never ends": lambda: nested_post("<b><i><u><s>" * 300_000),
    "paragraphs in divisions": lambda: nested_post("<div>" * 60_000 + "<p>" * 200_000),
    "misnested": lambda: nested_post("<a><b><p></a></b>" * 200_000),
    "tables in tables": lambda: nested_post("<table>" * 300_000 + "a" * 100_000),
    "100,000 posts": lambda: preview("".join(POST % (n, n) for n in range(33_000))),
    "a million line breaks": lambda: nested_post("<br>" * 2_000_000),
    "post of 8 MiB": lambda: nested_post("a " * 4_100_000),
    "page attribute of 8 MiB": lambda: nested_post('<b class="%s">' % ("a " * 4_100_000)),
    "a million page attributes": lambda: nested_post("<b " + " ".join(f"a{n}" for n in range(900_000)) + ">"),
    "page of angle brackets": lambda: preview("<" * 8_000_000),
    "selects and options": lambda: nested_post("<select><option>" * 400_000),
    "page of entities": lambda: nested_post("&amp;" * 1_600_000),
    "templates": lambda: nested_post("<template>" * 700_000),
    "vectors and formulas": lambda: nested_post("<svg><math>" * 600_000),
}
ARTICLE = {
    "article, nested": lambda: article(b"<div>" * 200_000 + b"a" + b"</div>" * 200_000),
    "article that never ends": lambda: article(filled(b"<div>")),
    "article of paragraphs": lambda: article(
        filled(b"<p>The ferry is back on the line, and the market opens at nine.</p>")
    ),
    "article of 18,000 paragraphs": lambda: article(
        b"<p>The ferry is back on the line, and the market opens at nine.</p>" * 18_000
    ),
    "article of 25,000 links": lambda: article(b'<p><a href="/a">The ferry is back</a></p>' * 14_000),
    "article of one paragraph": lambda: article(b"<p>%s</p>" % filled(b"The ferry is back. ")),
    "article of links": lambda: article(filled(b'<a href="/a">a</a>')),
    "article of formatting": lambda: article(filled(b"<b><i>a ")),
    "article of table cells": lambda: article(b"<table>%s</table>" % filled(b"<tr><td>a</td></tr>")),
    "article of comments": lambda: article(filled(b"<!-- a -->")),
    "article attribute of 8 MiB": lambda: article(b'<p class="%s">a</p>' % filled(b"a ")),
    "article of attributes": lambda: article(b"<p %s>a</p>" % b" ".join(b"a%d" % n for n in range(900_000))),
    "article of scripts": lambda: article(filled(b"<script>a</script>")),
    "article of data": lambda: article(b'<script type="application/ld+json">%s</script>' % filled(b"[")),
    "article of meta": lambda: article(filled(b'<meta name="a" content="b">')),
    "article of dates": lambda: article(filled(b"<time>2025-06-10</time> 10.06.2025 ")),
    "article of lists": lambda: article(b"<ul><li>a" * 100_000),
    "article of angle brackets": lambda: article(filled(b"<")),
    "article of entities": lambda: article(filled(b"&amp;")),
    "article of zero bytes": lambda: article(filled(b"\0")),
}


KINDS = {"rss": XML | ENCODED, "jsonfeed": JSON, "telegram_web": TELEGRAM, "article": ARTICLE}
BOMBS = {name: Bomb(name, kind, made) for kind, named in KINDS.items() for name, made in named.items()}
