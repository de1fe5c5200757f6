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


@pytest.mark.parametrize("name", ["sbom", "audit", "image"])
def test_make_knows_it(name):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"(?m)^{name}:", text)
    assert f'"make {name} ' in text
