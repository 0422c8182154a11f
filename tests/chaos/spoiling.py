"""What a careless system would have done, one thing at a time: the checker finds each."""

from collections.abc import Callable

from django.db import connection, transaction

# What is broken → the statement that breaks it, and how the fault begins that must be found.
SPOILS = {
    "the handling of an act is lost": (
        "DELETE FROM nominations_handling WHERE id = (SELECT max(id) FROM nominations_handling WHERE action = 'claim')",
        "half:",
    ),
    "an act is lost": (
        "DELETE FROM history_event WHERE id = (SELECT max(id) FROM history_event WHERE action = 'claim')",
        "lost or doubled:",
    ),
    "a number is skipped": (
        "UPDATE nominations_registernumber SET number = number + 1000"
        " WHERE id = (SELECT max(id) FROM nominations_registernumber)",
        "register:",
    ),
    "what was typed is lost": (
        "UPDATE nominations_nomination SET summary = 'x' WHERE state = 'draft'",
        "draft:",
    ),
    "a message was never written": (
        "DELETE FROM workflows_outboxmessage WHERE id = (SELECT max(id) FROM workflows_outboxmessage"
        " WHERE kind = 'assigned')",
        "messages:",
    ),
    "a notice was never written": (
        "DELETE FROM workflows_notice WHERE kind = 'number_void'",
        "told nobody:",
    ),
    "a letter never left": (
        "UPDATE workflows_outboxmessage SET uid = gen_random_uuid() WHERE kind = 'letter'",
        "never mailed:",
    ),
    "a task is still open": (
        "UPDATE viewflow_task SET finished = NULL WHERE id = (SELECT max(id) FROM viewflow_task"
        " WHERE finished IS NOT NULL)",
        "half:",
    ),
    "a nominee was not awarded": (
        "UPDATE nominations_nominee SET outcome = 'pending' WHERE outcome = 'awarded'",
        "half:",
    ),
}


class _Undone(Exception):
    pass


def unseen(faults: Callable[[], list[str]]) -> list[str]:
    """Break one thing after the other, with triggers off and rolled back; return what the checker did not find."""
    found = []
    for name, (statement, begins) in SPOILS.items():
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                    cursor.execute(statement)
                    changed = cursor.rowcount
                if not changed:
                    found.append(f"spoiling: nothing there for: {name}")
                elif not any(fault.startswith(begins) for fault in faults()):
                    found.append(f"spoiling: not found: {name}")
                raise _Undone
        except _Undone:
            continue
    return found
