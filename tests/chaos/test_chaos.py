"""The chaos finds what is broken: the handling of an act, lost on purpose."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.proof
def test_what_was_lost_on_purpose_is_found():
    command = [sys.executable, "-m", "tests.chaos", "--kills", "2", "--away", "0", "--seed", "7", "--spoil"]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAULT half:" in done.stdout, done.stdout
