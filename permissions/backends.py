"""Sign-in by password, and guardian's question answered from dated grants, with no superuser."""

from django.contrib.auth.backends import ModelBackend
from guardian.backends import ObjectPermissionBackend

from permissions import grants
from permissions.models import Officer, Unit


class PasswordBackend(ModelBackend):
    """Who one is, never what one may do: no right comes from groups or flags."""

    def user_can_authenticate(self, user):
        return super().user_can_authenticate(user) and not user.is_automatic

    def _get_permissions(self, user_obj, obj, from_name):
        return set()

    def has_perm(self, user_obj, perm, obj=None):
        return False

    def has_module_perms(self, user_obj, app_label):
        return False


class DatedGrantBackend(ObjectPermissionBackend):
    """`officer.has_perm(right, unit)`: true while a post valid today carries the right."""

    def has_perm(self, user_obj, perm, obj=None):
        if not isinstance(user_obj, Officer) or not isinstance(obj, Unit):
            return False
        right = perm.removeprefix("permissions.")
        return grants.units_where(user_obj, right).filter(content_object=obj).exists()

    def get_group_permissions(self, user_obj, obj=None):
        return set()

    def get_all_permissions(self, user_obj, obj=None):
        if not isinstance(user_obj, Officer) or not isinstance(obj, Unit):
            return set()
        return grants.rights_at(user_obj, obj)
