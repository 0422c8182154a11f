"""The kinds of tampering, as data: what is changed, and which event (or file, or checkpoint) must be named."""

from collections.abc import Callable
from functools import partial
from random import Random

from tests.audit.campaigns import documents, forging
from tests.audit.campaigns.attacker import Row, copy, delete, flip, sql, tampered
from tests.audit.campaigns.honest import Honest

# A kind: changes the database (or files) at random, and returns the patterns of which one must be named.
Kind = Callable[[Honest, Random], tuple[str, ...]]

EVENT = "stream || ' ' || sequence"
SUBMITTED = "state NOT IN ('draft', 'supplement', 'sign_proposal')"  # elsewhere writing is no event
ROUND = "'round:' || programme.code || ':' || round.year"
# Table → its rows, each with what must be named when it is changed; patterns apart by a bar.
ROWS = {
    # a missing event is named by its place, and by the one that follows it
    "history_event": f"SELECT event.ctid, {EVENT} || coalesce('|log ' || number, '') || '|' || stream || ' ' || sequence + 1"
    " FROM history_event AS event LEFT JOIN history_leaf AS leaf ON leaf.event = event.id",
    "history_eventtext": f"SELECT text.ctid, {EVENT} FROM history_eventtext AS text"
    " JOIN history_event ON text_digest = digest",
    "history_leaf": f"SELECT leaf.ctid, 'log ' || number || '|' || {EVENT} FROM history_leaf AS leaf"
    " JOIN history_event AS event ON event.id = leaf.event",
    "history_node": "SELECT ctid, 'log ' || level || '/' || position || '|log ' || level || '|log ' || level + 1 || '/' || position / 2"
    " FROM history_node",
    "history_checkpoint": "SELECT ctid, 'checkpoint ' || number || '|checkpoint ' || number + 1 FROM history_checkpoint",
    "history_streamhead": f"SELECT ctid, {EVENT} || '|' || stream || ' 1|' || stream || ' ' || sequence + 1 FROM history_streamhead",
    "history_unsealed": f"SELECT waits.ctid, {EVENT} FROM history_unsealed AS waits"
    " JOIN history_event AS event ON event.id = waits.event",
    "nominations_nomination": "SELECT ctid, 'nomination:' || uid || '*' FROM nominations_nomination",
    "nominations_nomination as submitted": "SELECT ctid, 'nomination:' || uid || '*' FROM nominations_nomination"
    f" WHERE {SUBMITTED}",
    "nominations_nominee": "SELECT nominee.ctid, 'nomination:' || file.uid || '*' FROM nominations_nominee AS nominee"
    " JOIN nominations_nomination AS file ON file.id = nomination_id"
    f" WHERE {SUBMITTED}",
    "nominations_nominationversion": "SELECT frozen.ctid, 'nomination:' || uid || '*'"
    " FROM nominations_nominationversion AS frozen JOIN nominations_nomination AS file ON file.id = nomination_id",
    "nominations_evidence": "SELECT evidence.ctid, 'nomination:' || file.uid || '*' FROM nominations_evidence AS evidence"
    " JOIN nominations_nomination AS file ON file.id = nomination_id"
    f" WHERE {SUBMITTED}",
    "nominations_awarddecision": "SELECT ctid, 'decision:' || uid || '*' FROM nominations_awarddecision",
    "nominations_decisionline": "SELECT line.ctid, 'decision:' || uid || '*' FROM nominations_decisionline AS line"
    " JOIN nominations_awarddecision AS decision ON decision.id = decision_id"
    " WHERE live OR struck",
    "nominations_decisionversion": "SELECT frozen.ctid, 'decision:' || uid || '*'"
    " FROM nominations_decisionversion AS frozen JOIN nominations_awarddecision AS decision ON decision.id = decision_id",
    "nominations_registernumber": "SELECT taken.ctid, code || ' ' || year || '/' || number || '|decision:*'"
    " FROM nominations_registernumber AS taken JOIN nominations_register AS register ON register.id = register_id",
    "nominations_round": f"SELECT round.ctid, {ROUND} FROM nominations_round AS round"
    " JOIN nominations_programme AS programme ON programme.id = programme_id",
    "nominations_quota": f"SELECT quota.ctid, {ROUND} FROM nominations_quota AS quota"
    " JOIN nominations_round AS round ON round.id = round_id"
    " JOIN nominations_programme AS programme ON programme.id = programme_id",
    "permissions_unit": "SELECT ctid, 'unit:' || code || ':' || valid_from FROM permissions_unit",
    "permissions_unitparent": "SELECT link.ctid, 'unit:' || code FROM permissions_unitparent AS link"
    " JOIN permissions_unit AS unit ON unit.id = unit_id",
    "permissions_unitclosure": "SELECT ctid, 'unit ' || unit_id FROM permissions_unitclosure",
    "nominations_recusal": "SELECT kept.ctid, 'nomination:' || uid || '*' FROM nominations_recusal AS kept"
    " JOIN nominations_nomination AS file ON file.id = nomination_id",
    "nominations_separationrule": "SELECT ctid, 'separation ' || kind FROM nominations_separationrule WHERE valid_to IS NOT NULL",
    "permissions_officer": "SELECT ctid, 'officer:' || uid || '*' FROM permissions_officer"
    " WHERE id IN (SELECT officer_id FROM permissions_appointment)",
    "permissions_declaredtie": "SELECT tie.ctid, 'officer:' || officer.uid || '*' FROM permissions_declaredtie AS tie"
    " JOIN permissions_officer AS officer ON officer.id = officer_id",
    "permissions_appointment": "SELECT post.ctid, 'officer:' || officer.uid || '*|appointment ' || post.uid"
    " FROM permissions_appointment AS post JOIN permissions_officer AS officer ON officer.id = officer_id",
    "permissions_delegation": "SELECT ctid, 'delegation:' || uid || '*|delegation ' || uid FROM permissions_delegation",
    "permissions_unitgrant": "SELECT held.ctid, 'officer:' || officer.uid || '*|delegation:*' FROM permissions_unitgrant AS held"
    " JOIN permissions_appointment AS post ON post.id = appointment_id"
    " JOIN permissions_officer AS officer ON officer.id = post.officer_id"
    " WHERE held.valid_to IS NULL OR held.valid_to > '2024-11-05'",
    # of what something waits to be indexed, scope and words may still change
    "audit_entry": "SELECT entry.ctid, coalesce(event.stream || ' ' || event.sequence || '|', '') || 'index ' || entry.event"
    " FROM audit_entry AS entry LEFT JOIN history_event AS event ON event.id = entry.event"
    " WHERE entry.subject NOT IN (SELECT stream FROM history_event JOIN history_unsealed AS waits ON waits.event = id)",
}  # fmt: skip

