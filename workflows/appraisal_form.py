"""The appraiser's form: a conclusion on every nominee still to be judged."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nominations.models import Criterion, Nominee
from nominations.states import Assessment
from workflows.action_forms import GROUNDS, text


class AppraisalForm(forms.Form):
    """A conclusion on every nominee: eligible or not, points by criterion, remark, legal ground."""

    use_required_attribute = False

    def __init__(
        self,
        data: Any = None,
        *,
        nominees: Sequence[Nominee],
        criteria: Sequence[Criterion],
        points: dict[tuple[int, str], int],
        **options: Any,
    ):
        super().__init__(data, **options)
        self.criteria = criteria
        for nominee in nominees:
            self._add(nominee, points)

    def _add(self, nominee: Nominee, points: dict[tuple[int, str], int]) -> None:
        uid = nominee.uid
        self.fields[f"assessment-{uid}"] = forms.ChoiceField(
            label=_("Conclusion"),
            choices=[c for c in Assessment.choices if c[0]],
            widget=forms.RadioSelect,
            initial=nominee.assessment,
            required=False,
        )
        self.fields[f"code-{uid}"] = forms.ChoiceField(
            label=_("Legal ground, if not eligible"),
            choices=[("", "–"), *GROUNDS],
            required=False,
            initial=nominee.outcome_code,
        )
        self.fields[f"note-{uid}"] = text(
            _("Appraiser's remark, if not eligible the reason"),
            required=False,
            initial=nominee.assessment_note,
        )
        for criterion in self.criteria:
            self.fields[f"points-{uid}-{criterion.code}"] = forms.IntegerField(
                min_value=0,
                max_value=criterion.max_points,
                required=False,
                initial=points.get((nominee.pk, criterion.code)),
            )

    def of(self, nominee: Nominee) -> list[forms.BoundField]:
        """Return the fields of one nominee without the points."""
        return [self[f"{name}-{nominee.uid}"] for name in ("assessment", "code", "note")]

    def points_of(self, nominee: Nominee, criterion: Criterion) -> forms.BoundField:
        return self[f"points-{nominee.uid}-{criterion.code}"]
