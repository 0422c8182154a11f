"""Behaviours of viewflow, guardian, celery and psycopg that we rely on or guard against.

Each test says why we care. When an upgrade turns one red, the code that leans on it is to be
looked at again, not the test.
"""

import json
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import InternalError, OperationalError, connection, models, transaction
from guardian.backends import ObjectPermissionBackend
from guardian.models import UserObjectPermission
from guardian.shortcuts import get_perms
from viewflow.workflow import lock as viewflow_lock
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow
from viewflow.workflow.context import Context
from viewflow.workflow.models import Task
from viewflow.workflow.nodes import View

from history import clock
from nominations.states import DecisionState, State
from permissions import grants
from permissions.backends import DatedGrantBackend
from permissions.models import Officer
from tests import world as w
from tests.fixtures import in_2024, world
from workflows import engine, lock
from workflows.errors import Busy
from workflows.flows import DecisionFlow, NominationFlow
from workflows.models import NominationProcess
from workflows.nodes import Step

__all__ = ["in_2024", "world"]
FLOWS = (NominationFlow, DecisionFlow)


@pytest.fixture
def held(db):
    """Another connection holds what the engine wants to lock."""
    options = connection.get_connection_params()
    wanted = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{key: options[key] for key in wanted if options.get(key)}) as other:
        other.execute("LOCK TABLE workflows_nominationprocess IN ACCESS EXCLUSIVE MODE")
        yield
        other.rollback()


# viewflow -------------------------------------------------------------------------------------


def test_its_default_lock_locks_nothing_so_every_flow_names_ours():
    assert isinstance(Flow.lock_impl, viewflow_lock.NoLock)
    assert all(isinstance(flow.lock_impl, lock.ProcessLock) for flow in FLOWS)


def test_its_database_lock_sleeps_in_an_aborted_transaction_and_crashes_in_an_outer_one(held, monkeypatch):
    """Why ours blocks, outermost: a loser slept up to 2.3 s and could not even read who was first."""
    naps = []

    def nap(_seconds):
        with pytest.raises(InternalError, match="aborted"):
            connection.cursor().execute("SELECT 1")
        naps.append("in an aborted transaction")

    monkeypatch.setattr(viewflow_lock.time, "sleep", nap)
    monkeypatch.setattr(lock, "TIMEOUT", "50ms")
    lock.bound_waiting()  # NOWAIT speaks of rows; here a whole table is held
    with pytest.raises(InternalError), viewflow_lock.SelectForUpdateLock()(NominationFlow, 1):
        pass
    assert naps == ["in an aborted transaction"]


def test_a_lock_not_free_in_time_is_an_operational_error_that_we_call_busy(held, monkeypatch):
    monkeypatch.setattr(lock, "TIMEOUT", "50ms")
    with pytest.raises(Busy) as caught, lock.transaction_or_busy(), NominationFlow.lock(1):
        pass
    cause = caught.value.__cause__
    assert isinstance(cause, OperationalError)
    assert isinstance(cause.__cause__, psycopg.errors.LockNotAvailable)


def test_a_lock_inside_a_request_wide_transaction_would_poison_it():
    """With ATOMIC_REQUESTS every loser crashed; the engine's transaction refuses to be an inner one."""
    assert not any(database.get("ATOMIC_REQUESTS") for database in settings.DATABASES.values())


def test_the_outermost_transaction_refuses_to_be_an_inner_one(cloned_db):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), lock.transaction_or_busy():
        pass


def test_an_owner_may_execute_for_ever_so_our_step_asks_the_rule(world, in_2024):
    """`can_execute` of theirs asks only who owns the task, whatever became of the grant."""
    head = world["unit_head@commune"]
    file = w.walk(world, w.complete_draft(world), State.SIGN_PROPOSAL)
    task = engine.task_of(file)
    task.owner, task.status = head, "ASSIGNED"
    assert View(view=None).can_execute(head, task)
    assert task.flow_task.can_execute(head, task)
    grants.end_appointment(world.post("unit_head@commune"), on=w.D2024)
    assert View(view=None).can_execute(head, task), "the stock node still says yes"
    assert not task.flow_task.can_execute(head, task)
    assert not task.flow_task.can_assign(head, task)


def test_its_inbox_reads_generic_grants_and_wants_groups_and_superusers(world):
    """2 queries a grant were measured; with our officers it cannot even be asked by accident."""
    with pytest.raises(AttributeError):
        list(Task.objects.queue([NominationFlow], world["clerk@commune"]))


def test_a_failing_node_stores_local_variables_so_our_step_has_no_guard():
    """Personal data of a frame would land in `task.data`, and the error be swallowed."""
    task = SimpleNamespace(data={}, save=lambda: None)
    stub = SimpleNamespace(task=task, process=None, flow_class=None, _set_status=lambda status: None)

    def body(citizen):
        raise ValueError(citizen)

    with Context(propagate_exception=False), Activation.exception_guard(stub):
        body("089123456789")
    assert task.data["_exception"]["locals"] == {"citizen": "089123456789"}
    for flow in FLOWS:
        for node in flow.instance.nodes():
            if isinstance(node, Step):
                with pytest.raises(NotImplementedError):
                    node.activation_class.exception_guard(stub)


def test_the_task_of_a_deleted_owner_goes_with_them_so_no_task_has_an_owner(world, in_2024):
    assert Task._meta.get_field("owner").remote_field.on_delete is models.CASCADE
    w.confirmed(world)
    w.decision(world, DecisionState.PUBLISHED)
    assert Task.objects.count() > 10
    assert not Task.objects.exclude(owner=None).exists()


