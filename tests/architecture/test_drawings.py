"""The pictures of both flows are drawn from the code: a stale one is found."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from workflows.flows import DecisionFlow, NominationFlow
from workflows.picture import mermaid, table


def test_the_drawings_show_the_code():
    call_command("draw_flows", "--check")


def test_a_stale_drawing_is_told(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/flows.md", "docs/roles.md"):
        (tmp_path / name).write_text("<!-- NominationFlow -->\nold\n<!-- /NominationFlow -->\n")
    with pytest.raises(CommandError, match=r"README\.md"):
        call_command("draw_flows", "--check")


@pytest.mark.parametrize(
    ("flow", "actions"), [(NominationFlow, NOMINATION_ACTIONS), (DecisionFlow, DECISION_ACTIONS)]
)
def test_every_way_is_on_the_picture_and_every_act_in_the_table(flow, actions):
    drawn = mermaid(flow)
    for action in actions:
        for target in action.targets if not action.stays else ():
            end = target if target in flow.open_states else "end"
            arrows = [
                line
                for line in drawn.splitlines()
                if line.strip().startswith(f"{action.source}_ -") and line.endswith(f" {end}_")
            ]
            assert arrows, (action.key, target)
    listed = table(actions)
    assert all(f"| `{action.source}` |" in listed and f"(`{action.name}`)" in listed for action in actions)


def test_the_readme_shows_the_ordinary_way_alone():
    assert "-.->" in mermaid(NominationFlow)
    assert "-.->" not in mermaid(NominationFlow, ways_back=False)
    assert "-.->" not in Path("README.md").read_text(encoding="utf-8")
