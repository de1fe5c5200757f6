"""What of the Compose Specification (compose-spec.io) our files use: which keys there are, and what each may hold.

Every value is looked up by its path, `*` standing for any name and `-` for an element of a list. What the specification knows
and we do not use is left out, so that a key has to be looked up there before it is used here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

NAME, TEXT, WHOLE = r"[a-zA-Z0-9._-]+", r"(?s).+", r"[1-9]\d*"
TIME, BYTES, TRUTH = r"(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=[hms])", r"\d+[bkmg]b?", "True|False"
PORT = r"(?:[\d.]+:)?(?:\d+:)?\d+"
OPTIONS = r"/[^:]+(?::(?:\w+(?:=\w+)?)(?:,\w+(?:=\w+)?)*)?"

SERVICE: Mapping[str, str] = {
    "build context": TEXT,
    "build dockerfile": TEXT,
    "cap_drop -": "[A-Z_]+",
    "command -": TEXT,
    "cpus": r"\d+(?:\.\d+)?",
    "depends_on * condition": "service_(?:started|healthy|completed_successfully)",
    "deploy replicas": WHOLE,
    "env_file - path": TEXT,
    "env_file - required": TRUTH,
    "environment *": "(?s).*",
    "healthcheck interval": TIME,
    "healthcheck retries": WHOLE,
    "healthcheck start_period": TIME,
    "healthcheck test -": TEXT,
    "healthcheck timeout": TIME,
    "image": r"[a-z0-9./_-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?",
    "init": TRUTH,
    "logging driver": "json-file|journald|local|none|syslog",
    "logging options *": TEXT,
    "mem_limit": BYTES,
    "memswap_limit": BYTES,
    "networks -": NAME,
    "pids_limit": WHOLE,
    "ports -": PORT,
    "read_only": TRUTH,
    "restart": r"no|always|unless-stopped|on-failure(?::\d+)?",
    "secrets -": NAME,
    "security_opt -": r"[a-z-]+[:=]\S+",
    "shm_size": BYTES,
    "stop_grace_period": TIME,
    "tmpfs -": OPTIONS,
    "user": r"[\w-]+(?::[\w-]+)?",
    "volumes -": r"[^:]+:/[^:]+(?::(?:ro|rw|z|Z)(?:,(?:ro|rw|z|Z))*)?",
}
WHOLE_FILE: Mapping[str, str] = {
    "name": "[a-z0-9][a-z0-9_-]*",
    **{f"services * {path}": value for path, value in SERVICE.items()},
    "networks * internal": TRUTH,
    "secrets * file": TEXT,
    "volumes *": "None",
}
TEXTS = ("environment *", "logging options *", "command -", "healthcheck test -")
"""What has to be a text in YAML as well: a bare `yes` or `5` would be another kind of value."""


def complaints(compose: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the specification has against a file: keys it does not know, values it does not take, names of nothing."""
    for path, value in leaves({key: part for key, part in compose.items() if not key.startswith("x-")}):
        shape = next((each for each in WHOLE_FILE if fits(each, path)), None)
        if shape is None:
            yield f"{path}: no such key"
        elif not re.fullmatch(WHOLE_FILE[shape], str(value)) or (shape.endswith(TEXTS) and not isinstance(value, str)):
            yield f"{path}: cannot be {value!r}"
    for name, service in compose["services"].items():
        yield from (f"services {name}: there is no {each}" for each in missing(service, compose))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is neither a mapping nor a list with the way to it."""
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from leaves(part, f"{path} {key}".strip())
    elif isinstance(value, list) and value:
        for part in value:
            yield from leaves(part, f"{path} -")
    else:
        yield path, value


def fits(shape: str, path: str) -> bool:
    """Tell whether a path is of a shape."""
    wanted, found = shape.split(), path.split()
    return len(wanted) == len(found) and all(
        want == part or (want == "*" and re.fullmatch(NAME, part)) for want, part in zip(wanted, found, strict=True)
    )


def missing(service: Mapping[str, Any], compose: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a service refers to and no part of the file names."""
    known = {part: {*(compose.get(part) or {})} for part in ("services", "networks", "secrets", "volumes")}
    known["networks"].add("default")
    volumes = [mount.partition(":")[0] for mount in service.get("volumes", ())]
    named = {
        "volumes": [each for each in volumes if not each.startswith((".", "/"))],
        "services": service.get("depends_on", {}),
    }
    for part, names in known.items():
        yield from (f"{part} {each}" for each in named.get(part, service.get(part, ())) if each not in names)
    for each, how in service.get("depends_on", {}).items():
        other = compose["services"].get(each, {})
        if how["condition"] == "service_healthy" and "healthcheck" not in other and other.get("image") != "vistka":
            yield f"healthcheck of {each}"
