"""Programmes, their rounds, and the dated rules by which a round judges."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from permissions.catalogue import UnitKind
from permissions.dated import Dated
from permissions.models import Unit


class NomineeKind(models.TextChoices):
    COLLECTIVE = "collective", _("Collective")
    INDIVIDUAL = "individual", _("Individual")


class AwardForm(models.TextChoices):
    DIPLOMA_OF_MERIT = "diploma_of_merit", _("Diploma of merit")


class Programme(models.Model):
    """An emulation movement: what may be awarded, by whom, in which years."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=300)
    first_year = models.PositiveSmallIntegerField(_("first year"))
    last_year = models.PositiveSmallIntegerField(_("last year"))
    award_form = models.CharField(_("award"), max_length=30, choices=AwardForm)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    appraising_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    office_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    deciding_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    register = models.ForeignKey("nominations.Register", models.PROTECT, related_name="+")

    class Meta:
        ordering = ["first_year", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(last_year__gte=F("first_year")), name="programme_years")
        ]

    def __str__(self) -> str:
        return self.name


class RuleSet(Dated):
    """The criteria in force in some years, with their legal basis; pinned by each round."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rule_sets")
    number = models.PositiveSmallIntegerField(_("number"))
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["programme", "number"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["programme", "number"], name="rule_set_number"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.code}/{self.number}"


class Criterion(models.Model):
    """A scored criterion (tiêu chí, thang điểm) of a rule set."""

    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="criteria")
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"))
    label_vi = models.CharField(_("label in Vietnamese"), max_length=300)
    label_en = models.CharField(_("label in English"), max_length=300)
    max_points = models.PositiveSmallIntegerField(_("maximum points"))
    min_points = models.PositiveSmallIntegerField(
        _("points needed to be eligible"),
        default=0,
        help_text=_("0: the criterion is no condition."),
    )

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set", "code"], name="criterion_code"),
            models.CheckConstraint(
                condition=Q(min_points__lte=F("max_points"), max_points__gte=1),
                name="criterion_points",
            ),
        ]

    def __str__(self) -> str:
        return self.label_vi if get_language() == "vi" else self.label_en


class Round(models.Model):
    """A yearly round (đợt): window, quota per nominee kind, and the rule set in force."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField(_("year"))
    opens = models.DateField(_("opens on"))
    closes = models.DateField(_("last day of submission"))
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="rounds")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        ordering = ["-year", "programme"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="round_year"),
            models.CheckConstraint(condition=Q(closes__gte=F("opens")), name="round_window"),
        ]

    def __str__(self) -> str:
        return f"{self.programme.name} · {self.year}"

    def is_open_on(self, day: date) -> bool:
        """Whether files may be submitted on the legal day `day`."""
        return self.closed_on is None and self.opens <= day <= self.closes


class Quota(models.Model):
    """How many nominees of a kind a round may award."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="quotas")
    kind = models.CharField(max_length=12, choices=NomineeKind)
    count = models.PositiveSmallIntegerField(_("number of awards"))

    class Meta:
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["round", "kind"], name="quota_once")]


class RoutePolicy(Dated):
    """Through which kinds of body a file of a kind of unit travels, in some years."""

    unit_kind = models.CharField(_("kind of unit"), max_length=20, choices=UnitKind)
    position = models.PositiveSmallIntegerField(_("leg"))
    through = models.CharField(_("through"), max_length=20, choices=UnitKind, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta(Dated.Meta):
        ordering = ["unit_kind", "valid_from", "position"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit_kind", "valid_from", "position"], name="route_policy_leg"),
        ]
