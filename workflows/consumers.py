"""What each kind of outbox message leads to once it is delivered."""

from collections.abc import Callable

from workflows import letters, lists, notices
from workflows.models import OutboxMessage


def consume(message: OutboxMessage) -> None:
    """Carry out what `message` stands for, inside the transaction that marks it as delivered."""
    CONSUMERS.get(message.kind, tell)(message)


def tell(message: OutboxMessage) -> None:
    """Write the notices of an act, and the letters to whoever wants them at once."""
    notices.write(message)
    letters.write_for(message)


CONSUMERS: dict[str, Callable[[OutboxMessage], None]] = {
    letters.LETTER: letters.send,
    lists.KIND: lists.check_some,
}
