"""The living page shows every part there is: a new one without a sample is found here."""

from pathlib import Path

from django.conf import settings
from django.urls import reverse

from demo import components
from permissions.models import Officer
from tests.pages import enter


def test_every_part_has_a_sample_and_every_state_is_drawn():
    parts = {path.stem for path in (Path(settings.BASE_DIR) / "templates" / "components").glob("*.html")}
    assert set(components.SAMPLES) | components.INNER == parts
    for name, states in components.shown():
        assert states and all(drawn.strip() for _words, drawn in states), name


def test_the_page_is_there_in_the_demo(db):
    page = enter(Officer.objects.create_user("ai", "Ai đó")).get(reverse("components"))
    assert page.status_code == 200 and "part-nominee_card" in page.content.decode()
