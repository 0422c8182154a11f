"""The picture of a flow, drawn from its nodes and edges, so that it cannot lie."""

from collections.abc import Iterator

from django.utils import translation
from viewflow.workflow.base import Flow

from nominations.states import DecisionState, State
from workflows.nodes import Step


def mermaid(flow: type[Flow], language: str = "en") -> str:
    """Return the flow as a Mermaid flowchart, with the labels of `language`."""
    with translation.override(language):
        return "\n".join(["flowchart TD", *_nodes(flow), *_edges(flow)]) + "\n"


def _nodes(flow: type[Flow]) -> Iterator[str]:
    for node in flow.instance.nodes():
        if isinstance(node, Step):
            yield f'    {_id(node)}["{_label(node.state)}<br/><small>{node.name}</small>"]'
        else:
            yield f"    {_id(node)}(({node.name}))"


def _edges(flow: type[Flow]) -> Iterator[str]:
    for node in flow.instance.nodes():
        for edge in node._outgoing():
            label = f'|"{edge.label}"|' if edge.label else ""
            yield f"    {_id(edge.src)} -->{label} {_id(edge.dst)}"


def _id(node) -> str:
    return f"{node.name}_"  # "end" alone is a word of Mermaid's own


def _label(state: str) -> str:
    for states in (State, DecisionState):
        if state in states.values and isinstance(state, states):
            return str(states(state).label)
    return state
