"""Which clauses of an item describe a stage: its mentions and, for the news, what is told around them.

"Among them are officers" names nobody's exchange, so it belongs to the one that the text speaks of there. What is told of
another day, of attacks, of other countries or of hopes describes nobody who came home.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.core.kinds.swap.clauses import Clause, clauses
from bot.core.kinds.swap.stages import Stage
from bot.core.kinds.swap.story import lead, own_sentences
from bot.core.model import Status
from bot.core.text.document import Document, Sentence
from bot.core.text.lexicon import has

SAYING = ("described", "mediation", "exchange", "icrc")
MOVED = ("freed", "captivity", "exchange", "gets", "returns", "comes")
SOLDIERS = ("defender", "mariupol", "officers", "medics")


def scope(stage: Stage, document: Document, told: Sequence[Stage], *, people: bool = False) -> Iterator[Clause]:
    """Yield the clauses that describe a stage, one of those that the item has `told`.

    What is told right behind another stage counts for its `people` and not for this one's.
    """
    own = {_spot(mention.clause) for mention in stage.mentions}
    taken = {_spot(mention.clause) for other in told for mention in other.mentions} - own
    shared = sum(_is_like(other, stage) for other in told) > 1
    near = {_paragraph(mention.clause.sentence) for mention in stage.mentions if not mention.previous}
    theirs = _of_prisoners(told) - near if stage.subtype == "bodies" else set()
    elsewhere: tuple[str, int] | None = None
    for sentence in own_sentences(document):
        around = _paragraph(sentence) not in theirs and stage.role == "main"
        around = around and _describes(sentence, own_paragraph=_is_near(sentence, near), shared=shared)
        for clause in clauses(sentence):
            here = _spot(clause)
            if here in own or here in taken:
                elsewhere = _paragraph(sentence) if here in taken else None
            on = elsewhere is not None and (elsewhere == _paragraph(sentence) or has(sentence, "same_day"))
            apart = people and (on or (stage.status == "carried_out" and _only_plans(clause)))
            beside = around and here not in taken and not apart and not _of_other_day(clause, stage)
            if here in own or beside or (stage.role == "main" and clause.has("jointly")):
                yield clause


def denials(stage: Stage, document: Document) -> Iterator[Clause]:
    """Yield the clauses in which one side may deny what the item says of a stage.

    What was put off is often denied in the headline, the lead or the next sentence.
    """
    done = stage.status == "carried_out"
    yield from (m.clause for m in stage.mentions if (m.counts or m.headline or not done) and _is_of(m.status, stage))
    if stage.role != "main" or stage.status != "postponed":
        return
    near = {_paragraph(mention.clause.sentence) for mention in stage.mentions if not mention.previous}
    top = lead(document)
    for sentence in own_sentences(document):
        heading = sentence.field != "body" and has(sentence, "exchange", "body")
        if heading or _paragraph(sentence) in near or (sentence.field == "body" and sentence.index <= top):
            yield from clauses(sentence)


def _is_of(status: Status, stage: Stage) -> bool:
    return status == stage.status or status != "postponed"


def _describes(sentence: Sentence, *, own_paragraph: bool, shared: bool) -> bool:
    if _abroad(sentence):
        return False
    if has(sentence, "combat", "previous") and not has(sentence, *MOVED):
        return False
    named = has(sentence, "part", "among") and has(sentence, *SOLDIERS)
    return own_paragraph or (not shared and (named or has(sentence, *SAYING)))


def _is_near(sentence: Sentence, near: set[tuple[str, int]]) -> bool:
    """Return whether a sentence stands in a paragraph of the stage; title and summary are one."""
    headed = sentence.field == "summary" and any(field == "title" for field, _ in near)
    return _paragraph(sentence) in near or headed


def _only_plans(clause: Clause) -> bool:
    """Return whether a clause tells whom the sides agreed to exchange, and not who came."""
    plans = clause.marks("planned", "awaited")
    moved = clause.marks("freed", "gets", "returns", "comes", "home", "among")
    return bool(plans) and all(any(plan.first <= mark.first < plan.last for plan in plans) for mark in moved)


def _of_prisoners(told: Sequence[Stage]) -> set[tuple[str, int]]:
    """Return the paragraphs that tell of prisoners: words of help there are not about bodies."""
    stages = (stage for stage in told if stage.subtype == "prisoners")
    return {_paragraph(mention.clause.sentence) for stage in stages for mention in stage.mentions}


def _is_like(other: Stage, stage: Stage) -> bool:
    """Return whether words without a day may as well describe the other stage."""
    return other.role == "main" and other.status == "carried_out" and other.subtype == stage.subtype


def _of_other_day(clause: Clause, stage: Stage) -> bool:
    """Return whether a clause tells of another day than the stage's: "they join the 100 freed on Monday"."""
    return clause.day is not None and stage.day is not None and clause.day.day != stage.day and clause.has(*MOVED)


def _abroad(sentence: Sentence) -> bool:
    """Return whether a sentence is about other countries; the United States are one and may have helped as well."""
    helpers = {mark.first for mark in sentence.marks if mark.concept == "us"}
    return any(mark.concept == "foreign" and mark.first not in helpers for mark in sentence.marks)


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return sentence.field, sentence.paragraph


def _spot(clause: Clause) -> tuple[int, int]:
    return clause.sentence.index, clause.first
