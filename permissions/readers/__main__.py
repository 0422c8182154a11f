"""The process in which one document is read: its limits are set before a byte of it is looked at.

Started by `permissions.child_reader` with the name of a reader and its options; the document comes in on standard
input, the answer goes out as JSON. A reader that is bent by its input can allocate, compute and write no more than this.
"""

import json
import resource
import sys

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 10  # of the processor
ANSWER = 32 * 1024 * 1024  # bytes written
FILES = 32  # open at once


def limit() -> None:
    """Take every resource away that reading needs not."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, ANSWER),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read what stands on standard input; answer what it says, or which rule it breaks."""
    limit()
    from permissions.readers import office
    from permissions.readers.parts import Refused

    reader = {"kind": office.kind, "rows": office.rows, "sheets": office.sheets, "blocks": office.blocks}
    name, options = sys.argv[1], json.loads(sys.argv[2])
    try:
        answer = {"found": reader[name](sys.stdin.buffer.read(), **options)}
    except Refused as refused:
        answer = {"rule": refused.rule, "limit": refused.limit, "where": refused.where}
    except MemoryError:
        answer = {"rule": "limits"}
    json.dump(answer, sys.stdout)
    sys.stdout.flush()


main()
