"""The digest of a body, by which it shows whether anything changed in it."""

from __future__ import annotations

import asyncio
import hashlib

LARGE = 256 * 1024
"""Bytes of a body that are hashed in half a millisecond or so."""


async def digest_of(body: bytes) -> str:
    """Return the digest of a body; that of a large one would hold up everything else."""
    if len(body) > LARGE:
        return (await asyncio.to_thread(hashlib.sha256, body)).hexdigest()
    return hashlib.sha256(body).hexdigest()
