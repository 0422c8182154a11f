"""The two journeys. Names of flows and nodes are database values: they never change."""

from viewflow import this
from viewflow.workflow import flow
from viewflow.workflow.base import Flow

from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from nominations.models import AwardDecision, Nomination, Round
from nominations.states import DECISION_OPEN, OPEN, DecisionState, State
from workflows.lock import ProcessLock
from workflows.models import DecisionProcess, NominationProcess
from workflows.nodes import Step


def _step(state: str, table, **more) -> Step:
    return Step(state, tuple(action for action in table if action.source == state), **more)


def _nomination_step(state: State, **more) -> Step:
    return _step(state, NOMINATION_ACTIONS, **more)


def _decision_step(state: DecisionState, **more) -> Step:
    return _step(state, DECISION_ACTIONS, **more)


def _lock_round(process_pk: int) -> None:
    """A decision's round stands before its process in the lock order: the quota is the round's."""
    rounds = Round.objects.filter(decisions__process=process_pk)
    rounds.select_for_update(of=("self",), no_key=True).values_list("pk").get()


class NominationFlow(Flow):
    """Nomination: from the unit's proposal to the decision on each nominee."""

    process_class = NominationProcess
    lock_impl = ProcessLock()
    open_states = OPEN

    start = flow.StartHandle(this.begin).Next(this.draft)
    draft = _nomination_step(State.DRAFT, leads_to=(State.LAPSED,))
    sign_proposal = _nomination_step(State.SIGN_PROPOSAL, leads_to=(State.LAPSED,))
    review = _nomination_step(State.REVIEW)
    endorse = _nomination_step(State.ENDORSE)
    intake = _nomination_step(State.INTAKE)
    supplement = _nomination_step(State.SUPPLEMENT)
    appraise = _nomination_step(State.APPRAISE)
    confirm = _nomination_step(State.CONFIRM)
    await_decision = _nomination_step(State.AWAIT_DECISION, leads_to=(State.CLOSED, State.APPRAISE))
    end = flow.End()

    def begin(self, activation, nomination: Nomination):
        activation.process.nomination = nomination
        return activation.process

    @staticmethod
    def lock_subject(process_pk: int) -> Nomination:
        """Lock and read the nomination of a process (the process is locked)."""
        return (
            Nomination.objects.select_for_update(of=("self",), no_key=True)
            .select_related(
                "unit",
                "holder",
                "round__programme__appraising_unit",
                "round__rule_set",
                "sent_post__unit",
            )
            .get(process=process_pk)
        )

    @staticmethod
    def subject_of(task) -> Nomination:
        return Nomination.objects.select_related("holder", "round").get(process=task.process_id)


class DecisionFlow(Flow):
    """Award decision: from the ranked list to the published decision."""

    process_class = DecisionProcess
    lock_impl = ProcessLock(before=_lock_round)
    open_states = DECISION_OPEN

    start = flow.StartHandle(this.begin).Next(this.compile)
    compile = _decision_step(DecisionState.COMPILE)
    submit = _decision_step(DecisionState.SUBMIT)
    check = _decision_step(DecisionState.CHECK)
    sign = _decision_step(DecisionState.SIGN)
    issue_number = _decision_step(DecisionState.ISSUE_NUMBER)
    publish = _decision_step(DecisionState.PUBLISH)
    end = flow.End()

    def begin(self, activation, decision: AwardDecision):
        activation.process.decision = decision
        return activation.process

    @staticmethod
    def lock_subject(process_pk: int) -> AwardDecision:
        """Lock and read the decision of a process (its round and the process are locked)."""
        return (
            AwardDecision.objects.select_for_update(of=("self",), no_key=True)
            .select_related(
                "holder",
                "round__programme__appraising_unit",
                "round__programme__office_unit",
                "round__programme__deciding_unit",
                "sent_post__unit",
                "register_number",
            )
            .get(process=process_pk)
        )

    @staticmethod
    def subject_of(task) -> AwardDecision:
        return AwardDecision.objects.select_related("holder", "round").get(process=task.process_id)
