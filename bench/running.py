"""What every benchmark does first: the benchmarks' settings, and a database server."""

import argparse
import contextlib
import logging
import os
from collections.abc import Iterator


def options_of(what: str) -> argparse.Namespace:
    """Read from the command line how large and how often to measure; `what` is said by `--help`."""
    arguments = argparse.ArgumentParser(description=what)
    arguments.add_argument(
        "--scale", type=float, default=1.0, help="part of the full size; figures count at 1 only"
    )
    arguments.add_argument("--rounds", type=int, default=15)
    return arguments.parse_args()


@contextlib.contextmanager
def running() -> Iterator[None]:
    """Set Django up and let the embedded database run for the length of the block."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    os.environ.setdefault("TESTING", "1")
    import django

    django.setup()
    logging.getLogger("kombu").setLevel(logging.ERROR)  # the files' broker has no host, and says so each time
    logging.getLogger("axes").setLevel(logging.ERROR)
    from config.embedded import available

    with available():
        yield
