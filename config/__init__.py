"""Wiring: settings, addresses, Celery, the embedded database, the processes of a run."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
