"""Whether a figure belongs to the nationwide report of a night, and to whose: drones and missiles mostly do."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.kinds.strike.figures import PEOPLE, Figure
from bot.core.kinds.strike.focus import LONG_LIST, Focus
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.weapons import LISTED, ONE, tally
from bot.core.kinds.strike.where import SEVERAL, Spot

FEW, WHOLE_NIGHT = 10, 50
BESIDE = 3
"""How near behind a figure the whole country may stand: "180 drones *across Ukraine*"."""
NATIONAL = ("nation_voice", "over_regions", "countrywide", "many_regions")
"""Who and what speaks of the whole country, and not only of the air defence of the place that the item is about."""


def is_stopped(figure: Figure) -> bool:
    """Return whether a figure counts what did not get through, or was told together with that."""
    return figure.slot.endswith("downed") or figure.rule.startswith("all_")


def nation_of(line: Line, figure: Figure, launched: Sequence[Figure], here: Sequence[Spot], focus: Focus) -> str:
    """Return the country, "UA" or "RU", whose report of the night a figure belongs to, "" where it belongs to a region."""
    own = [spot for spot in here if line.clause(spot.first) == line.clause(figure.first)]
    if figure.slot in PEOPLE:
        return _of_people(line, figure, own, here, focus)
    if figure.rule == ONE:
        return ""
    if figure.rule.startswith(LISTED):
        return _country(line, figure, focus) if figure.rule.startswith("tally_all") else ""
    before = [mark for mark in line.spans("over_regions") if mark.first < figure.first]
    wide = line.clause_has(figure.first, "over_regions") or any(
        line.phrase(mark.first) == line.phrase(figure.first) for mark in before
    )
    wide = wide or any(0 <= mark.first - figure.last <= BESIDE for mark in line.spans("countrywide"))
    placed = own and not _is_list(own) and not _passed_over(line, figure, own) and not wide
    if placed or _is_aimed(line, figure, here) or (focus.spots and _is_regional(line, figure)):
        return ""
    if _is_at_town(line, figure, focus) or not _is_of_night(line, figure, launched, focus):
        return ""
    return _country(line, figure, focus)


def _is_at_town(line: Line, figure: Figure, focus: Focus) -> bool:
    """Return whether weapons were sent "at the town" that the item speaks of."""
    home = len({spot.region for spot in focus.spots}) == 1
    return home and not is_stopped(figure) and line.clause_has(figure.first, "at_the_town")


def _is_list(own: Sequence[Spot]) -> bool:
    """Return whether the places of a clause are so many that its one number is that of all of them."""
    return len({spot.region for spot in own}) >= SEVERAL


def _is_regional(line: Line, figure: Figure) -> bool:
    """Return whether "over the region" stands nearer to the figure than "over the country"."""
    others = [match for match in line.match("tally_all") if not match.first <= figure.first < match.last]

    def nearest(*concepts: str) -> int:
        marks = [mark for mark in line.spans(*concepts) if not any(o.first <= mark.first < o.last for o in others)]
        return min((abs(mark.first - figure.first) for mark in marks), default=len(line.clauses))

    return nearest("region_wide") < nearest("over_regions", "countrywide", "many_regions")


def _is_of_night(line: Line, figure: Figure, launched: Sequence[Figure], focus: Focus) -> bool:
    """Return whether weapons without a place are those of the whole country, by the words or by their number."""
    most = max(each.value for each in launched)
    if focus.spots and _is_of_head(line, most):
        return False
    if line.has("ua_defence", "countrywide", "many_regions") or tally(line):
        return True
    if is_stopped(figure) and _is_local(line, launched, focus):
        return False
    if is_stopped(figure) and line.has("ru_defence"):
        return True
    if focus.night or not focus.spots or most >= WHOLE_NIGHT:
        return True
    return most >= FEW and line.has("ua_attacker", "ru_attacker", "ru_side")


def _is_of_head(line: Line, most: int) -> bool:
    """Return whether the head of a region speaks, and nobody of the country: of so many only where no army is named."""
    alone = line.has("regional_head") and not line.has(*NATIONAL)
    return alone and (most < WHOLE_NIGHT or not line.has("ua_defence"))


def _is_local(line: Line, launched: Sequence[Figure], focus: Focus) -> bool:
    """Return whether the air defence is that of the one region that the item is about: few, or in its governor's words."""
    home = focus.spots and focus.scene.home and not focus.night
    most = max(each.value for each in launched)
    whole = any(each.value >= WHOLE_NIGHT for each in launched if not is_stopped(each))
    return bool(home) and not line.has(*NATIONAL) and (most < FEW or (focus.regional and not whole))


def _of_people(line: Line, figure: Figure, own: Sequence[Spot], here: Sequence[Spot], focus: Focus) -> str:
    wide = line.spans("countrywide", "many_regions")
    everywhere = any(line.phrase(mark.first) == line.phrase(figure.first) for mark in wide)
    everywhere = everywhere or (line.has("countrywide") and not here)
    if figure.value == 0 and not everywhere and line.has("same_place"):
        return ""
    many = not here and len({spot.region for spot in focus.spots}) >= LONG_LIST
    if own or not (everywhere or many or (not focus.spots and focus.national)):
        return ""
    return focus.national or focus.nation


def _passed_over(line: Line, figure: Figure, own: Sequence[Spot]) -> bool:
    """Return whether the places of the clause come before a launching country: "a fire in Kyiv as Russia fires 40 drones"."""
    if is_stopped(figure):
        return False
    subjects = [mark for mark in line.spans("ru_side") if line.clause(mark.first) == line.clause(figure.first)]
    return any(own[-1].last <= mark.first for mark in subjects)


def _is_aimed(line: Line, figure: Figure, here: Sequence[Spot]) -> bool:
    """Return whether the line first names its one region and then what was fired: "They struck Kyiv: 175 drones"."""
    one = len({spot.region for spot in here}) == 1 and here[0].last <= figure.first
    wide = line.spans("ru_side", "ua_defence", "ru_defence", "countrywide", "many_regions", "over_regions")
    return one and not any(line.segment(mark.first) == line.segment(figure.first) for mark in wide)


def _country(line: Line, figure: Figure, focus: Focus) -> str:
    stopped = is_stopped(figure)
    for here in (True, False):
        found = _cued(line, figure.first, stopped=stopped, here=here)
        if found:
            return found
    return focus.night or focus.nation


def names_country(line: Line, figure: Figure) -> str:
    """Return the country, "UA" or "RU", over which a figure of weapons was flown by the words of its own clause, else ""."""
    return _cued(line, figure.first, stopped=is_stopped(figure), here=True)


def _cued(line: Line, at: int, *, stopped: bool, here: bool) -> str:
    """Return the attacked country by the words of the clause (`here`) or of the whole line."""

    def has(*concepts: str) -> bool:
        return line.clause_has(at, *concepts) if here else line.has(*concepts)

    if has("against_ru") and not has("ru_attacker"):
        return "RU"
    if has("ua_defence", "ru_attacker"):
        return "UA"
    if has("ua_attacker") or (stopped and has("ru_defence")):
        return "RU"
    if not stopped and has("ru_enemy"):
        return "UA"
    ours = {mark.first for mark in line.spans("enemy")}
    if any(
        mark.first not in ours and (not here or line.clause(mark.first) == line.clause(at))
        for mark in line.spans("ru_side")
    ):
        return "RU" if stopped and not line.has("launched") else "UA"
    return ""
