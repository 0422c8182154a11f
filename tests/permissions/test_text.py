"""Vietnamese text: stored in one form, found without diacritics, listed in Vietnamese order."""

import random
import time
import unicodedata

import pytest

from permissions.models import Unit
from permissions.text import composed, name_sort_key, normalised, search_key, sort_key
from tests import world as w


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (unicodedata.normalize("NFD", "Châu Đốc"), "Châu Đốc"),
        ("  Thoại \t Sơn\n", "Thoại Sơn"),
        ("Tri\u200b Tôn\ufeff", "Tri Tôn"),
        ("Néang Sóc Kha", "Néang Sóc Kha"),
        ("", ""),
    ],
)
def test_text_is_stored_in_one_form(typed, stored):
    assert normalised(typed) == stored
    assert normalised(stored) == stored


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đặng Thị Hồng", "dang thi hong"),
        (unicodedata.normalize("NFD", "Đặng Thị Hồng"), "dang thi hong"),
        ("HÒA BÌNH", "hoa binh"),
        ("Hoà Bình", "hoa binh"),
        ("Chăm", "cham"),
        ("Ưu tiên số 1", "uu tien so 1"),
    ],
)
def test_search_finds_with_and_without_diacritics(text, key):
    assert search_key(text) == key


ALPHABET = ["a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "g", "h", "i", "k", "l", "m", "n",
            "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "x", "y"]  # fmt: skip
LISTS = [
    ALPHABET,
    ["ba", "bà", "bả", "bã", "bá", "bạ"],  # tones: ngang, huyền, hỏi, ngã, sắc, nặng
    ["An Châu", "An Cư", "Ân Thi", "Ba Chúc", "Bà Rịa"],
    ["Cần Đăng", "Châu Đốc", "Châu Phú", "Chợ Mới"],
    ["Da", "Dạ", "Đa", "Đà"],
    ["Đợt 2", "Đợt 10"],
    ["Phường 1", "Phường 2", "Phường 12"],
    ["Huyện Châu Phú", "Huyện Châu Thành", "Huyện Chợ Mới"],
]


@pytest.mark.parametrize("ordered", LISTS)
def test_lists_sort_in_vietnamese_order(ordered):
    shuffled = random.Random(1).sample(ordered, len(ordered))
    assert sorted(shuffled, key=sort_key) == ordered


def test_both_ways_of_placing_a_tone_sort_together():
    assert sorted(["Hòa B", "Hoà A", "Hóa A"], key=sort_key) == ["Hoà A", "Hóa A", "Hòa B"]


def test_composed_and_decomposed_text_have_the_same_keys():
    for text in ("Đặng Thị Ngọc Ánh", "Thốt Nốt", "Ưng Hữu Đễ"):
        other = unicodedata.normalize("NFD", text)
        assert (sort_key(other), search_key(other)) == (sort_key(text), search_key(text))


def test_people_are_listed_by_given_name_then_family_name():
    people = ["Nguyễn Văn An", "Trần Thị An", "Lê Văn Ánh", "Lê Bình", "Châu Đức", "Madonna"]
    shuffled = random.Random(2).sample(people, len(people))
    assert sorted(shuffled, key=name_sort_key) == people


@pytest.mark.django_db
def test_the_database_sorts_as_python_does():
    """Whatever its collation: the key is ASCII and the column is compared by bytes."""
    world = w.build()
    names = list(Unit.objects.order_by("name_sort").values_list("name", flat=True))
    assert names == sorted((unit.name for unit in world.units.values()), key=sort_key)


MARKS = [chr(code) for code in range(0x300, 0x370) if unicodedata.combining(chr(code))]


def test_a_pile_of_marks_is_put_in_order_as_unicode_does():
    dice = random.Random(14)
    for _round in range(200):
        text = "".join(dice.choice(["a", "ơ", *MARKS]) for _letter in range(10)) + "".join(
            dice.choices(MARKS, k=dice.randint(15, 60))
        )
        for form in ("NFC", "NFD"):
            assert composed(text, form) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("make", [normalised, search_key, sort_key, name_sort_key])
@pytest.mark.parametrize("text", ["a" + "\u0301\u0323" * 500_000, "\u0344" * 500_000, "ạ\u0302" * 250_000])
def test_a_megabyte_of_marks_takes_no_longer_than_any_megabyte(make, text):
    begun = time.monotonic()
    make(text)
    assert time.monotonic() - begun < 15, "in the square of its length it would take minutes"


def test_keys_fit_their_columns():
    """Of every letter there is: a search key is no longer than the text, a sort key ASCII and bounded."""
    for code in [*range(0x20, 0x3400), *range(0xA000, 0xD7FF, 7), *range(0xF900, 0x1FFFF)]:
        text = normalised((chr(code) + "1") * 60)[:120]
        assert len(search_key(text)) <= len(text), hex(code)
        key = name_sort_key(text)
        assert key.isascii(), hex(code)
        assert len(key) <= 900, hex(code)
