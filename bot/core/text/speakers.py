"""Whom a text quotes with a figure: "12 were killed, the governor said", «за даними ДСНС», «сообщил глава региона».

`bot/data/<language>/speakers.toml` has the offices and the constructions in which they are quoted. A sentence is read in
three steps: the words for offices are found; each is widened to all that names the speaker ("the head of the Kharkiv
regional administration Oleh Syniehubov"), which also tells whose office it is; then the constructions are looked for, where
`<speaker>` stands for all of that.

A figure belongs to the quotation that is nearest by clauses, as its own side of the words of saying tells; where the
sentence quotes nobody, the sentences around it may go on with it: "He added ...", «Про це повідомили в ДСНС.», an open
quotation mark, or the same figure said once more. Where more than one office could be meant, nobody is quoted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.model import Evidence, Side, Speaker
from bot.core.text.document import Document, Mark, Marks, Sentence, Token
from bot.core.text.lexicon import Match, Vocabulary
from bot.core.text.offices import STOPS, Named, Speech, named, tokens_of, unbroken

NEAR = 2
"""Sentences that "he said" looks back over, and tokens before a name in which "neither" is about it."""
CLOSE = 5
"""Tokens before an office in which "a source" is about it: "a source close to the Russian delegation"."""
TOLD_TWICE = 10
"""The figure from which on a headline's or summary's figure is the same count where another sentence has it."""
ASIDE = 3
"""What it costs, in clauses, to understand "..., the governor said" as speaking of what follows."""
SIGNS = frozenset(":—–-")
"""What may quote without a word of saying: "Air force: 12 drones", "... — Zelensky"."""
_BREAKS = frozenset(",:()—–")
_OPENERS, _CLOSERS = frozenset("«“„"), frozenset("»”")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that quote somebody: whether for what follows (`leads`), for what is before (`trails`), or the last sentence."""

    first: int
    last: int
    who: Named
    leads: bool
    trails: bool
    points_back: bool = False

    def distance(self, sentence: Sentence, at: int) -> tuple[int, int] | None:
        """Return how far a token is, in clauses and then in tokens; None where the quotation cannot be about it."""
        if at < self.first:
            between = sentence.tokens[at : self.first]
            return (_clauses(between[:-1]), len(between)) if self.trails and not _parted(between) else None
        between = sentence.tokens[self.last : at]
        if _parted(between) and not (self.leads and self.first <= 1):
            return None
        return (_clauses(between) + (0 if self.leads else ASIDE), len(between))


@dataclass(frozen=True, slots=True)
class Speakers:
    """The words by which texts quote offices, by language."""

    speech: Mapping[str, Speech] = field(default_factory=dict)

    def hearing(self, document: Document) -> Hearing:
        """Return who speaks in a document."""
        return Hearing(document, self.speech)


