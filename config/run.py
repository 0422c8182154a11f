"""`make run`: prepare what is missing, start every process, and leave none behind."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run until Ctrl-C; return the exit code."""
    port = int(os.environ.setdefault("PORT", "8000"))
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not free(port):
        print(
            f"Port {port} is taken: stop what uses it, or choose another: PORT=9000 make run", file=sys.stderr
        )
        return 1
    from config import embedded

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with embedded.available():
            return _run(port)
    except embedded.CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def free(port: int) -> bool:
    """Whether nobody listens on `port` of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), port))
        except OSError:
            return False
    return True


def prepare() -> None:
    """Migrations, messages, static files, folders of the broker, demo data: what is missing of them."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    for folder in ("broker", "broker-control", "media"):
        (_var() / folder).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        call_command("demo_load")


def _run(port: int) -> int:
    prepare()
    processes = subprocess.Popen(
        [sys.executable, "-m", "honcho", "--no-colour", "-f", str(ROOT / "Procfile"), "start"],
        cwd=ROOT,
        start_new_session=True,
        env={**os.environ, "PATH": _path(), "PYTHONUNBUFFERED": "1"},
    )
    threading.Thread(target=_announce, args=(port,), daemon=True).start()
    try:
        return processes.wait()
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        _end(processes)


def _end(processes: subprocess.Popen) -> None:
    """Ask every process to stop, then insist: Ctrl-C leaves none behind, orphans included."""
    family = psutil.Process(processes.pid).children(recursive=True) if processes.poll() is None else []
    processes.terminate()
    _gone, alive = psutil.wait_procs([psutil.Process(processes.pid), *family] if family else [], timeout=15)
    for process in alive:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=5)
    processes.wait(5)


def _announce(port: int) -> None:
    """Print the address once the site is ready."""
    address = f"http://127.0.0.1:{port}/"
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=2):
                break
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    lines = ["", f"  Ready: {address}", "  Ctrl-C stops everything.", ""]
    print("\n".join(lines + _people()), flush=True)


def _people() -> list[str]:
    from django.conf import settings

    if not settings.DEMO:
        return []
    from demo.people import summary

    return [f"  {line}" for line in summary()]


def _path() -> str:
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def _var() -> Path:
    return Path(os.environ.get("VAR_DIR") or ROOT / "var")


def _interrupt(*_args: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
