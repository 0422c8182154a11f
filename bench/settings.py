"""The project's settings with the benchmarks' own tables; the database is made by `bench/ground.py`."""

from config.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "bench"]  # noqa: F405
