"""Django's registration of the room `permissions`."""

from django.apps import AppConfig


class PermissionsConfig(AppConfig):
    name = "permissions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from permissions import lookups  # noqa: F401 (registers itself)
