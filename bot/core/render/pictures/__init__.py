"""Pictures of what happened, as SVG: what people would rather look at than read."""

from __future__ import annotations
