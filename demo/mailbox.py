"""The mail server of the demo: every letter lands in a mailbox page and none leaves."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from demo.models import Letter


class EmailBackend(BaseEmailBackend):
    """Keep letters as rows, one for each recipient."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Keep the letters; return how many there were."""
        rows = [
            Letter(
                to=address,
                subject=message.subject,
                text=message.body,
                html=_html(message),
                message_id=message.extra_headers.get("Message-ID", ""),
            )
            for message in email_messages
            for address in message.recipients()
        ]
        Letter.objects.bulk_create(rows)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    alternatives = message.alternatives if isinstance(message, EmailMultiAlternatives) else []
    return next((str(content) for content, kind in alternatives if kind == "text/html"), "")
