"""Every act on a decision, and what followed from it for the files behind its list, judged by the law."""

from typing import Any

from django.utils.translation import gettext as _

from audit import law
from audit.replay.acting import carried_faults, path_faults, post_faults, sender_faults, separation_faults
from audit.replay.known import File, Known, Programme
from audit.replay.limits import deemed_faults
from history.facts import Fact


def judge_opened(fact: Fact, known: Known) -> list[str]:
    """A decision is opened at Home Affairs, from files that wait for one."""
    opened = fact.data["round"]
    programme = known.programmes.setdefault(opened["programme"], Programme())
    year = str(opened["year"])
    faults = post_faults(fact, known, "compile", programme.home or fact.unit)
    if fact.key in known.decisions:
        faults.append(_("it was opened already"))
    if year in programme.closed:
        faults.append(_("the round was closed"))
    decision = File("compile", fact.unit, opened["programme"], year, last=fact)
    decision.lines, decision.due = fact.after.get("lines", []), fact.data.get("due", "")
    decision.handled.append((fact.actor, "appraisal", fact.unit))
    known.decisions[fact.key] = decision
    return faults + _list_faults(decision, known)


def judge_acted(fact: Fact, known: Known, file: File) -> list[str]:
    """An act on a decision, then what the ledger says of it."""
    row = law.DECISION.get((file.state, fact.action))
    programme = known.programmes[file.programme]
    if fact.step != file.state or fact.from_state != file.state or row is None:
        faults = [_("the file was at “%(state)s”, where there is no such act") % {"state": file.state}]
    else:
        faults = path_faults(fact, row, file, _expected_holder(fact, known, file, programme))
        faults += deemed_faults(fact, known, file)
        faults += post_faults(fact, known, row.right, file.holder if row.seat == "holder" else fact.unit)
        if row.seat == "sender":
            faults += sender_faults(fact, known, file)
        else:
            faults += separation_faults(fact, known, row, file, _behind(file, known))
        if fact.action in ("grant_recall", "decline_recall") and not file.asked:
            faults.append(_("nobody had asked for the file back"))
        faults += _content_faults(fact, file)
    before = file.lines
    file.learn(fact, row)
    if fact.action == "sign":
        faults += _signed_faults(before, file) + _quota_faults(file, known, programme)
    elif fact.from_state in ("submit", "check", "sign", "issue_number", "publish") and file.lines != before:
        faults.append(_("the list was changed where it may not be"))
    if fact.action in ("refill", "restore", "settle_tie"):
        faults += _list_faults(file, known)
    if fact.action in ("issue_number", "void_number"):
        faults += _number_faults(fact, known)
    return faults


def judge_followed(fact: Fact, known: Known, file: File) -> list[str]:
    """A nomination that another act moved: the publication, a recall from a draft list, the end of a round."""
    programme = known.programmes[file.programme]
    faults = carried_faults(fact, file, _expected_holder(fact, known, file, programme))
    if fact.from_state != file.state:
        faults.append(_("the file was at “%(state)s”, where there is no such act") % {"state": file.state})
    if "decision" in fact.data:
        decision = known.decisions.get(fact.data["decision"])
        cause = decision.last if decision else None
        wanted = {"publish": ("closed", "await_decision"), "sign": ("appraise", "await_decision")}
        targets = wanted.get(fact.action, ("appraise",))
        if file.state != "await_decision" or fact.to_state not in targets:
            faults.append(_("the act does not lead to “%(state)s”") % {"state": fact.to_state})
        if fact.action == "publish" and not _behind_it(fact.key, decision):
            faults.append(_("no nominee of the file stood on the published list"))
        faults += _outcome_faults(fact, file, decision)
    else:
        cause = programme.closed.get(file.year)
        ends = {"await_decision": "closed", "draft": "lapsed", "sign_proposal": "lapsed"}
        if fact.to_state != ends.get(file.state):
            faults.append(_("the act does not lead to “%(state)s”") % {"state": fact.to_state})
    same = cause and (cause.actor, cause.post, cause.action) == (fact.actor, fact.post, fact.action)
    if not same:
        faults.append(_("nothing happened from which this follows"))
    file.learn(fact, None)
    return faults


def judge_closed(fact: Fact, known: Known) -> list[str]:
    """A round is closed at Home Affairs, once, when nothing is on its way."""
    code, _colon, year = fact.key.rpartition(":")
    programme = known.programmes.setdefault(code, Programme())
    faults = post_faults(fact, known, "close_round", programme.home or fact.unit)
    if year in programme.closed:
        faults.append(_("the round was closed"))
    mine = [item for item in known.decisions.values() if (item.programme, item.year) == (code, year)]
    files = [item for item in known.files.values() if (item.programme, item.year) == (code, year)]
    on_the_way = {"draft", "sign_proposal", "await_decision", *law.ENDED}
    if any(item.state not in law.ENDED for item in mine) or any(f.state not in on_the_way for f in files):
        faults.append(_("a decision or a file of the round was still on its way"))
    programme.closed[year] = fact
    return faults


