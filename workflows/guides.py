"""The guides by role, as they are written in `docs/guide/`: one text for the repository and for the page under “?”."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import SafeString
from markdown import Markdown

from permissions.models import Appointment

FOLDER = settings.BASE_DIR / "docs" / "guide"

# Which guide is whose, by the roles held; the first that fits is offered first.
READERS: dict[str, tuple[str, ...]] = {
    "don-vi": ("clerk", "unit_head", "unit_deputy"),
    "xet-duyet": ("reviewer", "body_head"),
    "so-noi-vu": (
        "intake_officer",
        "appraiser",
        "head_of_division",
        "director",
        "deputy_director",
        "council_secretary",
        "council_member",
        "certificate_printer",
    ),
    "ky-ban-hanh": ("office_specialist", "chairman", "deputy_chairman", "records_clerk"),
    "kiem-tra": ("auditor",),
    "quan-tri": ("system_administrator", "programme_administrator"),
}
COMMON = "README"  # what every role needs: the first thing that is read in the repository too


@dataclass(frozen=True)
class Guide:
    """One guide as a page: its title and its content, both Vietnamese."""

    name: str
    title: str
    content: SafeString


def names() -> list[str]:
    """Return the names of the guides: what is common to all, then in the order of the journey of a file."""
    return [COMMON, *READERS]


@cache
def read(name: str) -> Guide:
    """Return the guide of this name; the text is our own and part of the program.

    Raises KeyError when there is none.
    """
    if name not in names():
        raise KeyError(name)
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    title, _break, rest = text.partition("\n")
    html = Markdown(extensions=["tables", "toc"], output_format="html").convert(rest)
    html = re.sub(r'href="([\w-]+)\.md"', r'href="\1"', html)
    html = re.sub(
        r'src="../../static/guide/([\w.-]+)"',
        lambda m: f'src="{static(f"guide/{m[1]}")}" width="1100" height="760" loading="lazy"',
        html,
    )
    return Guide(name, title.removeprefix("# ").strip(), SafeString(html))


def for_posts(posts: list[Appointment]) -> str:
    """Return the name of the guide for whoever holds `posts`; that of the proposing unit when none fits."""
    held = {post.role for post in posts}
    return next((name for name, roles in READERS.items() if held & set(roles)), "don-vi")
