"""Give somebody a post, and an account if they have none: how the first administrators come in."""

from collections.abc import Callable
from datetime import date
from functools import partial
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from history import clock
from permissions import appointing, grants
from permissions.catalogue import DECISIVE, ROLES
from permissions.models import Appointment, Officer, PendingAppointment, Unit


class Command(BaseCommand):
    help = "Appoint an officer to a role at a unit; a new officer gets an account and a password."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("role", choices=sorted(ROLES))
        parser.add_argument("unit", help="official code of a unit that exists on the first day")
        parser.add_argument("--name", default="", help="full name, for a new account")
        parser.add_argument("--position", required=True, help="position, as it is to be printed")
        parser.add_argument("--document", required=True, help="legal document of the appointment")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, help="first day, 2026-11-24")
        parser.add_argument("--to", dest="end", type=date.fromisoformat, help="first day no longer held")

    def handle(self, *args, username, role, unit, name, position, document, start, end, **options):
        start = start or clock.today()
        try:
            where = Unit.objects.on(start).get(code=unit)
        except Unit.DoesNotExist as error:
            raise CommandError(
                _("No unit has the code %(code)s on %(day)s.") % {"code": unit, "day": f"{start:%d/%m/%Y}"}
            ) from error
        try:
            with transaction.atomic():
                officer = Officer.objects.filter(username=username).first() or self._new(username, name)
                give = self._giver(role)
                post = give(
                    officer, role, where, position=position, document=document, valid_from=start, valid_to=end
                )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(f"{officer.full_name}: {post.role_label}, {where}")
        if isinstance(post, PendingAppointment):
            self.stdout.write(_("Proposed: a system administrator has to confirm it before it holds."))

    def _giver(self, role: str) -> Callable[..., Appointment | PendingAppointment]:
        """Decisive roles need two pairs of eyes as soon as there are two administrators to lend them."""
        enough = len(appointing.administrators(clock.today())) >= appointing.LEAST_ADMINISTRATORS
        if role in DECISIVE and enough:
            return partial(appointing.propose, by=None)
        return grants.appoint

    def _new(self, username: str, name: str) -> Officer:
        if not name:
            raise CommandError(
                _("%(username)s has no account yet: give the full name with --name.") % {"username": username}
            )
        password = getpass(_("Password: "))
        officer = Officer(username=username, full_name=name)
        validate_password(password, officer)
        officer.set_password(password)
        officer.save()
        return officer