# Table → the columns of which a changed value must be found; of the ledger it is every column there is.
COMPARED = {
    "nominations_nomination": "uid round_id state holder_id unit_id version due",
    "nominations_nomination as submitted": "letter_number letter_date summary minutes_date members_present members_total",
    "nominations_nominee": "uid nomination_id present assessment total outcome outcome_rank kind name title unit_name"
    " identity_hash achieved_from achieved_to report is_direct_worker is_grassroots",
    "nominations_nominationversion": "nomination_id number content digest",
    "nominations_evidence": "uid nomination_id kind name size sha256 present",
    "nominations_awarddecision": "uid round_id state holder_id version due signed_by_name register_number_id",
    "nominations_decisionline": "decision_id nominee_id rank snapshot live struck reason",
    "nominations_decisionversion": "decision_id number content digest",
    "nominations_registernumber": "register_id year number state decision_id",
    "nominations_round": "programme_id year opens closes closed_on",
    "nominations_quota": "round_id kind count",
    "permissions_unit": "code kind name valid_from valid_to",
    "permissions_unitparent": "unit_id parent_id valid_from valid_to",
    "permissions_unitclosure": "ancestor_id unit_id depth valid_from valid_to",
    "nominations_recusal": "officer_id nomination_id",
    "nominations_separationrule": "kind valid_to",
    "permissions_officer": "uid is_active",
    "permissions_declaredtie": "uid officer_id other_id identity_hash valid_from valid_to",
    "permissions_appointment": "uid officer_id role unit_id valid_from valid_to position",
    "permissions_delegation": "uid from_post_id to_post_id rights valid_from valid_to form",
    # that a right begins later than its post is lawful: it came with a later catalogue
    "permissions_unitgrant": "user_id permission_id content_object_id appointment_id valid_to",
    "audit_entry": "event at stream actor role unit kind action programme scope_id subject words",
}


