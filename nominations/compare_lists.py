"""What one list of nominees says otherwise than another, line by line; plain data in, plain data out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nominations.compare import KINDS, Change, Read, text_change
from nominations.wording import Effort

Line = Mapping[str, Any]  # uid, name, title, unit, kind, direct_worker, grassroots, total, place


def list_changes(before: Iterable[Line], after: Iterable[Line]) -> list[Change]:
    """Return what became of each nominee from one list to the other; `place` says where a line stands, in words."""
    effort = Effort()
    found: list[Change] = []
    old, new = ({line["uid"]: line for line in lines} for lines in (before, after))
    for uid in {**new, **old}:
        was, now = old.get(uid), new.get(uid)
        about, group = f"nominee:{uid}", (now or was or {})["name"]
        if was is None or now is None:
            old_text, new_text = (_presented(line) if line else "" for line in (was, now))
            found += text_change(about, group, _("Nominee"), old_text, new_text, effort)
            continue
        if was["place"] != now["place"]:  # another place as a whole, not word by word
            parts = ("del", was["place"]), ("ins", now["place"])
            label = _("Place on the list")
            found.append(Change(f"{about}:place", group, label, "changed", was["place"], now["place"], parts))
        for name, words, read in LINE:
            found += text_change(f"{about}:{name}", group, str(words), read(was), read(now), effort)
    return found


def _presented(line: Line) -> str:
    return " · ".join(filter(None, [line["name"], line["title"], line["unit"], line["place"]]))


def _written(name: str) -> Read:
    return lambda line: "" if line[name] is None else str(line[name])


def _answered(name: str) -> Read:
    return lambda line: _("Yes") if line[name] else _("No")


LINE: tuple[tuple[str, str | Promise, Read], ...] = (
    ("name", gettext_lazy("Name, as to be printed"), _written("name")),
    ("title", gettext_lazy("Position, as to be printed"), _written("title")),
    ("unit", gettext_lazy("Unit, as to be printed"), _written("unit")),
    ("kind", gettext_lazy("Kind of nominee"), lambda line: str(KINDS.get(line["kind"], line["kind"]))),
    ("total", gettext_lazy("Points in all"), _written("total")),
    ("direct_worker", gettext_lazy("Works directly on the task"), _answered("direct_worker")),
    ("grassroots", gettext_lazy("Works at the grassroots"), _answered("grassroots")),
)
