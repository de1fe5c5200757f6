"""What sources brought, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from bot.adapters.memory.tables import Part
from bot.core.health import Past, past_of
from bot.core.model import SourceDay


class Diary(Part):
    """The port of the name."""

    async def note(self, day: SourceDay) -> None:
        """Add to what is counted of a source on a day."""
        key = day.source_id, day.day
        before = self._tables.days.get(key, SourceDay(*key))
        self._tables.days[key] = SourceDay(
            *key,
            items=before.items + day.items,
            undated=before.undated + day.undated,
            unlinked=before.unlinked + day.unlinked,
            reports=before.reports + day.reports,
        )

    async def pasts(self, first: date, lately: date) -> Mapping[str, Past]:
        """Return what each source brought since the day `first`; what it brought from `lately` on is counted apart."""
        days: defaultdict[str, list[SourceDay]] = defaultdict(list)
        for each in self._tables.days.values():
            if each.day >= first:
                days[each.source_id].append(each)
        return {source_id: past for source_id, own in days.items() if (past := past_of(own, lately))}

    async def forget(self, before: date) -> None:
        """Forget the days before this one."""
        self._tables.days = {key: each for key, each in self._tables.days.items() if each.day >= before}
