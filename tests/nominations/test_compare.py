"""Two versions side by side: what differs is named, word by word, and nothing else is."""

import copy
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from nominations import file, wording
from nominations.compare import Change, changes, grouped
from nominations.content import nomination_content
from nominations.models import Evidence
from tests import world as w

HOA, AN = "11111111-0000-0000-0000-000000000001", "11111111-0000-0000-0000-000000000002"
LETTER, REPORT = "22222222-0000-0000-0000-000000000001", "22222222-0000-0000-0000-000000000002"
SENTENCE = "Tham mưu sắp xếp bộ máy đúng thời hạn, giảm đầu mối và giữ thông suốt việc phục vụ người dân."
LONG = "\n".join(f"Đoạn {number}: {SENTENCE}" for number in range(170))  # some 17,000 characters


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def nominee(uid: str = HOA, name: str = "Trần Thị Hòa", **given: Any) -> dict[str, Any]:
    return {
        "uid": uid, "kind": "individual", "name": name, "title": "Chuyên viên", "unit": "Sở Nội vụ",
        "identity": "a" * 64, "from": "2024-01-01", "to": "2024-10-31", "report": SENTENCE,
        "direct_worker": True, "grassroots": False, "points": {"task": 40, "initiative": 0}, **given,
    }  # fmt: skip


def document(uid: str = LETTER, **given: Any) -> dict[str, Any]:
    return {
        "uid": uid, "kind": "letter", "nominee": None, "name": "Tờ trình.pdf", "sha256": "b" * 64,
        "size": 2048, **given,
    }  # fmt: skip


def content(**given: Any) -> dict[str, Any]:
    return {
        "nomination": "33333333-0000-0000-0000-000000000001", "unit": "xa-1", "unit_name": "Xã Một",
        "letter": {"number": "15/TTr-UBND", "date": "2024-11-05"}, "summary": "Đề nghị khen thưởng",
        "minutes": {"date": "2024-11-01", "present": 7, "total": 9},
        "nominees": [nominee(), nominee(AN, "Lê Văn An")],
        "evidence": [document(), document(REPORT, kind="report", nominee=AN, name="Báo cáo.pdf")], **given,
    }  # fmt: skip


def of_nominee(**given: Any) -> list[Change]:
    """What differs when the first nominee is otherwise."""
    return changes(content(), content(nominees=[nominee(**given), nominee(AN, "Lê Văn An")]))


def only(found: list[Change]) -> Change:
    assert [change.about for change in found[1:]] == []
    return found[0]


def of_summary(before: str, after: str) -> Change:
    return only(changes(content(summary=before), content(summary=after)))


def ops(change: Change) -> str:
    return " ".join(op for op, _text in change.parts)


def shown(groups: list[dict[str, Any]]) -> str:
    return render_to_string("components/version_diff.html", {"groups": groups})


def test_the_same_content_in_another_order_is_no_change():
    mixed = copy.deepcopy(content())
    assert changes(content(), mixed) == []
    mixed["nominees"].reverse()
    mixed["evidence"].reverse()
    assert changes(content(), mixed) == []


def test_white_space_within_a_line_is_no_change_but_a_new_paragraph_is():
    assert of_nominee(report=SENTENCE.replace(" sắp", "  sắp") + " ") == []
    split = only(of_nominee(report=SENTENCE.replace("hạn, ", "hạn,\n")))
    assert ("ins", "¶\n") in split.parts


def test_one_word_of_a_report_is_shown_among_those_that_stayed():
    change = only(of_nominee(report=SENTENCE.replace("giảm", "bớt")))
    assert (change.about, change.kind) == (f"nominee:{HOA}:report", "changed")
    assert (change.group, change.label) == ("Trần Thị Hòa", "Achievement report")
    assert change.parts == (
        ("same", "Tham mưu sắp xếp bộ máy đúng thời hạn,"),
        ("del", "giảm"),
        ("ins", "bớt"),
        ("same", "đầu mối và giữ thông suốt việc phục vụ người dân."),
    )
    assert (change.before, change.after) == (SENTENCE, SENTENCE.replace("giảm", "bớt"))


def test_diacritics_are_part_of_the_word_and_their_encoding_is_not():
    change = only(of_nominee(name="Trần Thị Hoa"))
    assert change.group == "Trần Thị Hoa"
    assert change.parts == (("same", "Trần Thị"), ("del", "Hòa"), ("ins", "Hoa"))
    assert of_nominee(name="Tra\u0302\u0300n Thị Hòa") == []  # the same letters, decomposed


def test_a_nominee_comes_and_another_goes():
    new = "11111111-0000-0000-0000-000000000003"
    came, went = changes(content(), content(nominees=[nominee(), nominee(new, "Đỗ Ân", title="")]))[:2]
    assert (came.about, came.kind, came.label) == (f"nominee:{new}", "added", "Nominee")
    assert came.after == "Đỗ Ân · Individual · Sở Nội vụ · 01/01/2024 – 31/10/2024"
    assert came.parts == (("ins", came.after),)
    assert (went.about, went.kind, went.group) == (f"nominee:{AN}", "removed", "Lê Văn An")
    assert (went.before[:22], went.after) == ("Lê Văn An · Individual", "")


