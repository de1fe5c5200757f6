"""RSS and Atom: what publishers get wrong is read right, and what is no feed is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import identify
from bot.core.model import Item, PollState, Response, Source
from bot.core.sources import LONGEST_FIELD, MOST_ITEMS, NotAFeedError
from bot.core.sources.rss import claims, parse, request
from bot.core.sources.rss.dates import MOST_WORDED
from bot.core.sources.rss.encodings import encoding_of

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
SOURCE = Source("bereg", "Берег", "rss", "https://bereg.example/rss", "ru")


def read(body: bytes | str, **headers: str) -> tuple[Item, ...]:
    data = body.encode() if isinstance(body, str) else body
    return parse(
        SOURCE, Response(SOURCE.url, 200, {k.replace("_", "-"): v for k, v in headers.items()}, data), NOW
    ).items


def feed(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>x</title>{"".join(f"<item>{i}</item>" for i in items)}</channel></rss>'


def dated(date: str) -> datetime:
    return read(feed(f"<title>x</title><pubDate>{date}</pubDate>"))[0].published.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("date", "utc"),
    [
        ("Mon, 09 Jun 2025 06:00:00 GMT", (9, 6, 0)),
        ("Mon, 09 Jun 2025 06:00:00 +0300", (9, 3, 0)),
        ("Mon, 09 Jun 2025 06:00:00 EEST", (9, 3, 0)),
        ("Mon, 09 Jun 2025 01:00:00 MSK", (8, 22, 0)),
        ("Mon, 09 Jun 2025 06:00:00 EDT", (9, 10, 0)),
        ("Mon, 09 Jun 2025 06:00:00 CEST", (9, 4, 0)),
        ("Mon, 09 Jun 2025 06:00:00 YEKT", (9, 1, 0)),
        ("2025-06-09T06:00:00Z", (9, 6, 0)),
        ("2025-06-09T06:00:00+03:00", (9, 3, 0)),
        ("Пн, 09 чер 2025 08:00:00 +0300", (9, 5, 0)),
        ("9 июня 2025 08:00", (9, 8, 0)),
        ("Вчора, 21:40", (9, 21, 40)),
    ],
)
def test_a_date_is_read_in_its_zone_and_language(date: str, utc: tuple[int, int, int]) -> None:
    day, hour, minute = utc
    assert dated(date) == datetime(2025, 6, day, hour, minute)  # noqa: DTZ001


@pytest.mark.parametrize(
    "date", ["", "soon", "x" * 10_000, "Thu, 01 Jan 1970 00:00:00 GMT", "2031-01-01T00:00:00Z", "0001-01-01"]
)
def test_a_date_that_cannot_be_is_the_time_it_was_first_seen(date: str) -> None:
    assert dated(date) == NOW.replace(tzinfo=None)


def test_the_dates_that_are_read_in_words_have_an_end() -> None:
    items = [f"<guid>{n}</guid><pubDate>9 июня 2025 08:{n % 60:02}</pubDate>" for n in range(MOST_WORDED + 3)]
    response = Response(SOURCE.url, 200, {}, feed(*items).encode())
    assert parse(SOURCE, response, NOW).undated == 3


RUSSIAN = feed("<title>Паром вернулся на линию, рынок открыт</title>")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RUSSIAN.encode("cp1251"), ""),
        (RUSSIAN.encode("cp1251"), "text/xml"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + RUSSIAN.encode("cp1251"), "application/rss+xml"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + RUSSIAN.encode("cp1251"), "text/xml; charset=utf-8"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + RUSSIAN.encode(), "text/xml"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"), ""),
        (RUSSIAN.encode(), "text/xml; charset=iso-8859-1"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), ""),
        (f'<?xml version="1.0" encoding="utf-16"?>{RUSSIAN}'.encode("utf-16"), ""),
        (f'<?xml version="1.0" encoding="utf-16"?>{RUSSIAN}'.encode("utf-16"), "text/xml; charset=windows-1251"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), "text/xml; charset=koi8-r"),
    ],
)
def test_cyrillic_is_read_whatever_encoding_is_declared(body: bytes, content_type: str) -> None:
    assert read(body, content_type=content_type)[0].title == "Паром вернулся на линию, рынок открыт"


UKRAINIAN = "Пором повернувся на лінію, ринок з їжею відкрито"
WRITTEN = {
    **dict.fromkeys(("windows-1251", "koi8-u", "utf-8"), f"{UKRAINIAN}, ґанок теж"),
    "iso-8859-5": UKRAINIAN,
    "cp866": "Паром вернулся на линию, рынок открыт",
}
SAID = ("", "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "nonsense")


@pytest.mark.parametrize("header", SAID)
@pytest.mark.parametrize("declared", SAID)
def test_whatever_header_and_feed_declare_the_letters_are_those_of_which_words_are_made(header, declared) -> None:
    prolog = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    for written, text in WRITTEN.items():
        body = (prolog + feed(f"<title>{text}</title>")).encode(written)
        assert read(body, content_type=f"text/xml; charset={header}")[0].title == text, written


def test_an_encoding_that_shares_its_small_letters_with_a_usual_one_is_believed_where_it_is_declared() -> None:
    body = feed("<title>Паром вернулся</title>").encode("mac-cyrillic")
    assert read(body, content_type="text/xml; charset=x-mac-cyrillic")[0].title == "Паром вернулся"


@pytest.mark.parametrize(
    ("text", "written"),
    [("Η Ελλάδα είναι χώρα της νοτιοανατολικής Ευρώπης", "iso8859-7"), ("מדינת ישראל היא מדינה במזרח", "iso8859-8")],
)
def test_other_letters_are_not_taken_for_cyrillic(text: str, written: str) -> None:
    body = feed(f"<title>{text}</title>").encode(written)
    assert read(body, content_type=f"text/xml; charset={written}")[0].title == text


def test_a_text_that_was_cut_within_a_character_spoils_nothing_else() -> None:
    body = feed("<title>Паром вернулся</title><description>Рынок открыт, п</description>").encode()
    assert (item := read(body.replace("п<".encode(), b"\xd0<"))[0]).title == "Паром вернулся"
    assert item.summary == "Рынок открыт,"


def test_a_content_type_that_is_no_text_costs_no_feed() -> None:
    assert [item.title for item in read(feed("<title>Берег</title>"), content_type="text/xml; charset=\udcfe")] == [
        "Берег"
    ]


def test_western_letters_are_not_taken_for_cyrillic() -> None:
    assert encoding_of("Café à côté, déjà vu".encode("latin-1"), "") == ""


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        "garbage",
        "<!DOCTYPE html><html><body><item>x</item></body></html>",
        '<?xml version="1.0"?><!-- a --><!-- b --><HTML><body></body></HTML>',
        '{"version": "https://jsonfeed.org/version/1.1", "items": []}',
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"tests/feeds/rss/news_en.xml",
        "<script>location = 'https://park.example'</script>",
        "\ufeff<!-- x --><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><title>Log in</title><p>&lt;rss&gt;</p>",
        '{"error": "not found"}',
        '<?xml version="1.0"?><error><code>403</code></error>',
    ],
)
def test_what_is_no_feed_is_an_error_and_not_an_empty_feed(body: str | bytes) -> None:
    with pytest.raises(NotAFeedError):
        read(body)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b" \n", "the answer is empty"),
        (b"<!doctype html><p>x", "it is a web page, no feed"),
        (b"<a/>", "it is neither RSS nor Atom"),
    ],
)
def test_who_is_no_feed_is_told_why(body: bytes, reason: str) -> None:
    with pytest.raises(NotAFeedError, match=reason):
        read(body)


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE html PUBLIC "x"><rss version="2.0"><channel><item><guid>1</guid></item></channel></rss>',
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><rss><channel><item><guid>1</guid></item></channel></rss>',
        "<CHANNEL><TITLE>x</TITLE><ITEM HREF='https://a.example/'><TITLE>1</TITLE></ITEM></CHANNEL>",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id></entry></feed>',
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/><item><title>1</title></item></r:RDF>',
        '<?xml version="1.0" encoding="utf-16"?><rss><channel><item><guid>1</guid></item></channel></rss>',
    ],
)
def test_a_feed_of_any_format_is_known_and_read(body: str) -> None:
    data = body.encode("utf-16" if "utf-16" in body else "utf-8")
    assert claims(Response(SOURCE.url, 200, {}, data))
    assert len(read(data)) == 1


@pytest.mark.parametrize("page", [b"<html><rss></html>", b"<!DOCTYPE html><title>x</title><feed>", b"", b"<svg/>"])
def test_a_page_that_speaks_of_feeds_is_none(page: bytes) -> None:
    assert not claims(Response(SOURCE.url, 200, {}, page))


def test_an_id_does_not_depend_on_the_address_of_the_feed() -> None:
    body = feed("<guid>post-7</guid><link>/7</link>").encode()
    homes = ("http://a.example/rss", "https://b.example/rss")
    first, second = (parse(SOURCE, Response(home, 200, {}, body), NOW).items[0] for home in homes)
    assert (first.id, second.id, second.url) == ("post-7", "post-7", "https://b.example/7")


def test_an_id_that_several_entries_share_names_none_of_them() -> None:
    shared = "<guid>novyny</guid><link>https://bereg.example/{}</link><title>Новина {}</title>"
    ids = [item.id for item in read(feed(shared.format(1, 1), shared.format(2, 2)))]
    assert ids == ["https://bereg.example/1", "https://bereg.example/2"]


def test_an_entry_that_stands_there_twice_keeps_its_id() -> None:
    twice = "<guid>novyna-1</guid><link>https://bereg.example/1</link><title>Новина {}</title>"
    assert {item.id for item in read(feed(twice.format("зранку"), twice.format("увечері")))} == {"novyna-1"}


def test_the_language_may_be_that_of_the_answer() -> None:
    source = replace(SOURCE, language="")
    response = Response(SOURCE.url, 200, {"content-language": "UK-ua"}, feed("<guid>1</guid>").encode())
    assert parse(source, response, NOW).items[0].language == "uk"


@pytest.mark.parametrize(
    "code", ["#xD800", "#xdfff", "#x110000", "#1114112", "#99999999999999999999", "#x" + "F" * 5_000]
)
def test_a_reference_to_no_character_does_not_cost_the_feed(code: str) -> None:
    one, two = read(feed(f"<title>a &{code}; b</title>", "<title>&#1073; &#x431;</title>"))
    assert (one.title[:2], two.title) == ("a ", "б б")


def test_what_no_database_takes_is_left_out() -> None:
    item = read(feed("<title>a\0b\x08c&#xD800;</title><guid>\x00</guid><link>https://a.example/\x00</link>"))[0]
    assert (item.title[:3], item.url, item.id) == ("abc", "https://a.example/", "https://a.example/")
    item.title.encode()


def test_a_feed_without_entries_is_empty_and_no_error() -> None:
    assert read(feed()) == ()


RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>{}</rdf:RDF>'
ATOM = '<a:feed xmlns:a="http://www.w3.org/2005/Atom">{}</a:feed>'


@pytest.mark.parametrize(
    "whole",
    [
        feed("<title>один</title>", "<title>два <![CDATA[<item>]]></title><description>ще</description>"),
        RDF.format("<item><title>один</title></item><item rdf:about='2'><title>два</title></item>"),
        ATOM.format("<a:entry><a:title>один</a:title></a:entry><a:entry ><a:title>два</a:title></a:entry>"),
    ],
)
def test_a_feed_that_breaks_off_gives_the_entries_that_are_whole(whole: str) -> None:
    """Half an entry would be taken for an edit that says less."""
    body = whole.encode()
    last = max(body.rfind(b"</item>"), body.rfind(b"</a:entry>"))
    first = min(body.find(end) for end in (b"</item>", b"</a:entry>") if end in body) + len(b"</a:entry>")
    for end in range(first, last):
        cut = parse(SOURCE, Response(SOURCE.url, 200, {}, body[:end]), NOW)
        assert ([item.title for item in cut.items], cut.cut) == (["один"], True)
    rest = parse(SOURCE, Response(SOURCE.url, 200, {}, body[: body.rindex(b"</")]), NOW)
    assert (len(rest.items), rest.cut) == (2, True)
    assert not parse(SOURCE, Response(SOURCE.url, 200, {}, body + b"<!-- cached -->"), NOW).cut


def test_a_feed_that_breaks_off_within_its_first_entry_is_an_error() -> None:
    with pytest.raises(NotAFeedError, match="breaks off"):
        read(feed("<title>один</title>")[:-40])


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    item = read(feed("<title>x</title><link>javascript:alert(1)</link>"))[0]
    assert (item.url, item.id[:7]) == ("", "sha256:")


def test_tracking_parameters_do_not_make_another_item() -> None:
    first, second = (
        read(feed(f"<link>https://a.example/n?{q}</link>"))[0] for q in ("id=1&amp;utm_source=a", "id=1#from=rss")
    )
    assert identify(first).link == identify(second).link == "a.example/n?id=1"


def test_there_are_limits_to_items_and_fields() -> None:
    items = read(feed(*[f"<guid>{n}</guid>" for n in range(MOST_ITEMS + 5)]))
    long = read(feed(f"<title>{'я' * (LONGEST_FIELD + 5)}</title>"))[0]
    assert (len(items), len(long.title)) == (MOST_ITEMS, LONGEST_FIELD)


def test_the_request_is_conditional_once_there_is_something_to_compare() -> None:
    state = PollState(source_id="bereg", next_at=NOW, etag='"7"', last_modified="Mon, 09 Jun 2025 06:00:00 GMT")
    first, second = request(SOURCE, None), request(SOURCE, state)
    assert set(first.headers) == {"Accept"}
    assert second.headers["If-None-Match"] == '"7"'
    assert second.headers["If-Modified-Since"] == "Mon, 09 Jun 2025 06:00:00 GMT"


@given(
    st.binary(max_size=400), st.sampled_from(["", "<rss><channel><item>", "<feed xmlns='http://www.w3.org/2005/Atom'>"])
)
def test_any_bytes_give_items_or_are_refused(tail: bytes, head: str) -> None:
    try:
        items = read(head.encode() + tail)
    except NotAFeedError:
        return
    assert all(item.id and item.published <= NOW for item in items)
