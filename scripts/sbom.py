"""Writes what the bot is made of, as CycloneDX 1.6: every library of the lock file with its version and hashes.

    make sbom                     writes sbom.cdx.json

The tool puts the address of a registry beside each library, though nobody knows which one an operator installs from; here
they are taken out, and the hashes, by which a file is known wherever it comes from, are kept. The same lock file gives the
same bytes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCK, PROJECT, BOM = ROOT / "requirements.lock", ROOT / "pyproject.toml", ROOT / "sbom.cdx.json"
TOOL = (sys.executable, "-m", "cyclonedx_py", "requirements", "--output-reproducible", "--spec-version", "1.6")


def listed(lock: Path) -> dict[str, Any]:
    """Return what the tool makes of a lock file."""
    done = subprocess.run([*TOOL, str(lock)], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def tidied(bom: dict[str, Any], project: dict[str, Any]) -> dict[str, Any]:
    """Return the list with the bot at its head, and without addresses of registries."""
    head = {
        "type": "application",
        "bom-ref": "vistka",
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    components = [_tidied(each) for each in bom["components"]]
    depends = [{"ref": "vistka", "dependsOn": sorted(each["bom-ref"] for each in components)}]
    depends += [{"ref": each["bom-ref"]} for each in components]
    return bom | {"metadata": {"component": head}, "components": components, "dependencies": depends}


def _tidied(component: dict[str, Any]) -> dict[str, Any]:
    hashes = [each for reference in component["externalReferences"] for each in reference["hashes"]]
    kept = {name: component[name] for name in ("type", "name", "version", "purl")}
    return kept | {"bom-ref": component["purl"], "hashes": hashes}


def _complaint(text: str) -> object:
    """Return what the standard's own schema has against it, None where nothing."""
    from cyclonedx.schema import SchemaVersion  # noqa: PLC0415  (in the environment of `make sbom` only)
    from cyclonedx.validation.json import JsonStrictValidator  # noqa: PLC0415

    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)


if __name__ == "__main__":
    made = tidied(listed(LOCK), tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"])
    written = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    if wrong := _complaint(written):
        sys.exit(f"sbom: the list is no valid CycloneDX: {wrong}")
    BOM.write_text(written, encoding="utf-8")
    print(f"{BOM.name}: {len(made['components'])} libraries")