def test_documents_come_and_go():
    other = document("22222222-0000-0000-0000-000000000003", kind="minutes", name="Biên bản.pdf")
    came, went = changes(content(), content(evidence=[document(), other]))
    assert (came.about, came.kind) == (f"document:{other['uid']}", "added")
    assert (came.group, came.label) == ("Documents", "Minutes of the review meeting")
    assert came.after == "Biên bản.pdf · 2.0 KB"
    assert (went.about, went.kind) == (f"document:{REPORT}", "removed")
    assert went.before == "Báo cáo.pdf · Lê Văn An · 2.0 KB"


def test_a_document_with_other_bytes_is_changed_and_shows_no_digest():
    items = [document(sha256="c" * 64), content()["evidence"][1]]
    change = only(changes(content(), content(evidence=items)))
    assert (change.about, change.kind) == (f"document:{LETTER}", "changed")
    assert change.parts == (("same", "Tờ trình.pdf · 2.0 KB"), ("ins", "· content replaced"))
    assert "cccc" not in repr(change)


def test_a_document_of_another_kind_names_both_kinds():
    items = [document(kind="other"), content()["evidence"][1]]
    change = only(changes(content(), content(evidence=items)))
    assert change.parts[1:3] == (("del", "Submission letter"), ("ins", "Other evidence"))


def test_a_new_name_of_a_nominee_is_no_change_of_its_documents():
    change = only(changes(content(), content(nominees=[nominee(), nominee(AN, "Lê Văn Ân")])))
    assert change.about == f"nominee:{AN}:name"


def test_points_are_named_by_their_criterion():
    later = content(nominees=[nominee(points={"task": 38, "initiative": 0, "new": 5}), nominee(AN, "An")])
    found = {change.about: change for change in changes(content(), later, {"task": "Nhiệm vụ"})}
    task, new = found[f"nominee:{HOA}:points:task"], found[f"nominee:{HOA}:points:new"]
    assert (task.label, task.before, task.after) == ("Points for “Nhiệm vụ”", "40", "38")
    assert task.parts == (("del", "40"), ("ins", "38"))
    assert (new.label, new.kind, new.after) == ("Points for “new”", "added", "5")
    assert f"nominee:{HOA}:points:initiative" not in found
    change = only(of_nominee(points={"task": 40}))  # nought points are points
    assert (change.kind, change.before, change.after) == ("removed", "0", "")


def test_dates_and_answers_read_as_people_write_them():
    change = only(of_nominee(to="2024-11-30"))
    assert (change.about, change.label) == (f"nominee:{HOA}:period", "Period of the achievements")
    assert (change.before, change.after) == ("01/01/2024 – 31/10/2024", "01/01/2024 – 30/11/2024")
    assert change.parts == (("same", "01/01/2024 –"), ("del", "31/10/2024"), ("ins", "30/11/2024"))
    change = only(of_nominee(grassroots=True))
    assert (change.label, change.before, change.after) == ("Works at the grassroots", "No", "Yes")


@pytest.mark.parametrize("identity", ["d" * 64, "", None])
def test_of_an_identity_number_only_that_it_changed(identity):
    change = only(of_nominee(identity=identity))
    label = "Personal identity number"
    assert change == Change(f"nominee:{HOA}:identity", "Trần Thị Hòa", label, "changed", "", "", ())
    html = shown(grouped([change]))
    assert "The values are not shown." in html
    assert not re.search("aaaa|dddd", html)


def test_the_submission_reads_as_people_write_it():
    minutes = {"date": "2024-11-02", "present": 7, "total": None}
    letter = {"number": "16/TTr-UBND", "date": None}
    later = content(letter=letter, summary="", minutes=minutes, unit_name="Phường Một")
    found = {change.about: change for change in changes(content(), later)}
    assert list(found) == ["unit", "letter", "summary", "minutes"]
    assert {change.group for change in found.values()} == {"Submission"}
    assert (found["letter"].before, found["letter"].after) == ("15/TTr-UBND · 05/11/2024", "16/TTr-UBND")
    assert (found["summary"].kind, found["summary"].after) == ("removed", "")
    assert found["minutes"].before == "01/11/2024 · 7 of 9 members"
    assert found["minutes"].after == "02/11/2024 · 7 of – members"


def test_a_route_is_compared_when_both_versions_tell_it():
    here, there = {"route": ["Huyện A", "Sở Nội vụ"]}, {"route": ["Huyện B", "Sở Nội vụ"]}
    change = only(changes(content(**here), content(**there)))
    assert (change.about, change.after) == ("route", "Huyện B → Sở Nội vụ")
    assert changes(content(), content(**there)) == []


def test_one_word_of_a_very_long_text_keeps_a_dozen_words_on_either_side():
    change = of_summary(LONG, LONG.replace("Đoạn 90:", "Đoạn chín mươi:"))
    assert ops(change) == "gap same del ins same gap"
    assert (change.parts[2][1], change.parts[3][1]) == ("90:", "chín mươi:")
    assert max(len(text.split()) for _op, text in change.parts) == wording.CONTEXT
    assert change.before == LONG


