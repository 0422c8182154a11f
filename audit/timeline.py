"""The timeline of one file: each entry with how long the file had lain there, what was seen, and what proves it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audit import contents, files
from audit.files import Subject
from audit.spans import lasting
from audit.stays import Stay, by_holder, stays
from history.models import Event
from history.told import Told, has_gap
from nominations import story
from permissions.tables import Cell, Table
from workflows.views import decision_page, nomination_page


def context(subject: Subject, told: Sequence[Told], now: datetime) -> dict[str, Any]:
    """Return what the page of the timeline shows, the newest entry first."""
    facts = [item.fact for item in told]
    lain = stays(facts)
    names = files.unit_names(facts, {stay.holder for stay in lain})
    frozen = contents.recorded(facts)
    ended = {stay.ended: stay for stay in lain if stay.ended}
    here = lain[-1] if lain and lain[-1].until is None else None
    state = next((fact.to_state for fact in reversed(facts) if fact.to_state), "")
    return {
        "crumbs": files.crumbs(subject, below=False),
        "subject": subject,
        "title": files.title(subject),
        "state": state,
        "state_label": files.step_label(subject, state),
        "gap": has_gap(told),
        "here": here and _where(subject, here, names, now),
        "entries": [_entry(subject, item, ended.get(item.event.sequence)) for item in reversed(told)],
        "held": _held(lain, names, now),
        "page_url": files.page_of(subject),
        "at_url": files.address("file_at", subject),
        "compare_url": files.address("file_compare", subject) if len(frozen) > 1 else "",
        "signed_url": files.address("file_signed", subject),
        "readings_url": reverse(f"audit:{files.kind_of(subject)}_readings", args=[subject.uid]),
        "evidence_url": reverse(f"audit:evidence_{files.kind_of(subject)}", args=[subject.uid]),
    }


def entry_of(event: Event, text: dict[str, Any]) -> dict[str, Any]:
    """Return an event of a nomination or decision as the component of the timeline tells it."""
    if event.stream.startswith("nomination:"):
        return nomination_page.event_of(story.line(event, text))
    return decision_page.event_of(event, text)


def _where(subject: Subject, stay: Stay, names: dict[str, str], now: datetime) -> dict[str, Any]:
    return {
        "unit": names.get(stay.holder, stay.holder),
        "step": files.step_label(subject, stay.step),
        "since": stay.since,
        "lasted": lasting(stay.lasted(now)),
    }


def _entry(subject: Subject, item: Told, ended: Stay | None) -> dict[str, Any]:
    """One entry, as the component tells it, and beside it what only an auditor asks for."""
    event = item.event
    about = event.data.get("after", {}).get("version") or event.data.get("version", 0)
    at = files.address("file_at", subject)
    return {
        "event": entry_of(event, item.text),
        "sequence": event.sequence,
        "hash": bytes(event.hash).hex(),
        "place": item.place,
        "checkpoint": item.checkpoint,
        "digest": event.content_digest,
        "about_version": about,
        "waited": lasting(ended.lasted(event.at)) if ended else "",
        "step": files.step_label(subject, ended.step) if ended else "",
        "seen_url": f"{at}?event={event.sequence - 1}" if event.sequence > 1 else "",
        "after_url": f"{at}?event={event.sequence}",
    }


def _held(lain: Sequence[Stay], names: dict[str, str], now: datetime) -> Table:
    """With whom the file lay, and how long together."""
    rows = [
        [Cell(names.get(code, code)), Cell(str(count)), Cell(lasting(lasted))]
        for code, count, lasted in by_holder(lain, now)
    ]
    return Table(_("With whom the file lay, and how long"), [_("Unit"), _("Stays"), _("In all")], rows)
