"""Tell why an officer may do an act on a file, or why not, condition by condition."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from nominations import references
from nominations.actions import DECISION_TABLE, NOMINATION_TABLE
from nominations.models import AwardDecision, Nomination
from permissions.models import Officer
from workflows import explaining
from workflows.asking import Subject
from workflows.explaining import Explanation


class Command(BaseCommand):
    help = "Tell why an officer may do an act on a file, or why not. Exit code 1 when it is not allowed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("action", help="name of the act in docs/flows.md: submit, forward, sign …")
        parser.add_argument(
            "file", help="number of the file or of the draft decision: HS-2024-00012, DT-2024-003"
        )

    def handle(self, *args: Any, username: str, action: str, file: str, **options: Any) -> None:
        officer = Officer.objects.filter(username=username).first()
        if officer is None:
            raise CommandError(_("There is no officer with this user name."))
        if action not in {name for _step, name in (*NOMINATION_TABLE, *DECISION_TABLE)}:
            raise CommandError(_("There is no such act: see docs/flows.md."))
        subject = _subject(file)
        rows = explaining.rows_named(subject, action) if subject else []
        found = [explaining.explain(officer, subject, row) for row in rows] if subject else []
        told = [explanation for explanation in found if explanation]
        if not told:  # the same words whether it does not exist, is not open, or is of the other kind
            raise CommandError(
                _("No file of this number, on which there is such an act, is open to the officer.")
            )
        for explanation in told:
            self._tell(explanation)
        if not any(explanation.allowed for explanation in told):
            raise SystemExit(1)

    def _tell(self, explanation: Explanation) -> None:
        word = _("Allowed") if explanation.allowed else _("Not allowed")
        self.stdout.write(f"{explanation.action.label}: {word}")
        for line in explanation.lines:
            self.stdout.write(f"  [{'x' if line.met else ' '}] {line.asks}")
            for said in filter(
                None,
                (line.because, line.remedy and _("What would change it: %(what)s") % {"what": line.remedy}),
            ):
                self.stdout.write(f"      {said}")
        for person in explanation.instead:
            since = date_format(person.since, "d/m/Y")
            self.stdout.write(
                "  "
                + _("Can act: %(name)s, %(post)s, since %(day)s.")
                % {"name": person.name, "post": person.post, "day": since}
            )


def _subject(number: str) -> Subject | None:
    """Find a file or a draft decision by its number."""
    named = references.read(number)
    if named is None:
        return None
    kind, year, key = named
    model = Nomination if kind == "nomination" else AwardDecision
    with_what_is_said = model._default_manager.select_related(
        "holder", "round__programme__appraising_unit", "sent_post__unit", "opened_by"
    )
    return with_what_is_said.filter(pk=key, round__year=year).first()