def test_changes_at_both_ends_of_a_long_text_leave_its_middle_alone():
    assert ops(of_summary(f"Đầu. {LONG} Cuối.", f"Mở. {LONG} Kết.")) == "del ins same gap same del ins"


def test_a_word_that_stayed_by_chance_does_not_cut_a_rewritten_passage():
    change = of_summary("một hai ba và bốn năm sáu bảy", "tám chín mười và trăm nghìn vạn bảy")
    assert ops(change) == "del ins same"
    assert change.parts[1] == ("ins", "tám chín mười và trăm nghìn vạn")
    assert ops(of_summary("a và b", "c và d")) == "del ins same del ins"


def test_a_text_that_would_take_too_long_is_replaced_whole():
    """20,000 characters of the same few words: word by word it would take a hundred million steps."""
    before, after = "b " + "a " * 9_998 + "b", "c " + "a " * 9_997 + "c"
    assert of_summary(before, after).parts == (("del", before), ("ins", after))


def test_a_hundred_rewritten_reports_take_one_bounded_effort():
    """The first is told word by word; what the effort no longer covers is still told, as a whole."""
    uids = [f"{number:032}" for number in range(100)]
    old, new = (" ".join(f"và {word}{number}" for number in range(2_500)) for word in ("cũ", "mới"))
    versions = (content(nominees=[nominee(uid, report=report) for uid in uids]) for report in (old, new))
    found = changes(*versions)
    assert [change.about for change in found] == [f"nominee:{uid}:report" for uid in uids]
    assert len(found[0].parts) > 3
    assert ops(found[-1]) == "same del ins"


def test_nominees_of_one_name_stay_apart():
    old = content(nominees=[nominee(HOA, "Lê An"), nominee(AN, "Lê An")], evidence=[])
    people = [nominee(HOA, "Lê An", title="A"), nominee(AN, "Lê An", title="B", report="")]
    groups = grouped(changes(old, content(nominees=people, evidence=[document()], summary="Khác")))
    sizes = [(group["title"], len(group["changes"])) for group in groups]
    assert sizes == [("Submission", 1), ("Lê An", 1), ("Lê An", 2), ("Documents", 1)]
    assert grouped([]) == []


def leaves(value: Any, way: tuple = ()) -> list[tuple]:
    if not isinstance(value, dict | list):
        return [way]
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [leaf for key, child in pairs for leaf in leaves(child, (*way, key))]


def altered(whole: dict[str, Any], way: tuple) -> dict[str, Any]:
    """A copy that says something else at one place."""
    place = whole = copy.deepcopy(whole)
    for key in way[:-1]:
        place = place[key]
    value = place[way[-1]]
    if way[-1] == "nominee":
        place["nominee"] = whole["nominees"][-1]["uid"]
    elif isinstance(value, int):
        place[way[-1]] = not value if isinstance(value, bool) else value + 1
    else:
        place[way[-1]] = "2020-02-02" if re.match(r"\d{4}-\d\d-\d\d$", value or "") else "khác"
    return whole


@pytest.mark.usefixtures("in_2024")
def test_whatever_a_version_freezes_is_compared(world):
    """A new key of the content that no comparison shows would be a change that nobody sees."""
    nomination = w.complete_draft(world, "commune", 2)
    Evidence.objects.update(nominee=nomination.nominees.first())
    frozen = nomination_content(file.read(nomination))
    silent = [way for way in leaves(frozen) if not changes(frozen, altered(frozen, way))]
    assert silent == [("nomination",), ("unit",), *(("nominees", number, "body") for number in (0, 1))]


def test_the_page_says_in_words_what_was_and_what_is():
    html = shown(grouped(of_nominee(title="Phó Giám đốc", report=f"{SENTENCE} Hết.")))
    words = " ".join(re.sub(r"<[^>]+>", "", html).split())
    assert "<h3>Trần Thị Hòa</h3>" in html
    assert "Position, as to be printed Changed removed: Chuyên viên added: Phó Giám đốc" in words
    assert (html.count("<del>"), html.count("<ins>")) == (1, 2)


def test_the_page_tells_what_it_leaves_out():
    html = shown(grouped([of_summary("từ " * 90 + "cũ", "từ " * 90 + "mới")]))
    assert '<span class="visually-hidden">unchanged text left out</span></span> từ từ' in html
    assert "Nothing differs between the two versions." in shown([])


def test_the_page_escapes_what_people_wrote():
    evil = '<script>alert("x")</script>'
    later = content(
        summary=f"<b>{evil}",
        nominees=[nominee(name=evil, report=f"{SENTENCE} {evil}", points={"task": 1})],
        evidence=[document(name=f"{evil}.pdf")],
    )
    html = shown(grouped(changes(content(), later, {"task": evil})))
    assert set(re.findall(r"<(\w+)", html)) == {"div", "h3", "dl", "dt", "dd", "del", "ins", "span"}
    assert html.count("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;") >= 5
