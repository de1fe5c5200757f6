"""The image is built of what is locked, by few and plain steps, and runs without rights."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from bot.settings import PREFIX, Settings
from tests.deploy.files import DEPLOY, ROOT, loaded

dockerfile = loaded("scripts/dockerfile.py")
STEPS = list(dockerfile.steps((DEPLOY / "Dockerfile").read_text(encoding="utf-8")))
RUNS = [step.rest for step in STEPS if step.word == "RUN"]
LAST = {step.word: step for step in STEPS if step.stage == 1}


def test_there_is_a_stage_that_builds_and_one_that_runs():
    assert [step.rest for step in STEPS if step.word == "FROM"] == ["${BASE} AS build", "${BASE}"]


def test_the_base_is_pinned_to_a_version_and_comes_from_wherever_the_operator_says():
    base = next(step.rest for step in STEPS if step.word == "ARG")
    assert re.fullmatch(r"BASE=python:\d+\.\d+-slim-\w+", base)
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert base.removeprefix("BASE=python:").startswith(wanted.removeprefix(">="))


@pytest.mark.parametrize("command", RUNS)
def test_what_is_installed_is_locked_or_ours(command):
    for install in re.findall(r"pip install ([^&]+)", command):
        assert "--no-cache-dir" in install
        assert "--require-hashes" in install or "--no-deps --no-build-isolation ." in install


@pytest.mark.parametrize("command", RUNS)
def test_no_step_fetches_what_no_lock_file_names(command):
    assert not re.search(r"\b(apt|apt-get|curl|wget|sudo|chmod 777)\b|://", command)


def test_steps_with_pipes_fail_as_a_whole():
    assert LAST.keys().isdisjoint({"SHELL"})
    assert next(step.words for step in STEPS if step.word == "SHELL")[1:] == ["-euo", "pipefail", "-c"]


def test_nothing_is_added_unpacked_or_from_an_address():
    assert not any(step.word == "ADD" for step in STEPS)
    assert all(
        not source.startswith("/")
        for step in STEPS
        if step.word == "COPY" and step.stage == 0
        for source in step.words[:-1]
    )


def test_it_runs_as_a_number_that_is_not_root():
    user = LAST["USER"].rest
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    assert [step.word for step in STEPS if step.stage == 1].index("USER") > [
        step.word for step in STEPS if step.stage == 1
    ].index("RUN")
    assert any(
        f"--uid {user.partition(':')[0]} " in step.rest for step in STEPS if step.word == "RUN" and step.stage == 1
    )


def test_it_starts_without_a_shell_so_that_signs_reach_it():
    assert LAST["ENTRYPOINT"].words == ["vistka"]
    assert LAST["CMD"].words == ["run"]
    assert LAST["STOPSIGNAL"].rest == "SIGTERM"


def test_the_health_check_is_a_file_of_the_image_and_takes_no_shell():
    command = json.loads(LAST["HEALTHCHECK"].rest.partition(" CMD ")[2])
    copied = {words[-1] for step in STEPS if step.word == "COPY" for words in [step.words]}
    assert command[-1] in copied


def test_every_variable_is_a_setting_or_python_s_own_and_no_secret():
    names = {word.partition("=")[0] for step in STEPS if step.word in ("ENV", "ARG") for word in step.words}
    ours = {name for name in names if name.startswith(PREFIX)}
    assert ours <= {PREFIX + name.upper() for name in Settings.model_fields}
    assert not any(re.search("TOKEN|SECRET|PASSWORD", name) for name in names)


def test_the_build_sees_what_it_copies_and_nothing_that_is_private():
    files = dockerfile.context(ROOT)
    for step in STEPS:
        for source in step.words[:-1] if step.word == "COPY" and step.stage == 0 else ():
            assert any(path == source or path.startswith(f"{source}/") for path in files), source
    assert {path.split("/")[0] for path in files} == {
        "pyproject.toml",
        "requirements.lock",
        "requirements-build.lock",
        "README.md",
        "LICENSE",
        "CREDITS.md",
        "bot",
        "handlers",
        "deploy",
    }
    assert [path for path in files if path.startswith("deploy/")] == ["deploy/health.py"]
    assert not any(
        dockerfile.taken(path, dockerfile.patterns(ROOT)) for path in (".env", "deploy/secrets/telegram_token")
    )


@pytest.mark.parametrize(
    ("path", "patterns", "kept"),
    [
        ("bot/app.py", ["*", "!bot"], True),
        ("tests/bot/app.py", ["*", "!bot"], False),
        ("bot/a/__pycache__/app.pyc", ["*", "!bot", "**/__pycache__"], False),
        ("deploy/health.py", ["*", "!deploy", "deploy/*", "!deploy/health.py"], True),
        ("deploy/Dockerfile", ["*", "!deploy", "deploy/*", "!deploy/health.py"], False),
    ],
)
def test_of_the_patterns_that_fit_a_file_the_last_one_decides(path, patterns, kept):
    assert dockerfile.taken(path, patterns) is kept


def test_a_step_over_several_lines_is_one():
    read = list(dockerfile.steps('# why\nARG A=1\nFROM x AS y\nRUN a \\\n    && b\nFROM x\nCMD ["c", "d e"]\n'))
    assert [(step.stage, step.word, step.words) for step in read] == [
        (-1, "ARG", ["A=1"]), (0, "FROM", ["x", "AS", "y"]), (0, "RUN", ["a", "&&", "b"]), (1, "FROM", ["x"]), (1, "CMD", ["c", "d e"]),
    ]  # fmt: skip
