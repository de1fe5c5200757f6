"""Takes the steps of deploy/Dockerfile in a folder of its own, without an engine for containers, and starts what they make.

    make image

The steps of the first stage are taken as they stand there, with the files that the image would be built from and no others;
only the absolute are moved. Then the image's command runs until the image's health check finds it well. What this cannot tell is whether
the base image has what the steps need, and what the engine makes of the user and the read-only root.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
FOLDERS = re.compile(r"(?<![\w./])/(?=(?:opt|src|data|backups|tmp)\b)")
"""Absolute folders of the image."""
WELL_WITHIN = 60.0
"""Seconds within which the bot has to be found well."""
SILENT = """[[source]]
id = "silent"
name = "Silent"
type = "rss"
url = "http://127.0.0.1:9/feed"
language = "en"
tier = "outlet"
side = "independent"
owner = "nobody"
"""
"""A list of sources that asks nobody."""


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction of a Dockerfile: its stage, counted from 0 (-1 before the first), its word and the rest, in one line."""

    stage: int
    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as a list of words, whether it is written as JSON or not."""
        return list(json.loads(self.rest)) if self.rest.startswith("[") else self.rest.split()


def steps(text: str) -> Iterator[Step]:
    """Yield the instructions of a Dockerfile."""
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    stage = -1
    for line in lines.replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        stage += word == "FROM"
        if word:
            yield Step(stage, word.upper(), rest.strip())


def taken(path: str, patterns: list[str]) -> bool:
    """Return whether a file goes into the build, by the patterns of a .dockerignore of which the last that fits decides."""
    kept = True
    for pattern in patterns:
        bare = pattern.removeprefix("!").removeprefix("**/")
        parts = path.split("/")
        names = parts if "**/" in pattern else ["/".join(parts[: n + 1]) for n in range(len(parts))]
        if any(fnmatch(name, bare) and name.count("/") == bare.count("/") for name in names):
            kept = pattern.startswith("!")
    return kept


def patterns(root: Path) -> list[str]:
    """Return what keeps files out of the build, and lets them in again."""
    lines = (root / "deploy" / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def context(root: Path) -> list[str]:
    """Return the files of the repository that the image may be built from."""
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True)
    kept = patterns(root)
    return [path for path in listed.stdout.splitlines() if taken(path, kept)]


class Trial:
    """The image's folders under one of ours, and its steps taken there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.where = folder / "src"
        self.files = context(ROOT)
        for name in ("opt", "src", "data", "backups", "tmp", "bin"):
            (folder / name).mkdir()
        python = folder / "bin" / "python"
        python.write_text('#!/bin/sh\nexec python3.11 "$@"\n', encoding="utf-8")
        python.chmod(0o755)

    def moved(self, text: str) -> str:
        """Return a command with the image's folders moved to ours."""
        return FOLDERS.sub(f"{self.folder}/", text)

    def take(self, step: Step) -> None:
        """Take a step of the first stage."""
        if step.word == "COPY":
            self._copy(step.words)
        elif step.word == "RUN":
            search = f"{self.folder}/bin:{os.environ['PATH']}"
            command = ["bash", "-euo", "pipefail", "-c", self.moved(step.rest)]
            subprocess.run(command, cwd=self.where, env={**os.environ, "PATH": search}, check=True)

    def _copy(self, words: list[str]) -> None:
        *sources, target = words
        place = Path(self.moved(target)) if target.startswith("/") else self.where / target
        for source in sources:
            found = [path for path in self.files if path == source or path.startswith(f"{source}/")]
            if not found:
                sys.exit(f"{source}: the build has no such file; see deploy/Dockerfile.dockerignore")
            for path in found:
                to = place / path.removeprefix(f"{source}/") if path != source else place / path
                to = place if path == source and not target.endswith("/") and target != "." else to
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / path, to)


def start(trial: Trial, last: list[Step]) -> None:
    """Run the image's command until its health check finds it well, then end it as an engine would."""
    said = {step.word: step for step in last}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listens = f"127.0.0.1:{free.getsockname()[1]}"
    (trial.folder / "tmp" / "sources.toml").write_text(SILENT, encoding="utf-8")
    settings = {
        "HOME": str(trial.folder / "data"),
        "PATH": f"{trial.folder}/opt/vistka/bin:/usr/bin:/bin",
        "VISTKA_DATABASE_URL": f"sqlite:///{trial.folder}/data/vistka.sqlite3",
        "VISTKA_HTTP": listens,
        "VISTKA_SOURCES": str(trial.folder / "tmp" / "sources.toml"),
    }
    check = [trial.moved(word) for word in json.loads(said["HEALTHCHECK"].rest.partition(" CMD ")[2])]
    command = said["ENTRYPOINT"].words + said["CMD"].words
    bot = subprocess.Popen(command, cwd=trial.folder / "data", env=settings, stderr=subprocess.PIPE, text=True)
    try:
        took = _well(bot, lambda: subprocess.run(check, env=settings, capture_output=True, check=False).returncode == 0)
    finally:
        bot.terminate()
        log = bot.communicate(timeout=40)[1]
    if took is None or bot.returncode:
        sys.exit(f"it did not become well, or ended with {bot.returncode} on SIGTERM:\n{log}")
    print(f"well after {took:.1f} s by its health check; it ended with 0 on SIGTERM")


def _well(bot: subprocess.Popen[str], asked: Callable[[], bool]) -> float | None:
    """Return the seconds until the bot was found well, None where it was not."""
    began = time.monotonic()
    while bot.poll() is None and (took := time.monotonic() - began) < WELL_WITHIN:
        if asked():
            return took
        time.sleep(0.2)
    return None


def main() -> None:
    """Take every step of the first stage, then start what it made."""
    read = list(steps(DOCKERFILE.read_text(encoding="utf-8")))
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder))
        for step in read:
            if step.stage == 0:
                trial.take(step)
        made = trial.folder / "opt" / "vistka"
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file() and not path.is_symlink())
        print(f"built: {size / 2**20:.0f} MiB in /opt/vistka")
        start(trial, [step for step in read if step.stage == 1])


if __name__ == "__main__":
    main()