class Hearing:
    """Who speaks in one document. Sentences are worked out when they are first asked for."""

    def __init__(self, document: Document, speech: Mapping[str, Speech]) -> None:
        self._sentences = document.sentences
        self._speech = speech
        self._heard: dict[int, _Heard] = {}

    def speaker(self, evidence: Evidence, value: int, home: Home, others: Sequence[Evidence] = ()) -> Speaker | None:
        """Return whom the document quotes with a figure that `evidence` carries, None where nobody or nobody surely.

        `others` are the words of other facts: the same figure there is another count.
        """
        index = self._index(evidence)
        if index is None:
            return None
        at = _position(self._sentences[index], evidence, value)
        found = self._at(index, at, home)
        if found or value < TOLD_TWICE or self._sentences[index].field == "body":
            return found
        if self._hear(index).about(self._sentences[index], at):
            return None
        return self._again({index, *map(self._index, others)}, value, home)

    def _at(self, index: int, at: int, home: Home) -> Speaker | None:
        """Return who is quoted with what stands at a token of a sentence."""
        nearest = self._hear(index).about(self._sentences[index], at)
        return self._resolved(nearest.who, index, home) if nearest else self._around(index, home)

    def _index(self, evidence: Evidence) -> int | None:
        return next((at for at, each in enumerate(self._sentences) if _holds(each, evidence)), None)

    def _around(self, index: int, home: Home) -> Speaker | None:
        """Return who is quoted by the sentences before and after: in one quotation, or by «Про це повідомили ...»."""
        if self._points_back(index):
            quotations = self._hear(index + 1).quotations
            if quotations and quotations[0].points_back:
                return self._resolved(quotations[0].who, index + 1, home)
        for other, opener in ((index + 1, index), (index - 1, index - 1)):
            if self._quotes_on(opener, other, index):
                quotations = self._hear(other).quotations
                return self._resolved(quotations[0].who, other, home) if len(quotations) == 1 else None
        return None

    def _points_back(self, index: int) -> bool:
        """Return whether the sentence behind one may say who said it; behind a headline that may be the next field's."""
        if index + 1 >= len(self._sentences):
            return False
        own, other = self._sentences[index : index + 2]
        speech = self._speech.get(other.language)
        near = own.field in ("title", other.field)
        return near and speech is not None and bool(other.tokens) and other.tokens[0].fold in speech.pointers

    def _quotes_on(self, opener: int, other: int, index: int) -> bool:
        """Return whether a quotation that a sentence opens and does not close joins two sentences of a paragraph."""
        if not 0 <= other < len(self._sentences):
            return False
        one, two = self._sentences[other], self._sentences[index]
        return (one.field, one.paragraph) == (two.field, two.paragraph) and _is_open(self._sentences[opener].text)

    def _again(self, passed: Collection[int | None], value: int, home: Home) -> Speaker | None:
        """Return who is quoted with the same figure in another sentence."""
        for other, sentence in enumerate(self._sentences):
            for number in sentence.numbers if other not in passed else ():
                if number.value == value and not number.ordinal and (found := self._at(other, number.first, home)):
                    return found
        return None

    def _resolved(self, who: Named, index: int, home: Home) -> Speaker | None:
        """Return the speaker that is meant, None where it cannot be told whose office it is."""
        match who.office.manner:
            case "sided":
                side = who.office.side
            case "again" | "own":
                before = self._named_before(who, index)
                return self._resolved(*before, home) if before else None
            case "local":
                side = who.side or home.side_of(who.regions, self._sentences[index])
            case _:
                side = who.side or who.office.side or (None if who.unknown else self._side_before(who, index))
        return Speaker(who.office.name, side) if side else None

    def _named_before(self, who: Named, index: int) -> tuple[Named, int] | None:
        """Return what "he" or "the ministry" stands for: who was quoted last, or the last office of such a name."""
        here = self._sentences[index]
        for other in range(index, -1, -1):
            heard = self._hear(other)
            if not who.office.name and (index - other > NEAR or self._sentences[other].field != here.field):
                return None
            for each in reversed(heard.named if who.office.name else heard.speaking()):
                fits = each.office.manner not in ("again", "own") and each.office.name.endswith(who.office.name)
                if fits and (other < index or each.last <= who.first):
                    return each, other
        return None

    def _side_before(self, who: Named, index: int) -> Side | None:
        """Return whose an office was when it was named with a side before: "Russia's Defence Ministry ... the ministry"."""
        for other in range(index, -1, -1):
            for each in reversed(self._hear(other).named):
                side = each.office.side if each.office.manner == "sided" else each.side
                if side and each.office.name == who.office.name and (other < index or each.last <= who.first):
                    return side
        return None

    def _hear(self, index: int) -> _Heard:
        found = self._heard.get(index)
        if found is None:
            sentence = self._sentences[index]
            speech = self._speech.get(sentence.language)
            found = self._heard[index] = _heard(sentence, speech) if speech else SILENCE
        return found


@dataclass(frozen=True, slots=True)
class Home:
    """Who holds the region that a report is about, and its code; both are empty where it is about none."""

    side: Side | None = None
    region: str = ""

    def side_of(self, regions: frozenset[str], sentence: Sentence) -> Side | None:
        """Return whose the local offices of some regions are; with none named, those of the region that is meant."""
        if not regions and self.side:
            return self.side
        named = regions or {place.region or place.country for place in sentence.places}
        sides = {self._holder(region) for region in named}
        return sides.pop() if len(sides) == 1 else None

    def _holder(self, region: str) -> Side | None:
        if self.side and region == self.region:
            return self.side
        return "UA" if region[:2] == "UA" else "RU" if region[:2] == "RU" else None


@dataclass(frozen=True, slots=True)
class _Heard:
    """The offices that a sentence names, and those that it quotes, from left to right."""

    named: Sequence[Named] = ()
    quotations: Sequence[Quotation] = ()

    def about(self, sentence: Sentence, at: int) -> Quotation | None:
        """Return the quotation that a token of the sentence belongs to."""
        told = [(far, each) for each in self.quotations if (far := each.distance(sentence, at)) is not None]
        return min(told, key=lambda each: each[0])[1] if told else None

    def speaking(self) -> Sequence[Named]:
        """Return those that are quoted; where nobody is, the only one that is named."""
        quoted = [each.who for each in self.quotations]
        return quoted or (self.named if len(self.named) == 1 else ())


SILENCE = _Heard()


def _heard(sentence: Sentence, speech: Speech) -> _Heard:
    marks = speech.vocabulary.marks(sentence)
    if speech.offices.keys().isdisjoint(marks.concepts):
        return SILENCE
    found = named(sentence, speech, marks)
    if not (_may_quote(sentence, marks) or any(each.office.manner == "own" for each in found)):
        return _Heard(found)
    spans = [Mark("own" if each.office.manner == "own" else "speaker", each.first, each.last) for each in found]
    marked = sentence.marked(Marks(sorted((*marks, *spans), key=_place)))
    return _Heard(found, tuple(_quotations(marked, speech.vocabulary, {each.first: each for each in found})))


