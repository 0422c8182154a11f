"""The peer's table: guardian's permissions on files themselves, by direct foreign key."""

from django.db import models
from guardian.models import UserObjectPermissionBase

from nominations.models import Nomination


class NominationPermission(UserObjectPermissionBase):
    """One person may read one file: what one would store without grants on units."""

    content_object = models.ForeignKey(Nomination, models.CASCADE)
