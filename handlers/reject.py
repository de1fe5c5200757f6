"""`/reject N`: what was told is no event: its posts say so, and it is in no list any more."""

from __future__ import annotations

from handlers import Command, verdict

COMMAND: Command = verdict("reject", 23)
