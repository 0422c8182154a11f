"""The processes of a run, each started again at once when it dies, as a service manager would; and what can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from random import Random

import psutil

from config import embedded

ROOT = Path(__file__).resolve().parents[2]
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
        self.lock, self.running = threading.Lock(), False
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        lines = (ROOT / "Procfile").read_text().splitlines()
        self.commands = {line.split(": ", 1)[0]: line.split(": ", 1)[1] for line in lines if line}

    def start(self) -> None:
        self.running = True
        for name in self.commands:
            self._spawn(name)
        threading.Thread(target=self._keep, daemon=True).start()
        if self.seconds_to_ready(PATIENCE) is None:
            raise RuntimeError("The system did not become ready.")

    def start_database(self) -> None:
        """Start the server, or start it again after it was killed: what was committed is there."""
        self.stack.enter_context(embedded.serving(self.home))

    def stop_database(self) -> None:
        """Stop the server as an operator would, with everybody connected to it."""
        process = self._postmaster()
        process.send_signal(signal.SIGINT)
        process.wait(30)

    def stop(self) -> None:
        with self.lock:
            self.running = False
            for process in self.processes.values():
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                _kill_group(process.pid)
        self.stack.close()

    def kill(self, random: Random, kind: str) -> tuple[int, float]:
        """Kill something of this kind with SIGKILL; return its process and when."""
        if kind == "postgres":
            postmaster, begun = self._postmaster(), time.monotonic()
            postmaster.kill()
            postmaster.wait(10)
            self.start_database()
            return postmaster.pid, begun
        while True:
            found = self._victims(kind)
            if not found:  # no session of the database's this very moment
                time.sleep(0.05)
                continue
            victim, begun = random.choice(found), time.monotonic()
            with contextlib.suppress(psutil.NoSuchProcess):
                if kind in CHILDREN:
                    _kill_group(victim.pid)
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
        with self.lock:
            processes = dict(self.processes)
        for name, process in processes.items():
            try:
                parent = psutil.Process(process.pid)
                family = [parent, *parent.children()]
                alive = [member for member in family if member.status() != psutil.STATUS_ZOMBIE]
            except psutil.NoSuchProcess:
                return False
            if gone in [member.pid for member in alive] or len(alive) < 1 + CHILDREN[name]:
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
            with self.lock:
                parent = psutil.Process(self.processes[name].pid)
            return parent.children() if child else [parent]
        return []

    def _postmaster(self) -> psutil.Process:
        from config.unprivileged import runner_for

        pid = (runner_for(self.home).data / "postmaster.pid").read_text().split()[0]
        return psutil.Process(int(pid))

    def _spawn(self, name: str) -> None:
        log = (self.var / f"{name}.log").open("ab")
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        self.processes[name] = subprocess.Popen(
            ["/bin/sh", "-c", self.commands[name]],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def _keep(self) -> None:
        while self.running:
            with self.lock:
                for name, process in self.processes.items():
                    if self.running and process.poll() is not None:
                        _kill_group(process.pid)  # nothing of it outlives it
                        self._spawn(name)
            time.sleep(0.1)


def drawn(random: Random, count: int) -> list[str]:
    """Return `count` kinds to kill, each equally often, in no order."""
    kinds: list[str] = []
    while len(kinds) < count:
        kinds += random.sample(KINDS, len(KINDS))
    return kinds[:count]


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _is_backend(process: psutil.Process) -> bool:
    try:
        return "postgres app" in " ".join(process.cmdline())
    except psutil.Error:
        return False
