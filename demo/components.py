"""Every part of which pages are made, in every state that it has: samples for the living page of the demo."""

from collections.abc import Iterator
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from nominations.checks import Result
from nominations.states import Assessment, DecisionState, Outcome, State
from permissions.tables import Cell, Table

DAY = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NAME, UNIT = "Néang Sóc Kha", "Ủy ban nhân dân xã Khánh Bình"
# Parts of other parts, and what stands around every page: they are seen wherever those are.
INNER = frozenset(
    {
        "action_fields", "action_item", "action_password", "data_cell", "icon", "timeline_item", "points_table",
        "language", "nav", "messages", "keys_help", "newer_older", "pagination", "evidence_export", "filter_bar",
    }
)  # fmt: skip

Sample = tuple[str, dict[str, Any]]  # the state in words, and what the part is given


class _Form(forms.Form):
    text = forms.CharField(label="Số tờ trình", help_text="ví dụ: 15/TTr-UBND")
    choice = forms.ChoiceField(label="Kết luận", choices=[("a", "Đủ điều kiện"), ("b", "Không đủ điều kiện")])
    tick = forms.BooleanField(label="Trực tiếp thực hiện nhiệm vụ", required=False)
    long = forms.CharField(label="Lý do", widget=forms.Textarea(attrs={"rows": 3}), required=False)


def shown() -> Iterator[tuple[str, list[tuple[str, SafeString]]]]:
    """Yield each part by its name with its states, drawn."""
    for name, samples in SAMPLES.items():
        drawn = [(words, render_to_string(f"components/{name}.html", given)) for words, given in samples]
        yield name, drawn


def _form(prefix: str, data: dict[str, str] | None = None) -> forms.Form:
    values = None if data is None else {f"{prefix}-{key}": value for key, value in data.items()}
    return _Form(values, prefix=prefix)


def _badges() -> list[Sample]:
    every = [*State, *DecisionState, *Outcome, *Assessment]
    return [(value.value, {"state": value.value, "label": value.label}) for value in every]


def _nominee(key: int, **more: Any) -> SimpleNamespace:
    given = {
        "pk": key, "name": NAME, "title": "Công chức Văn phòng - Thống kê", "unit_name": UNIT, "kind": "individual",
        "get_kind_display": "Cá nhân", "is_direct_worker": True, "is_grassroots": True, "outcome": "pending",
        "assessment": "eligible", "get_assessment_display": "Đủ điều kiện", "outcome_note": "", "assessment_note": "",
        "achieved_from": date(2026, 1, 1), "achieved_to": date(2026, 10, 31), "report": "Hoàn thành xuất sắc nhiệm vụ.",
    }  # fmt: skip
    return SimpleNamespace(**{**given, **more})


