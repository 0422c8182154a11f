"""Remarks as a page shows them, and the ticks and answers as a form sends them."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from nominations import remarks
from nominations.models import Remark
from permissions import received


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
    """Return what was ticked off: the form sends `remark` (each key), `remark_done`, `remark_answer-<key>`.

    Raises ValidationError when an answer holds what no person types.
    """
    done = set(data.getlist("remark_done"))
    return {
        number: (key in done, received.lines(data, f"remark_answer-{key}", most=remarks.LONGEST))
        for key in data.getlist("remark")
        if (number := received.number(key)) is not None
    }
