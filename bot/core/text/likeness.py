"""Whether one text is a copy of another, told by a sketch small enough to be kept with each report.

Outlets print an agency's text with a headline of their own, cut short, or with a sentence added; that is one voice and not
two. The sketch of a text is the smallest of the hashes of its runs of words (a bottom-k sketch of its shingles: A. Broder,
"On the resemblance and containment of documents", 1997), so that two sketches tell how much of the wording is common.
"""

from __future__ import annotations

import re
from heapq import nsmallest
from itertools import islice
from typing import TypeAlias
from zlib import crc32

Sketch: TypeAlias = tuple[int, ...]

RUN = 4
"""Words in a run: shorter ones are common phrases of the trade, longer ones break at each mended comma."""
LEAD = 120
"""Words of a text that count: feeds cut texts, and what an outlet adds stands at the end."""
SIZE = 32
SAMPLE = 5
"""Common ground below which two sketches tell nothing."""
HIGHEST = 2**32
FEWEST = 8
"""Runs from which on likeness says something: two short notices of one fact are alike without being copies."""
_WORD = re.compile(r"\w+")


def sketch(text: str) -> Sketch:
    """Return the sketch of a text, empty where it is too short to be told from another."""
    words = [match.group() for match in islice(_WORD.finditer(text.casefold()), LEAD)]
    runs = {crc32(" ".join(words[at : at + RUN]).encode()) for at in range(len(words) - RUN + 1)}
    return tuple(nsmallest(SIZE, runs)) if len(runs) >= FEWEST else ()


def likeness(one: Sketch, other: Sketch) -> float:
    """Return which share of the shorter text's runs the longer one has, from 0 to 1, as far as their sketches tell.

    Below the larger hash of a full sketch, that sketch lacks nothing; what lies beyond it in the other is not compared.
    """
    known = min(_reach(one), _reach(other))
    mine, theirs = ({each for each in own if each <= known} for own in (one, other))
    fewer = min(len(mine), len(theirs))
    return len(mine & theirs) / fewer if fewer >= SAMPLE else 0.0


def _reach(own: Sketch) -> int:
    return own[-1] if len(own) == SIZE else HIGHEST
