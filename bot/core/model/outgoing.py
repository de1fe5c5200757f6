"""What leaves the house: messages, who wants which of them, and the deliveries that bring them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from bot.core.model.feeds import Side

Action: TypeAlias = Literal["post", "edit", "reply", "digest"]
Audience: TypeAlias = Literal["readers", "admins"]
Sound: TypeAlias = Literal["ring", "silent", "none"]
Sort: TypeAlias = Literal["private", "group", "channel"]
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` comes back as a callback, `url` opens a page, `query` starts the bot's inline mode elsewhere."""

    label: str
    data: str = ""
    url: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG, drawn where it is sent; `alt` says in words what it shows, for who does not see it."""

    svg: str
    alt: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Telegram takes it: HTML text within the limits, buttons by row, sound or none.

    With a picture the text is its caption, which is shorter. `pick` is the label of a button by which a person picks one of
    the own channels; such a message has no other buttons.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    picture: Picture | None = None
    pick: str = ""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a chat gets its digest: minutes after its midnight, on which days of the week (Monday is 0)."""

    minute: int
    weekdays: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nothing makes a sound in a chat, in minutes after its midnight; they may go over midnight."""

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What one chat (or one topic of it, `thread_id` not 0) wants to get. Empty `regions` or `sides` means all of them.

    least    by kind the smallest event that comes, by what the kind is measured in: people killed, people returned
    sides    the event has to be told by a source of one of these
    updates  how changes of a post come: as a reply that rings, as a silent one, or by editing alone
    zone     the IANA time zone of `digest` and `quiet`
    digest   when its events come together; None: each at once
    owner    the user who set it up, 0 where the settings did; `title` is how that user knows the chat
    """

    chat_id: int
    thread_id: int = 0
    language: str = "en"
    kinds: tuple[str, ...] = ("swap", "strike")
    regions: tuple[str, ...] = ()
    unconfirmed: Literal["mark", "hold"] = "mark"
    suspended: str = ""
    least: Mapping[str, int] = field(default_factory=dict)
    sides: tuple[Side, ...] = ()
    updates: Sound = "ring"
    zone: str = "Europe/Kyiv"
    digest: Timetable | None = None
    quiet: Quiet | None = None
    owner: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Venue:
    """A chat as Telegram tells of it now: whether the asker is one of its admins, and whether the bot may write there."""

    chat_id: int
    title: str
    sort: Sort
    managed: bool
    writable: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """A delivery that a change calls for, before the store numbers it.

    A reply waits until `floor` has passed since the chat last heard a sound for the event, an edit until it has passed since
    the post was last edited. A post goes under the chat's post of the event `under`, where it has one. What is `gathered`
    waits until `not_before` and then leaves together with the others of its chat, as one digest.
    """

    chat_id: int
    thread_id: int
    language: str
    action: Action
    audience: Audience = "readers"
    under: int = 0
    floor: timedelta = timedelta(0)
    not_before: datetime | None = None
    gathered: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A chat that has, or is about to get, a post of an event, how often that was edited, and under which id it stands.

    `message_id` is 0 where it has not left, or where nobody knows.
    """

    chat_id: int
    thread_id: int
    audience: Audience
    edits: int
    message_id: int = 0


ANCHOR_LOST = -1
SUPERSEDED = "superseded by a newer one"
NO_POST = "its post was given up"
NEEDLESS = "told already, or taken back meanwhile"
"""Why a delivery was never sent, as it stands in its row, whatever store keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox: bring revision `revision` of an event to one chat, or to the desk of an admin.

    `message_id` is the chat's post of that event, for an edit or a reply; for a post it is the chat's post of the event
    `under`, which the new one answers, 0 where there is none. `since` is the revision that the chat was last told with
    sound, 0 before its post. `anchor` is the chat's last known message id when the row was claimed, from which an unknown
    outcome is reconciled: 0 where none was known, `ANCHOR_LOST` where that was an id of a group before it became a
    supergroup. `events` are those of a digest, in order: a "digest" sends it, an "edit" of a post that stands in
    one mends it. Once it was shown, `revisions` has for each of them the revision that the digest shows.
    """

    id: int
    event_id: int
    chat_id: int
    thread_id: int
    language: str
    action: Action
    revision: int
    attempt: int = 0
    message_id: int = 0
    content: str = ""
    anchor: int = 0
    audience: Audience = "readers"
    under: int = 0
    since: int = 0
    events: tuple[int, ...] = ()
    revisions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that an admin is to hear of once: `phrase` names what is said, `values` fill it in.

    It stands under `key` until it is cleared; as long as it stands it is not raised again, but says
    what it was raised with last.
    """

    key: str
    phrase: str
    values: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """What a button means, kept here so that nothing that comes back from outside is believed.

    `user_id` is who may press it, 0 for anybody; `message_id` is 0 until the message with the button has been sent.
    """

    token: str
    data: str
    user_id: int
    chat_id: int
    expires: datetime
    message_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A question to which a person's next message in a chat is the answer: `about` says which, as a button's data would.

    `message_id` is the message that asks, and that shows what came of it.
    """

    chat_id: int
    user_id: int
    about: str
    message_id: int
    expires: datetime
