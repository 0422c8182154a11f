"""The auditor's own tables of law: what the replay judges by, written down a second time and imported from nowhere.

Whoever changes what the write path allows changes these too, and a test compares the two: a hole
that slips into one of them is no hole in both.
"""

import unicodedata
from dataclasses import dataclass

ROLES = {
    "clerk": "prepare read",
    "unit_head": "read sign_proposal",
    "unit_deputy": "read sign_proposal",
    "reviewer": "read review",
    "body_head": "assign endorse read",
    "intake_officer": "read receive",
    "appraiser": "appraise read",
    "head_of_division": "assign_appraisal close_round compile confirm read read_decisions reroute",
    "director": "read read_decisions submit_decision",
    "deputy_director": "read read_decisions submit_decision",
    "council_secretary": "read_decisions",
    "council_member": "read_decisions",
    "office_specialist": "check_decision read_decisions",
    "chairman": "read_decisions sign_decision",
    "deputy_chairman": "read_decisions sign_decision",
    "records_clerk": "issue_number read_decisions",
    "certificate_printer": "",
    "auditor": "audit",
    "programme_administrator": "close_round manage_programme",
    "system_administrator": "manage_accounts",
}
DECISIVE = {"chairman", "deputy_chairman", "director", "deputy_director", "auditor", "system_administrator"}
DELEGABLE = set(
    [
        "sign_proposal",
        "endorse",
        "assign",
        "confirm",
        "assign_appraisal",
        "reroute",
        "compile",
        "close_round",
        "submit_decision",
        "sign_decision",
    ]
)

LONGEST_DELEGATION = 366  # calendar days

# Where a file waits → at which level that is; nobody handles two levels of one file.
LEVELS = {
    "draft": "proposer", "sign_proposal": "proposer", "supplement": "proposer", "review": "review",
    "endorse": "review", "intake": "appraisal", "appraise": "appraisal", "confirm": "appraisal",
    "await_decision": "appraisal", "compile": "appraisal", "submit": "appraisal", "check": "decision",
    "sign": "decision", "issue_number": "decision", "publish": "decision",
}  # fmt: skip
ENDED = {"closed", "rejected", "withdrawn", "wrong_route", "lapsed", "published", "abandoned"}
AT_THE_UNIT = {"draft", "sign_proposal", "supplement"}
AT_HOME = {"intake", "appraise", "confirm", "await_decision", "compile", "submit"}
AT_THE_OFFICE = {"check", "issue_number", "publish"}
WRITING = {"draft", "supplement"}  # the content is not frozen: who stands near to it is judged when it is
ASSIGNABLE = {"review", "intake", "appraise"}
ASSIGNMENT = {"claim", "assign", "release"}
JUDGING = {  # what is thought of a nominee → the acts that say it, or take it back
    "assessment": {"conclude"},
    "total": {"confirm", "recall", "grant_recall"},
}
ANSWERS = {"agrees", "disagrees", "none"}  # of a body whose written opinion was asked for
UNJUDGED = {"assessment": "", "total": None}
FREEZES = {"nomination": {"submit"}, "decision": {"propose", "sign"}}  # each makes the next version
FOUR_EYES = {"confirm": "conclude"}  # whoever did the second does not do the first, on the same version

# The kinds of separation that bind from the first day on, until an event says otherwise.
SEPARATION = ("two_levels", "nominee", "relative", "member", "four_eyes", "same_post")


