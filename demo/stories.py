"""The sample files as data: what is in them, how far each has come, on which decision."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"
CRITERIA = ("task_completion", "reform_index", "initiative", "direct_worker", "grassroots")


@dataclass(frozen=True)
class Story:
    """One file: its content, the state it is to reach, and what happens there."""

    spec: dict[str, Any]
    state: str
    decision: str
    then: str

    @property
    def complete(self) -> bool:
        return self.then != "incomplete"

    @property
    def remarks(self) -> list[str]:
        """The remarks with which the file is returned; none if it is not."""
        return self._items("return: ")

    @property
    def supplement(self) -> list[str]:
        """What is asked for as a supplement; none if nothing is."""
        return self._items("supplement: ")

    @property
    def opinion(self) -> list[str]:
        """Which body is asked for its opinion, and what; nothing if none is."""
        return self._items("opinion: ")

    def _items(self, word: str) -> list[str]:
        return self.then.removeprefix(word).split("|") if self.then.startswith(word) else []

    @property
    def rejection(self) -> str:
        return self.then.removeprefix("reject: ") if self.then.startswith("reject: ") else ""


@dataclass(frozen=True)
class DecisionStory:
    """One decision over the confirmed nominees of its files."""

    key: str
    year: int
    state: str
    strike: dict[str, str]  # name → reason


def stories() -> list[Story]:
    """Return the files, in the order in which they are made."""
    specs = {spec["key"]: spec for spec in _detailed()} | {spec["key"]: spec for spec in _short()}
    return [
        Story(specs[row["key"]], row["state"], row["decision"], row["then"]) for row in _rows("stories.csv")
    ]


def decisions() -> list[DecisionStory]:
    """Return the decisions, in the order in which they are opened."""
    found = []
    for row in _rows("decisions.csv"):
        name, _colon, reason = row["strike"].partition(": ")
        strike = {name: reason} if name else {}
        found.append(DecisionStory(row["key"], int(row["year"]), row["state"], strike))
    return found


def _detailed() -> list[dict[str, Any]]:
    return json.loads((FOLDER / "nominations.json").read_text(encoding="utf-8"))


def _short() -> list[dict[str, Any]]:
    return [_with_nominee(row) for row in _rows("more.csv")]


def _with_nominee(row: dict[str, str]) -> dict[str, Any]:
    year = int(row["year"])
    points = {code: int(row[code]) for code in CRITERIA}
    nominee = {
        "kind": row["kind"], "name": row["name"], "title": row["title"], "unit_name": row["unit_name"],
        "officer": "", "report": row["report"], "points": points,
        "is_direct_worker": points["direct_worker"] > 0, "is_grassroots": points["grassroots"] > 0,
        "achieved_from": f"{year}-01-01", "achieved_to": f"{year}-10-31",
    }  # fmt: skip
    summary = (
        f"{row['unit_name']} đề nghị Chủ tịch Ủy ban nhân dân tỉnh tặng Bằng khen cho {row['name']}, có thành "
        f"tích xuất sắc trong phong trào thi đua đẩy mạnh cải cách hành chính năm {year}."
    )
    return {**row, "year": year, "summary": summary, "nominees": [nominee]} | {
        name: int(row[name]) for name in ("members_present", "members_total")
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
