"""How an item becomes swap reports.

    sentences -> clauses of one day -> mentions (what, whether, how many to whom) -> stages (subtype, day) -> reports

Each step is a module of this package; this one goes through them and writes the facts down with their evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.core.kinds.swap.clauses import Clause, clauses
from bot.core.kinds.swap.details import categories, disputed, mediators, ordinal
from bot.core.kinds.swap.figures import figures
from bot.core.kinds.swap.mentions import mentions
from bot.core.kinds.swap.stages import Stage, stages
from bot.core.kinds.swap.story import own_sentences
from bot.core.model import Evidence, Fact, Origin, Report
from bot.core.text.document import Document, Sentence
from bot.core.text.lexicon import Lexicon, has


def read(document: Document, lexicon: Lexicon) -> tuple[Report, ...]:
    """Return what a document says about exchanges of prisoners and of bodies, the news before the background."""
    told = stages(mentions(document, lexicon), document.item.published.date())
    return tuple(_report(stage, document, told, lexicon) for stage in told)


def _report(stage: Stage, document: Document, told: Sequence[Stage], lexicon: Lexicon) -> Report:
    scope = tuple(_scope(stage, document, told))
    facts: dict[str, Fact] = {"subtype": stage.subtype}
    evidence = [_founding(stage)]
    for slot, value, words in (*figures(stage, told), *_ordinal(stage, scope, lexicon)):
        facts.setdefault(slot, value)
        evidence.append(words)
    for slot, named in (("categories", _categories(stage, scope)), ("mediators", _first(mediators(scope)))):
        if named:
            facts[slot] = tuple(sorted(named))
            evidence.extend(named.values())
    denial = disputed((*(mention.clause for mention in stage.mentions), *_headlines(stage, document)))
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


def _headlines(stage: Stage, document: Document) -> Iterator[Clause]:
    """Yield the title and summary of an item about what was put off: one side often denies it there."""
    told = stage.role == "main" and stage.status == "postponed"
    for sentence in own_sentences(document) if told else ():
        if sentence.field != "body" and has(sentence, "exchange", "body"):
            yield from clauses(sentence)


def _founding(stage: Stage) -> Evidence:
    """Return the clause that the report rests on: the first with figures, else the first that can stand alone."""
    anchors = [mention for mention in stage.mentions if mention.anchored]
    best = next((mention for mention in anchors if mention.counts), anchors[0])
    return best.clause.evidence("subtype", f"{stage.subtype}.{stage.status}")


def _ordinal(stage: Stage, scope: Iterable[Clause], lexicon: Lexicon) -> Iterator[tuple[str, int, Evidence]]:
    found = ordinal(scope, lexicon) if stage.subtype == "prisoners" else None
    if found:
        yield "ordinal", *found


def _categories(stage: Stage, scope: Iterable[Clause]) -> dict[str, Evidence]:
    if stage.subtype != "prisoners":
        return {}
    counted = (
        count.clause.evidence("categories", "category.civilians", count.first, count.last)
        for mention in stage.mentions
        for count in mention.counts
        if count.what == "civilians" and not mention.previous
    )
    return _first((*categories(scope), *(("civilians", words) for words in counted)))


def _first(named: Iterable[tuple[str, Evidence]]) -> dict[str, Evidence]:
    found: dict[str, Evidence] = {}
    for name, evidence in named:
        found.setdefault(name, evidence)
    return found


def _scope(stage: Stage, document: Document, told: Sequence[Stage]) -> Iterator[Clause]:
    """Yield the clauses that describe a stage: its mentions and, for the news, what is told around them."""
    own = {_spot(mention.clause) for mention in stage.mentions}
    taken = {_spot(mention.clause) for other in told for mention in other.mentions} - own
    shared = sum(other.role == "main" and other.status == "carried_out" for other in told) > 1
    near = {_paragraph(mention.clause.sentence) for mention in stage.mentions if not mention.previous}
    for sentence in own_sentences(document):
        around = stage.role == "main" and _describes(
            sentence, own_paragraph=_paragraph(sentence) in near, shared=shared
        )
        for clause in clauses(sentence):
            if _spot(clause) in own or (around and _spot(clause) not in taken):
                yield clause


def _describes(sentence: Sentence, *, own_paragraph: bool, shared: bool) -> bool:
    if _abroad(sentence):
        return False
    if has(sentence, "combat", "previous") and not has(sentence, "freed", "captivity", "exchange"):
        return False
    return own_paragraph or (not shared and has(sentence, "described", "mediation", "exchange"))


def _abroad(sentence: Sentence) -> bool:
    """Return whether a sentence is about other countries; the United States are one and may have helped as well."""
    helpers = {mark.first for mark in sentence.marks if mark.concept == "us"}
    return any(mark.concept == "foreign" and mark.first not in helpers for mark in sentence.marks)


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return sentence.field, sentence.paragraph


def _spot(clause: Clause) -> tuple[int, int]:
    return clause.sentence.index, clause.first
