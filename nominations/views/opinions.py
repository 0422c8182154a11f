"""The opinions of other bodies as the page of a file tells them: who was asked what, since when, and the answer."""

from datetime import date
from typing import Any

from nominations import opinions
from nominations.models import Nomination, Opinion
from nominations.opinions import Letter

TONES = {Opinion.Answer.AGREES: "good", Opinion.Answer.DISAGREES: "bad"}


def rows(nomination: Nomination, today: date) -> list[dict[str, Any]]:
    """Return the opinions in the order in which they were asked for; one statement.

    `today` is the legal day: an answer awaited until an earlier one is late. A file that has not come
    to Home Affairs yet has none.
    """
    if nomination.received_at is None:
        return []
    return [_row(item, nomination, today) for item in opinions.of(nomination)]


def _row(item: Opinion, nomination: Nomination, today: date) -> dict[str, Any]:
    void = opinions.is_void(item, nomination)
    return {
        "body": item.body,
        "question": item.question,
        "asked_by": item.asked.officer.full_name if item.asked.officer else "",
        "asked_at": item.asked.at,
        "letter": str(Letter(item.letter_number, item.letter_date)),
        "answer_by": item.answer_by,
        "answer": item.get_answer_display(),
        "tone": TONES.get(Opinion.Answer(item.answer), ""),
        "said": item.said,
        "recorded_by": item.answered.officer.full_name if item.answered and item.answered.officer else "",
        "recorded_at": item.answered.at if item.answered else None,
        "reply": str(Letter(item.reply_number, item.reply_date)),
        "version": item.version if item.version != nomination.version else 0,
        "void": void,
        "open": not item.answer and not void,
        "late": not item.answer and not void and item.answer_by < today,
        "silent": item.answer == Opinion.Answer.NONE,
    }
