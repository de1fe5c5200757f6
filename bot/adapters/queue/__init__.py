"""Where sources that are due wait for their poll: in this process, or in PostgreSQL for workers on any machine.

The latter is imported where it is used alone: who needs no workers does not load what they need.
"""

from __future__ import annotations

from bot.adapters.queue.embedded import EmbeddedQueue

__all__ = ["EmbeddedQueue"]
