"""Every act on a nomination: done by whoever may, from where the file was to where it may go."""

from datetime import date

from django.utils.translation import gettext as _

from audit import law
from audit.replay.acting import path_faults, post_faults, sender_faults, separation_faults
from audit.replay.known import File, Known, Programme
from audit.replay.limits import deemed_faults
from history.facts import Fact


def judge_opened(fact: Fact, known: Known) -> list[str]:
    """A file is opened by the unit's clerk, in an open round."""
    opened = fact.data["round"]
    programme = known.programmes.setdefault(opened["programme"], Programme())
    year = str(opened["year"])
    faults = post_faults(fact, known, "prepare", fact.unit)
    window = programme.windows.get(year)
    if fact.key in known.files:
        faults.append(_("it was opened already"))
    if year in programme.closed:
        faults.append(_("the round was closed"))
    elif window and not window[0] <= fact.legal_day <= window[1]:
        faults.append(_("the round was not open on that day"))
    known.files[fact.key] = File("draft", fact.unit, opened["programme"], year, unit=fact.unit, last=fact)
    return faults


def judge_recused(fact: Fact, known: Known, file: File) -> list[str]:
    """Anybody may declare to keep away; a file in their hands is free again."""
    file.recused.add(fact.actor)
    if file.hands and file.hands.data.get("to", file.hands.actor) == fact.actor:
        file.hands = None
    return [] if file.state == fact.step and file.state not in law.ENDED else [_("the file was not there")]


def judge_acted(fact: Fact, known: Known, file: File) -> list[str]:
    """An act on a nomination, then what the ledger says of it."""
    row = law.NOMINATION.get((file.state, fact.action))
    programme = known.programmes[file.programme]
    if fact.step != file.state or fact.from_state != file.state or row is None:
        faults = [_("the file was at “%(state)s”, where there is no such act") % {"state": file.state}]
    else:
        faults = _act_faults(fact, known, file, row, programme)
    file.learn(fact, row)
    return faults


def _act_faults(fact: Fact, known: Known, file: File, row: law.Row, programme: Programme) -> list[str]:
    faults = path_faults(fact, row, file, _expected_holder(fact, known, file, programme))
    faults += deemed_faults(fact, known, file)
    seat = {"holder": file.holder, "proposer": file.unit, "home": programme.home}.get(row.seat, fact.unit)
    faults += post_faults(fact, known, row.right, seat)
    if row.seat == "sender":
        faults += sender_faults(fact, known, file)
    else:
        faults += separation_faults(fact, known, row, file, [])
    faults += _hands_faults(fact, known, file, row)
    rules = known.rules(fact.legal_day)
    if fact.action == "request_supplement" and file.supplements >= rules.get("supplements_at_most", 0):
        faults.append(_("the rules of procedure allow no further supplement"))
    if fact.action == "submit":
        faults += _submitted_faults(fact, known, file, programme)
    if fact.action == "reroute" and file.state != "intake" and not _ended(file.holder, known, fact.legal_day):
        faults.append(_("the body where it waited had not ended"))
    if (file.state, fact.action) == ("intake", "reroute") and not rules.get("reroute_at_intake"):
        faults.append(_("the rules of procedure do not let intake send a file on"))
    if fact.action in ("grant_recall", "decline_recall") and not file.asked:
        faults.append(_("nobody had asked for the file back"))
    if file.state == "await_decision" and _on_open_decision(fact.key, known):
        faults.append(_("a nominee of the file stands on an open decision"))
    faults += _opinion_faults(fact, file)
    if fact.action == "hand_over" and not _ended(file.unit, known, fact.legal_day):
        faults.append(_("the unit had not ended"))
    return faults + _nominee_faults(fact, file)


def _opinion_faults(fact: Fact, file: File) -> list[str]:
    """Nothing is concluded while another body's opinion is awaited; only what was asked for is answered, once."""
    if fact.action == "conclude" and file.awaited:
        return [_("an opinion that was asked for was still awaited")]
    if fact.action == "ask_opinion":
        asked, until = fact.data["opinion"] in file.opinions, date.fromisoformat(fact.data["answer_by"])
        return [_("this opinion was asked for already, or for a day that was past")] * (
            asked or until < fact.legal_day
        )
    if fact.action != "record_opinion":
        return []
    answer = fact.data["answer"]
    if fact.data["opinion"] not in file.awaited:
        return [_("nobody awaited this opinion")]
    until = date.fromisoformat(file.awaited[fact.data["opinion"]])
    if answer not in law.ANSWERS or (answer == "none" and fact.legal_day <= until):
        return [_("an answer cannot be missing before the day until which it was awaited")]
    return []


