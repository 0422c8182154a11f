"""Is it alive, is it ready: two addresses for whoever watches the machine."""

import logging
import os
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from kombu.exceptions import OperationalError

from audit import verification
from config.celery import app
from workflows import delivery, watching

logger = logging.getLogger(__name__)


@login_not_required
def livez(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"alive": True})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, migrations and broker are there; 503 with what is missing otherwise.

    What is known of the ledger, of delivery and of time limits stands beside it and decides nothing: it is for people.
    """
    parts = {"database": _database(), "migrations": _migrations(), "broker": _broker()}
    ready = all(parts.values())
    beside = {"ledger": verification.state, "outbox": delivery.state, "late": watching.late_count}
    told = {name: _told(name, state) if ready else None for name, state in beside.items()}
    return JsonResponse(parts | told, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.error("database away: %s", error)
        return False
    return True


def _migrations() -> bool:
    try:
        return not _known() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError as error:
        logger.error("migrations unknown: %s", error)
        return False


def _told(name: str, state: Callable[[], Any]) -> Any:
    try:
        return state()
    except DatabaseError as error:
        logger.error("%s unknown: %s", name, error)
        return None


@cache
def _known() -> frozenset[tuple[str, str]]:
    """Return every migration of the code that runs: a process reads them once."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _broker() -> bool:
    folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out")
    if folder and not os.access(folder, os.W_OK):
        logger.error("broker away: no letters can be left in %s", folder)
        return False
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            broker.default_channel  # noqa: B018 (opening it is the test)
    except (OperationalError, OSError) as error:
        logger.error("broker away: %s", error)
        return False
    return True
