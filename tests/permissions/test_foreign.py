"""Text from outside: what no person types is named, with its place and the remedy; what people type is taken."""

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from permissions import foreign, received
from permissions.fields import Day, Line, Paragraphs

TAKEN = (
    "Quyết định số 15/QĐ-UBND ngày 05/11/2024",
    unicodedata.normalize("NFD", "Nguyễn Thị Thuở Ặ"),
    "Néang Sóc Kha · ខ្មែរ · ꨌꩌ",
    "Dòng một\r\n\tDòng hai\nDòng ba",
    "“Tôi đồng ý” – 100 % … ✓",
    "",
)
REFUSED = (
    ("Lý do\x00xấu", "U+0000"),
    ("Lý do\x0b", "U+000B"),
    ("\x85", "U+0085"),
    ("An \u202eGiang", "U+202E"),
    ("An\u2066", "U+2066"),
    ("\u200f", "U+200F"),
    ("\ud800", "U+D800"),
    ("tên \ufffd", "U+FFFD"),
    ("\U0001fffe", "U+1FFFE"),
    ("ẩn\U000e0041", "U+E0041"),
)


@pytest.mark.parametrize("text", TAKEN)
def test_what_people_type_is_taken(text):
    assert foreign.fault(text) == ""


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_what_nobody_types_is_named(text, code):
    said = foreign.fault(text)
    assert code in said
    with pytest.raises(ValidationError, match=code.replace("+", r"\+")):
        Line(max_length=100).clean(text)


def test_the_place_is_said_in_the_readers_language():
    with translation.override("vi"):
        assert foreign.fault("Một\nHai ba\u202e") == (
            "Tại ký tự thứ 7 của dòng 2, sau “Hai ba”, có U+202E, là ký tự ẩn làm đổi chiều hoặc dạng chữ."
            " Xóa ký tự này hoặc nhập lại đoạn chữ đó."
        )


def test_a_letter_bears_some_marks_and_no_pile():
    assert foreign.fault("a" + "\u0301" * foreign.MOST_MARKS) == ""
    assert "4" in foreign.fault("a" + "\u0301" * (foreign.MOST_MARKS + 1))
    assert foreign.fault("a" + "\u0301\u034f" * 100), "a joiner between them hides no pile"


def test_length_is_asked_before_anything_else():
    with pytest.raises(ValidationError) as refused:
        Line(max_length=100).clean("\x00" * 500_000)
    assert "U+0000" not in str(refused.value)


def test_a_decomposed_name_fits_where_it_fits_composed():
    name = "Nguyễn " * 17
    assert Line(max_length=120).clean(unicodedata.normalize("NFD", name)) == name.strip()
    with pytest.raises(ValidationError):
        Line(max_length=120).clean(name + "Thị A")
    assert Paragraphs(rows=3, max_length=5).clean("a\n\n\n\nb") == "a\n\nb"


@pytest.mark.parametrize("text", ["31/12/9999", "01/01/0001", "31/12/1899", "01/01/2200", "9" * 5000, "\x00"])
def test_a_day_of_no_office_is_refused(text):
    with pytest.raises(forms.ValidationError):
        Day().clean(text)


def test_a_day_is_taken_to_the_edges():
    assert Day().clean("01/01/1900").year == 1900
    assert Day().clean("31/12/2199").year == 2199


def test_a_number_is_one_that_the_database_holds():
    assert received.key({"pk": "15"}, "pk") == 15
    assert received.key({"pk": str(2**63 - 1)}, "pk") == 2**63 - 1
    for text in ("", "-1", str(2**63), "9" * 5000, "٣", "²", "1e308", "NaN", "1\x00", " 1"):
        assert received.key({"pk": text}, "pk") is None, text


def test_words_read_outside_of_a_form_are_asked_too():
    assert received.line({"q": " A\u0301n  Giang "}, "q", most=20) == "Án Giang"
    with pytest.raises(ValidationError) as refused:
        received.line({"q": "\u202e"}, "q", most=20)
    assert list(refused.value.message_dict) == ["q"]
    with pytest.raises(ValidationError):
        received.lines({"note": "a" * 21}, "note", most=20)
    assert received.word({"act": "forward"}, "act") == "forward"
    assert received.word({"act": "x\x00"}, "act") == received.word({"act": "x" * 300}, "act") == ""