# Table → what makes a copy of a row another row.
COPIED = {
    "history_event": {"sequence": "sequence + 1000"},
    "history_eventtext": {"digest": "repeat('0', 64)"},
    "history_leaf": {"number": "(SELECT max(number) + 1 FROM history_leaf)", "event": "-1"},
    "history_node": {"position": "position + 1000"},
    "history_checkpoint": {"number": "(SELECT max(number) + 1 FROM history_checkpoint)"},
    "history_streamhead": {"stream": "stream || 'x'"},
    "nominations_nomination": {"uid": "gen_random_uuid()"},
    "nominations_nominee": {"uid": "gen_random_uuid()"},
    "nominations_nominationversion": {"number": "number + 100"},
    "nominations_evidence": {"uid": "gen_random_uuid()"},
    "nominations_awarddecision": {"uid": "gen_random_uuid()", "register_number_id": "NULL"},
    "nominations_decisionline": {"nominee_id": "(SELECT max(id) FROM nominations_nominee)"},
    "nominations_decisionversion": {"number": "number + 100"},
    "nominations_registernumber": {"number": "number + 100", "decision_id": "NULL"},
    "nominations_recusal": {"officer_id": "officer_id + 1"},
    "permissions_appointment": {
        "uid": "gen_random_uuid()",
        "officer_id": "(SELECT max(id) FROM permissions_officer)",
    },
    "permissions_delegation": {"uid": "gen_random_uuid()"},
    "permissions_declaredtie": {"uid": "gen_random_uuid()"},
    "permissions_unitgrant": {"user_id": "(SELECT max(id) FROM permissions_officer)"},
    "audit_entry": {"event": "event + 100000"},
}


def rows(table: str) -> list[Row]:
    """Return the rows of a table in an order that is the same in every run."""
    found = sql(f"SELECT place::text, named FROM ({ROWS[table]}) AS row (place, named) ORDER BY place")
    return [Row(table.split()[0], place, tuple(named.split("|"))) for place, named in found]


def columns(table: str) -> list[str]:
    """Return the columns that an attacker flips."""
    if table in COMPARED:
        return COMPARED[table].split()
    return [
        name
        for [name] in sql(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", table
        )
    ]  # fmt: skip


def _flipped(table: str, column: str, honest: Honest, random: Random) -> tuple[str, ...]:
    """The row is named as it was, or as it now calls itself."""
    row, place = tampered(random, rows(table), lambda row: flip(random, row, column))
    return (*row.named, *(name for now in rows(table) if now.place == place for name in now.named))


def _deleted(table: str, honest: Honest, random: Random) -> tuple[str, ...]:
    row, _place = tampered(random, rows(table), delete)
    return row.named


def _copied(table: str, honest: Honest, random: Random) -> tuple[str, ...]:
    _row, place = tampered(random, rows(table), lambda row: copy(row, **COPIED[table]))
    now = [name for found in rows(table) if found.place == place for name in found.named]
    return tuple(now) or ("log *", "text *")  # a row of no event has no name of one


def kinds() -> dict[str, Kind]:
    """Return every kind of tampering by its name: "verb table.column", or what `forging` calls it."""
    flips = {
        f"flip {table}.{column}": partial(_flipped, table, column)
        for table in ROWS
        for column in columns(table)
    }
    deletions = {f"delete from {table}": partial(_deleted, table) for table in ROWS}
    copies = {f"copy in {table}": partial(_copied, table) for table in COPIED}
    return flips | deletions | copies | forging.KINDS | documents.KINDS
