"""Words that are one slip apart: a letter too many, too few, another one, or two neighbours changed round."""

from __future__ import annotations

from collections.abc import Iterable


def is_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by exactly one slip."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = _shared(one, other)
    left, right = one[at:], other[at:]
    if len(left) != len(right):
        longer, shorter = (left, right) if len(left) > len(right) else (right, left)
        return longer[1:] == shorter
    return left[1:] == right[1:] or (left[1::-1] == right[:2] and left[2:] == right[2:])


def _shared(one: str, other: str) -> int:
    """Return how many letters two words have in common at the beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def slips(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that are one slip from a word, those with its first letter where there are such."""
    near = tuple(each for each in known if abs(len(each) - len(word)) < 2 and is_slip(word, each))  # noqa: PLR2004
    return tuple(each for each in near if each[:1] == word[:1]) or near
