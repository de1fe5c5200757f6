"""One notion of a host."""

from __future__ import annotations

import pytest

from bot.core.text.addresses import host_of


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example",
        "https://user:pw@A.example/2",
        "https://a.example:443/",
        "https://a.example?f=1",
        "https://a.example#top",
        "https://a.example./rss",
    ],
)
def test_the_host_of_an_address_has_one_spelling(url: str) -> None:
    assert host_of(url) == "a.example"


def test_a_host_in_other_letters_is_the_one_that_name_servers_have() -> None:
    assert (
        host_of("https://ВІСТКА.укр/rss") == host_of("https://xn--80ady1af2j.xn--j1amh") == "xn--80ady1af2j.xn--j1amh"
    )


@pytest.mark.parametrize("url", ["", "a.example", "https://", "https://[bad", "mailto:a@b.example", "https://./"])
def test_an_address_without_a_host_has_none(url: str) -> None:
    assert host_of(url) == ""
