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


class Known:
    """Words that may have been meant, kept by their length: most are too long or too short to be compared."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_length: dict[int, list[str]] = {}
        for word in words:
            self._by_length.setdefault(len(word), []).append(word)

    def near(self, word: str) -> tuple[str, ...]:
        """Return the words that are one slip from a word, those with its first letter where there are such."""
        lengths = range(len(word) - 1, len(word) + 2)
        near = tuple(each for length in lengths for each in self._by_length.get(length, ()) if _is_like(word, each))
        return tuple(each for each in near if each[:1] == word[:1]) or near


def _is_like(word: str, other: str) -> bool:
    """Tell whether two words are one slip apart; most differ at both ends, which is quickly seen."""
    if (
        word[0] != other[0]
        and word[1:3] != other[1:3]
        and word[:2] != other[1::-1]
        and word[1:3] != other[:2]
        and word[:2] != other[1:3]
    ):
        return False
    return is_slip(word, other)
