"""The verifier that goes out with each bundle: its parts put together into one file, standard library alone."""

import re
from pathlib import Path

PARTS = ("words", "verdict", "form", "ed25519", "tree", "members", "shapes", "walk", "checking", "main")
OURS = re.compile(r"^from audit\.evidence\.offline.*? import (\([^)]*\)|.*)\n", re.MULTILINE)
HEAD = '''#!/usr/bin/env python3
"""Kiểm tra một gói bằng chứng, không cần mạng và không cần phần mềm nào ngoài Python 3.11.
Verify an evidence bundle, offline, with nothing but Python 3.11.

    python3 verify.py chung-cu.zip [--checkpoint MÃ-NGẮN] [--key VÂN-TAY] [--json]
"""

'''


def source() -> str:
    """Return `verify.py`: the modules of this package one after the other, without what joins them here."""
    parts = [f"# --- {name}: {OURS.sub('', _text(name))}" for name in PARTS]
    return (
        HEAD
        + "\n\n".join(parts)
        + '\n\nif __name__ == "__main__":\n    raise SystemExit(main(sys.argv[1:]))\n'
    )


def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
