"""A province of generated data in a database of its own: units, people with few and many grants, files, tasks."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection

from bench.models import NominationPermission
from nominations import programmes
from permissions.models import Officer

NAME = "bench"
PROGRAMME = Path(programmes.__file__).parent / "data" / "programme.json"
UNITS, DISTRICTS = 5000, 50  # communes; districts above them
ROLES = {"read": "clerk", "review": "reviewer", "audit": "auditor"}  # a post for each right
MINE, ELSEWHERE = 800, 19_200  # open files that wait where the readers work, and where none of them does
READERS = {"one unit": 1, "50 units": 50, "3,000 grants": 3000}  # and whoever reads the whole province

UNITS_SQL = f"""
INSERT INTO permissions_unit (code, kind, name, name_sort, name_search, source, valid_from)
SELECT 'AG.UBND', 'province', 'Province', 'p', 'p', '', date '2004-01-01'
UNION ALL SELECT 'AG.SNV', 'department', 'Home', 'h', 'h', '', date '2004-01-01'
UNION ALL SELECT 'AG.VP', 'office', 'Office', 'o', 'o', '', date '2004-01-01'
UNION ALL SELECT 'D' || n, 'district', 'District ' || n, 'd' || n, 'district', '', date '2004-01-01' FROM generate_series(1, {DISTRICTS}) n
UNION ALL SELECT 'C' || n, 'commune', 'Commune ' || n, 'c' || n, 'commune', '', date '2004-01-01' FROM generate_series(1, {UNITS}) n;
INSERT INTO permissions_unitclosure (ancestor_id, unit_id, depth, valid_from)
SELECT id, id, 0, date '2004-01-01' FROM permissions_unit
UNION ALL SELECT p.id, u.id, 1, date '2004-01-01' FROM permissions_unit p, permissions_unit u WHERE p.code = 'AG.UBND' AND u.kind <> 'province'
UNION ALL SELECT d.id, u.id, 1, date '2004-01-01' FROM permissions_unit d, permissions_unit u
    WHERE d.kind = 'district' AND u.kind = 'commune' AND d.code = 'D' || CASE WHEN u.kind = 'commune' THEN 1 + substr(u.code, 2)::int % {DISTRICTS} END;
"""
# Files from number %(first)s to %(last)s, spread over units and time; open ones wait at one of `span` communes from `low` on.
FILES_SQL = """
INSERT INTO nominations_nomination (
    spent, since, revision, sent_from, recall, uid, round_id, unit_id, state, holder_id, version, route_version, supplements,
    resume_at, assigned_step, received_at, created_by_id, created_at, letter_number, summary)
SELECT 0, '2020-01-01'::timestamptz + mod(n::bigint * 7919, 150000) * interval '20 minutes', 1, '', '', gen_random_uuid(), %(round)s, u.id,
    %(state)s, CASE WHEN %(state)s = 'closed' THEN NULL ELSE h.id END, 1, 1, 0, '', '',
    CASE WHEN %(state)s = 'closed' THEN now() END, %(officer)s, now(), '01/TTr', 'Summary'
FROM generate_series(%(first)s, %(last)s) n
JOIN permissions_unit u ON u.code = 'C' || (1 + mod(n * 31, %(units)s))
JOIN permissions_unit h ON h.code = 'C' || (%(low)s + mod(n, %(span)s))
"""
LEGS_SQL = """
INSERT INTO nominations_routeleg (nomination_id, version, n, unit_id, arrived, dropped)
SELECT f.id, 1, 1, d.id, f.since, false FROM nominations_nomination f
JOIN permissions_unit u ON u.id = f.unit_id
JOIN permissions_unitclosure c ON c.unit_id = u.id AND c.depth = 1
JOIN permissions_unit d ON d.id = c.ancestor_id AND d.kind = 'district'
WHERE f.id > %(after)s;
INSERT INTO nominations_nominee (uid, nomination_id, position, present, kind, name, name_sort, name_search, title, unit_name,
    identity_hash, identity_tail, report, is_direct_worker, is_grassroots, assessment, assessment_note, outcome, outcome_code, outcome_note)
SELECT gen_random_uuid(), id, 1, true, 'individual', 'Person', 'person', 'person', 'Officer', 'Unit', '', '', '', false, false, '', '',
    CASE WHEN holder_id IS NULL THEN 'awarded' ELSE 'pending' END, '', '' FROM nominations_nomination WHERE id > %(after)s;
