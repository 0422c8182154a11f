"""The picture of a flow, drawn from its nodes and edges, so that it cannot lie."""

from collections.abc import Iterator, Sequence

from django.utils import translation
from viewflow.workflow.base import Flow

from nominations.actions import Action
from nominations.states import DecisionState, State
from permissions.catalogue import Right
from workflows.nodes import Step


def mermaid(flow: type[Flow], language: str = "en", *, ways_back: bool = True) -> str:
    """Return the flow as a Mermaid flowchart, with the labels of `language`.

    The ordinary way is drawn with solid lines, every way back or out with dotted ones.
    """
    with translation.override(language):
        return "\n".join(["flowchart TD", *_nodes(flow), *_edges(flow, ways_back)]) + "\n"


def table(actions: Sequence[Action], language: str = "en") -> str:
    """Return every act as a table in Markdown: from where, by whom, to where, on what conditions."""
    with translation.override(language):
        rows = [f"| {' | '.join(_row(action))} |" for action in actions]
    head = ["| at | act | who | leads to | asks for | only if |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _row(action: Action) -> tuple[str, ...]:
    who = str(Right(action.right).label) if action.right else "the sender"
    where = {"proposer": " (proposing unit)", "home": " (Home Affairs)"}.get(action.seat, "")
    to = "stays" if action.stays else ", ".join(f"`{target}`" for target in action.targets)
    conditions = ", ".join(condition.replace("_", " ") for condition in action.requires)
    needs = "" if action.needs == "nothing" else action.needs.replace("_", " ")
    return (f"`{action.source}`", f"{action.label} (`{action.name}`)", who + where, to, needs, conditions)


def _nodes(flow: type[Flow]) -> Iterator[str]:
    for node in flow.instance.nodes():
        if isinstance(node, Step):
            yield f'    {_id(node)}["{_label(node.state)}<br/><small>{node.name}</small>"]'
        else:
            yield f"    {_id(node)}(({node.name}))"


def _edges(flow: type[Flow], ways_back: bool) -> Iterator[str]:
    for node in flow.instance.nodes():
        for edge in node._outgoing():
            back = edge.edge_class == "back"
            if back and not ways_back:
                continue
            label = f'|"{edge.label}"|' if edge.label else ""
            yield f"    {_id(edge.src)} {'-.->' if back else '-->'}{label} {_id(edge.dst)}"


def _id(node) -> str:
    return f"{node.name}_"  # "end" alone is a word of Mermaid's own


def _label(state: str) -> str:
    for states in (State, DecisionState):
        if state in states.values and isinstance(state, states):
            return str(states(state).label)
    return state
