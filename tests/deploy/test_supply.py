"""The list of what the bot is made of, and the question what is known against it."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.deploy.files import ROOT, loaded

sbom, audit = loaded("scripts/sbom.py"), loaded("scripts/audit.py")
COMPONENT = {
    "bom-ref": "requirements-L1",
    "description": "requirements line 1",
    "externalReferences": [
        {"type": "distribution", "url": "https://registry.example/x/", "hashes": [{"alg": "SHA-256", "content": "ab"}]}
    ],
    "name": "x",
    "purl": "pkg:pypi/x@1.0",
    "type": "library",
    "version": "1.0",
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MAKE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCKED = re.findall("(?m)^LOCKED := (.+)$", MAKE)[0]


def test_the_list_keeps_hashes_and_loses_addresses():
    made = sbom.tidied({"bomFormat": "CycloneDX", "components": [COMPONENT], "metadata": {"tools": {}}}, PROJECT)
    assert made["components"] == [
        {
            "type": "library", "name": "x", "version": "1.0", "purl": "pkg:pypi/x@1.0", "bom-ref": "pkg:pypi/x@1.0",
            "hashes": [{"alg": "SHA-256", "content": "ab"}],
        }
    ]  # fmt: skip
    assert "://" not in json.dumps(made)


def test_at_the_head_of_the_list_is_the_bot_which_needs_all_of_it():
    made = sbom.tidied({"components": [COMPONENT]}, PROJECT)
    head = made["metadata"]["component"]
    assert (head["name"], head["version"], head["licenses"]) == (
        "vistka",
        PROJECT["version"],
        [{"license": {"id": "Apache-2.0"}}],
    )
    assert made["dependencies"] == [{"ref": "vistka", "dependsOn": ["pkg:pypi/x@1.0"]}, {"ref": "pkg:pypi/x@1.0"}]


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        ([{"name": "x", "version": "1", "vulns": []}], []),
        (
            [{"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["2", "3"]}]}],
            ["x 1: CVE-1, mended in 2, 3"],
        ),
        (
            [{"name": "x", "version": "1", "vulns": [{"id": "CVE-1", "fix_versions": []}]}],
            ["x 1: CVE-1, mended in no version without it yet"],
        ),
        ([{"name": "x", "skip_reason": "not found"}], ["1 not audited (x): not found"]),
        (
            [{"name": name, "skip_reason": "not found"} for name in "abcd"],
            ["4 not audited (a, b, c, ...): not found"],
        ),
        ([], ["the lock file names no library"]),
    ],
)
def test_only_what_was_asked_about_and_is_well_has_no_complaint(found, lines):
    assert list(audit.complaints({"dependencies": found})) == lines


def test_the_tools_have_a_lock_file_of_their_own():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]["audit"]
    locked = set(re.findall(r"(?m)^([\w-]+)==", (ROOT / "requirements-audit.lock").read_text(encoding="utf-8")))
    assert {re.split("[><=]", each)[0] for each in groups} <= locked
    for other in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"(?m)^(pip-audit|cyclonedx-bom)==", (ROOT / other).read_text(encoding="utf-8"))


def test_what_builds_is_locked_and_the_same_everywhere():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    build, dev = ((ROOT / f"requirements-{name}.lock").read_text(encoding="utf-8") for name in ("build", "dev"))
    (pin,) = re.findall(r"(?m)^(\S+)==(\S+) ", build)
    assert wanted["dependency-groups"]["build"] == wanted["build-system"]["requires"] == [f"{pin[0]}>=77"]
    assert pin in re.findall(r"(?m)^(\S+)==(\S+) ", dev)


@pytest.mark.parametrize(
    "line", [line for line in MAKE.replace("$(LOCKED)", LOCKED).splitlines() if "/pip install" in line]
)
def test_nothing_is_installed_that_would_be_built_apart_with_whatever_the_network_has(line):
    assert "--only-binary :all:" in line or "--no-deps --no-build-isolation" in line
    assert "--no-binary" not in line or "--no-build-isolation" in line


@pytest.mark.parametrize("name", ["sbom", "audit", "image"])
def test_make_knows_it(name):
    assert re.search(rf"(?m)^{name}:", MAKE)
    assert f'"make {name} ' in MAKE
