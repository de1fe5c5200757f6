"""The notice to an admin, the questions its buttons ask, and the queue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Message, Ruling
from bot.core.render.buttons import keyboard, post_buttons, read_press, report_key
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.notice import choose_event, choose_report, explain_correction, queue, render_notice
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden

EN = BOOKS["en"]


def ruled(event, act="hold", number=7):
    verdict = act if act in ("post", "hold", "reject") else ""
    ruling = Ruling(id=number, act=act, report=event.reports[0].id, by=42, at=moment(14))
    return replace(event, rulings=(*event.rulings, ruling), verdict=verdict)


def drawn(message):
    """Return a message as a person sees it: the text, and the buttons in brackets with their data."""
    rows = ("  ".join(f"[{button.label} | {button.data}]" for button in row) for row in message.buttons)
    return "\n".join([message.text, "", *rows])


def acts(message):
    return [button.data.split(":")[2] for row in message.buttons for button in row]


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_the_desk_reads_as_its_golden_files(language):
    book = BOOKS[language]
    asked = render_notice(strike(), book, ("held", "near", "readers"), {"wrong": 3, "duplicate": 1})
    assert_golden(f"{language}/notice-waiting.html", drawn(asked))
    assert_golden(f"{language}/notice-held.html", drawn(render_notice(ruled(exchange()), book, ("disputed",))))
    assert_golden(f"{language}/notice-merge.html", drawn(choose_event(strike(), [strike(id=5)], book)))
    assert_golden(f"{language}/notice-split.html", drawn(choose_report(exchange(), book)))
    assert_golden(f"{language}/notice-correct.html", drawn(explain_correction(strike(), book)))
    assert_golden(f"{language}/notice-queue.html", drawn(queue([strike(id=14), strike()], book)))


@pytest.mark.parametrize(
    ("event", "offered"),
    [
        (strike(), ["post", "hold", "reject", "merge", "correct", "why"]),
        (exchange(), ["post", "hold", "reject", "merge", "split", "correct", "why"]),
        (ruled(strike(), "post"), ["hold", "reject", "merge", "correct", "why", "undo"]),
        (ruled(strike(), "reject"), ["post", "hold", "merge", "correct", "why", "undo"]),
        (ruled(strike(), "correct"), ["post", "hold", "reject", "merge", "correct", "why", "undo"]),
        (strike(merged_into=5, reports=()), ["why"]),
    ],
)
def test_a_notice_offers_what_can_be_done_now(event, offered):
    assert acts(render_notice(event, EN)) == offered


def test_undo_takes_back_the_newest_ruling():
    twice = ruled(ruled(strike(), number=9), "post", number=8)
    (undo,) = (button for row in render_notice(twice, EN).buttons for button in row if ":undo:" in button.data)
    assert undo.data == "desk:13:undo:9"
    assert "held" in undo.label


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (strike(), "not confirmed"),
        (exchange(), "confirmed, chats get it"),
        (ruled(strike(), "post"), "let out"),
        (ruled(strike(), "hold"), "held"),
        (ruled(strike(), "reject"), "withdrawn"),
        (strike(merged_into=5, reports=()), "/event_5"),
    ],
)
def test_a_notice_says_how_the_event_stands(event, said):
    line = next(line for line in render_notice(event, EN).text.splitlines() if line.startswith("Stands"))
    assert said in line


def test_a_doubt_without_words_is_shown_as_it_is_and_markup_in_it_is_harmless():
    assert "&lt;b&gt;odd" in render_notice(strike(), EN, ("<b>odd",)).text


def test_the_sources_are_listed_once_with_how_far_they_are_trusted():
    shown = render_notice(exchange(), EN).text
    assert shown.count("<blockquote") == 1
    assert "</a> · official, Russia" in shown
    assert "</a> · outlet, Ukraine" in shown


def test_a_notice_of_an_event_with_very_many_sources_stays_within_the_limit():
    event = exchange()
    reports = tuple(
        replace(event.reports[0], origin=origin(f"Outlet with a rather long name number {number}" * 3))
        for number in range(200)
    )
    message = render_notice(replace(event, reports=reports), BOOKS["uk"], ("held", "flood"), {"wrong": 10**6})
    assert units(unmarked(message.text)) <= LIMIT
    assert "і ще" in message.text


def test_a_choice_of_reports_stays_within_what_a_message_takes():
    event = exchange()
    reports = tuple(replace(event.reports[0], position=number) for number in range(50))
    message = choose_report(replace(event, reports=reports), EN)
    assert len(message.buttons) == 8
    assert all(len(button.label) <= 40 for row in message.buttons for button in row)
    chosen = {read_press(button.data).argument for row in message.buttons for button in row}
    assert chosen == {report_key(report.id) for report in reports[-8:]}


def test_where_no_event_is_near_the_command_is_named():
    message = choose_event(strike(), [], EN)
    assert "/merge 13 5" in message.text
    assert message.buttons == ()


def test_a_long_queue_keeps_the_newest():
    shown = queue([strike(id=number) for number in range(300, 0, -1)], EN).text
    assert units(shown) <= LIMIT
    assert "/post_300" in shown
    assert "/post_1 " not in shown


@pytest.mark.parametrize(("language", "label"), [("en", "wrong"), ("uk", "помилка"), ("ru", "ошибка")])
def test_a_post_has_two_small_buttons_for_readers(language, label):
    wrong, duplicate = post_buttons(strike(), BOOKS[language])[-1]
    assert label in wrong.label
    assert (wrong.data, duplicate.data) == ("say:13:wrong", "say:13:duplicate")


@pytest.mark.parametrize("event", [strike(merged_into=5), strike(verdict="reject"), strike(id=0)])
def test_there_is_nothing_to_say_about_a_post_that_is_withdrawn_merged_away_or_no_event(event):
    assert post_buttons(event, EN) == ()


def test_sharing_starts_the_inline_mode_or_passes_on_a_link_to_the_bot():
    message = Message("x", post_buttons(strike(), EN)[:1])
    shared = {
        inline: keyboard(message, "vistka_bot", inline=inline)["inline_keyboard"][0][2] for inline in (True, False)
    }
    assert shared[True]["switch_inline_query"] == "13"
    assert shared[False]["url"] == "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fvistka_bot%3Fstart%3Devent_13"
    assert len(keyboard(message)["inline_keyboard"][0]) == 2


def test_buttons_are_written_as_the_bot_api_takes_them():
    rows = keyboard(replace(render_notice(strike(merged_into=5), EN)))["inline_keyboard"]
    assert rows == [[{"text": "❔ Why", "callback_data": "desk:13:why"}]]
