"""The processes of a run: started as the Procfile says, and started again when they die, after a pause that grows."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0  # seconds before a process is started again; twice as long each time
STEADY = 5.0  # seconds after which a process counts as started, and its next pause is the first again
ATTEMPTS = 3  # of a process that was never steady; then the run ends
STOPPING = 15.0  # seconds to end by itself when asked to
LIBC = ctypes.CDLL(None)  # found before a child needs it
LOOK = 0.1  # seconds between two looks


def commands() -> dict[str, str]:
    """Return the command of each process by its name, from the Procfile."""
    lines = (ROOT / "Procfile").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines if ": " in line)


class Service:
    """One process of the run: the command, the process that runs it now, and how its starts went."""

    def __init__(self, name: str, command: str, say: Callable[[str, str], None]):
        self.name, self.command, self.say = name, command, say
        self.process: subprocess.Popen[str] | None = None
        self.begun = self.due = 0.0
        self.failures, self.was_steady = 0, False

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C is for the supervisor, and its children end with it."""
        self.begun, self.due = time.monotonic(), 0.0
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", self.command],
            cwd=ROOT,
            env={**os.environ, "PATH": _path(), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            preexec_fn=_end_with_us,
        )
        threading.Thread(target=self._pass_on, args=(self.process,), daemon=True).start()

    def look(self) -> bool:
        """Start it again when it died and its pause is over; return False once it cannot be started at all."""
        now = time.monotonic()
        if self.process is None or self.due:
            if now >= self.due:
                self.start()
            return True
        steady = now - self.begun >= STEADY
        self.was_steady |= steady
        if self.process.poll() is None:
            return True
        code = self.process.returncode
        how = f"ended by signal {-code}" if code < 0 else f"ended with code {code}"
        self.kill()  # nothing of it outlives it
        self.failures = 1 if steady else self.failures + 1
        if not self.was_steady and self.failures >= ATTEMPTS:
            self.say(self.name, f"{how}: it cannot be started")
            return False
        pause = min(FIRST_PAUSE * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self.say(self.name, f"{how}: started again in {pause:g} s")
        self.due = now + pause
        return True

    def kill(self) -> None:
        """Kill it with all its children."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def family(self) -> list[psutil.Process]:
        """Return its process and all its children, as far as they live."""
        try:
            parent = psutil.Process(self.process.pid) if self.process else None
            return [parent, *parent.children(recursive=True)] if parent else []
        except psutil.NoSuchProcess:
            return []

    def _pass_on(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.say(self.name, line.rstrip("\n"))


class Supervisor:
    """Keeps every process alive until told to stop; ends when one cannot be started at all.

    `say` is given the name of a process and a line of its output, or of what became of it.
    """

    def __init__(self, commands: Mapping[str, str], say: Callable[[str, str], None]):
        self.services = {name: Service(name, command, say) for name, command in commands.items()}
        self.lock = threading.Lock()
        self.stopping = threading.Event()

    def run(self, beside: Callable[[], None] = lambda: None) -> int:
        """Start every process and keep it alive, `beside` asked at each look; return the exit code of the run."""
        while not self.stopping.wait(LOOK):
            beside()
            with self.lock:
                if not all([service.look() for service in self.services.values()]):
                    return 1
        return 0

    def stop(self) -> None:
        """Ask every process to end, then insist: none is left behind. Nothing is started any more."""
        self.stopping.set()
        with self.lock:
            family = [member for service in self.services.values() for member in service.family()]
            for service in self.services.values():
                if service.process is not None:
                    service.process.terminate()
        _gone, alive = psutil.wait_procs(family, timeout=STOPPING)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(alive, timeout=5)
        for service in self.services.values():
            if service.process is not None:
                service.process.poll()


def _end_with_us() -> None:
    """Should the supervisor be killed, Linux asks its processes to stop."""
    if sys.platform == "linux":
        LIBC.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
