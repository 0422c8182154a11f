"""Django's registration of the room `demo`."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
