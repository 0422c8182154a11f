"""The operator's keys, and a database role that writes history and cannot rewrite it."""

import json
import os
from collections.abc import Iterator

import pytest
from django.core.management import CommandError
from django.db import ProgrammingError, connection, transaction

from history import checkpoints, clock, keys
from history.ledger import Entry, record
from history.models import Checkpoint
from history.verifying import verify
from nominations.states import DecisionState
from tests import world as w
from tests.audit.campaigns.attacker import sql
from tests.audit.campaigns.commands import told

ROLE = f"app_{os.getpid()}"


class TestKeys:
    def test_a_checkpoint_is_signed_on_demand(self, cloned_db):
        with transaction.atomic():
            record(Entry(stream="unit:1", kind="unit.changed", actor="system"))
        note, code = told("sign_checkpoint").splitlines()
        made = Checkpoint.objects.get()
        assert json.loads(note) == vars(checkpoints.note_of(made))
        assert code == checkpoints.short_code(made.root)
        assert told("sign_checkpoint").startswith('{"at"')
        assert Checkpoint.objects.count() == 2, "also when nothing has grown"

    def test_another_key_takes_over(self, cloned_db, settings):
        told("sign_checkpoint")
        new = told("rotate_ledger_key").strip()
        first, second = keys.introduced()
        assert (new, second.replaces) == (second.key, first.key)
        assert [item.key for item in Checkpoint.objects.all()] == [first.key, second.key]
        assert len(list(settings.LEDGER_KEY_FILE.parent.glob("*.pem"))) == 2
        assert verify().sound


@pytest.fixture
def restricted(cloned_db) -> Iterator[None]:
    """The application, signed in to the database as a role that the command restricted."""
    owner, password = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    sql(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'x'")
    try:
        told("restrict_role", ROLE)
        connection.close()
        connection.settings_dict.update(USER=ROLE, PASSWORD="x")
        yield
    finally:
        connection.close()
        connection.settings_dict.update(USER=owner, PASSWORD=password)
        sql(f"DROP OWNED BY {ROLE}")
        sql(f"DROP ROLE {ROLE}")


REFUSED = [
    *(
        statement.format(table)
        for table in ("history_event", "history_leaf", "history_node", "history_checkpoint")
        for statement in (
            "DELETE FROM {0}", "TRUNCATE {0}",
            "ALTER TABLE {0} DISABLE TRIGGER ALL", "DROP TABLE {0}",
        )
    ),
    "UPDATE history_event SET actor = 'x'",
    "UPDATE history_leaf SET number = number + 1",
    "UPDATE history_node SET hash = ''",
    "UPDATE history_checkpoint SET root = ''",
    "DELETE FROM history_eventtext",
    "UPDATE history_eventtext SET digest = 'x'",
    "DELETE FROM history_streamhead",
    "SET session_replication_role = replica",
    "DROP TRIGGER history_event_append_only ON history_event",
    "CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "DELETE FROM django_migrations",
    "CREATE TABLE history_copy AS SELECT * FROM history_event",
]  # fmt: skip


class TestRestrictRole:
    def test_the_application_works_and_history_cannot_be_rewritten(self, restricted):
        with clock.legal_day(w.D2024):
            world = w.build()
            w.confirmed(world)
            decision = w.decision(world, DecisionState.PUBLISHED)
            assert decision.register_number
        told("sign_checkpoint")
        told("erase_text", f"officer:{world['clerk@base'].uid}", "1", basis="QĐ 12")
        assert verify().sound
        assert sql("SELECT current_user, usesuper FROM pg_user WHERE usename = current_user") == [
            (ROLE, False)
        ]
        for statement in REFUSED:
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|append-only"):
                sql(statement)
        with pytest.raises(ProgrammingError, match="append-only"):
            sql("UPDATE history_eventtext SET body = '{}', salt = 'x'")

    def test_only_a_plain_role_is_restricted(self, cloned_db):
        for name in ("nobody_of_this_name", connection.settings_dict["USER"] or "postgres"):
            with pytest.raises(CommandError):
                told("restrict_role", name)
        with pytest.raises(CommandError):
            told("restrict_role", "x; DROP TABLE history_event")

    def test_a_dry_run_only_prints(self, cloned_db):
        printed = told("restrict_role", "not_there", dry_run=True)
        assert "GRANT SELECT, INSERT ON history_event TO not_there;" in printed
        assert "DELETE ON history_event" not in printed
