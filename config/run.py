"""`make run`: prepare what is missing, start every process, and leave none behind."""

import os
import signal
import socket
import sys
import threading
import time
import urllib.request

from django.core.exceptions import ImproperlyConfigured

from config.processes import Supervisor, commands

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run until Ctrl-C; return the exit code."""
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    port = os.environ.setdefault("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        return _refuse(f"PORT must be a number from 1 to 65535, not {port!r}.")
    if not free(int(port)):
        return _refuse(f"Port {port} is taken: stop what uses it, or choose another: PORT=9000 make run")
    from config import embedded

    for number in ENDS:  # SIGINT too: a shell that starts us in the background ignores it
        signal.signal(number, _interrupt)
    try:
        with embedded.available():
            prepare()
            return _run(int(port))
    except (embedded.CannotStart, ImproperlyConfigured) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        return 0


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


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
    """Migrations, grants, static files, the broker's folders, demo data on the first run: what is missing."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from nominations.models import Programme
    from permissions.models import Officer

    for folder in ("broker", "broker-control", "media"):
        (settings.VAR / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("reconcile_grants", verbosity=0)  # the roles may carry other rights than before
    if Programme.objects.exists():
        call_command("load_programme", verbosity=0)  # what a new version adds: the first rules of procedure
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO and not Officer.objects.exists():
        print("Loading the people and files of the demo …", flush=True)
        call_command("demo_load")


def _run(port: int) -> int:
    supervisor = Supervisor(commands(), _say)
    threading.Thread(target=_announce, args=(port, supervisor.stopping), daemon=True).start()
    try:
        return supervisor.run(beside=_keep_database)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        return 0
    finally:
        for number in ENDS:  # however often Ctrl-C is pressed
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def _say(name: str, line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {name:8} | {line}", flush=True)


def _keep_database() -> None:
    """The embedded server is nobody's child: whoever looks after the processes looks after it as well."""
    from django.conf import settings

    from config import embedded

    if not os.environ.get("DATABASE_URL") and embedded.start_again(embedded.home_under(settings.VAR)):
        _say("postgres", "died: started again")


def _announce(port: int, stopping: threading.Event) -> None:
    """Print the address and the people once the site is ready."""
    address = f"http://127.0.0.1:{port}/"
    while not stopping.is_set():
        try:
            with urllib.request.urlopen(f"{address}readyz", timeout=5):
                lines = ["", f"  Ready: {address}", "  Ctrl-C stops everything.", "", *_people()]
                print("\n".join(lines), flush=True)
                return
        except OSError:  # not there yet, or not ready yet
            time.sleep(0.1)


def _people() -> list[str]:
    from django.conf import settings

    if not settings.DEMO:
        return []
    from demo.people import summary

    return [f"  {line}" for line in summary()]


def _interrupt(*_args: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
