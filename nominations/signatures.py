"""How an act is signed: in one's own name, or for somebody else with the form the law gives it."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from permissions.catalogue import DELEGABLE, DEPUTIES, ROLES, SignatureForm
from permissions.models import Appointment, Delegation, Officer


@dataclass(frozen=True)
class Signature:
    """Who signs in which position; with `form` for whom: the head's position, and name when delegated."""

    name: str
    position: str
    form: str = ""  # KT, TUQ, TL (Decree 30/2020/NĐ-CP, Art. 13)
    head: str = ""
    head_name: str = ""

    @property
    def written(self) -> str:
        """The position as it is printed: "KT. Giám đốc, Phó Giám đốc"."""
        return written(self.form, self.head, self.position)


def signed(
    actor: Officer, post: Appointment, right: str | None, delegation: Delegation | None = None
) -> Signature:
    """Return how `actor` signs an act that needs `right`, done in `post`.

    Under a delegation in its form, with both names; the deputy of a head signs "KT." by the post alone.
    """
    if delegation is not None:
        return Signature(
            actor.full_name,
            delegation.to_post.position,
            delegation.form,
            delegation.from_post.position,
            delegation.from_post.officer.full_name,
        )
    if post.role in DEPUTIES and right in DELEGABLE:
        with translation.override(settings.LANGUAGE_CODE):  # what is printed is Vietnamese, whoever reads
            head = str(ROLES[DEPUTIES[post.role]].label)
        return Signature(actor.full_name, post.position, SignatureForm.KT.value, head)
    return Signature(actor.full_name, post.position)


def written(form: str, head: str, position: str) -> str:
    """Return a position with the form in which it signs for a head."""
    return f"{form}. {head}, {position}" if form else position
