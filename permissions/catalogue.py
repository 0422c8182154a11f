"""The rights there are, the roles that carry them, and the kinds of unit a role sits on."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    PROVINCE = "province", _("Provincial People's Committee")
    OFFICE = "office", _("Office of the People's Committee")
    DEPARTMENT = "department", _("Provincial department")
    DEPARTMENT_UNIT = "department_unit", _("Unit of a department")
    DISTRICT = "district", _("District")
    DISTRICT_UNIT = "district_unit", _("Unit of a district")
    COMMUNE = "commune", _("Commune, ward or special zone")
    COMMUNE_UNIT = "commune_unit", _("Unit of a commune")
    VERTICAL_AGENCY = "vertical_agency", _("Central vertical agency")
    MASS_ORGANISATION = "mass_organisation", _("Front or mass organisation")


class Right(models.TextChoices):
    """What one may do at a unit; each is a permission of guardian's on `Unit`."""

    READ = "read", _("Read the unit's files")
    PREPARE = "prepare", _("Prepare nominations")
    SIGN_PROPOSAL = "sign_proposal", _("Sign and submit nominations")
    REVIEW = "review", _("Review nominations")
    ENDORSE = "endorse", _("Endorse nominations")
    RECEIVE = "receive", _("Receive nominations")
    APPRAISE = "appraise", _("Appraise nominees")
    CONFIRM = "confirm", _("Confirm appraisals")
    COMPILE = "compile", _("Compile award decisions")
    SUBMIT_DECISION = "submit_decision", _("Submit award decisions")
    CHECK_DECISION = "check_decision", _("Check draft decisions")
    SIGN_DECISION = "sign_decision", _("Sign award decisions")
    ISSUE_NUMBER = "issue_number", _("Issue numbers and publish decisions")
    ASSIGN = "assign", _("Assign files to the officers of a reviewing body")
    ASSIGN_APPRAISAL = "assign_appraisal", _("Assign files to the officers of Home Affairs")
    REROUTE = "reroute", _("Re-route files of units that have ended")
    CLOSE_ROUND = "close_round", _("Close rounds")
    MANAGE_PROGRAMME = "manage_programme", _("Manage programmes, rounds and criteria")
    READ_DECISIONS = "read_decisions", _("Read draft decisions")
    AUDIT = "audit", _("Audit files and decisions of the unit and of all below it")
    MANAGE_ACCOUNTS = "manage_accounts", _("Manage accounts and appointments")


@dataclass(frozen=True)
class Role:
    """A kind of post: its rights, and the kinds of unit on which one may be appointed to it."""

    name: str
    label: str | Promise
    rights: frozenset[Right]
    sits_on: frozenset[UnitKind]


K, R = UnitKind, Right
PROPOSERS = frozenset(K) - {K.PROVINCE}
REVIEWERS = frozenset({K.DISTRICT, K.COMMUNE, K.DEPARTMENT})
HOME_AFFAIRS = frozenset({K.DEPARTMENT})

