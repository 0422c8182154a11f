"""Remarks as a page shows them, and the ticks and answers as a form sends them."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from nominations import remarks
from nominations.models import Remark


def rows(found: Iterable[Remark]) -> list[dict[str, Any]]:
    """Return remarks as `components/remark_ticks.html` and `remark_list.html` draw them."""
    return [
        {
            "pk": remark.pk,
            "about": remarks.of(remark).label,
            "text": remark.text,
            "done": remark.status == Remark.Status.DONE,
            "answer": remark.answer,
            "who": remark.handling.officer.full_name if remark.handling.officer else "",
            "at": remark.handling.at,
        }
        for remark in found
    ]


def answers_of(data: QueryDict) -> dict[int, tuple[bool, str]]:
    """Return what was ticked off: the form sends `remark` (each key), `remark_done`, `remark_answer-<key>`."""
    done = set(data.getlist("remark_done"))
    return {
        int(key): (key in done, data.get(f"remark_answer-{key}", ""))
        for key in data.getlist("remark")
        if key.isdecimal()
    }
