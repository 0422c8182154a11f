"""A command as the operator runs it: what it says, and with which code it ends."""

from io import StringIO

import pytest
from django.core.management import call_command


def told(*command: str, **options: object) -> str:
    """Return what a command says that ends well."""
    out = StringIO()
    call_command(*command, stdout=out, stderr=out, **options)
    return out.getvalue()


def told_and_ended(*command: str) -> tuple[str, int]:
    """Return what a command says that ends with a code of its own, and the code."""
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*command, stdout=out, stderr=out)
    return out.getvalue(), ended.value.code