ROLES = {
    role.name: role
    for role in (
        Role("clerk", _("Clerk"), frozenset({R.READ, R.PREPARE}), PROPOSERS),
        Role("unit_head", _("Head of unit"), frozenset({R.READ, R.SIGN_PROPOSAL}), PROPOSERS),
        Role("unit_deputy", _("Deputy head of unit"), frozenset({R.READ, R.SIGN_PROPOSAL}), PROPOSERS),
        Role("reviewer", _("Reviewer"), frozenset({R.READ, R.REVIEW}), REVIEWERS),
        Role(
            "body_head",
            _("Head of the reviewing body"),
            frozenset({R.READ, R.ENDORSE, R.ASSIGN}),
            REVIEWERS,
        ),
        Role("intake_officer", _("Intake officer"), frozenset({R.READ, R.RECEIVE}), HOME_AFFAIRS),
        Role("appraiser", _("Appraiser"), frozenset({R.READ, R.APPRAISE}), HOME_AFFAIRS),
        Role(
            "head_of_division",
            _("Head of division"),
            frozenset(
                {
                    R.READ,
                    R.CONFIRM,
                    R.ASSIGN_APPRAISAL,
                    R.REROUTE,
                    R.COMPILE,
                    R.CLOSE_ROUND,
                    R.READ_DECISIONS,
                }
            ),
            HOME_AFFAIRS,
        ),
        Role(
            "director",
            _("Director of Home Affairs"),
            frozenset({R.READ, R.SUBMIT_DECISION, R.READ_DECISIONS}),
            HOME_AFFAIRS,
        ),
        Role(
            "deputy_director",
            _("Deputy director of Home Affairs"),
            frozenset({R.READ, R.SUBMIT_DECISION, R.READ_DECISIONS}),
            HOME_AFFAIRS,
        ),
        # The council meets between compilation and submission: these two read, and vote once its issue comes.
        Role("council_secretary", _("Secretary of the Council"), frozenset({R.READ_DECISIONS}), HOME_AFFAIRS),
        Role(
            "council_member",
            _("Member of the Council"),
            frozenset({R.READ_DECISIONS}),
            frozenset({K.PROVINCE}),
        ),
        Role(
            "office_specialist",
            _("Specialist of the Office"),
            frozenset({R.CHECK_DECISION, R.READ_DECISIONS}),
            frozenset({K.OFFICE}),
        ),
        Role(
            "chairman",
            _("Chairman"),
            frozenset({R.SIGN_DECISION, R.READ_DECISIONS}),
            frozenset({K.PROVINCE}),
        ),
        Role(
            "deputy_chairman",
            _("Deputy chairman"),
            frozenset({R.SIGN_DECISION, R.READ_DECISIONS}),
            frozenset({K.PROVINCE}),
        ),
        Role(
            "records_clerk",
            _("Records clerk"),
            frozenset({R.ISSUE_NUMBER, R.READ_DECISIONS}),
            frozenset({K.OFFICE}),
        ),
        # Certificates are printed from published decisions, which every officer may read.
        Role("certificate_printer", _("Certificate printer"), frozenset(), HOME_AFFAIRS),
        Role("auditor", _("Auditor"), frozenset({R.AUDIT}), frozenset(K)),
        Role(
            "programme_administrator",
            _("Programme administrator"),
            frozenset({R.MANAGE_PROGRAMME, R.CLOSE_ROUND}),
            HOME_AFFAIRS,
        ),
        Role(
            "system_administrator",
            _("System administrator"),
            frozenset({R.MANAGE_ACCOUNTS}),
            frozenset({K.PROVINCE}),
        ),
    )
}

# Who stands in for whom within one body: such a deputy signs "KT." (Decree 30/2020/NĐ-CP, Art. 13).
DEPUTIES: dict[str, str] = {
    "unit_deputy": "unit_head",
    "deputy_director": "director",
    "deputy_chairman": "chairman",
}

# Whoever holds one of these decides, sees or steers much: two administrators give it, one proposing, one confirming.
DECISIVE = frozenset(
    {"chairman", "deputy_chairman", "director", "deputy_director", "auditor", "system_administrator"}
)

# What the head of a body may hand on for a time. The work of a step is not among it: that is
# assigned to another officer. Neither is looking into others' files, nor giving out posts.
DELEGABLE = frozenset(
    {
        R.SIGN_PROPOSAL,
        R.ENDORSE,
        R.ASSIGN,
        R.CONFIRM,
        R.ASSIGN_APPRAISAL,
        R.REROUTE,
        R.COMPILE,
        R.CLOSE_ROUND,
        R.SUBMIT_DECISION,
        R.SIGN_DECISION,
    }
)
READING = frozenset({R.READ, R.READ_DECISIONS})  # goes along with what is delegated: one signs what one read


class SignatureForm(models.TextChoices):
    """How a signature for somebody else is written (Decree 30/2020/NĐ-CP, Art. 13)."""

    KT = "KT", _("KT.: a deputy signs for the head")
    TUQ = "TUQ", _("TUQ.: by written authorisation")
    TL = "TL", _("TL.: by order of the head")


ROLE_CHOICES = [(role.name, role.label) for role in ROLES.values()]
