"""Draw both flows and the roles into the documentation, or tell that the drawing is out of date."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from viewflow.workflow.base import Flow

from nominations.actions import DECISION_ACTIONS, NOMINATION_ACTIONS
from workflows import role_tables
from workflows.flows import DecisionFlow, NominationFlow
from workflows.picture import mermaid, table

# Which pages show what: the ordinary way, every way, and every act as a table.
DRAWINGS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"NominationFlow": lambda: chart(NominationFlow, ways_back=False)},
    "docs/flows.md": {
        "NominationFlow": lambda: chart(NominationFlow),
        "NominationActs": lambda: table(NOMINATION_ACTIONS),
        "DecisionFlow": lambda: chart(DecisionFlow),
        "DecisionActs": lambda: table(DECISION_ACTIONS),
    },
    "docs/roles.md": {
        "Roles": role_tables.roles,
        "Rights": role_tables.rights,
        "Steps": role_tables.steps,
    },
}


class Command(BaseCommand):
    help = "Draw the flows and roles into README.md, docs/flows.md and docs/roles.md; --check only compares."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool, **options):
        for name, drawings in DRAWINGS.items():
            path = Path(settings.BASE_DIR) / name
            text = path.read_text(encoding="utf-8")
            for mark, draw in drawings.items():
                text = redrawn(text, mark, draw())
            if text == path.read_text(encoding="utf-8"):
                continue
            if check:
                raise CommandError(f"{name} shows another flow than the code: run manage.py draw_flows.")
            path.write_text(text, encoding="utf-8")


def chart(flow: type[Flow], *, ways_back: bool = True) -> str:
    return f"```mermaid\n{mermaid(flow, ways_back=ways_back)}```\n"


def redrawn(text: str, mark: str, drawing: str) -> str:
    """Return `text` with what stands between the two marks replaced by `drawing`."""
    start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n{drawing}{end}{after}"
