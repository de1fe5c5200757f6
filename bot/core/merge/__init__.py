"""All reports of one event folded into the event, and what a further report or a ruling changed.

The fold sorts the reports by the time they were published and walks them once, so that neither the order in which they
arrived nor repeats matter. Every figure is kept as a claim; which one is shown is decided in `figures`, which day and
status in `states`. What an editor ruled stands above what is reported until it is taken back, and leaves nothing behind.
"""

from bot.core.merge.changes import absorbed, change, withdrawn
from bot.core.merge.folding import fold, kind_slots
from bot.core.merge.growing import Growing
from bot.core.merge.reports import Moment, combine, moment, unique
from bot.core.merge.rulings import in_order

__all__ = [
    "Growing",
    "Moment",
    "absorbed",
    "change",
    "combine",
    "fold",
    "in_order",
    "kind_slots",
    "moment",
    "unique",
    "withdrawn",
]