# Which kinds of event a stream tells of, by what stands before its key; one without a colon is the only one of its name.
STREAMS = {
    "nomination:": {"nomination.opened", "nomination.acted", "nomination.recused", "nomination.closed", "evidence.stored"},
    "decision:": {"decision.opened", "decision.acted", "decision.recused"},
    "readings:": {"nomination.read", "decision.read", "ledger.exported"},
    "programme:": {"rules.changed"},
    "round:": {"round.opened", "round.extended", "round.closed", "rules.changed"},
    "procedure": {"rules.changed"},
    "deadlines": {"rules.changed"},
    "calendar": {"rules.changed"},
    "outbox": {"outbox.retried"},
    "separation": {"rules.changed"},
    "unit:": {"unit.created", "unit.changed", "unit.ended"},
    "officer:": {
        "officer.created", "officer.invited", "officer.password_set", "officer.signed_in", "officer.locked_out",
        "officer.unlocked", "officer.suspended", "officer.restored", "appointment.proposed", "appointment.confirmed",
        "appointment.refused", "appointment.made", "appointment.ended", "grant.made", "grant.ended", "grants.exported",
        "tie.declared", "tie.ended",
    },
    "delegation:": {"delegation.given", "delegation.ended"},
    "ledger": {"ledger.key", "ledger.witnessed"},
    "erasures": {"text.erased"},
}  # fmt: skip
# The kinds that move a file or a decision: how it stands is learned from these, and from no other.
ACTS = {"nomination.opened", "nomination.acted", "nomination.closed", "decision.opened", "decision.acted"}
BEGINS = {"nomination.opened": "draft", "decision.opened": "compile"}
RECUSALS = {"nomination.recused", "decision.recused"}
FOLLOWS = {
    "nomination.acted",
    "nomination.closed",
    "decision.acted",
    "ledger.witnessed",
}  # what may happen by itself
DEEMED = {
    "review": "forward",
    "intake": "accept",
    "check": "pass",
}  # what may count as done when its time is over
CLOSES = 17  # the hour, in Việt Nam, at which a due day is over
# The action that an event names where it is none of the tables below; a kind that is not listed names none.
CALLED = {
    "nomination.opened": {"open"}, "nomination.recused": {"recuse"}, "decision.opened": {"open"},
    "decision.recused": {"recuse"}, "evidence.stored": {"attach"}, "round.closed": {"close_round"},
    "rules.changed": {"", "begin", "end", "lay_down", "load", "put", "take_out"}, "ledger.exported": {"export", "export_evidence"},
}  # fmt: skip


def belongs(kind: str, stream: str) -> bool:
    """Return whether an event of this kind has its place in such a stream."""
    about, colon, key = stream.partition(":")
    return kind in STREAMS.get(about + colon, ()) and bool(key) == bool(colon)


@dataclass(frozen=True)
class Row:
    """One act: from where to where, by which right ("" for the sender's own), held where."""

    source: str
    name: str
    right: str
    seat: str
    targets: tuple[str, ...]

    def level(self, sent_from: str) -> str:
        """The level at which the act handles a file; `sent_from` is where it was sent from."""
        if self.seat == "proposer":
            return "proposer"
        if self.seat == "home":
            return "appraisal"
        return LEVELS[sent_from if self.seat == "sender" else self.source]


def _rows(table: str) -> dict[tuple[str, str], Row]:
    rows = {}
    for line in table.strip().splitlines():
        source, name, right, seat, targets = line.split()
        rows[source, name] = Row(source, name, right.strip("-"), seat, tuple(targets.split(",")))
    return rows


