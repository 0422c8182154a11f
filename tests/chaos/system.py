"""The processes of a run, each started again at once when it dies, as a service manager would; and what can be killed."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from random import Random

import psutil

from config import embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds for the first start


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
                process.kill()
        self.stack.close()

    def kill(self, random: Random, number: int) -> tuple[str, float]:
        """Kill something with SIGKILL; return what and when. Every fifteenth time the whole database server."""
        if number % 15 == 14:
            postmaster, begun = self._postmaster(), time.monotonic()
            postmaster.kill()
            postmaster.wait(10)
            self.start_database()
            return "postgres", begun
        name, process = random.choice(self._victims())
        begun = time.monotonic()
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
        return name, begun

    def seconds_to_ready(self, patience: float, begun: float | None = None) -> float | None:
        """Return how long after `begun` the site says that it is ready and shows a page; None if it takes longer."""
        begun = time.monotonic() if begun is None else begun
        while time.monotonic() - begun < patience:
            if self._answers("readyz") and self._answers("dang-nhap/"):
                return time.monotonic() - begun
            time.sleep(0.05)
        return None

    def _answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{path}", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def _victims(self) -> list[tuple[str, psutil.Process]]:
        found: list[tuple[str, psutil.Process]] = []
        with self.lock:
            for name, process in self.processes.items():
                with contextlib.suppress(psutil.NoSuchProcess):
                    parent = psutil.Process(process.pid)
                    found.append((name, parent))
                    found += [(f"{name} child", child) for child in parent.children(recursive=True)]
        with contextlib.suppress(psutil.NoSuchProcess, FileNotFoundError):
            backends = [child for child in self._postmaster().children() if _is_backend(child)]
            found += [("postgres backend", child) for child in backends]
        return found

    def _postmaster(self) -> psutil.Process:
        from config.unprivileged import runner_for

        pid = (runner_for(self.home).data / "postmaster.pid").read_text().split()[0]
        return psutil.Process(int(pid))

    def _spawn(self, name: str) -> None:
        log = (self.var / f"{name}.log").open("ab")
        env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        self.processes[name] = subprocess.Popen(
            ["/bin/sh", "-c", self.commands[name]], cwd=ROOT, env=env, stdout=log, stderr=log
        )

    def _keep(self) -> None:
        while self.running:
            with self.lock:
                for name, process in self.processes.items():
                    if self.running and process.poll() is not None:
                        self._spawn(name)
            time.sleep(0.1)


def _is_backend(process: psutil.Process) -> bool:
    try:
        return "postgres app" in " ".join(process.cmdline())
    except psutil.Error:
        return False
