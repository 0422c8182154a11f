"""`manage.py erase_text STREAM SEQUENCE --basis DOCUMENT`: empty the names and words of one event, by law."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import erasing


class Command(BaseCommand):
    help = "Empty the text of an event on a legal basis; its facts and all proofs stay valid."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("stream")
        parser.add_argument("sequence", type=int)
        parser.add_argument("--basis", required=True, help="the legal document")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            erasing.erase(options["stream"], options["sequence"], basis=options["basis"], by="console")
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
