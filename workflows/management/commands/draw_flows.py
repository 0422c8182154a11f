"""Draw both flows into the documentation, or tell that the drawing is out of date."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from workflows.flows import DecisionFlow, NominationFlow
from workflows.picture import mermaid

DRAWINGS = {"README.md": (NominationFlow,), "docs/flows.md": (NominationFlow, DecisionFlow)}


class Command(BaseCommand):
    help = "Draw the flows into README.md and docs/flows.md; --check only compares."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true")

    def handle(self, *args, check: bool, **options):
        for name, flows in DRAWINGS.items():
            path = Path(settings.BASE_DIR) / name
            text = path.read_text(encoding="utf-8")
            for flow in flows:
                text = redrawn(text, flow)
            if text == path.read_text(encoding="utf-8"):
                continue
            if check:
                raise CommandError(f"{name} shows another flow than the code: run manage.py draw_flows.")
            path.write_text(text, encoding="utf-8")


def redrawn(text: str, flow) -> str:
    """Return `text` with the drawing of `flow` between its two marks replaced."""
    start, end = f"<!-- {flow.__name__} -->", f"<!-- /{flow.__name__} -->"
    before, _, rest = text.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}\n```mermaid\n{mermaid(flow)}```\n{end}{after}"
