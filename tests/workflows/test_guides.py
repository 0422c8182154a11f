"""The guides: that of one's own role first, written with the very words of the screens."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from config import messages
from permissions.catalogue import ROLES
from tests.pages import enter
from workflows import guides

pytestmark = pytest.mark.usefixtures("in_2024")


def words_of_the_screens():
    found = set()
    for message in messages.kept():
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        found |= {re.sub(r"\s+", " ", text).strip().casefold() for text in texts if text}
    return found


@pytest.mark.parametrize("name", guides.names())
def test_a_guide_names_buttons_as_the_screens_do(name):
    """A button that was renamed, and is called by its old name here, fails."""
    text = (guides.FOLDER / f"{name}.md").read_text(encoding="utf-8")
    known = words_of_the_screens()
    said = {re.sub(r"\s+", " ", word).strip(" .:").casefold() for word in re.findall(r"\*\*(.+?)\*\*", text)}
    assert {word for word in said if not any(word in text for text in known)} == set()


@pytest.mark.parametrize(
    ("who", "name"),
    [("clerk@commune", "don-vi"), ("reviewer@district", "xet-duyet"), ("chairman@province", "ky-ban-hanh")],
)
def test_each_is_led_to_the_guide_of_their_role(world, who, name):
    client = enter(world[who])
    assert client.get(reverse("workflows:guides")).url == reverse("workflows:guide", kwargs={"name": name})
    page = client.get(reverse("workflows:guide", kwargs={"name": name}))
    assert page.status_code == 200 and guides.read(name).title in page.content.decode()
    assert client.get(reverse("workflows:guide", kwargs={"name": "khac"})).status_code == 404


def test_what_is_common_to_all_is_a_page_too_and_leads_to_the_others(world):
    client = enter(world["clerk@commune"])
    page = client.get(reverse("workflows:guide", kwargs={"name": guides.COMMON})).content.decode()
    assert "Phím tắt" in page and page.count('aria-current="page"') == 1
    for name in guides.READERS:
        assert client.get(reverse("workflows:guide", kwargs={"name": name})).status_code == 200
        assert f'<a href="{name}">' in page


def test_every_role_has_a_guide():
    assert {role for roles in guides.READERS.values() for role in roles} == set(ROLES)


def test_every_picture_of_the_guides_is_there_and_none_is_left_over():
    named = set()
    for name in guides.READERS:
        named |= set(
            re.findall(
                r"static/guide/([\w.-]+)\)", (guides.FOLDER / f"{name}.md").read_text(encoding="utf-8")
            )
        )
    assert named == {path.name for path in (settings.BASE_DIR / "static" / "guide").iterdir()}