def test_people_and_files_cannot_be_deleted_from_under_their_tasks(world, in_2024):
    file = w.walk(world, w.complete_draft(world), State.REVIEW)
    for row in (world["clerk@commune"], world.post("clerk@commune"), file, world.units["commune"]):
        with pytest.raises(models.ProtectedError), transaction.atomic():
            row.delete()


def test_names_of_flows_and_nodes_are_stored_values(world, in_2024):
    """Renaming a module, a flow or a node breaks every open file."""
    file = w.complete_draft(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.flow_task, p.flow_class FROM viewflow_task t JOIN viewflow_process p"
            " ON p.id = t.process_id WHERE p.id = %s AND t.finished IS NULL",
            [file.process.pk],
        )
        assert cursor.fetchone() == (
            "workflows/flows.NominationFlow.draft", "workflows/flows.NominationFlow",
        )  # fmt: skip


def closing_rows(file):
    """What the database holds of the end of a journey: the last two tasks, their link, the process."""
    different = {"id", "process_id", "created", "assigned", "started", "finished"}
    tasks = list(Task.objects.filter(process=file.process).order_by("pk"))[-2:]
    rows = [
        {key: value for key, value in vars(task).items() if key not in different and not key.startswith("_")}
        for task in tasks
    ]
    times = [(task.started is not None, task.finished is not None) for task in tasks]
    process = NominationProcess.objects.get(nomination=file)
    return {
        "tasks": [{key: str(value) for key, value in row.items()} for row in rows],
        "times": times,
        "linked": list(tasks[1].previous.values_list("pk", flat=True)) == [tasks[0].pk],
        "process": (process.status, process.finished is not None, process.data, process.parent_task),
    }


def test_set_based_closing_writes_the_rows_of_its_own_walk(world, in_2024):
    """Publishing ends hundreds of files in a few statements; nobody must see the difference."""
    walked = w.confirmed(world)
    task = engine.task_of(walked)
    with transaction.atomic():
        walked.state, walked.holder = State.CLOSED, None
        walked.save()
        task.process = NominationProcess.objects.get(nomination=walked)
        activation = task.flow_task.activation_class(task)
        activation.perform()
        activation.activate_next()
    published = w.confirmed(world)
    w.decision(world, DecisionState.PUBLISHED)
    assert closing_rows(published) == closing_rows(walked)
    assert closing_rows(published)["tasks"][1]["status"] == "DONE"


# guardian -------------------------------------------------------------------------------------


@pytest.fixture
def subject(world):
    """Guardian's own rows hang on anything; ours only on units. A programme stands in here."""
    return world.programme, Permission.objects.get(codename="change_programme").codename


def test_its_rows_collapse_two_posts_into_one(world, subject):
    """Ending one post would take the right of the other along."""
    programme, right = subject
    officer = world["clerk@commune"]
    first = UserObjectPermission.objects.assign_perm(right, officer, programme)
    second = UserObjectPermission.objects.assign_perm(right, officer, programme)
    assert first == second
    UserObjectPermission.objects.remove_perm(right, officer, programme)
    assert not UserObjectPermission.objects.filter(user=officer).exists()


def test_its_rows_know_no_dates_so_its_backend_answers_for_ended_posts(world, subject):
    programme, right = subject
    officer = world["clerk@commune"]
    officer.is_superuser, officer.groups = False, _no_groups()
    UserObjectPermission.objects.assign_perm(right, officer, programme)
    assert not {"valid_from", "valid_to"} & {f.name for f in UserObjectPermission._meta.get_fields()}
    with clock.legal_day(w.D2026):  # the officer's commune ended with June 2025
        assert ObjectPermissionBackend().has_perm(officer, right, programme)
        assert not DatedGrantBackend().has_perm(officer, "permissions.prepare", world.units["commune"])


def _no_groups():
    from django.contrib.auth.models import Group

    return Group.objects.none()


def test_its_superuser_may_everything_and_ours_does_not_exist(world):
    officer = world["clerk@commune"]
    officer.is_superuser = True
    unit = world.units["district"]
    assert ObjectPermissionBackend().has_perm(officer, "permissions.review", unit)
    assert not DatedGrantBackend().has_perm(officer, "permissions.review", unit)
    assert "is_superuser" not in {field.name for field in Officer._meta.get_fields()}


def test_its_shortcuts_do_not_answer_for_units_by_accident(world):
    """They would ignore the dates; on our grants they fail loudly."""
    with pytest.raises(AttributeError):
        get_perms(world["reviewer@district"], world.units["district"])


# celery ---------------------------------------------------------------------------------------


def test_a_task_is_acknowledged_after_it_is_done():
    """Off by default: a killed worker would lose the notice."""
    from celery import Celery

    from config.celery import app

    names = ("task_acks_late", "task_reject_on_worker_lost", "worker_prefetch_multiplier")
    assert [getattr(app.conf, name) for name in names] == [True, True, 1]
    bare = Celery("bare", set_as_current=False)  # or every later test would speak to its broker
    assert not bare.conf.task_acks_late
    assert not bare.conf.task_reject_on_worker_lost


def test_tasks_take_identifiers_as_json():
    from config.celery import app

    app.loader.import_default_modules()  # as a worker does
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
    assert {"workflows.tasks.deliver", "workflows.tasks.sweep"} <= set(app.tasks)


def test_the_filesystem_broker_keeps_a_message_until_it_is_taken(tmp_path):
    """The default broker: no server, and nothing lost between two starts."""
    from kombu import Connection

    options = {
        "data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path),
        "control_folder": str(tmp_path / "control"),
    }  # fmt: skip
    with Connection("filesystem://", transport_options=options) as sender:
        sender.SimpleQueue("outbox").put({"message": 7})
    with Connection("filesystem://", transport_options=options) as receiver:
        message = receiver.SimpleQueue("outbox").get(timeout=5)
        assert json.loads(message.body) == {"message": 7}
        message.ack()
