"""A file that a decision sends back has the rows of viewflow's own step, as if it had been sent back by hand."""

from viewflow.workflow.models import Task

from nominations.states import State
from tests import world as w
from workflows.models import NominationProcess


def rows_of(file):
    """The last two tasks without what differs by nature, their link, and the process."""
    different = {"id", "process_id", "created", "assigned", "started", "finished"}
    tasks = list(Task.objects.filter(process=file.process).order_by("pk"))[-2:]
    rows = [
        {key: str(value) for key, value in vars(task).items() if key not in different and key[0] != "_"}
        for task in tasks
    ]
    del rows[0]["flow_task"]  # the step that was left: another one here and there
    times = [(task.started is not None, task.finished is not None) for task in tasks]
    process = NominationProcess.objects.get(nomination=file)
    linked = list(tasks[1].previous.values_list("pk", flat=True)) == [tasks[0].pk]
    return rows, times, linked, (process.status, process.finished)


def test_set_based_going_back_writes_the_rows_of_a_step(world, in_2024):
    head = world["head_of_division@home"]
    by_hand = w.walk(world, w.complete_draft(world), State.CONFIRM)
    w.act(by_hand, "send_back", head, remarks=[{"text": "Xem lại"}])
    recalled = w.confirmed(world)
    nominee = recalled.nominees.get()
    w.act(w.decision(world), "recall_nominee", head, line=str(nominee.uid), note="Xem lại")
    assert rows_of(recalled) == rows_of(by_hand)
    assert w.task(recalled).flow_task.name == "appraise"
