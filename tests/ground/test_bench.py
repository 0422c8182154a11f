"""The benchmarks run: on a small province, for what they say and not for how fast."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "facts"), [("permissions", 8), ("inbox", 8), ("history", 2), ("outbox", 7), ("pages", 20)]
)
def test_a_benchmark_runs_and_both_sides_agree(name, facts):
    """Every fact (the same files, one statement) holds; the figures of a small run mean nothing."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "bench.settings", "TESTING": "1"}
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}", "--scale", "0.003", "--rounds", "2"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines and not done.stderr.strip(), done.stderr
    facts_said = [line for line in lines if "(≤" not in line and "(≥" not in line]  # the rest are figures
    agreed = [line for line in facts_said if re.search("the same|statement|answers 200", line)]
    assert len(agreed) >= facts and all(line.startswith("ok") for line in agreed), done.stdout
