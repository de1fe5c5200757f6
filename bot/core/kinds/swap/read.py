"""How an item becomes swap reports.

    sentences -> clauses of one day -> mentions (what, whether, how many to whom) -> stages (subtype, day) -> reports

Each step is a module of this package; this one goes through them and writes the facts down with their evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.details import categories, disputed, mediators, ordinal
from bot.core.kinds.swap.figures import figures
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.mentions import mentions
from bot.core.kinds.swap.scope import denials, scope
from bot.core.kinds.swap.stages import Stage, stages
from bot.core.kinds.swap.story import day_of, undated_day
from bot.core.model import Evidence, Fact, Origin, Report
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon

SIGNS = {"announced": ("planned", "awaited", "further", "deal"), "postponed": ("postponed", "not_started")}
"""The words by which a status other than the usual one is told."""


def read(document: Document, lexicon: Lexicon) -> tuple[Report, ...]:
    """Return what a document says about exchanges of prisoners and of bodies, the news before the background."""
    told = stages(mentions(document, lexicon), day_of(document), undated_day(document))
    return tuple(_report(stage, document, told, lexicon) for stage in told)


def _report(stage: Stage, document: Document, told: Sequence[Stage], lexicon: Lexicon) -> Report:
    around = tuple(scope(stage, document, told))
    people = scope(stage, document, told, people=True)
    facts: dict[str, Fact] = {"subtype": stage.subtype}
    evidence = [_founding(stage), *_dated(stage), *_status(stage)]
    for slot, value, words in (*figures(stage, told), *_ordinal(stage, around, lexicon)):
        facts.setdefault(slot, value)
        evidence.append(words)
    for slot, named in (("categories", _categories(stage, people)), ("mediators", _first(mediators(around)))):
        if named:
            facts[slot] = tuple(sorted(named))
            evidence.extend(named.values())
    denial = disputed(denials(stage, document))
    return Report(
        kind="swap",
        origin=Origin.of(document.item),
        role=stage.role,
        date=stage.day,
        status=stage.status,
        disputed=denial is not None,
        facts=facts,
        evidence=(*evidence, denial) if denial else tuple(evidence),
    )


def _best(stage: Stage) -> Mention:
    """Return the mention that the report rests on: the first with figures, else the first that can stand alone."""
    anchors = [mention for mention in stage.mentions if mention.anchored]
    return next((mention for mention in anchors if mention.counts), anchors[0])


def _founding(stage: Stage) -> Evidence:
    return _best(stage).clause.evidence("subtype", f"{stage.subtype}.{stage.status}")


def _dated(stage: Stage) -> Iterator[Evidence]:
    """Yield the words that name the day; without any it is the item's own, for which the founding clause stands."""
    named = [mention.clause for mention in stage.mentions if mention.clause.day]
    clause = next((each for each in named if each.day and each.day.day == stage.day), next(iter(named), None))
    if stage.day is None:
        return
    if clause is None or clause.day is None:
        yield _best(stage).clause.evidence("date", "date.published")
    else:
        yield clause.evidence("date", f"date.{clause.day.rule}", clause.day.first, clause.day.last)


def _status(stage: Stage) -> Iterator[Evidence]:
    """Yield the words that tell a status other than carried out."""
    signs = SIGNS.get(stage.status, ())
    told = (mark for mention in stage.mentions for mark in mention.clause.marks(*signs))
    clauses = (mention.clause for mention in stage.mentions if mention.clause.has(*signs))
    clause, mark = next(clauses, None), next(told, None)
    if signs and clause and mark:
        yield clause.evidence("status", f"status.{mark.concept}", mark.first, mark.last)
    elif signs:
        yield _best(stage).clause.evidence("status", f"status.{stage.status}")


def _ordinal(stage: Stage, around: Iterable[Clause], lexicon: Lexicon) -> Iterator[tuple[str, int, Evidence]]:
    found = ordinal(around, lexicon) if stage.subtype == "prisoners" else None
    if found:
        yield "ordinal", *found


def _categories(stage: Stage, around: Iterable[Clause]) -> dict[str, Evidence]:
    if stage.subtype != "prisoners":
        return {}
    counted = (
        count.clause.evidence("categories", "category.civilians", count.first, count.last)
        for mention in stage.mentions
        for count in mention.counts
        if count.what == "civilians" and count.value and not mention.previous
    )
    return _first((*categories(around), *(("civilians", words) for words in counted)))


def _first(named: Iterable[tuple[str, Evidence]]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for name, evidence in named:
        found.setdefault(name, evidence)
    return found
