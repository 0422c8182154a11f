"""Where letters go: the demo's mailbox, or a mail server that takes them and remembers whose they were."""

import contextlib
import email
import os
from collections.abc import Callable, Iterator

from tests.processes import free_port

Letters = Callable[[], set[str]]  # the identities of the outbox messages whose letters left


@contextlib.contextmanager
def opened(*, smtp: bool) -> Iterator[Letters]:
    """Have a post office for the block, made known by the environment; yields what left so far."""
    if not smtp:
        yield _in_the_mailbox
        return
    from aiosmtpd.controller import Controller

    taken = _Server()
    controller = Controller(taken, hostname="127.0.0.1", port=free_port())
    controller.start()
    os.environ |= {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": controller.hostname,
        "EMAIL_PORT": str(controller.port),
    }
    try:
        yield lambda: set(taken.letters)
    finally:
        controller.stop()


class _Server:
    """Takes every letter, but refuses every fifth for now, as busy servers do."""

    def __init__(self) -> None:
        self.letters: set[str] = set()
        self.asked = 0

    async def handle_DATA(self, server, session, envelope) -> str:
        self.asked += 1
        if self.asked % 5 == 0:
            return "451 try again later"
        self.letters.add(_identity(str(email.message_from_bytes(envelope.content)["Message-ID"])))
        return "250 taken"


def _in_the_mailbox() -> set[str]:
    from demo.models import Letter

    return {_identity(name) for name in Letter.objects.values_list("message_id", flat=True)}


def _identity(message_id: str) -> str:
    return message_id.strip("<> ").split("@")[0]
