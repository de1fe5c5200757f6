"""The systemd units are well formed, tell the same of what is forbidden, and run commands that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from bot.__main__ import vistka
from bot.settings import PREFIX, SECRETS, Settings
from tests.deploy.files import DEPLOY, unit

SERVICES = sorted(path.name for path in DEPLOY.glob("*.service"))
FIRST, LAST = "UMask", "SystemCallErrorNumber"
MOST_EXPOSED = 1.5
"""What `systemd-analyze security` calls OK ends at 5; a service that may use the network cannot get below 1."""
tool = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not there")


def hardening(name):
    """Return what a unit forbids itself: everything from the mask of its files on."""
    settings = unit(name)["Service"]
    keys = [key for key, _ in settings]
    return settings[keys.index(FIRST) : keys.index(LAST) + 1]


def runnable(name, folder):
    """Return a copy of a unit with a program that every machine has: the tool wants to see it."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    copy = folder / name.replace("@.", "@1.")
    copy.write_text(re.sub("(?m)^ExecStart=.*", "ExecStart=/bin/true", text), encoding="utf-8")
    return copy


def asked(*words):
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


@tool
@pytest.mark.parametrize("name", [*SERVICES, "vistka-backup.timer"])
def test_systemd_has_nothing_against_it(name, tmp_path):
    runnable("vistka-backup.service", tmp_path)
    done = asked("verify", str(runnable(name, tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")


@tool
@pytest.mark.parametrize("name", SERVICES)
def test_it_is_as_closed_as_it_can_be(name, tmp_path):
    limit = f"--threshold={MOST_EXPOSED * 10:.0f}"
    done = asked("security", "--offline=true", limit, "--json=short", str(runnable(name, tmp_path)))
    open_still = [each["name"] for each in json.loads(done.stdout) if each["exposure"] and not each["set"]]
    assert done.returncode == 0, open_still


@pytest.mark.parametrize("name", SERVICES)
def test_all_forbid_themselves_the_same(name):
    assert hardening(name) == hardening("vistka.service")


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_runs_is_a_command(name):
    command = dict(unit(name)["Service"])["ExecStart"].removeprefix("/opt/vistka/bin/vistka ").split()
    given = CliRunner().invoke(vistka, [*command, "--help"])
    assert given.exit_code == 0, given.output


@pytest.mark.parametrize("name", SERVICES)
def test_what_it_sets_is_a_setting_and_a_secret_is_a_credential(name):
    known = {PREFIX + field.upper() for field in Settings.model_fields} | {f"{PREFIX}{each}_FILE" for each in SECRETS}
    settings = unit(name)["Service"]
    loaded = {value.partition(":")[0] for key, value in settings if key == "LoadCredential"}
    for variable, _, value in (value.partition("=") for key, value in settings if key == "Environment"):
        assert variable in known
        assert not variable.endswith("_FILE") or value.removeprefix("%d/") in loaded


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "vistka-backup.service"])
def test_a_daemon_says_when_it_is_ready_and_that_it_is_alive(name):
    settings = dict(unit(name)["Service"])
    assert (settings["Type"], settings["NotifyAccess"]) == ("notify", "main")
    assert settings["WatchdogSec"]
    assert (settings["Restart"], settings["RestartPreventExitStatus"]) == ("on-failure", "2")
    assert dict(unit(name)["Unit"])["StartLimitIntervalSec"] == "0"  # it never gives up for good


def test_what_is_backed_up_is_what_the_bot_or_its_parts_write():
    backup, alone, part = (
        unit(name)["Service"] for name in ("vistka-backup.service", "vistka.service", "vistka-scheduler.service")
    )
    credential = ("LoadCredential", "database_url:/etc/vistka/database_url")
    variable = ("Environment", "VISTKA_DATABASE_URL_FILE=%d/database_url")
    assert {credential, variable} <= set(backup) & set(part)
    (fallback,) = (value.partition(":")[2] for key, value in backup if key == "SetCredential")
    assert ("Environment", f"VISTKA_DATABASE_URL={fallback}") in alone


def test_only_who_sends_has_the_token():
    holders = [
        name
        for name in SERVICES
        if ("LoadCredential", "telegram_token:/etc/vistka/telegram_token") in unit(name)["Service"]
    ]
    assert holders == ["vistka-sender.service", "vistka.service"]
