"""`make run` keeps its processes alive: what dies is started again, what cannot start ends the run."""

import os
import signal
import subprocess
import sys
import threading

import psutil
import pytest

from config import processes
from config.processes import Supervisor
from tests.processes import eventually

FOREVER = f"exec {sys.executable} -c 'import time; time.sleep(600)'"


@pytest.fixture
def run(monkeypatch):
    """Start a supervisor in a thread; what it said is in `said`, its exit code in `codes`."""
    monkeypatch.setattr(processes, "STEADY", 0.5)
    started = []

    def start(**commands):
        supervisor = Supervisor(commands, lambda name, line: supervisor.said.append((name, line)))
        supervisor.said, supervisor.codes = [], []
        thread = threading.Thread(target=lambda: supervisor.codes.append(supervisor.run()))
        started.append((supervisor, thread))
        thread.start()
        return supervisor

    yield start
    for supervisor, thread in started:
        supervisor.stop()
        thread.join()


def pid_of(supervisor, name):
    family = supervisor.services[name].family()
    return family[0].pid if family else None


def test_a_child_that_is_killed_is_started_again_and_the_others_go_on(run):
    supervisor = run(worker=FOREVER, web=FOREVER)
    assert eventually(lambda: pid_of(supervisor, "worker") and pid_of(supervisor, "web"))
    first, beside = pid_of(supervisor, "worker"), pid_of(supervisor, "web")
    assert eventually(lambda: supervisor.services["worker"].was_steady)
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: pid_of(supervisor, "worker") not in (None, first))
    assert ("worker", "ended by signal 9: started again in 0.2 s") in supervisor.said
    assert pid_of(supervisor, "web") == beside and not supervisor.codes


def test_what_dies_again_and_again_is_started_after_a_pause_that_grows(run, tmp_path):
    """It was steady once: the run goes on however often it fails afterwards."""
    mark = tmp_path / "was-there"
    supervisor = run(worker=f"test -e {mark} && exit 3; touch {mark}; sleep 0.8; exit 3")
    assert eventually(lambda: len(supervisor.said) >= 4)
    pauses = [line.rsplit(" in ")[-1] for _name, line in supervisor.said[:4]]
    assert pauses == ["0.2 s", "0.4 s", "0.8 s", "1.6 s"]
    assert not supervisor.codes


def test_only_what_cannot_start_at_all_ends_the_run_and_nothing_is_left(run):
    supervisor = run(web=FOREVER, worker="echo no broker; exit 7")
    assert eventually(lambda: supervisor.codes == [1])
    assert ("worker", "no broker") in supervisor.said
    assert supervisor.said[-1] == ("worker", "ended with code 7: it cannot be started")
    web = pid_of(supervisor, "web")
    supervisor.stop()
    assert not psutil.pid_exists(web) or psutil.Process(web).status() == psutil.STATUS_ZOMBIE


def test_nothing_of_a_dead_child_outlives_it(run):
    supervisor = run(web=f"{sys.executable} -c 'import time; time.sleep(600)' & wait")
    assert eventually(lambda: len(supervisor.services["web"].family()) == 2)
    parent, child = supervisor.services["web"].family()
    parent.kill()
    assert eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_supervisor_that_is_killed_takes_its_children_with_it():
    code = f"from config.processes import Supervisor; Supervisor({{'a': {FOREVER!r}}}, print).run()"
    supervisor = subprocess.Popen([sys.executable, "-c", code], cwd=processes.ROOT)
    assert eventually(lambda: psutil.Process(supervisor.pid).children())
    (child,) = psutil.Process(supervisor.pid).children()
    supervisor.kill()
    supervisor.wait()
    assert eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
