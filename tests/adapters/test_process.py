"""Which process this is, and whether another one still runs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from bot.adapters import process
from bot.adapters.process import is_alive, is_gone, own, steady


def holder_of(child: subprocess.Popen[bytes]):
    here = own()
    place, _, _ = here.mark.rpartition("/")
    return replace(here, pid=child.pid, mark=f"{place}/{process._started(child.pid)}")


@pytest.fixture
def child():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield running
        running.kill()


def test_a_process_knows_itself_and_stays_the_same():
    assert own(7).pid == os.getpid()
    assert own(7) == own(7)
    assert str(own(7)).endswith(", for bot 7")
    assert not is_gone(own())
    assert is_alive(own())


def test_another_process_is_gone_once_it_was_killed_even_before_anybody_noticed(child):
    holder = holder_of(child)
    assert not is_gone(holder)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(holder)
    assert not is_alive(holder)
    child.wait()
    assert is_gone(holder)


def test_a_process_that_is_hidden_is_not_gone_while_there_is_one_of_its_number(child, tmp_path):
    holder = holder_of(child)
    assert not is_gone(holder, processes=tmp_path)
    child.kill()
    child.wait()
    assert is_gone(holder, processes=tmp_path)


def test_a_process_that_may_not_be_asked_is_there(tmp_path):
    """The first process is root's, and whoever is not root may send it nothing."""
    first = replace(own(), pid=1)
    assert not is_gone(first, processes=tmp_path)


def test_a_paused_process_is_not_gone(child):
    holder = holder_of(child)
    os.kill(child.pid, 19)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
    assert not is_gone(holder)


def test_who_got_the_number_of_another_is_not_that_one():
    assert is_gone(replace(own(), mark=f"{own().mark}0"))


def test_nobody_can_tell_of_another_machine_or_container():
    assert not is_gone(replace(own(), mark="another-boot/pid:[1]/5", pid=1))
    assert not is_alive(replace(own(), mark="another-boot/pid:[1]/5", pid=1))
    assert not is_gone(replace(own(), mark="0123456789abcdef"))


def test_where_the_system_does_not_say_a_mark_is_made_up(monkeypatch, tmp_path):
    monkeypatch.setattr(process, "_BOOT", tmp_path / "missing")
    first, second = own(), own()
    assert first.mark != second.mark
    assert not is_gone(first)


def test_the_steady_clock_goes_on():
    assert steady() <= steady()