def _submitted_faults(fact: Fact, known: Known, file: File, programme: Programme) -> list[str]:
    """The content is frozen, in the window of the round, and goes by its route or straight back to who asked for more."""
    faults = [] if fact.content_digest else [_("nothing was frozen")]
    window = programme.windows.get(file.year)
    if file.year in programme.closed:
        faults.append(_("the round was closed"))
    elif window and not file.version and not window[0] <= fact.legal_day <= window[1]:
        faults.append(_("the round was not open on that day"))
    if file.writing == "supplement":
        by_its_way = fact.to_state == file.resumes
    else:
        route = known_route(file, known, programme, fact.legal_day)
        by_its_way = not route or (fact.to_state == "review" and fact.data.get("route") == route)
    if not by_its_way:
        faults.append(_("it did not go by its route"))
    return faults


def _nominee_faults(fact: Fact, file: File) -> list[str]:
    """Writing settles who is proposed, appraising what is thought of them, and only a decision awards."""
    before, now = file.nominees, fact.after.get("nominees", {})
    faults = []
    if file.state not in law.WRITING and before.keys() != now.keys():
        faults.append(_("nominees were added or taken out where nobody writes"))
    for name, acts in law.JUDGING.items():
        if fact.action not in acts and any(
            before.get(uid, law.UNJUDGED)[name] != now[uid][name] for uid in now
        ):
            faults.append(_("what was thought of a nominee changed by an act that does not judge"))
    awarded = [uid for uid, standing in now.items() if standing["outcome"] == "awarded"]
    if any(before.get(uid, {}).get("outcome") != "awarded" for uid in awarded):
        faults.append(_("somebody was awarded who did not stand on the published list"))
    return faults


def _expected_holder(fact: Fact, known: Known, file: File, programme: Programme) -> str | None:
    to = fact.to_state
    if to in law.ENDED:
        return ""
    if to in law.AT_THE_UNIT:
        return fact.data.get("unit", "") if fact.action == "hand_over" else file.unit
    if to in law.AT_HOME:
        return programme.home or None
    if fact.action in ("submit", "reroute"):
        route = fact.data.get("route") or [None]
        wanted = known_route(file, known, programme, fact.legal_day) if fact.action == "submit" else None
        return str((wanted or route)[0]) if wanted or route[0] else None
    if fact.action in ("recall", "grant_recall"):
        post = known.people.posts.get(file.moved.post) if file.moved else None
        return post.unit if post else None
    if fact.to_state == fact.from_state or fact.action == "forward":
        return file.holder
    if fact.action == "return" and file.state == "endorse":
        return file.holder
    if fact.action == "endorse" and file.route.count(file.holder) == 1:  # a body may stand on it twice
        place = file.route.index(file.holder) + 1
        return file.route[place] if place < len(file.route) else None
    held = str(fact.after.get("holder", ""))
    return None if held in file.route else "?"  # back to a body of the route, and to none else


def known_route(file: File, known: Known, programme: Programme, day: date) -> list[str]:
    """Return the bodies through which a file of the unit goes on a day, by the policies in the ledger."""
    unit = known.people.unit_on(file.unit, day)
    if unit is None:
        return []
    for row in programme.routes:
        start, end = date.fromisoformat(row["valid_from"]), row.get("valid_to")
        if row["unit_kind"] == unit.kind and start <= day and not (end and date.fromisoformat(end) <= day):
            above = known.people.above_on(file.unit, day)
            kinds = {code: found.kind for code in above if (found := known.people.unit_on(code, day))}
            return [code for kind in row["through"] for code in above if kinds.get(code) == kind]
    return []


def _in_hands_of(file: File, known: Known, day: date) -> str:
    """The officer in whose hands the file is at this step; a post that ended, or a suspended account, holds nothing."""
    if file.hands is None or file.hands.step != file.state:
        return ""
    post = known.people.posts.get(file.hands.data.get("hands", file.hands.post))
    held = post and post.unit == file.holder and post.hold(day) and post.officer not in known.people.suspended
    return post.officer if post and held else ""


def _hands_faults(fact: Fact, known: Known, file: File, row: law.Row) -> list[str]:
    holder_of = _in_hands_of(file, known, fact.legal_day)
    if file.state not in law.ASSIGNABLE or row.seat != "holder":
        return []
    if fact.action == "claim":
        return [_("the file was in somebody else's hands")] if holder_of else []
    if fact.action == "release":
        return [] if holder_of == fact.actor else [_("the file was not in their hands")]
    if fact.action in law.ASSIGNMENT or holder_of in ("", fact.actor) or "deemed" in fact.data:
        return []
    return [_("the file was in somebody else's hands")]


def _on_open_decision(key: str, known: Known) -> bool:
    return any(
        line["file"] == key and line["live"]
        for decision in known.decisions.values()
        if decision.state not in law.ENDED
        for line in decision.lines
    )


def _ended(code: str, known: Known, day: date) -> bool:
    unit = known.people.unit_on(code, day)
    return bool(unit and unit.end and unit.end <= day)
