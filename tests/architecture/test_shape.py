"""The shape of the code: small files, one idea each, nothing swallowed, nothing shouted."""

import ast
import re

import pytest

from tests.architecture.code import ROOT, functions, lines, modules, named, tree

FILE, FUNCTION, TEMPLATE = 300, 50, 150
EVERY = [*modules(), *modules("tests")]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_no_file_holds_two_ideas():
    assert {named(path): lines(path) for path in EVERY if lines(path) > FILE} == {}


def test_no_function_holds_two_ideas():
    long = {
        f"{named(path)}:{node.name}": length
        for path in EVERY
        for node in functions(path)
        if (length := node.end_lineno - node.lineno + 1) > FUNCTION
    }
    assert long == {}


def test_no_template_holds_two_ideas():
    assert {named(path): lines(path) for path in TEMPLATES if lines(path) > TEMPLATE} == {}


def test_the_first_line_of_a_module_says_its_idea():
    def silent(path):
        text = ast.get_docstring(tree(path))
        return path.read_text().strip() and (
            not text or not text.splitlines()[0].rstrip().endswith((".", ".)"))
        )

    assert [named(path) for path in EVERY if silent(path)] == []


def calls(path, name):
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    ]


def test_the_rooms_do_not_print():
    """config talks to the person at the terminal; the rooms log."""
    rooms = [*modules("history", "permissions", "nominations", "workflows", "audit", "demo")]
    assert [named(path) for path in rooms if calls(path, "print")] == []


def test_nothing_is_swallowed():
    bare = [
        f"{named(path)}:{node.lineno}"
        for path in EVERY
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_no_save_magic_and_no_metaclass_between_the_rooms():
    """`save` keeps a row's own derived columns; it speaks to no other row."""
    own = {
        "permissions/models/officers.py",
        "permissions/models/units.py",
        "nominations/models/nominations.py",
    }
    models = [path for path in modules() if "models" in named(path)]
    assert {named(path) for path in models for node in functions(path) if node.name == "save"} <= own
    metaclasses = [
        named(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(word.arg == "metaclass" for word in node.keywords)
    ]
    assert metaclasses == []


def test_permission_is_asked_of_rules_and_grants_not_of_django():
    """`user.has_perm`, guardian's shortcuts and `perms.` stay inside permissions/."""
    asking = {
        named(path)
        for path in modules("nominations", "workflows", "audit", "demo", "config", "history")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("has_perm", "has_perms", "get_all_permissions", "is_superuser", "is_staff")
    }
    assert asking == set()
    assert [named(path) for path in TEMPLATES if re.search(r"\bperms\.", path.read_text())] == []


def test_the_state_of_a_file_is_assigned_by_transitions_alone():
    """No screen, form or task writes `state`, neither on an instance nor by an update."""
    writers = set()
    for path in modules():
        for node in ast.walk(tree(path)):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = [t for target in targets for t in ast.walk(target)]
            if any(
                isinstance(name, ast.Attribute) and name.attr == "state" and ast.unparse(name.value) != "self"
                for name in names
            ):
                writers.add(named(path))
            update = isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".update")
            if update and any(word.arg == "state" for word in node.keywords):
                writers.add(named(path))
    assert {path for path in writers if "nominations/transitions/" not in path} == set()


@pytest.mark.parametrize("word", ["eval(", "exec(", "mark_safe(", ".extra("])
def test_nothing_dangerous(word):
    assert [
        named(path) for path in modules() if re.search(rf"(?<![\w.]){re.escape(word)}", path.read_text())
    ] == []
