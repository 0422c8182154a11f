"""Where the pages of the resolver are, and who is asked to open them until somebody may."""

from typing import Any

from tests.permissions.addresses import NAMES, Address, url

READERS = (
    "clerk@commune", "unit_head@commune", "reviewer@district", "unit_head@district", "intake_officer@home",
    "appraiser@home", "head_of_division@home", "director@home", "office_clerk@office", "chairman@province",
    "records_clerk@office", "programme_administrator@home", "system_administrator@province", "auditor@province",
)  # fmt: skip
EVERY_STATE = ("workflows:nomination", "workflows:decision")  # each state has forms of its own


def places_of(address: Address, found: dict[type, list[Any]], world: Any) -> list[str]:
    """The paths of an address: of a file and a decision one in each state, of anything else one."""
    if not address.takes:
        return [url(address)]
    if address.name in NAMES:
        those = found[NAMES[address.name]]
        return [url(address, thing) for thing in (those if address.name in EVERY_STATE else those[:2])]
    return [url(address, world.round)] if address.takes == ("pk",) else []