def _may_quote(sentence: Sentence, marks: Marks) -> bool:
    return marks.has("say", "about", "tally") or not SIGNS.isdisjoint(token.text for token in sentence.tokens)


def _place(mark: Mark) -> tuple[int, int, str]:
    return mark.first, -mark.last, mark.concept


def _quotations(sentence: Sentence, vocabulary: Vocabulary, speakers: Mapping[int, Named]) -> Iterator[Quotation]:
    told = [
        (name, match)
        for name in ("said", "by", "heads", "signed", "back")
        for match in vocabulary.match(name, sentence)
        if "who" in match.captures
    ]
    taken: set[int] = set()
    for name, match in sorted(told, key=lambda each: (each[1].first, -each[1].last)):
        who = speakers.get(match.captures["who"].first)
        if who and who.first not in taken and (made := _quotation(name, match, who, sentence)):
            taken.add(who.first)
            yield made


def _quotation(name: str, match: Match, who: Named, sentence: Sentence) -> Quotation | None:
    """Return what a construction makes of a speaker, None where it denies that somebody spoke."""
    if _is_vetoed(sentence, who) or (name in ("heads", "signed") and _is_place(sentence, who)):
        return None
    if name == "signed" and not _ends(sentence, match.last):
        return None
    if name == "back":
        return Quotation(match.first, match.last, who, leads=False, trails=True, points_back=True)
    begin = _without_links(sentence, match.first)
    opened, behind_stop = _is_opened(sentence, begin), _is_stop(sentence, begin - 1)
    if name == "heads" and not opened:
        return None
    described = any(mark.last == begin - 1 for mark in sentence.marks.of("which"))
    leads = (
        opened
        or described
        or (name == "said" and (not _is_stop(sentence, match.last) or _goes_on(sentence, match.last)))
    )
    trails = not opened and not described and (name != "said" or behind_stop)
    return Quotation(match.first, match.last, who, leads=leads and name != "signed", trails=trails)


def _is_vetoed(sentence: Sentence, who: Named) -> bool:
    """Return whether it is a source in an office that speaks, not the office, or neither of two, or two together."""
    near = {"source": CLOSE, "neither": NEAR}
    before = [
        mark
        for mark in sentence.marks.of(*near)
        if who.first - near[mark.concept] <= mark.first < who.last and unbroken(sentence, mark.last, who.first)
    ]
    joined = [mark.first for mark in sentence.marks.of("and") if mark.last == who.first]
    return bool(before) or any(mark.last in joined for mark in sentence.marks.of("speaker"))


def _is_place(sentence: Sentence, who: Named) -> bool:
    return any((place.first, place.last) == (who.first, who.last) for place in sentence.places)


def _is_opened(sentence: Sentence, first: int) -> bool:
    """Return whether a clause begins here: with nothing, a semicolon or a joint such as "while" before it."""
    joints = tokens_of(sentence.marks.of("and", "as"))
    return not first or first - 1 in joints or sentence.tokens[first - 1].text in ";:.!?…"


def _without_links(sentence: Sentence, first: int) -> int:
    """Return where a construction begins with the article before it: "the governor said"."""
    links = tokens_of(sentence.marks.of("link"))
    while first - 1 in links:
        first -= 1
    return first


def _is_stop(sentence: Sentence, at: int) -> bool:
    return at >= len(sentence.tokens) or sentence.tokens[at].text in STOPS


def _goes_on(sentence: Sentence, at: int) -> bool:
    """Return whether what is said follows behind a comma or a colon: ", що", ":"."""
    if at < len(sentence.tokens) and sentence.tokens[at].text == ":":
        return True
    return any(mark.first == at + 1 for mark in sentence.marks.of("that"))


def _ends(sentence: Sentence, at: int) -> bool:
    return all(token.text in STOPS for token in sentence.tokens[at:])


def _clauses(tokens: Sequence[Token]) -> int:
    return sum(token.text in _BREAKS for token in tokens)


def _parted(tokens: Sequence[Token]) -> bool:
    return any(token.text == ";" for token in tokens)


def _is_open(text: str) -> bool:
    """Return whether a quotation mark is opened and not closed, or a plain one stands alone."""
    opened = sum(text.count(sign) for sign in _OPENERS) - sum(text.count(sign) for sign in _CLOSERS)
    return opened > 0 or text.count('"') % 2 == 1


def _holds(sentence: Sentence, evidence: Evidence) -> bool:
    begins = sentence.start <= evidence.start < sentence.start + len(sentence.text)
    return begins and sentence.field == evidence.field


def _position(sentence: Sentence, evidence: Evidence, value: int) -> int:
    """Return the token at which a figure stands: that of its value, else the first of the evidence."""
    begin, end = evidence.start - sentence.start, evidence.end - sentence.start
    exact = [each.first for each in sentence.numbers if each.value == value]
    for at in (*exact, *range(len(sentence.tokens))):
        if begin <= sentence.extent(at, at + 1)[0] < end:
            return int(at)
    return 0
