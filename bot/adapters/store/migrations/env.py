"""Runs migrations on the connection that `bot.adapters.store.schema` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from bot.adapters.store.tables import metadata

# A migration must mean tomorrow what it means today, so it names the plain types and not ours.
_FROZEN = {"UtcDateTime": "sa.DateTime(timezone=True)", "CleanText": "sa.Text()", "AutoString": "sa.String()"}


def _render(kind: str, value: object, _context: Any) -> str | Literal[False]:
    return _FROZEN.get(type(value).__name__, False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=_render,
)
context.run_migrations()
