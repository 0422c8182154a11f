"""The command: what is checked, what it is compared with, and the verdict in two languages."""

import argparse
import json
import os
import re
import sys
from typing import Any

from audit.evidence.offline.checking import short_code, verify
from audit.evidence.offline.form import read_json
from audit.evidence.offline.verdict import Verdict
from audit.evidence.offline.words import SAID, WORDS

CODE = re.compile(r"[A-Za-z2-7]{12}")


def compare(verdict: Verdict, notes: list[dict[str, Any]], checkpoint: str, key: str) -> None:
    """Compare the bundle with what came from outside: a short code, lines kept elsewhere, a fingerprint."""
    if key:
        wanted = key.lower().replace(":", "").replace(" ", "")
        verdict.pinned_key = len(wanted) >= 16 and any(known.startswith(wanted) for known in verdict.keys)
        if not verdict.pinned_key:
            verdict.fault("pin_other", key)
    if not checkpoint:
        return
    code = checkpoint.replace("-", "").strip()
    if CODE.fullmatch(code):
        _pin(
            verdict, checkpoint, [n for n in notes if short_code(n["root"]).replace("-", "") == code.upper()]
        )
        return
    try:
        with open(checkpoint, "rb") as file:
            lines = [read_json(line) for line in file if line.strip()]
    except (OSError, ValueError):
        verdict.fault("pin_unknown", checkpoint)
        return
    kept = {
        line["number"]: line for line in lines if isinstance(line, dict) and type(line.get("number")) is int
    }
    for note in notes:
        if note["number"] in kept and kept[note["number"]] != note:
            verdict.fault("pin_other", f"checkpoint {note['number']}")
    _pin(verdict, os.path.basename(checkpoint), [note for note in notes if kept.get(note["number"]) == note])


def _pin(verdict: Verdict, what: str, found: list[dict[str, Any]]) -> None:
    if found:
        verdict.pinned, verdict.pinned_size = what, max(note["size"] for note in found)
    else:
        verdict.fault("pin_unknown", what)


def told(verdict: Verdict) -> str:
    """Return the verdict for a person, Vietnamese above English."""
    blocks = [_block(verdict, language) for language in (0, 1)]
    return "\n\n".join("\n".join(lines) for lines in blocks) + "\n"


def _block(verdict: Verdict, language: int) -> list[str]:
    lines = [SAID["sound" if verdict.sound else "unsound"][language]]
    if verdict.faults:
        first = verdict.faults[0]
        lines.append(f"{SAID['first'][language]}: {first.where}: {WORDS[first.code][language]}")
        lines += [f"  {wrong.where}: {WORDS[wrong.code][language]}" for wrong in verdict.faults[1:10]]
    if verdict.count > 10:
        lines.append(f"{SAID['others'][language]}: {verdict.count - 10}")
    if verdict.subject:
        subject = " ".join(filter(None, [verdict.subject["reference"], verdict.subject["stream"]]))
        lines.append(f"{SAID['subject'][language]}: {subject or verdict.subject['about']}")
    lines.append(f"{SAID['looked_at'][language]}: {SAID['counts'][language].format(**vars(verdict))}")
    if not verdict.with_attachments:
        lines.append(SAID["digests_only"][language])
    note = verdict.checkpoint
    if not note:
        return lines
    lines.append(f"{SAID['checkpoint'][language]}: {SAID['checkpoint_text'][language].format(**note)}")
    lines.append(f"{SAID['short_code'][language]}: {verdict.short_code}")
    lines.append(f"{SAID['key_print'][language]}: {note['key']}")
    if verdict.pinned:
        said = {"what": verdict.pinned, "size": verdict.pinned_size, "whole": note["size"]}
        lines.append(SAID["pinned"][language].format(**said))
    if verdict.pinned_key:
        lines.append(SAID["pinned_key"][language])
    if not (verdict.pinned or verdict.pinned_key):
        lines.append(SAID["not_pinned"][language])
    return [*lines, SAID["as_of"][language]]


def main(arguments: list[str]) -> int:
    """Verify a bundle; return 0 when it is sound, 1 when it is not."""
    parser = argparse.ArgumentParser(description="Kiểm tra gói bằng chứng / Verify an evidence bundle")
    parser.add_argument("bundle", nargs="?", default="", help="ZIP hoặc thư mục / the ZIP or its folder")
    parser.add_argument(
        "--checkpoint", default="", help="mã ngắn hoặc tệp / short code, or file of kept lines"
    )
    parser.add_argument(
        "--key", default="", help="vân tay khóa / fingerprint of the key (at least 16 digits)"
    )
    parser.add_argument("--json", action="store_true", help="cho máy đọc / for a machine")
    chosen = parser.parse_args(arguments)
    path = chosen.bundle or os.path.dirname(os.path.abspath(sys.argv[0]))
    verdict, notes = verify(path)
    compare(verdict, notes, chosen.checkpoint, chosen.key)
    shown = json.dumps(verdict.told(), ensure_ascii=False, indent=1) + "\n" if chosen.json else told(verdict)
    sys.stdout.buffer.write(shown.encode("utf-8", "replace"))
    sys.stdout.flush()
    return 0 if verdict.sound else 1
