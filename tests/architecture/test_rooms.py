"""The rooms: they exist, import one way, and each engine has one door."""

import ast
import subprocess
import sys

import pytest
from django.apps import apps

from tests.architecture.code import ROOMS, ROOT, imports, modules, named, tree

ORDER = (
    "history",
    "permissions",
    "nominations",
    "workflows",
    "audit",
    "demo",
    "config",
)  # each may import those before


def users_of(*names):
    """The files of the rooms that import one of `names` or a part of it."""
    return {
        named(path)
        for path in modules()
        for imported in imports(path)
        if any(imported == name or imported.startswith(f"{name}.") for name in names)
    }


def test_the_rooms_exist():
    assert all((ROOT / room / "__init__.py").exists() for room in ROOMS)
    assert all((ROOT / folder).is_dir() for folder in ("templates", "static", "locale", "tests", "docs"))
    for room in ("history", "permissions", "nominations", "workflows", "audit"):
        assert apps.get_app_config(room).path == str(ROOT / room)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_one_way(room):
    allowed = ORDER[: ORDER.index(room) + 1]
    crossing = {
        f"{named(path)} → {imported}"
        for path in modules(room)
        for imported in imports(path)
        if imported.split(".")[0] in ROOMS and imported.split(".")[0] not in allowed
    }
    assert crossing == set()


def test_each_library_has_one_door():
    assert users_of("matplotlib") == {"nominations/pictures.py"}
    assert {path.split("/")[0] for path in users_of("guardian")} <= {"permissions"}
    assert {path.split("/")[0] for path in users_of("viewflow")} <= {"workflows"}
    doors = {
        "config/celery.py",
        "config/beat.py",
        "config/health.py",
        "config/limits.py",
        "workflows/tasks.py",
    }  # health asks the broker
    assert users_of("celery", "kombu") <= doors


def test_states_are_written_behind_the_engine_alone():
    writers = {path for path in users_of("nominations.transitions") if "nominations/transitions/" not in path}
    assert writers <= {
        "workflows/engine.py", "workflows/closing.py", "workflows/recording.py", "workflows/outbox.py",
        "nominations/calendar_days.py",  # counts anew what is due; no state
    }  # fmt: skip


def test_history_is_read_and_written_through_the_ledger_alone():
    """An `Event` may be named in an annotation; nobody else asks or fills its table."""
    asking = {
        named(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id in ("EventText", "StreamHead"))
        or (isinstance(node, ast.Attribute) and ast.unparse(node).startswith("Event.objects"))
    }
    assert {path for path in asking if not path.startswith("history/")} == set()


def test_the_contracts_that_make_check_holds_are_kept():
    """The same contracts, as import-linter reads them, indirect ways included."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_signal_passes_between_the_rooms():
    assert users_of("django.dispatch", "django.db.models.signals") == set()
