"""An honest history for the campaigns against it."""

from collections.abc import Iterator

import pytest

from tests.audit.campaigns.honest import Honest, standing


@pytest.fixture(scope="module")
def honest(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Honest]:
    """An honest history, made once for the tests of a module; each undoes what it does."""
    with django_db_blocker.unblock(), standing(tmp_path_factory.mktemp("honest")) as made:
        yield made


@pytest.fixture(autouse=True)
def ledger_files(request, settings, tmp_path) -> None:
    """Each test's ledger has a key and a witness of its own; those of the honest history last as long as it."""
    if "honest" not in request.fixturenames:
        settings.LEDGER_KEY_FILE = tmp_path / "ledger" / "key.pem"
        settings.LEDGER_WITNESS_FILE = tmp_path / "ledger" / "witness.jsonl"


@pytest.fixture(autouse=True)
def media(request, settings, tmp_path) -> None:
    """So do its documents."""
    if "honest" not in request.fixturenames:
        settings.MEDIA_ROOT = tmp_path / "media"
