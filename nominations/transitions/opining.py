"""How another body's written opinion is asked for and recorded; the file stays where it is and its clock stands."""

from nominations import opinions
from nominations.models import Nomination, Opinion
from nominations.transitions import timing
from nominations.transitions.act import Act, Done


def ask(nomination: Nomination, act: Act) -> Done:
    """Wait for one more body's opinion; several may be awaited at once."""
    asked = opinions.question(act.payload, act.day)
    opinion = Opinion(
        nomination=nomination,
        version=nomination.version,
        body=asked.body,
        question=asked.text,
        answer_by=asked.answer_by,
        letter_number=asked.letter.number,
        letter_date=asked.letter.day,
    )
    timing.stand(nomination, timing.counts_from(act.now))
    _stay(nomination)
    return Done(
        opinion=opinion,
        data={"opinion": str(opinion.uid), "answer_by": asked.answer_by.isoformat()},
        text={"body": asked.body, "note": asked.text, "letter": str(asked.letter)},
    )


def record(nomination: Nomination, act: Act) -> Done:
    """Write down what a body answered, or that no answer came in time."""
    awaited = list(opinions.awaited(nomination))
    reply = opinions.reply(act.payload, awaited, act.day)
    opinion = reply.opinion
    opinion.answer, opinion.said = reply.answer, reply.said
    opinion.reply_number, opinion.reply_date = reply.letter.number, reply.letter.day
    if len(awaited) == 1:  # the last one: the clock goes on
        timing.go_on(nomination, timing.counts_from(act.now))
    _stay(nomination)
    return Done(
        opinion=opinion,
        data={"opinion": str(opinion.uid), "answer": reply.answer},
        text={"body": opinion.body, "note": reply.said, "letter": str(reply.letter)},
    )


def _stay(nomination: Nomination) -> None:
    nomination.revision += 1
    nomination.save(update_fields=["revision", *timing.CLOCK])