def _behind(file: File, known: Known) -> list[File]:
    keys = {line["file"] for line in file.lines}
    return [known.files[key] for key in sorted(keys) if key in known.files]


def _behind_it(key: str, decision: File | None) -> bool:
    return decision is not None and any(line["file"] == key for line in decision.lines)


def _expected_holder(fact: Fact, known: Known, file: File, programme: Programme) -> str | None:
    to = fact.to_state
    if to in law.ENDED:
        return ""
    if fact.action in ("recall", "grant_recall"):
        post = known.people.posts.get(file.moved.post) if file.moved else None
        return post.unit if post else None
    if to in law.AT_HOME:
        return programme.home or None
    return (programme.office if to in law.AT_THE_OFFICE else programme.deciding) or None


def _content_faults(fact: Fact, file: File) -> list[str]:
    """What is submitted, checked, numbered and published is what was frozen."""
    if fact.action in ("propose", "sign"):
        return [] if fact.content_digest else [_("nothing was frozen")]
    if fact.action in ("submit", "pass", "issue_number", "publish") and fact.content_digest != file.digest:
        return [_("it speaks of another list than the one that was frozen")]
    return []


def _list_faults(file: File, known: Known) -> list[str]:
    """Who newly stands on the list comes from a confirmed file, and stands on no other open list."""
    faults = []
    others = {
        line["nominee"]
        for other in known.decisions.values()
        if other is not file and other.state not in law.ENDED
        for line in other.lines
        if line["live"]
    }
    for line in file.lines:
        if not line["live"]:
            continue
        behind = known.files.get(line["file"])
        nominee = behind.nominees.get(line["nominee"], {}) if behind else {}
        if behind is None or behind.state != "await_decision" or nominee.get("assessment") != "eligible":
            faults.append(_("somebody stands on the list whose appraisal was not confirmed"))
        if line["nominee"] in others:
            faults.append(_("somebody stands on two open lists"))
    return faults[:1]


def _signed_faults(before: list[dict[str, Any]], file: File) -> list[str]:
    """The signer strikes out, and neither adds nor drops."""
    submitted, signed = (
        {(line["nominee"], line["file"]): line["live"] for line in lines} for lines in (before, file.lines)
    )
    if submitted.keys() == signed.keys() and all(submitted[who] or not live for who, live in signed.items()):
        return []
    return [_("the list that was signed is not the one that was submitted")]


def _quota_faults(file: File, known: Known, programme: Programme) -> list[str]:
    quotas = programme.quotas.get(file.year)
    if quotas is None:
        return []
    signed = {"issue_number", "publish", "published"}
    counts: dict[str, int] = {}
    for decision in known.decisions.values():
        if (decision.programme, decision.year) != (file.programme, file.year):
            continue
        if decision is not file and decision.state not in signed:
            continue
        for line in decision.lines:
            behind = known.files.get(line["file"])
            kinds = {party["uid"]: party["kind"] for party in behind.parties} if behind else {}
            if line["live"] and line["nominee"] in kinds:
                counts[kinds[line["nominee"]]] = counts.get(kinds[line["nominee"]], 0) + 1
    if any(count > quotas.get(kind, 0) for kind, count in counts.items()):
        return [_("more were awarded than the quota of the round")]
    return []


def _number_faults(fact: Fact, known: Known) -> list[str]:
    if fact.action != "issue_number":
        return []
    key = fact.data["register"], fact.data["year"]
    last = known.numbers.get(key, 0)
    known.numbers[key] = max(last, fact.data["number"])
    faults = []
    if fact.data["number"] != last + 1:
        faults.append(_("the number does not follow the one before it in the register"))
    if fact.data["year"] != fact.legal_day.year:
        faults.append(_("the number is of another year"))
    return faults


def _outcome_faults(fact: Fact, file: File, decision: File | None) -> list[str]:
    """Who is newly awarded stood on the list when it was published."""
    listed = {line["nominee"]: line["live"] for line in decision.lines} if decision else {}
    for uid, now in fact.after.get("nominees", {}).items():
        before = file.nominees.get(uid, {}).get("outcome", "pending")
        if now["outcome"] != before and now["outcome"] == "awarded" and not listed.get(uid):
            return [_("somebody was awarded who did not stand on the published list")]
    return []
