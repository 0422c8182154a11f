"""Whole journeys by keyboard alone: every control is reached by Tab and worked by keys, from the draft to the publication."""

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e import test_journeys as journeys

FARTHEST = 400  # presses of Tab: further away nobody finds it
HERE = "element => element === document.activeElement"
OF_THE_GROUP = """element => document.activeElement.type === "radio"
  && document.activeElement.name === element.name && document.activeElement.form === element.form"""


def reach(place: Locator, where: str = HERE) -> None:
    """Press Tab until the focus is at `place`."""
    element = place.element_handle()
    for _press in range(FARTHEST):
        if element.evaluate(where):
            return
        place.page.keyboard.press("Tab")
    raise AssertionError(f"never reached by Tab: {place}")


def press(place: Locator, **_options) -> None:
    reach(place)
    box = place.evaluate("element => element.type === 'checkbox'")
    place.page.keyboard.press("Space" if box else "Enter")


def write(place: Locator, text: str, **_options) -> None:
    reach(place)
    place.page.keyboard.press("Control+A")
    place.page.keyboard.insert_text(text) if text else place.page.keyboard.press("Delete")


def tick(place: Locator, **_options) -> None:
    if place.is_checked():
        return
    if place.get_attribute("type") == "radio":  # Tab comes to the group, arrows go through it
        reach(place, OF_THE_GROUP)
        for _arrow in range(20):
            if place.evaluate(HERE):
                break
            place.page.keyboard.press("ArrowDown")
        if not place.is_checked():
            place.page.keyboard.press("Space")
    else:
        reach(place)
        place.page.keyboard.press("Space")
    assert place.is_checked(), place


def choose(place: Locator, value: str | None = None, *, label: str | None = None, **_options) -> None:
    reach(place)
    wanted = value if value is not None else label
    shown = "element => element.value" if value is not None else "element => element.selectedOptions[0].label"
    place.page.keyboard.press("Home")
    for _arrow in range(60):
        if place.evaluate(shown) == wanted:
            return
        place.page.keyboard.press("ArrowDown")
    raise AssertionError(f"{wanted} is no choice of {place}")


def bring(place: Locator, files, **_options) -> None:
    # Asked of the page before the way there: a key goes another way into the browser, and would overtake it.
    with place.page.expect_file_chooser() as chooser:
        reach(place)
        place.page.keyboard.press("Space")
    chooser.value.set_files(files)


WAYS = {"click": press, "fill": write, "check": tick, "select_option": choose, "set_input_files": bring}


@pytest.fixture
def by_keys(monkeypatch):
    """From here on nobody has a mouse: what clicks, fills or chooses does it by keys."""
    for name, way in WAYS.items():
        monkeypatch.setattr(Locator, name, way)
        monkeypatch.setattr(
            Page,
            name,
            lambda page, selector, *values, way=way, **options: way(
                page.locator(selector).first, *values, **options
            ),
        )


@pytest.mark.proof
@pytest.mark.usefixtures("by_keys")
@pytest.mark.parametrize(
    "journey",
    [
        journeys.test_three_levels_2024_one_nominee_struck_out,
        journeys.test_returned_corrected_and_submitted_again_as_version_2,
    ],
)
def test_a_whole_journey(in_2024, journey):
    journey(in_2024)
