"""The test server itself: it takes what Telegram takes and refuses what Telegram refuses, in its words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, bot_api


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Caller:
    """Calls a method with form fields and returns the answer as JSON."""

    def __init__(self, api: BotApi, http: aiohttp.ClientSession) -> None:
        self.api = api
        self.http = http

    async def __call__(self, method: str, **given: Any) -> dict[str, Any]:
        async with self.http.post(f"{self.api.url}/bot{self.api.token}/{method}", data=given) as response:
            answer: dict[str, Any] = await response.json()
            assert answer.get("error_code", 200) == response.status
            return answer

    async def refused(self, method: str, **given: Any) -> str:
        answer = await self(method, **given)
        assert answer["ok"] is False
        return f"{answer['error_code']} {answer['description']}"


@pytest.fixture
def call(api: BotApi, http: aiohttp.ClientSession) -> Caller:
    return Caller(api, http)


async def test_a_wrong_token_is_unauthorised(api: BotApi, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{api.url}/bot1:wrong/getMe") as response:
        assert (response.status, await response.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )


async def test_methods_are_found_whatever_their_case_and_unknown_ones_are_not(call: Caller) -> None:
    assert (await call("GETME"))["result"]["username"] == "vistka_bot"
    assert await call.refused("getYou") == "404 Not Found: method not found"


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"chat_id": "100"}, "sendMessage.text is missing"),
        ({"text": "x"}, "sendMessage.chat_id is missing"),
        ({"chat_id": "100", "text": "x", "colour": "red"}, "sendMessage.colour is unknown"),
        ({"chat_id": "100", "text": "x", "disable_notification": "perhaps"}, "can't parse disable_notification"),
        ({"chat_id": "100", "text": "x", "message_thread_id": "one"}, "can't parse message_thread_id"),
        ({"chat_id": "100", "text": "x", "entities": '[{"type": "bold"}]'}, "entities[0].offset is missing"),
        (
            {"chat_id": "100", "text": "x", "link_preview_options": '{"off": true}'},
            "link_preview_options.off is unknown",
        ),
        ({"chat_id": "100", "text": "x", "link_preview_options": '{"is_disabled": 1}'}, "is_disabled must be Boolean"),
        ({"chat_id": "100", "text": "x", "reply_markup": "[]"}, "reply_markup must be"),
    ],
)
async def test_a_malformed_request_is_refused_with_the_reason(
    api: BotApi, call: Caller, given: dict[str, str], complaint: str
) -> None:
    api.person()
    refusal = await call.refused("sendMessage", **given)
    assert refusal.startswith("400 Bad Request: ")
    assert complaint in refusal
    assert api.shown(100) == []


async def test_parameters_come_as_query_form_multipart_or_json(
    api: BotApi, call: Caller, http: aiohttp.ClientSession
) -> None:
    api.person()
    url = f"{api.url}/bot{api.token}/sendMessage"
    form = aiohttp.FormData({"chat_id": "100", "text": "multipart"}, default_to_multipart=True)
    await call("sendMessage", chat_id="100", text="form")
    for sending in (
        http.get(url, params={"chat_id": "100", "text": "query"}),
        http.post(url, data=form),
        http.post(url, json={"chat_id": 100, "text": "json", "link_preview_options": {"is_disabled": True}}),
    ):
        async with sending as response:
            assert response.status == 200
    assert [message.text for message in api.shown(100)] == ["form", "query", "multipart", "json"]


async def test_ids_are_per_chat_in_channels_and_shared_elsewhere(api: BotApi, call: Caller) -> None:
    chats = [api.channel(), api.supergroup(), api.person(), api.group()]
    sent = [(await call("sendMessage", chat_id=chat.id, text="x"))["result"] for chat in chats]
    assert [message["message_id"] for message in sent] == [1, 1, 1, 2]
    assert [message["chat"]["id"] for message in sent] == [chat.id for chat in chats]


async def test_a_chat_is_found_by_name_too(api: BotApi, call: Caller) -> None:
    api.channel(username="news")
    assert (await call("sendMessage", chat_id="@news", text="x"))["result"]["chat"]["username"] == "news"
    assert await call.refused("sendMessage", chat_id="@other", text="x") == "400 Bad Request: chat not found"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", "400 Bad Request: message text is empty"),
        (" \n ", "400 Bad Request: text must be non-empty"),
        ("<b> </b>", "400 Bad Request: text must be non-empty"),
        ("x" * 4097, "400 Bad Request: message is too long"),
        ("a <p>b</p>", '400 Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 2'),
    ],
)
async def test_a_text_that_cannot_be_shown_is_refused(api: BotApi, call: Caller, text: str, refusal: str) -> None:
    api.person()
    assert await call.refused("sendMessage", chat_id=100, text=text, parse_mode="HTML") == refusal


async def test_the_length_is_counted_after_parsing_and_trimming(api: BotApi, call: Caller) -> None:
    api.person()
    text = "\n <b>" + "&lt;" * 4096 + "</b> "
    sent = (await call("sendMessage", chat_id=100, text=text, parse_mode="html"))["result"]
    assert sent["text"] == "<" * 4096
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 4096}]


async def test_an_edit_changes_the_message_once(api: BotApi, call: Caller) -> None:
    api.channel(-1009)
    sent = (await call("sendMessage", chat_id=-1009, text="307"))["result"]
    target = {"chat_id": -1009, "message_id": sent["message_id"]}
    edited = (await call("editMessageText", text="<b>390</b>", parse_mode="HTML", **target))["result"]
    assert (edited["text"], "edit_date" in edited) == ("390", True)
    again = await call.refused("editMessageText", text="<b>390</b>", parse_mode="HTML", **target)
    assert again.startswith("400 Bad Request: message is not modified: specified new message content")
    assert api.shown(-1009)[0].versions == ["307", "<b>390</b>"]


async def test_other_peoples_and_missing_messages_cannot_be_edited(api: BotApi, call: Caller) -> None:
    api.person()
    api.say(100, "hello")
    theirs = await call.refused("editMessageText", chat_id=100, message_id=1, text="x")
    missing = await call.refused("editMessageText", chat_id=100, message_id=7, text="x")
    assert (theirs, missing) == (
        "400 Bad Request: message can't be edited",
        "400 Bad Request: message to edit not found",
    )


async def test_a_deleted_message_is_gone_but_remembered(api: BotApi, call: Caller) -> None:
    api.person()
    await call("sendMessage", chat_id=100, text="x")
    assert (await call("deleteMessage", chat_id=100, message_id=1))["result"] is True
    assert await call.refused("deleteMessage", chat_id=100, message_id=1) == (
        "400 Bad Request: message to delete not found"
    )
    assert (api.shown(100), len(api.sent(100))) == ([], 1)


async def test_a_reply_needs_its_target_unless_told_otherwise(api: BotApi, call: Caller) -> None:
    api.person()
    lost = {"chat_id": 100, "text": "x"}
    refusal = await call.refused("sendMessage", **lost, reply_parameters='{"message_id": 9}')
    assert refusal == "400 Bad Request: message to be replied not found"
    kept = '{"message_id": 9, "allow_sending_without_reply": true}'
    sent = (await call("sendMessage", **lost, reply_parameters=kept))["result"]
    reply = (await call("sendMessage", **lost, reply_parameters='{"message_id": 1}'))["result"]
    assert ("reply_to_message" in sent, reply["reply_to_message"]["message_id"]) == (False, sent["message_id"])


async def test_a_topic_has_to_exist(api: BotApi, call: Caller) -> None:
    api.supergroup(-1005, frozenset({7}))
    sent = (await call("sendMessage", chat_id=-1005, text="x", message_thread_id=7))["result"]
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (7, True)
    assert await call.refused("sendMessage", chat_id=-1005, text="x", message_thread_id=8) == (
        "400 Bad Request: message thread not found"
    )


@pytest.mark.parametrize(
    ("standing", "refusal"),
    [
        ("blocked", "403 Forbidden: bot was blocked by the user"),
        ("deactivated", "403 Forbidden: user is deactivated"),
        ("stranger", "403 Forbidden: bot can't initiate conversation with a user"),
        ("kicked", "403 Forbidden: bot was kicked from the private chat"),
        ("mute", "400 Bad Request: not enough rights to send text messages to the chat"),
    ],
)
async def test_a_chat_that_does_not_want_the_bot_says_so(
    api: BotApi, call: Caller, standing: Any, refusal: str
) -> None:
    api.person().standing = standing
    assert await call.refused("sendMessage", chat_id=100, text="x") == refusal


async def test_a_channel_wants_an_administrator(api: BotApi, call: Caller) -> None:
    api.channel(-1009).standing = "member"
    assert await call.refused("sendMessage", chat_id=-1009, text="x") == (
        "400 Bad Request: need administrator rights in the channel chat"
    )


async def test_a_migrated_group_names_its_successor(api: BotApi, call: Caller) -> None:
    api.group(-5)
    api.migrate(-5, -1005)
    answer = await call("sendMessage", chat_id=-5, text="x")
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert answer["parameters"] == {"migrate_to_chat_id": -1005}
    notes = [update["message"] for update in (await call("getUpdates"))["result"]]
    assert [note.get("migrate_to_chat_id", note.get("migrate_from_chat_id")) for note in notes] == [-1005, -5]


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ('{"text": "x"}', "text buttons are unallowed in the inline keyboard"),
        ('{"text": "x", "callback_data": "%s"}' % ("й" * 33), "BUTTON_DATA_INVALID"),
        ('{"text": "x", "url": "javascript:1"}', "unsupported URL protocol"),
    ],
)
async def test_a_button_has_to_do_something_and_fit(api: BotApi, call: Caller, button: str, refusal: str) -> None:
    api.person()
    markup = f'{{"inline_keyboard": [[{button}]]}}'
    assert refusal in await call.refused("sendMessage", chat_id=100, text="x", reply_markup=markup)


async def test_a_pressed_button_is_answered_once(api: BotApi, call: Caller) -> None:
    api.person()
    await call("sendMessage", chat_id=100, text="x")
    query_id = api.press(100, 1, "more")
    update = (await call("getUpdates"))["result"][0]["callback_query"]
    assert (update["id"], update["data"], update["message"]["message_id"]) == (query_id, "more", 1)
    assert (await call("answerCallbackQuery", callback_query_id=query_id))["ok"]
    assert "query is too old" in await call.refused("answerCallbackQuery", callback_query_id=query_id)


async def test_a_button_of_a_message_that_is_gone_tells_only_where_it_stood(api: BotApi, call: Caller) -> None:
    api.person()
    api.press(100, 77, "more")
    (update,) = (await call("getUpdates"))["result"]
    message = update["callback_query"]["message"]
    assert (message["chat"]["id"], message["message_id"], message["date"]) == (100, 77, 0)


async def test_a_menu_for_a_chat_that_nobody_knows_is_refused(api: BotApi, call: Caller) -> None:
    menu = {"commands": '[{"command": "queue", "description": "what waits"}]'}
    assert "chat not found" in await call.refused("setMyCommands", **menu, scope='{"type": "chat", "chat_id": 5}')
    api.person(5)
    assert (await call("setMyCommands", **menu, scope='{"type": "chat", "chat_id": 5}'))["ok"]


async def test_updates_stay_until_a_later_offset_confirms_them(api: BotApi, call: Caller) -> None:
    api.person()
    first, second = api.say(100, "/one"), api.say(100, "/two")
    for _ in range(2):
        assert [update["update_id"] for update in (await call("getUpdates"))["result"]] == [first, second]
    assert len((await call("getUpdates", limit=1))["result"]) == 1
    assert [update["update_id"] for update in (await call("getUpdates", offset=second))["result"]] == [second]
    assert (await call("getUpdates", offset=second + 1))["result"] == []
    assert api.updates.confirmed == second


async def test_the_kinds_asked_for_are_remembered(api: BotApi, call: Caller) -> None:
    api.person()
    await call("getUpdates", allowed_updates='["my_chat_member"]')
    assert api.say(100, "unheard") == 0
    member = api.stand(100, "blocked")
    assert [update["update_id"] for update in (await call("getUpdates"))["result"]] == [member]


async def test_a_long_poll_ends_with_the_update_it_waited_for(api: BotApi, call: Caller) -> None:
    api.person()
    poll = asyncio.create_task(call("getUpdates", timeout=60))
    await api.updates.asked.wait()
    api.say(100, "/swaps")
    update = (await poll)["result"][0]
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_a_second_poller_ends_the_first(api: BotApi, call: Caller) -> None:
    poll = asyncio.create_task(call.refused("getUpdates", timeout=60))
    await api.updates.asked.wait()
    assert (await call("getUpdates"))["result"] == []
    assert (await poll).startswith("409 Conflict: terminated by other getUpdates request")


async def test_polling_is_refused_while_a_webhook_is_set(call: Caller) -> None:
    await call("setWebhook", url="https://example.org")
    assert (await call.refused("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook")
    await call("deleteWebhook")
    assert (await call("getUpdates"))["ok"]


async def test_a_flood_is_answered_with_the_wait_in_body_and_header(
    api: BotApi, call: Caller, http: aiohttp.ClientSession
) -> None:
    api.person()
    api.group(-5)
    api.flood(7, chat_id=100)
    assert (await call("sendMessage", chat_id=-5, text="other chats go on"))["ok"]
    async with http.post(f"{api.url}/bot{api.token}/sendMessage", data={"chat_id": 100, "text": "x"}) as response:
        answer = await response.json()
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
    assert answer["description"] == "Too Many Requests: retry after 7"
    assert answer["parameters"] == {"retry_after": 7}
    assert (await call("sendMessage", chat_id=100, text="x"))["ok"]


@pytest.mark.parametrize("applied", [True, False])
async def test_a_dropped_connection_may_hide_a_sent_message(api: BotApi, call: Caller, applied: bool) -> None:
    api.person()
    api.drop("sendMessage", applied=applied)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=100, text="x")
    assert len(api.shown(100)) == applied


async def test_a_gateway_answers_with_a_page(api: BotApi, call: Caller) -> None:
    api.person()
    api.bad_gateway()
    with pytest.raises(aiohttp.ContentTypeError, match="502"):
        await call("sendMessage", chat_id=100, text="x")


async def test_a_held_request_is_answered_when_it_is_let_go(api: BotApi, call: Caller) -> None:
    api.person()
    held = api.hold("sendMessage")
    sending = asyncio.create_task(call("sendMessage", chat_id=100, text="x"))
    await held.reached.wait()
    assert api.shown(100) == []
    held.released.set()
    assert (await sending)["ok"]


async def test_commands_and_descriptions_are_kept_by_scope_and_language(call: Caller) -> None:
    await call("setMyCommands", commands='[{"command": "swaps", "description": "Обміни"}]', language_code="uk")
    assert (await call("getMyCommands"))["result"] == []
    assert (await call("getMyCommands", language_code="uk"))["result"][0]["command"] == "swaps"
    bad = '[{"command": "Swaps!", "description": "x"}]'
    assert await call.refused("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_INVALID"
    await call("setMyShortDescription", short_description="Вістка", language_code="uk")
    assert (await call("getMyShortDescription"))["result"] == {"short_description": ""}
    assert (await call("getMyShortDescription", language_code="uk"))["result"] == {"short_description": "Вістка"}


async def test_chats_and_members_are_told_in_full(api: BotApi, call: Caller) -> None:
    api.person()
    api.channel(-1009).admins = frozenset({100})
    assert (await call("getChat", chat_id=-1009))["result"]["type"] == "channel"
    for user_id in (100, api.world.bot.id):
        answer = await call("getChatMember", chat_id=-1009, user_id=user_id)
        assert answer["result"]["status"] == "administrator"
    for standing in ("mute", "left", "kicked"):
        api.stand(-1009, standing)
        assert (await call("getChatMember", chat_id=-1009, user_id=api.world.bot.id))["ok"]
    assert [admin["user"]["id"] for admin in (await call("getChatAdministrators", chat_id=-1009))["result"]] == [100]


async def test_what_is_not_modelled_fails_loudly(http: aiohttp.ClientSession) -> None:
    with pytest.raises(AssertionError, match="getUserProfilePhotos is not modelled"):
        async with bot_api() as api:
            assert (await Caller(api, http)("getUserProfilePhotos", user_id=1))["error_code"] == 500


async def test_waiting_for_what_never_comes_shows_the_calls(api: BotApi, call: Caller) -> None:
    await call("getMe")
    with pytest.raises(AssertionError, match="getMe"):
        await api.until(lambda: False, seconds=0.01)
