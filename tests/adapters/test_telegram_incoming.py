"""What is known of an update before it is parsed, whatever it looks like."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.telegram.incoming import WANTED, read_incoming

NAMES = (
    *WANTED,
    "update_id",
    "chat",
    "from",
    "message",
    "id",
    "type",
    "date",
    "text",
    "sender_chat",
    "reply_to_message",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=30,
)


@pytest.mark.parametrize(
    ("raw", "turn"),
    [
        ({"message": {"chat": {"id": -5}, "from": {"id": 7}}}, ("chat", -5)),
        ({"callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, ("chat", -5)),
        ({"callback_query": {"from": {"id": 7}}}, ("chat", 7)),
        ({"my_chat_member": {"chat": {"id": -5}, "from": {"id": 7}}}, ("chat", -5)),
        ({"inline_query": {"from": {"id": 7}}}, ("inline", 7)),
        ({"message": "nonsense"}, ("chat", 0)),
        ({"message": {"chat": "nonsense"}}, ("chat", 0)),
        ({}, ("chat", 0)),
    ],
)
def test_the_turn_of_an_update_is_its_chats_or_its_persons(raw: dict[str, Any], turn: tuple[str, int]):
    assert read_incoming({"update_id": 1, **raw}).turn == turn


def test_who_writes_as_a_chat_is_that_chat():
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    raw = {"message": {"chat": {"id": -5, "type": "supergroup"}, "from": anonymous, "sender_chat": {"id": -5}}}
    assert read_incoming(raw).sender == -5


def test_a_notice_goes_to_the_topic_that_it_is_about():
    chat = {"id": -5, "type": "supergroup"}
    topic = {"message": {"chat": chat, "message_thread_id": 8, "is_topic_message": True}}
    thread = {"message": {"chat": chat, "message_thread_id": 8}}
    assert (read_incoming(topic).thread_id, read_incoming(thread).thread_id) == (8, 0)


@pytest.mark.parametrize("name", ["migrate_to_chat_id", "migrate_from_chat_id"])
def test_a_migration_counts_as_what_became_of_a_chat(name: str):
    incoming = read_incoming({"message": {"chat": {"id": -5, "type": "group"}, name: -1005}})
    assert incoming.binding


@given(JSON)
def test_no_json_is_too_strange_to_be_read(value: Any):
    raw = value if isinstance(value, dict) else {"message": value}
    incoming = read_incoming(raw, 7, "vistka_bot")
    assert isinstance(incoming.turn[1], int)
    assert isinstance(incoming.sent, int)


def test_only_what_something_follows_from_is_asked_for() -> None:
    """A card that somebody chose is news to nobody: it would be stored for nothing."""
    assert set(WANTED) == {"message", "channel_post", "callback_query", "my_chat_member", "inline_query"}