POINTS = [
    {"label": "Hoàn thành nhiệm vụ", "max": 40, "min": 20, "proposed": 38, "appraised": 36},
    {"label": "Chỉ số cải cách hành chính", "max": 20, "min": 10, "proposed": 8, "appraised": None},
]
PAPERS = [
    {"name": "to-trinh.pdf", "kind_label": "Tờ trình", "size": 81_920, "url": "#", "digest": "9f" * 32},
    {"name": "sang-kien.docx", "kind_label": "Sáng kiến", "size": 20_480, "url": "#", "nominee_name": NAME},
]
EVENT = {
    "who": "Trịnh Ngọc Bảo Ngân",
    "position": "Chuyên viên Phòng Nội vụ",
    "unit": "Huyện An Phú",
    "at": AT,
}
LIMIT = SimpleNamespace(days=8, get_unit_display="ngày làm việc", legal_basis="Quyết định 12")
CLOCK = {"due": DAY, "stands": "", "left": 3, "late": False, "over": 0, "whose": "Sở Nội vụ", "policy": LIMIT}
ACTS = [
    {
        "name": "forward", "label": "Chuyển trình ký", "tone": "primary", "allowed": True, "url": "#", "task": 1,
        "effects": "Thủ trưởng cơ quan ký tiếp theo.", "posts": [],
    },
    {"name": "claim", "label": "Nhận xử lý hồ sơ", "tone": "secondary", "allowed": True, "url": "#", "task": 1, "posts": []},
    {"name": "", "label": "Từ chối hồ sơ", "allowed": False, "why_not": "Hồ sơ đang do người khác xử lý."},
]  # fmt: skip
ROWS = [
    {
        "url": "#", "reference": "HS-2026-00012", "title": NAME, "unit": UNIT, "state": "review",
        "state_label": "Chờ xét duyệt", "due": due, "at_risk": soon, "since": AT,
    }
    for due, soon in ((date(2026, 11, 20), False), (DAY, False), (date(2026, 11, 26), True), (None, False))
]  # fmt: skip
LINES = [
    {"rank": 1, "name": NAME, "title": "Công chức", "unit": UNIT, "points": 92, "url": "#"},
    {"rank": 2, "name": "Lê Văn An", "title": "Trưởng phòng", "unit": UNIT, "points": 90, "struck": True, "reason": "Trùng thành tích"},
]  # fmt: skip
DIFF = [
    {
        "title": NAME,
        "changes": [
            {"label": "Chức vụ", "kind": "changed", "parts": [("del", "Văn thư"), ("ins", "Công chức")]},
            {"label": "Báo cáo", "kind": "added", "parts": [("ins", "Sáng kiến cấp tỉnh")]},
        ],
    }
]
STEPS = [
    {"label": "Lập hồ sơ", "state": "done", "unit": UNIT, "date": DAY, "who": NAME},
    {"label": "Xét duyệt", "state": "returned", "unit": "Huyện An Phú", "date": DAY},
    {"label": "Thẩm định", "state": "current", "unit": "Sở Nội vụ"},
    {"label": "Quyết định", "state": "next", "unit": "UBND tỉnh An Giang"},
]
REMARKS = [{"text": "Thiếu biên bản họp xét", "about": "Biên bản"}, {"text": "Bổ sung báo cáo", "done": True, "answer": "Đã bổ sung"}]  # fmt: skip
TICKS = [
    {
        "pk": 1,
        "text": "Thiếu biên bản",
        "about": "Biên bản",
        "who": NAME,
        "at": AT,
        "done": False,
        "answer": "",
    }
]
CHECKS = [
    Result("letter", "Tờ trình", "Điều 84 Luật Thi đua, khen thưởng 2022"),
    Result("minutes", "Biên bản họp xét", "Điều 84", ["Đính kèm biên bản họp xét khen thưởng."]),
]
EXPLAINED = SimpleNamespace(
    allowed=False, unmet=[1], instead=[SimpleNamespace(name="Lê Văn An", post="Chuyên viên", since=DAY)],
    action=SimpleNamespace(right="review"),
    lines=[
        SimpleNamespace(met=True, asks="Hồ sơ đang ở bước xét duyệt.", because="", remedy=""),
        SimpleNamespace(met=False, asks="Không ai khác đang xử lý.", because="Đang do Lê Văn An xử lý.", remedy="phân công lại"),
    ],
)  # fmt: skip
STATUS = SimpleNamespace(faults=0, found=[], facts=[{"label": "Điểm chốt", "value": "A1B2-C3D4"}])
WRONG = {"text": "", "choice": "z", "long": ""}

