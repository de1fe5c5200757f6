"""What becomes of what comes in: reports, rulings, events and their changes.

Each stage of the house hands the next one of these types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from bot.core.model.feeds import Item, Side, Tier

Role: TypeAlias = Literal["main", "background"]
Status: TypeAlias = Literal["announced", "carried_out", "postponed"]
Field: TypeAlias = Literal["title", "summary", "body"]
Weight: TypeAlias = Literal["new", "material", "minor", "sources", "none"]
Act: TypeAlias = Literal["post", "hold", "reject", "merge", "split", "correct"]
Verdict: TypeAlias = Literal["", "post", "hold", "reject"]
Fact: TypeAlias = int | str | tuple[str, ...]
ReportId: TypeAlias = tuple[str, str, int]
"""A report's source, its item there, and its place among the reports of the item."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry one fact: `text` is a substring of the item's cleaned `field`, from `start` to `end`."""

    slot: str
    rule: str
    text: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Who said it, where and when: what a report keeps of its item and source.

    `wording` is a sketch of the text (`bot.core.text.likeness`), by which copies of it are known; `credits` are the
    agencies and outlets that the text gives as where it has its news from.
    """

    item_id: str
    source_id: str
    name: str
    tier: Tier
    side: Side
    owner: str
    language: str
    url: str
    published: datetime
    title: str = ""
    wording: tuple[int, ...] = ()
    credits: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: Item) -> Origin:
        """Return what a report keeps of the item it was read in."""
        source = item.source
        return cls(
            item_id=item.id,
            source_id=source.id,
            name=source.name,
            tier=source.tier,
            side=source.side,
            owner=source.owner,
            language=item.language,
            url=item.url,
            published=item.published,
            title=item.title,
        )


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whom an item quotes with a figure: `office` as the lexicons name it, `side` the one whose office it is."""

    office: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one item says about one event. `facts` holds only the slots that the item states.

    `date` is the day it took place or is planned for (a night attack has the date of the morning after); `speakers`
    says by slot who is quoted with it; `position` is the report's place among those of its item.
    """

    kind: str
    origin: Origin
    role: Role = "main"
    date: date | None = None
    status: Status = "carried_out"
    disputed: bool = False
    facts: Mapping[str, Fact] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    speakers: Mapping[str, Speaker] = field(default_factory=dict)
    position: int = 0

    @property
    def id(self) -> ReportId:
        """What the report is known by, however often its item comes in."""
        return self.origin.source_id, self.origin.item_id, self.position


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure as one origin gives it, and whom it quotes."""

    slot: str
    value: Fact
    origin: Origin
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an admin decided, kept beside the reports: an event is the fold of both, so that an undo leaves no trace in it.

    It is about the event that `report` belongs to, whichever that is. "merge" ties it to the event of `other`; "split"
    keeps `report` out of the event of `other`; "correct" gives `slot` (one of the kind's, "date" or "status") the value;
    "post", "hold" and "reject" are verdicts, of which the newest counts. `by` is a Telegram user.
    """

    id: int
    act: Act
    report: ReportId
    by: int
    at: datetime
    other: ReportId | None = None
    slot: str = ""
    value: Fact | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """A ruling in the log, and who took it back when; `event_id` is the event it was made on."""

    ruling: Ruling
    event_id: int
    undone_by: int = 0
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FactChange:
    """A shown value that became another: at `at`, because of `source`, which is empty where an editor set it.

    `corrected` says that the value before was wrong: an editor set the new one, or who said the old one spoke of another
    event.
    """

    slot: str
    before: Fact | None
    after: Fact | None
    at: datetime
    source: str
    corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One real event: the fold of all reports about it. `id` is 0 until the store has given it one.

    `facts` are the values shown, `claims` every value said; `history` the shown values that changed, oldest first.
    `news` is what changed when a report last mattered, which may be older than others that came in before it.
    `confirmed` is true once an official of either side or two independent sources carry it. `ranges` are the lowest and
    highest of the values that stand beside each other where nobody is official. `verdict` is what an admin decided;
    `rulings` are all that are in force. An event that turned out to be another one has `merged_into` and no reports.
    `founders` are the reports that founded it and, where they were told apart at first, what turned out to be one with it;
    `founded` has the numbers that they were given: its own (0 until it has one), and those that were merged into it.
    """

    id: int
    kind: str
    date: date | None
    status: Status
    disputed: bool
    confirmed: bool
    facts: Mapping[str, Fact]
    claims: Mapping[str, tuple[Claim, ...]]
    reports: tuple[Report, ...]
    opened: datetime
    updated: datetime
    revision: int = 1
    history: tuple[FactChange, ...] = ()
    news: tuple[FactChange, ...] = ()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    verdict: Verdict = ""
    rulings: tuple[Ruling, ...] = ()
    merged_into: int = 0
    founded: Mapping[ReportId, int] = field(default_factory=dict)
    founders: tuple[ReportId, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Which stored event a report belongs to (None: a new one), how sure, and why, in words for people.

    `rival` is the score of the next best event that it would fit too, 0 where there is none.
    """

    event_id: int | None
    score: float
    reasons: tuple[str, ...] = ()
    rival: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A report and why it stands in its event."""

    report: Report
    decision: Decision


@dataclass(frozen=True, slots=True)
class Change:
    """What reports or a ruling did to an event: the event after it, what was shown before, and how much it matters."""

    event: Event
    facts: tuple[FactChange, ...]
    weight: Weight
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Revision:
    """One change of an event as it was stored: the values before and after, how much it mattered, and why it was made."""

    number: int
    at: datetime
    weight: Weight
    facts: tuple[FactChange, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """An event in short, without its reports: enough for totals, charts and maps."""

    id: int
    kind: str
    date: date | None
    status: Status
    facts: Mapping[str, Fact]
    updated: datetime
