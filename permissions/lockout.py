"""Failed sign-ins are counted without what the form held: a draft that waits there is nobody's log."""

from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db import transaction


class Attempts(AxesDatabaseHandler):
    """Counts in the database; the fields sent along are emptied before anybody else sees the row."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        with transaction.atomic():
            super().user_login_failed(sender, credentials, request, **kwargs)
            rows = AccessAttempt.objects.filter(username=credentials.get("username"))
            rows.exclude(get_data="", post_data="").update(get_data="", post_data="")