SAMPLES: dict[str, list[Sample]] = {
    "page_header": [("đầy đủ", {"title": "Hồ sơ khen thưởng", "reference": "HS-2026-00012", "subtitle": UNIT, "state": "review", "state_label": "Chờ xét duyệt", "due": DAY, "today": DAY})],
    "breadcrumbs": [("", {"crumbs": [("Hồ sơ", "#")], "here": "HS-2026-00012"})],
    "status_badge": _badges(),
    "due_chip": [(words, {"due": due, "today": DAY, "at_risk": soon}) for words, due, soon in (("quá hạn", date(2026, 11, 1), False), ("hôm nay", DAY, False), ("sắp đến hạn", date(2026, 11, 26), True), ("còn lâu", date(2026, 12, 9), False))],
    "deadline": [("đang chạy", {"deadline": SimpleNamespace(**CLOCK)}), ("tạm dừng", {"deadline": SimpleNamespace(**{**CLOCK, "stands": "đang chờ bổ sung"})}), ("quá hạn", {"deadline": SimpleNamespace(**{**CLOCK, "late": True, "over": 2})})],
    "route_line": [("", {"steps": STEPS})],
    "action_bar": [("được làm, và vì sao không", {"items": ACTS, "seen": "0" * 64, "csrf_token": "x"})],
    "check_list": [("đạt và chưa đạt", {"results": CHECKS})],
    "nominee_card": [("đang thẩm định", {"nominee": _nominee(1), "number": 1, "rows": POINTS, "proposed_total": 46, "appraised_total": 36, "evidence": PAPERS}), ("có kết quả, không có tài liệu", {"nominee": _nominee(2, outcome="struck_out", get_outcome_display="Không phê duyệt", outcome_note="Trùng thành tích"), "number": 2, "rows": [], "proposed_total": None, "appraised_total": None, "evidence": []})],
    "evidence_list": [("có tài liệu", {"items": PAPERS}), ("chưa có", {"items": []})],
    "remark_list": [("", {"remarks": REMARKS, "who": NAME, "at": AT})],
    "remark_ticks": [("", {"remarks": TICKS, "form": "ticks"})],
    "explanation": [("chưa được", {"item": EXPLAINED, "labels": "Chuyển trình ký", "open": True})],
    "timeline": [("", {"events": [EVENT | {"action": "Trả hồ sơ", "tone": "bad", "state": "draft", "state_label": "Nháp", "reason": "Thiếu biên bản", "version": 1}, EVENT | {"action": "Ký trình hồ sơ", "tone": "good", "automatic": True, "new": True}]})],
    "version_diff": [("có thay đổi", {"groups": DIFF}), ("không khác", {"groups": []})],
    "person_chip": [("", {"name": NAME, "position": "Công chức", "unit": UNIT}), ("chỉ có tên", {"name": NAME, "position": "", "unit": ""})],
    "key_facts": [("", {"facts": [{"label": "Đợt xét", "value": "2026", "url": "#"}, {"label": "Ngày ký", "value": ""}]})],
    "quota_meter": [("còn chỉ tiêu", {"label": "Tập thể", "used": 2, "quota": 4, "left": 2}), ("vượt", {"label": "Cá nhân", "used": 7, "quota": 6, "left": -1})],
    "line_table": [("", {"caption": "Cá nhân", "lines": LINES})],
    "file_table": [("quá hạn, hôm nay, sắp đến hạn, không có hạn", {"caption": "Hồ sơ", "items": ROWS, "today": DAY})],
    "data_table": [("", {"table": Table("Cán bộ", ["Họ tên", "Trạng thái"], [[Cell(NAME, "#", UNIT), Cell("Đang giữ", tone="eligible")]])})],
    "empty_state": [("", {"title": "Không có việc nào đang chờ", "text": "Hồ sơ xuất hiện khi đến bước của vị trí đang giữ.", "url": "#", "action": "Tất cả hồ sơ", "icon": "check"})],
    "form_box": [("", {"form": _form("box"), "url": "#", "button": "Lưu", "title": "Biểu mẫu", "csrf_token": "x"})],
    "form_field": [("trống", {"field": _form("one")["text"]}), ("bị từ chối", {"field": _form("two", WRONG)["text"]})],
    "error_summary": [("", {"form": _form("two", WRONG)})],
    "ledger_status": [("", {"status": STATUS})],
    "typed_words": [("", {"typed": ["Hoàn thành xuất sắc nhiệm vụ được giao."]})],
}  # fmt: skip
