"""Words as data: the concepts of one language, and where they stand in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language for one kind: `concepts` name the phrases that stand for them."""

    language: str
    concepts: Mapping[str, tuple[str, ...]]
