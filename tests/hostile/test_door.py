"""What is refused before any page: methods, long addresses, bodies that Django will not read; each says why."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.buffering import TOO_LARGE
from tests import world as w
from tests.hostile.values import VALUES
from tests.pages import draft_of, enter, page_of, send

pytestmark = pytest.mark.usefixtures("in_2024")


def says(answer, status, *words):
    text = answer.content.decode()
    assert answer.status_code == status, text
    assert '<html lang="vi"' in text
    for word in words:
        assert word in text, text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND"])
@pytest.mark.django_db
def test_a_page_takes_no_other_method(method):
    answer = Client().generic(method, reverse("login"))
    says(answer, 405, "không nhận cách truy cập")
    assert answer["Allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_button_is_not_opened_and_says_so(world):
    answer = enter(world["clerk@commune"]).get(reverse("nominations:filter_keep"))
    says(answer, 405, "nút bấm")
    assert answer["Allow"] == "POST"


@pytest.mark.django_db
def test_an_address_of_two_pages_is_too_long():
    assert Client().get(reverse("login"), {"next": "/" + "a" * 8000}).status_code == 200
    says(Client().get(reverse("login"), {"next": "/" + "a" * 9000}), 414, "8 KB", "lọc")


@pytest.mark.django_db
def test_more_fields_than_a_form_has():
    answer = Client().post(reverse("login"), {f"x{number}": "1" for number in range(5001)})
    says(answer, 413, "5000", "bảng tính")


@pytest.mark.django_db
def test_more_text_than_a_page_sends():
    body, kind = b"username=" + b"a" * 6 * 2**20, "application/x-www-form-urlencoded"
    answer = Client().generic("POST", reverse("login"), body, kind)
    says(answer, 413, "5 MB", "tài liệu")


@pytest.mark.django_db
def test_a_body_that_the_web_server_did_not_read():
    says(Client().post(reverse("login"), {"username": "an"}, **{TOO_LARGE: True}), 413, "128 MB", "nhiều lần")


@pytest.mark.django_db
def test_more_files_than_one_goes():
    files = [SimpleUploadedFile(f"{number}.pdf", b"%PDF") for number in range(51)]
    says(Client().post(reverse("login"), {"file": files}), 413, "50", "nhiều lần")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"]
)
@pytest.mark.django_db
def test_a_damaged_body(kind):
    says(Client().generic("POST", reverse("login"), b"--x\r\nnonsense", kind), 400, "không đầy đủ", "kết nối")


@pytest.mark.django_db
def test_another_name_of_the_machine(settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    says(Client().get(reverse("login"), headers={"host": "evil.example"}), 400, "địa chỉ chính thức")


@pytest.mark.django_db
def test_a_path_of_broken_bytes_is_no_page():
    for path in ("/%00", "/%ff%fe", "/ho-so/%00", "/%ED%A0%80/", "/" + "a" * 5000):
        assert Client().get(path).status_code in (302, 404), path


def test_what_was_typed_outlives_a_page_without_its_token(world):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = enter(world["clerk@commune"]).cookies
    typed = {"note": "Tôi đã viết <b>rất</b> dài", "password": "mot hai ba", "seen": "x"}
    answer = strict.post(reverse("workflows:notices_read"), typed)
    says(answer, 403, "Tôi đã viết &lt;b&gt;rất&lt;/b&gt; dài", "Sao chép")
    assert "mot hai ba" not in answer.content.decode()


def test_a_reason_with_a_hidden_character_stays_on_the_page(world):
    file = w.walk(world, w.complete_draft(world), "review")
    client = enter(world["reviewer@district"])
    answer = send(client, file, "reject", code="violation", note="Vi phạm\x00 rõ")
    says(answer, 422, "U+0000", "Vi phạm")
    file.refresh_from_db()
    assert file.state == "review"
    assert send(client, file, "reject", code="violation", note="Vi phạm rõ").status_code == 302


def test_a_search_says_which_character_it_cannot_take(world):
    client = enter(world["clerk@commune"])
    says(client.get(reverse("nominations:find"), {"q": "An\u202e"}), 422, "U+202E")
    says(client.get(reverse("nominations:list"), {"q": "An\u202e"}), 200)
    assert client.get(reverse("nominations:find"), {"q": "An Giang"}).status_code == 200


@pytest.mark.parametrize("kind", ["NUL", "marks", "100,000", "turned"])
def test_a_kept_filter_has_a_name_that_can_be_read(world, kind):
    client = enter(world["clerk@commune"])
    fields = {"query": "due=late", "name": VALUES[kind]}
    client.post(reverse("nominations:filter_keep"), fields)
    assert not world["clerk@commune"].saved_filters.exists()
    client.post(reverse("nominations:filter_keep"), fields | {"name": "Trễ"})
    assert world["clerk@commune"].saved_filters.get().name == "Trễ"


def test_a_forged_autosave_leaves_the_draft_as_it_was(world):
    file = w.complete_draft(world)
    client, keep = enter(world["clerk@commune"]), reverse("nominations:draft_keep", kwargs={"uid": file.uid})
    for forged in (
        {},
        {"nominees-TOTAL_FORMS": "9" * 5000},
        {"nominees-TOTAL_FORMS": "-1", "nominees-INITIAL_FORMS": "x"},
    ):
        answer = client.post(keep, {"revision": file.revision, "summary": "Tóm tắt"} | forged)
        assert answer.status_code == 200
        assert answer.json()["saved"] is False
        assert client.get(draft_of(file)).status_code == 200
        assert client.get(page_of(file)).status_code == 200


@pytest.mark.django_db
def test_a_sign_in_with_a_name_of_any_length(client):
    for name in ("x" * 300, "x" * 100_000, "x\x00", "\u202ean", "a" + "\u0301" * 100_000):
        says(client.post(reverse("login"), {"username": name, "password": "mot hai ba"}), 200)
        says(client.post(reverse("login"), {"username": "an", "password": name}), 200)
