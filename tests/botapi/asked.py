"""Answers to presses and to inline queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.content import Parameters, read_caption, read_markup, read_text
from tests.botapi.refusal import OLD_QUERY, bad_request
from tests.botapi.world import World

LONGEST_ANSWER = 200
MOST_RESULTS = 50
LONGEST_RESULT_ID = 64
LONGEST_OFFSET = 64


@dataclass(slots=True)
class Asked:
    """The queries that wait for an answer, and the answers given."""

    world: World
    queries: set[str] = field(default_factory=set)
    answers: dict[str, Parameters] = field(default_factory=dict)
    inline: set[str] = field(default_factory=set)
    results: dict[str, Parameters] = field(default_factory=dict)

    def table(self) -> dict[str, Callable[[Parameters], Any]]:
        """Return the methods by name."""
        return {"answerCallbackQuery": self.answer_callback_query, "answerInlineQuery": self.answer_inline_query}

    def answer_callback_query(self, given: Parameters) -> bool:
        if given["callback_query_id"] not in self.queries:
            raise OLD_QUERY
        if len(given.get("text", "")) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        if "url" in given and not self._leads_to_the_bot(given["url"]):
            raise bad_request("URL_INVALID")
        self.queries.discard(given["callback_query_id"])
        self.answers[given["callback_query_id"]] = given
        return True

    def answer_inline_query(self, given: Parameters) -> bool:
        results = given["results"]
        if given["inline_query_id"] not in self.inline:
            raise OLD_QUERY
        if len(results) > MOST_RESULTS:
            raise bad_request("RESULTS_TOO_MUCH")
        if len(given.get("next_offset", "").encode()) > LONGEST_OFFSET:
            raise bad_request("NEXT_OFFSET_INVALID")
        names = [result["id"] for result in results]
        if len(set(names)) < len(names):
            raise bad_request("RESULT_ID_DUPLICATE")
        for result in results:
            _refuse_bad(result)
        self.inline.discard(given["inline_query_id"])
        self.results[given["inline_query_id"]] = given
        return True

    def _leads_to_the_bot(self, url: str) -> bool:
        """Return whether it is the one kind of link that a bot without games may answer with."""
        name = self.world.bot.username
        return url.startswith(
            (f"https://t.me/{name}?start=", f"t.me/{name}?start=", f"tg://resolve?domain={name}&start=")
        )


def _refuse_bad(result: Mapping[str, Any]) -> None:
    if not 1 <= len(result["id"].encode()) <= LONGEST_RESULT_ID:
        raise bad_request("RESULT_ID_INVALID")
    content = result.get("input_message_content")
    if content is None and result["type"] == "article":
        raise bad_request("there must be exactly one of input_message_content")
    if content is not None and "message_text" in content:
        read_text(content, "message_text")
    read_caption(result)
    read_markup(result)
