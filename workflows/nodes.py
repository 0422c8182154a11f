"""The one waiting node: it asks the live rule, and finds its successor in the state just written."""

from collections.abc import Iterator

from django.utils.timezone import now
from viewflow import this
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Edge
from viewflow.workflow.nodes import View
from viewflow.workflow.nodes.view import ViewActivation
from viewflow.workflow.signals import task_finished, task_started
from viewflow.workflow.status import STATUS

from nominations.actions import Action
from workflows.asking import allowed_actions

OPEN_STATUSES = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


class StepActivation(ViewActivation):
    """The activation of a step: it is performed once, by the engine, under the lock."""

    @Activation.status.transition(source=[STATUS.NEW, STATUS.ASSIGNED], target=STATUS.DONE)
    def perform(self) -> None:
        """End the task. Who acted is in `Handling`: a foreign key here would cascade."""
        self.task.started = self.task.finished = now()
        self.task.save(update_fields=["status", "started", "finished"])
        task_started.send(sender=self.flow_class, process=self.process, task=self.task)
        task_finished.send(sender=self.flow_class, process=self.process, task=self.task)

    @Activation.status.super()
    def create_next(self) -> Iterator[Activation]:
        """Create the one task that the state just written stands for."""
        node = self.flow_task.node_for(self.process.subject.state)
        yield node._create(self, self.task.token)

    def exception_guard(self):
        raise NotImplementedError("A step has no body of its own: nothing may swallow its errors.")


class Step(View):
    """A step in which the file waits for somebody, described by the rows of the action table."""

    activation_class = StepActivation

    def __init__(self, state: str, actions: tuple[Action, ...], leads_to: tuple[str, ...] = ()):
        super().__init__(view=None)
        self.state = state
        self.duties = tuple(action for action in actions if not action.option)
        self.options = tuple(action for action in actions if action.option)
        self.leads_to = leads_to  # states written by a set-based closing, not by an action
        self._nodes: dict[str, object] = {}

    def _resolve(self, instance) -> None:
        super()._resolve(instance)
        wanted = {target for action in self._ways() for target in action.targets}
        for state in (*sorted(wanted), *self.leads_to):
            name = state if state in instance.open_states else "end"
            self._nodes[state] = this.resolve(instance, getattr(this, name))
        self._nodes_open = frozenset(instance.open_states)

    def _ways(self) -> Iterator[Action]:
        """The actions that lead somewhere; the others leave the task open."""
        return (action for action in (*self.duties, *self.options) if not action.stays)

    def _outgoing(self) -> Iterator[Edge]:
        """The ordinary way and the ways back, apart; a recall and its granting are one way."""
        for kind in ("next", "back"):
            labels: dict[str, dict[str, None]] = {}
            for action in self._ways():
                if (action.tone == "primary") == (kind == "next") and action.name != "grant_recall":
                    for target in action.targets:
                        labels.setdefault(target, {})[str(action.label)] = None
            for state in self.leads_to:
                if (state not in self._nodes_open) == (kind == "next"):
                    labels.setdefault(state, {})
            for state, node in self._nodes.items():
                if state in labels:
                    yield Edge(src=self, dst=node, edge_class=kind, label=" / ".join(labels[state]))

    def node_for(self, state: str):
        """Return the node that `state` stands for; KeyError if the table has no such way."""
        return self._nodes[state]

    def can_assign(self, user, task) -> bool:
        return self.can_execute(user, task)

    def can_unassign(self, user, task) -> bool:
        return self.can_execute(user, task)

    def can_execute(self, user, task) -> bool:
        """Ask the live rule at every use: an owner whose grant was revoked may nothing."""
        if task.status not in OPEN_STATUSES:
            return False
        subject = task.flow_task.flow_class.subject_of(task)
        return bool(allowed_actions(user, subject))
