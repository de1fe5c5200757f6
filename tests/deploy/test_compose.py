"""The compose files name what there is, keep secrets in files, and give no container more than it needs."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from bot.__main__ import vistka
from bot.settings import PREFIX, SECRETS, Settings
from tests.deploy.compose_spec import complaints
from tests.deploy.files import DEPLOY, read, services

PLUGIN = (
    bool(shutil.which("docker"))
    and not subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode
)
"""Whether `docker compose` is there; what it thinks of a file it says without an engine."""
FILES = ("compose.yaml", "compose.workers.yaml", "compose.watch.yaml")
EVERY = [pytest.param(file, name, each, id=f"{file}:{name}") for file in FILES for name, each in services(read(file))]
OURS = [case for case in EVERY if case.values[2]["image"] == "vistka"]
WRITABLE = {"database", "figures", "boards", "data", "backups"}


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_a_container_has_no_rights_and_a_root_that_it_cannot_write(file, name, service):
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "network_mode", "pid", "ipc", "devices", "userns_mode"} & service.keys()
    assert service.get("user", "vistka") != "root"


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_a_container_takes_so_much_and_no_more(file, name, service):
    assert service["mem_limit"] == service["memswap_limit"]
    assert {"cpus", "pids_limit", "stop_grace_period"} <= service.keys()
    assert service["logging"]["options"]["max-size"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_what_a_container_can_write_is_a_volume_or_lies_in_memory(file, name, service):
    for mount in service.get("volumes", ()):
        source, _, options = mount.partition(":")
        assert source in WRITABLE or options.endswith(":ro")
        if source in WRITABLE:
            assert source in read(file)["volumes"]
        else:
            assert (DEPLOY / source).exists()
    assert all("noexec" in mount and "size=" in mount for mount in service["tmpfs"])


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_secrets_come_from_files_that_the_script_makes(file, name, service):
    script = (DEPLOY / "secrets.sh").read_text(encoding="utf-8")
    for secret in service.get("secrets", ()):
        assert read(file)["secrets"][secret]["file"] == f"./secrets/{secret}"
        assert f"keep {secret}" in script
        assert f"/run/secrets/{secret}" in service["environment"].values()
    for variable, value in service.get("environment", {}).items():
        if re.search("TOKEN|SECRET|PASSWORD", variable):
            assert value.startswith("/run/secrets/")
            assert value.removeprefix("/run/secrets/") in service["secrets"]


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_an_image_is_ours_or_pinned_to_a_version_and_known_to_be_well(file, name, service):
    if service["image"] == "vistka":
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        assert "healthcheck" not in service  # the image has its own
    else:
        assert re.search(r":v?\d+[\w.-]*$", service["image"])
        assert service["image"].count("/") <= 1  # no registry is named: each operator has their own
        assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize(("file", "name", "service"), OURS)
def test_our_settings_are_settings(file, name, service):
    known = {PREFIX + field.upper() for field in Settings.model_fields} | {f"{PREFIX}{each}_FILE" for each in SECRETS}
    assert service["environment"].keys() <= known
    assert "VISTKA_HTTP" in service["environment"]  # or nobody would know that it is well
    assert service["init"] is True


@pytest.mark.parametrize(("file", "name", "service"), OURS)
def test_our_commands_are_commands(file, name, service):
    given = CliRunner().invoke(vistka, [*service.get("command", ["run"]), "--help"])
    assert given.exit_code == 0, given.output


def test_only_who_sends_has_the_token():
    parts = dict(services(read("compose.workers.yaml")))
    assert [name for name, part in parts.items() if "telegram_token" in part["secrets"]] == ["sender"]
    assert {part["command"][-1] for part in parts.values() if part["image"] == "vistka"} == {
        "scheduler",
        "worker",
        "sender",
    }


def test_the_database_is_reached_from_inside_alone():
    compose = read("compose.workers.yaml")
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"]["internal"] is True


@pytest.mark.parametrize(("file", "name", "service"), EVERY)
def test_nothing_is_open_to_other_machines(file, name, service):
    assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_as_the_specification_has_it(file):
    assert list(complaints(read(file))) == []


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"restarts": "always"}, "no such key"),
        ({"restart": "sometimes"}, "cannot be 'sometimes'"),
        ({"mem_limit": "1 gigabyte"}, "cannot be"),
        ({"stop_grace_period": "soon"}, "cannot be"),
        ({"environment": {"A": True}}, "cannot be True"),
        ({"command": ["vistka", 5]}, "cannot be 5"),
        ({"healthcheck": {"test": ["CMD", "x"], "start-period": "5s"}}, "no such key"),
        ({"secrets": ["missing"]}, "there is no secrets missing"),
        ({"volumes": ["missing:/data"]}, "there is no volumes missing"),
        ({"networks": ["missing"]}, "there is no networks missing"),
        ({"depends_on": {"missing": {"condition": "service_started"}}}, "there is no services missing"),
        ({"depends_on": {"bot": {"condition": "service_healthy"}}}, "there is no healthcheck of bot"),
        ({"tmpfs": ["/tmp:size 64m"]}, "cannot be"),
        ({"ports": ["localhost:3000:3000"]}, "cannot be"),
    ],
)
def test_what_the_specification_does_not_know_is_found(wrong, complaint):
    (found,) = complaints({"name": "x", "services": {"bot": {"image": "x:1", **wrong}}})
    assert complaint in found


@pytest.mark.skipif(not PLUGIN, reason="docker has no compose here")
@pytest.mark.parametrize("files", [FILES[:1], FILES[1:2], (FILES[0], FILES[2]), (FILES[1], FILES[2])], ids="+".join)
def test_compose_takes_the_files_together(files):
    named = [word for file in files for word in ("--file", str(DEPLOY / file))]
    done = subprocess.run(
        ["docker", "compose", *named, "config", "--quiet"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_files_are_parts_of_one_project():
    assert {read(file)["name"] for file in FILES} == {"vistka"}
