"""The dated rules of procedure: how often a file may come back, and what intake may put right."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from permissions.dated import Dated


class ProcedurePolicy(Dated):
    """The rules of procedure in force in some years, with their legal basis."""

    supplements_at_most = models.PositiveSmallIntegerField(
        _("requests for supplement at most"),
        help_text=_("How often a file may be sent back for supplement after it was received."),
    )
    reroute_at_intake = models.BooleanField(
        _("intake sends a wrongly routed file to the right body"),
        help_text=_("Otherwise a wrongly routed file is returned."),
    )
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["valid_from"], name="procedure_policy_start"),
        ]

    def __str__(self) -> str:
        return f"{self.valid_from:%d/%m/%Y}"
