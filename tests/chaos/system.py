"""The processes of a run, kept alive as `make run` keeps them; and what can be killed."""

import contextlib
import signal
import threading
import time
import urllib.request
from pathlib import Path
from random import Random

import psutil

from config import embedded
from config.processes import Supervisor, commands

PATIENCE = 180  # seconds for the first start
CHILDREN = {
    "web": 2,
    "worker": 0,
    "verifier": 0,
    "beat": 0,
}  # of each process of the Procfile, once it is at work
# What is killed: each kind equally often. With a service's own process its whole group goes, as in a control group.
KINDS = ("web", "web child", "worker", "verifier", "beat", "backend", "postgres")


class System:
    """A database server of its own, the web server, the workers and the clock, on one port."""

    def __init__(self, var: Path, port: int):
        self.var, self.port = var, port
        self.home = embedded.home_under(var)
        self.stack = contextlib.ExitStack()
        self.supervisor = Supervisor(commands(), self._log)
        self.away = False  # the database is stopped on purpose
        self.running = threading.Thread(target=self.supervisor.run, args=(self._keep_database,), daemon=True)

    def start(self) -> None:
        self.running.start()
        if self.seconds_to_ready(PATIENCE) is None:
            raise RuntimeError("The system did not become ready.")

    def start_database(self) -> None:
        """Start the server, or start it again after it was killed: what was committed is there."""
        self.stack.enter_context(embedded.serving(self.home))
        self.away = False

    def stop_database(self) -> None:
        """Stop the server as an operator would, with everybody connected to it."""
        self.away, process = True, self._postmaster()
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def stop(self) -> None:
        self.supervisor.stop()
        self.stack.close()

    def kill(self, random: Random, kind: str) -> tuple[int, float]:
        """Kill something of this kind with SIGKILL; return its process and when."""
        if kind == "postgres":
            postmaster, begun = self._postmaster(), time.monotonic()
            postmaster.kill()
            postmaster.wait(10)
            return postmaster.pid, begun
        while True:
            found = self._victims(kind)
            if not found:  # no session of the database's this very moment
                time.sleep(0.05)
                continue
            victim, begun = random.choice(found), time.monotonic()
            with contextlib.suppress(psutil.NoSuchProcess):
                if kind in CHILDREN:
                    self.supervisor.services[kind].kill()
                else:
                    victim.kill()
                return victim.pid, begun

    def seconds_to_ready(
        self, patience: float, begun: float | None = None, gone: int | None = None
    ) -> float | None:
        """Return how long after `begun` everything was at work again, without the process `gone`; None if it took longer.

        At work is the site when it says so and shows a page, and a service when its process and its children are there.
        """
        begun = time.monotonic() if begun is None else begun
        while time.monotonic() - begun < patience:
            if self._all_there(gone) and self._answers("readyz") and self._answers("dang-nhap/"):
                return time.monotonic() - begun
            time.sleep(0.05)
        return None

    def _all_there(self, gone: int | None) -> bool:
        for name, service in self.supervisor.services.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                alive = [member for member in service.family() if member.status() != psutil.STATUS_ZOMBIE]
                if gone not in [member.pid for member in alive] and len(alive) >= 1 + CHILDREN[name]:
                    continue
            return False
        return True

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _victims(self, kind: str) -> list[psutil.Process]:
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            if kind == "backend":
                return [child for child in self._postmaster().children() if _is_backend(child)]
            name, _space, child = kind.partition(" ")
            family = self.supervisor.services[name].family()
            return family[1:] if child else family[:1]
        return []

    def _postmaster(self) -> psutil.Process:
        from config.unprivileged import runner_for

        pid = (runner_for(self.home).data / "postmaster.pid").read_text().split()[0]
        return psutil.Process(int(pid))

    def _keep_database(self) -> None:
        if not self.away:
            embedded.start_again(self.home)

    def _log(self, name: str, line: str) -> None:
        with (self.var / f"{name}.log").open("a") as log:
            log.write(f"{line}\n")


def drawn(random: Random, count: int) -> list[str]:
    """Return `count` kinds to kill, each equally often, in no order."""
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += random.sample(KINDS, len(KINDS))
    return kinds[:count]


def _is_backend(process: psutil.Process) -> bool:
    try:
        return "postgres app" in " ".join(process.cmdline())
    except psutil.Error:
        return False
