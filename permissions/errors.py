"""How a room says no: not valid. (Not allowed is Django's PermissionDenied.)"""

from django.core.exceptions import ValidationError


class Invalid(ValidationError):
    """Bad input: names the field, says the rule and the remedy (callers pass translated text)."""

    def __init__(self, field: str, message: str, **params: object):
        super().__init__({field: [ValidationError(message, code=field, params=params)]})
        self.field = field