INSERT INTO nominations_handling (nomination_id, version, level, step, action, officer_id, unit_id, at)
SELECT id, 1, 'proposer', 'draft', 'edit', %(officer)s, unit_id, since FROM nominations_nomination WHERE id > %(after)s;
INSERT INTO nominations_reach (nomination_id, unit_id, own, since)
SELECT id, unit_id, true, since FROM nominations_nomination WHERE id > %(after)s
UNION ALL SELECT l.nomination_id, l.unit_id, false, n.since FROM nominations_routeleg l
JOIN nominations_nomination n ON n.id = l.nomination_id WHERE n.id > %(after)s
UNION ALL SELECT n.id, h.id, false, n.since FROM nominations_nomination n JOIN permissions_unit h ON h.code = 'AG.SNV'
WHERE n.received_at IS NOT NULL AND n.id > %(after)s;
INSERT INTO viewflow_process (id, flow_class, status, created, data)
SELECT id, 'workflows/flows.NominationFlow', CASE WHEN holder_id IS NULL THEN 'DONE' ELSE 'NEW' END, now(), '{}'
FROM nominations_nomination WHERE id > %(after)s;
INSERT INTO workflows_nominationprocess (process_ptr_id, nomination_id) SELECT id, id FROM nominations_nomination WHERE id > %(after)s;
INSERT INTO viewflow_task (flow_task, flow_task_type, status, created, finished, token, owner_permission, owner_permission_obj_pk, process_id, data)
SELECT 'workflows/flows.NominationFlow.review', 'HUMAN', CASE WHEN holder_id IS NULL THEN 'DONE' ELSE 'NEW' END, since,
    CASE WHEN holder_id IS NULL THEN now() END, 'start', 'permissions.review', holder_id::text, id, '{}'
FROM nominations_nomination WHERE id > %(after)s
"""


@contextlib.contextmanager
def database() -> Iterator[None]:
    """Make a migrated, empty database; drop it afterwards."""
    _administer(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)', f'CREATE DATABASE "{NAME}"')
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = before
        _administer(f'DROP DATABASE IF EXISTS "{NAME}" WITH (FORCE)')


@contextlib.contextmanager
def province(elsewhere: int = ELSEWHERE) -> Iterator["Province"]:
    """Make the database with units, people and open files; drop it afterwards."""
    with database():
        with connection.schema_editor() as editor:
            editor.create_model(NominationPermission)
        yield Province(elsewhere)


class Province:
    """Who reads, and how many files there are; more are added by `grow`."""

    def __init__(self, elsewhere: int) -> None:
        self.clerk = Officer.objects.create_user("clerk", "Clerk")
        self.readers = {name: Officer.objects.create_user(f"r{many}", name) for name, many in READERS.items()}
        self.readers["province-wide"] = Officer.objects.create_user("auditor", "Auditor")
        _run(UNITS_SQL)
        self.round = _round()
        self._appoint()
        self.closed, self.open = 0, MINE + elsewhere
        self._add(1, MINE, "review", 1, 100)
        self._add(MINE + 1, self.open, "review", 3001, 2000)

    def grow(self, closed: int) -> None:
        """Let there be `closed` files that have ended, in all."""
        if closed > self.closed:
            self._add(self.open + self.closed + 1, self.open + closed, "closed", 1, 1)
            self.closed = closed

    def _add(self, first: int, last: int, state: str, low: int, span: int) -> None:
        values = {
            "first": first, "last": last, "state": state, "round": self.round, "officer": self.clerk.pk,
            "units": UNITS, "low": low, "span": span,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM nominations_nomination")
            after = cursor.fetchone()[0]
            cursor.execute(
                "SET session_replication_role = replica"
            )  # generated rows point at each other: no checks
            cursor.execute(FILES_SQL, values)
            for statement in LEGS_SQL.split(";\n"):
                cursor.execute(statement, {**values, "after": after})
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE")

    def _appoint(self) -> None:
        """Grants: reading and reviewing at some communes; the auditor reads at the province."""
        for name, many in READERS.items():
            communes = f"code IN (SELECT 'C' || n FROM generate_series(1, {many}) n)"
            self._grant(self.readers[name], communes, "read")
            if many > 1:
                self._grant(self.readers[name], communes, "review")
        self._grant(self.readers["one unit"], "code = 'D1'", "review")  # where nothing waits
        self._grant(self.readers["province-wide"], "code = 'AG.UBND'", "audit")

    def _grant(self, officer: Officer, where: str, right: str) -> None:
        permission = Permission.objects.get(codename=right, content_type__model="unit")
        _run(
            f"""
            WITH post AS (
                INSERT INTO permissions_appointment (uid, officer_id, role, unit_id, position, document, valid_from)
                SELECT gen_random_uuid(), {officer.pk}, '{ROLES[right]}', id, 'Post', 'Document', date '2004-01-01'
                FROM permissions_unit WHERE {where} RETURNING id, unit_id)
            INSERT INTO permissions_unitgrant (user_id, permission_id, content_object_id, appointment_id, valid_from)
            SELECT {officer.pk}, {permission.pk}, unit_id, id, date '2004-01-01' FROM post;
            INSERT INTO guardian_userobjectpermission (object_pk, content_type_id, permission_id, user_id)
            SELECT id::text, {permission.content_type_id}, {permission.pk}, {officer.pk} FROM permissions_unit WHERE {where}
            """
        )


def _round() -> int:
    """The programme of the project's own data; return the key of its newest round."""
    return programmes.load(json.loads(PROGRAMME.read_text(encoding="utf-8"))).rounds.latest("year").pk


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)


def _administer(*statements: str) -> None:
    options = connection.settings_dict
    with psycopg.connect(
        host=options["OPTIONS"].get("host") or options["HOST"] or None, port=options["PORT"] or None,
        user=options["USER"] or None, password=options["PASSWORD"] or None, dbname="postgres", autocommit=True,
    ) as server:  # fmt: skip
        for statement in statements:
            server.execute(statement)
