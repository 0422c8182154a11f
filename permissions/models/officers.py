"""Officers and their posts. Officers are never deleted: they are deactivated."""

import uuid

from django.contrib import auth
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from permissions.catalogue import ROLE_CHOICES, ROLES
from permissions.dated import Revocable
from permissions.models.units import Unit
from permissions.passwords import normal
from permissions.text import name_sort_key, normalised, search_key


class Language(models.TextChoices):
    """Each in its own words, whoever reads it."""

    VIETNAMESE = "vi", "Tiếng Việt"
    ENGLISH = "en", "English"


class Density(models.TextChoices):
    """How much of a list fits on a screen."""

    ROOMY = "roomy", _("Roomy")
    COMPACT = "compact", _("Compact")


class OfficerManager(BaseUserManager):
    def create_user(self, username: str, full_name: str, password: str | None = None, **fields):
        officer = self.model(username=username, full_name=full_name, **fields)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """A person who signs in. There is no superuser: what one may do comes from posts alone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    name_sort = models.CharField(max_length=900, db_collation="C", editable=False)
    name_search = models.CharField(max_length=120, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(  # of the letters that reach the officer; pages follow the browser's choice
        _("language of e-mails"), max_length=2, choices=Language, default=Language.VIETNAMESE
    )
    density = models.CharField(_("density of lists"), max_length=8, choices=Density, default=Density.ROOMY)
    keyboard = models.BooleanField(_("keys for the whole page (j, k, o, a, ?)"), default=True)
    opens_next = models.BooleanField(_("after an act open the next file that waits"), default=True)
    identity_hash = models.CharField(max_length=64, blank=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    # The system's own: it never signs in, and acts in its posts when a time limit is over that says so, never else.
    is_automatic = models.BooleanField(_("works by itself"), default=False, editable=False)

    objects = OfficerManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["name_sort", "username"]
        indexes = [
            models.Index(
                fields=["identity_hash"],
                name="officer_identity",
                condition=~Q(identity_hash=""),
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs):
        self.full_name = normalised(self.full_name)
        self.name_sort = name_sort_key(self.full_name)
        self.name_search = search_key(self.full_name)
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(normal(raw_password) if raw_password is not None else None)

    def check_password(self, raw_password: str) -> bool:
        return super().check_password(normal(raw_password))

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Ask every backend; used by libraries, while our rooms ask `permissions.grants`."""
        return any(
            backend.has_perm(self, perm, obj)
            for backend in auth.get_backends()
            if hasattr(backend, "has_perm")
        )


class Appointment(Revocable):
    """An officer's post: a role at a unit from one day to another, with its legal document."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="appointments")
    role = models.CharField(_("role"), max_length=40, choices=ROLE_CHOICES)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments")
    position = models.CharField(_("position, as printed"), max_length=200)
    document = models.CharField(_("legal document"), max_length=200)
    granted_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="appointments_granted"
    )

    class Meta(Revocable.Meta):
        ordering = ["valid_from", "pk"]
        constraints = [
            *Revocable.Meta.constraints,
            models.UniqueConstraint(
                fields=["officer", "role", "unit", "valid_from"],
                name="appointment_once",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}, {self.unit}"

    @property
    def role_label(self) -> str:
        return str(ROLES[self.role].label)
