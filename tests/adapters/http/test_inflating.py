"""A body on its way in: one layer undone, whatever the pieces it comes in, and never more than the cap."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.http.inflating import Body, CodingError, CutError, TooLargeError, coding_of

MIB = 1 << 20


def raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


PACKERS = {"gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress, "": bytes}


def read(coding: str, *chunks: bytes, most: int = 8 * MIB) -> bytes:
    body = Body(coding, most)
    for chunk in chunks:
        body.take(chunk)
    return body.whole()


def noise(size: int) -> bytes:
    return random.Random(0).randbytes(size)


@pytest.mark.parametrize(
    ("said", "coding"),
    [
        ("", ""),
        ("identity", ""),
        ("UTF-8", ""),
        ("GZip", "gzip"),
        (" x-gzip ", "x-gzip"),
        ("deflate", "deflate"),
        ("identity,gzip", "gzip"),
        (",gzip,", "gzip"),
    ],
)
def test_a_coding_is_known_by_its_names(said: str, coding: str) -> None:
    assert coding_of(said) == coding


@pytest.mark.parametrize("said", ["br", "zstd", "gzip, gzip", "deflate,gzip", "compress", "x" * 5000, "gzip;q=1"])
def test_more_than_one_layer_and_unknown_codings_are_refused_in_few_words(said: str) -> None:
    with pytest.raises(CodingError) as caught:
        coding_of(said)
    assert len(str(caught.value)) < 80


@given(st.binary(max_size=3000), st.sampled_from([*PACKERS.items(), ("deflate", raw_deflate)]), st.integers(1, 700))
def test_a_body_is_the_same_in_whatever_pieces_it_comes(data: bytes, packer, step: int) -> None:
    coding, pack = packer
    sent = pack(data)
    assert read(coding, *(sent[at : at + step] for at in range(0, len(sent), step))) == data


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", ""]))
def test_any_bytes_are_a_body_or_an_error_that_is_known(data: bytes, coding: str) -> None:
    try:
        read(coding, data)
    except CutError:
        assert coding


@pytest.mark.parametrize("pack", [zlib.compress, raw_deflate])
@pytest.mark.parametrize("data", [b"a" * (MIB - 1), bytes(65536), bytes(65537), b"ab" * 32768, noise(300_000)])
def test_deflate_is_read_with_and_without_its_frame_to_the_last_byte(pack, data: bytes) -> None:
    assert read("deflate", pack(data)) == data


def test_one_layer_is_undone_and_no_second() -> None:
    inner = gzip.compress(b"news")
    assert read("gzip", gzip.compress(inner)) == inner


def test_several_gzip_members_are_one_body_and_a_tail_is_nothing() -> None:
    members = gzip.compress(b"one ") + gzip.compress(b"two")
    for tail in (b"", bytes(8), b"\r\n", b"\x1fgarbage"):
        assert read("gzip", members + tail) == b"one two"
        assert read("gzip", members, tail) == b"one two"
    with pytest.raises(TooLargeError, match="100 parts"):
        read("gzip", gzip.compress(b"") * 101)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_stream_that_is_cut_or_wrong_is_an_error_and_none_at_all_is_no_body(coding: str) -> None:
    sent = PACKERS[coding](noise(5000))
    for wrong in (sent[:-1], sent[:1], sent[:100], sent[:-1] + bytes([sent[-1] ^ 1]), b"<rss>not compressed</rss>"):
        with pytest.raises(CutError, match="broke off"):
            read(coding, wrong)
    assert read(coding) == b""


@pytest.mark.parametrize("coding", ["gzip", "deflate", ""])
def test_the_cap_holds_before_and_after_inflation(coding: str) -> None:
    data = noise(MIB)
    assert read(coding, PACKERS[coding](data), most=MIB + 1000) == data
    with pytest.raises(TooLargeError, match="1000 KiB"):
        read(coding, PACKERS[coding](data), most=1000 << 10)


def test_what_announces_too_much_is_not_awaited() -> None:
    with pytest.raises(TooLargeError, match="1024 KiB"):
        Body("", MIB).expect(MIB + 1)


def test_a_bomb_is_left_at_the_ratio_and_a_short_repetitive_feed_is_not() -> None:
    assert read("gzip", gzip.compress(bytes(MIB))) == bytes(MIB)
    with pytest.raises(TooLargeError, match="200 times"):
        read("gzip", gzip.compress(bytes(2 * MIB)))
    news = b"<item><title>%s</title></item>" % noise(40).hex().encode() * 40_000
    assert len(news) > 4 * MIB
    assert read("gzip", gzip.compress(news)[:0] + gzip.compress(news, 1)) == news


def test_no_more_is_inflated_than_the_cap() -> None:
    body = Body("gzip", MIB)
    with pytest.raises(TooLargeError):
        body.take(gzip.compress(bytes(1 << 26), 1)[: MIB - 1])
    assert sum(map(len, body._pieces)) <= MIB + (1 << 16)