NOMINATION = _rows("""
draft          propose            prepare          holder    sign_proposal
draft          recall             -                sender    sign_proposal,review,endorse,intake
draft          withdraw           sign_proposal    proposer  withdrawn
draft          hand_over          reroute          home      draft
sign_proposal  submit             sign_proposal    holder    review,intake,appraise
sign_proposal  send_back          sign_proposal    holder    draft,supplement
sign_proposal  recall             -                sender    draft,supplement
sign_proposal  request_recall     -                sender    sign_proposal
sign_proposal  grant_recall       sign_proposal    holder    draft,supplement
sign_proposal  decline_recall     sign_proposal    holder    sign_proposal
sign_proposal  withdraw           sign_proposal    proposer  withdrawn
sign_proposal  hand_over          reroute          home      draft,supplement
review         forward            review           holder    endorse
review         return             review           holder    draft,endorse
review         reject             review           holder    rejected
review         wrong_route        review           holder    wrong_route
review         claim              review           holder    review
review         release            review           holder    review
review         assign             assign           holder    review
review         recall             -                sender    sign_proposal,endorse
review         request_recall     -                sender    review
review         grant_recall       review           holder    sign_proposal,endorse
review         decline_recall     review           holder    review
review         withdraw           sign_proposal    proposer  withdrawn
review         reroute            reroute          home      review,intake
endorse        endorse            endorse          holder    review,intake
endorse        return             endorse          holder    draft,review
endorse        reject             endorse          holder    rejected
endorse        recall             -                sender    review,intake,appraise
endorse        request_recall     -                sender    endorse
endorse        grant_recall       endorse          holder    review,intake,appraise
endorse        decline_recall     endorse          holder    endorse
endorse        withdraw           sign_proposal    proposer  withdrawn
endorse        reroute            reroute          home      review,intake
intake         accept             receive          holder    appraise
intake         request_supplement receive          holder    supplement
intake         return             receive          holder    draft,endorse
intake         reroute            receive          holder    review
intake         wrong_route        receive          holder    wrong_route
intake         reject             receive          holder    rejected
intake         claim              receive          holder    intake
intake         release            receive          holder    intake
intake         assign             assign_appraisal holder    intake
intake         recall             -                sender    sign_proposal,endorse,appraise
intake         request_recall     -                sender    intake
intake         grant_recall       receive          holder    sign_proposal,endorse,appraise
intake         decline_recall     receive          holder    intake
intake         withdraw           sign_proposal    proposer  withdrawn
supplement     propose            prepare          holder    sign_proposal
supplement     reject             receive          home      rejected
supplement     recall             -                sender    sign_proposal,intake,appraise
supplement     withdraw           sign_proposal    proposer  withdrawn
supplement     hand_over          reroute          home      supplement
appraise       conclude           appraise         holder    confirm
appraise       request_supplement appraise         holder    supplement
appraise       return             appraise         holder    intake,endorse
appraise       ask_opinion        appraise         holder    appraise
appraise       record_opinion     appraise         holder    appraise
appraise       claim              appraise         holder    appraise
appraise       release            appraise         holder    appraise
appraise       assign             assign_appraisal holder    appraise
appraise       recall             -                sender    sign_proposal,intake,confirm
appraise       request_recall     -                sender    appraise
appraise       grant_recall       appraise         holder    sign_proposal,intake,confirm
appraise       decline_recall     appraise         holder    appraise
appraise       withdraw           sign_proposal    proposer  withdrawn
confirm        confirm            confirm          holder    await_decision,closed
confirm        send_back          confirm          holder    appraise
confirm        recall             -                sender    appraise
confirm        request_recall     -                sender    confirm
confirm        grant_recall       confirm          holder    appraise
confirm        decline_recall     confirm          holder    confirm
confirm        withdraw           sign_proposal    proposer  withdrawn
await_decision recall             -                sender    confirm
await_decision withdraw           sign_proposal    proposer  withdrawn
""")

DECISION = _rows("""
compile        propose            compile          holder    submit
compile        settle_tie         compile          holder    compile
compile        reorder            compile          holder    compile
compile        leave_off          compile          holder    compile
compile        restore            compile          holder    compile
compile        recall_nominee     compile          holder    compile
compile        refill             compile          holder    compile
compile        abandon            compile          holder    abandoned
compile        recall             -                sender    submit,check,sign
submit         submit             submit_decision  holder    check
submit         return             submit_decision  holder    compile
submit         recall             -                sender    compile
submit         request_recall     -                sender    submit
submit         grant_recall       submit_decision  holder    compile
submit         decline_recall     submit_decision  holder    submit
check          pass               check_decision   holder    sign
check          return             check_decision   holder    compile
check          recall             -                sender    submit,sign
check          request_recall     -                sender    check
check          grant_recall       check_decision   holder    submit,sign
check          decline_recall     check_decision   holder    check
sign           sign               sign_decision    holder    issue_number
sign           return             sign_decision    holder    compile,check
sign           recall             -                sender    check
sign           request_recall     -                sender    sign
sign           grant_recall       sign_decision    holder    check
sign           decline_recall     sign_decision    holder    sign
issue_number   issue_number       issue_number     holder    publish
issue_number   return             issue_number     holder    compile
publish        publish            issue_number     holder    published
publish        void_number        issue_number     holder    issue_number
""")


def folded(text: str) -> str:
    """Return a name in lower case without diacritics and doubled spaces: how names of bodies are compared."""
    plain = unicodedata.normalize("NFD", " ".join(text.split()).lower().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))
