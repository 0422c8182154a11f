"""Writing a draft at the browser: kept within seconds, through a lost line and two tabs; papers dropped; rows pasted."""

from urllib.parse import urlsplit

from playwright.sync_api import expect

from nominations import intake
from nominations.models import Criterion, Nomination, Nominee, Typed
from permissions import books
from workflows import outbox
from workflows.models import OutboxMessage

DROP = """(zone) => {
  const data = new DataTransfer();
  for (const name of ["to-trinh.pdf", "bien-ban.pdf"])
    data.items.add(new File(["%PDF-1.4\\n%%EOF\\n"], name, {type: "application/pdf"}));
  zone.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def kept(page, text):
    """What the page says once the server has it."""
    expect(page.locator("[data-told]")).to_contain_text(text)


def test_what_is_typed_is_kept_through_reload_lost_line_and_a_second_tab(in_2024):
    clerk = in_2024.sign_in("kb24.clerk")
    address, page = clerk.new_file() + "/du-thao", clerk.page
    page.fill("[name=letter_number]", "7/TTr-UBND")
    kept(page, "Đã lưu lúc")
    page.reload()
    expect(page.locator("[name=letter_number]")).to_have_value("7/TTr-UBND")

    page.fill("[name=letter_date]", "hôm qua")
    kept(page, "chưa lưu")
    expect(page.locator("[data-checks] a[href='#id_letter_date']")).to_be_visible()
    page.reload()
    expect(page.locator("[name=letter_date]")).to_have_value("hôm qua")
    page.fill("[name=letter_date]", "01/11/2024")
    kept(page, "Đã lưu lúc")
    assert not Typed.objects.exists()

    page.context.set_offline(True)
    page.fill("[name=summary]", "Viết khi mất mạng")
    expect(page.locator("[data-trouble]")).to_contain_text("Mất kết nối")
    page.context.set_offline(False)
    expect(page.locator("[data-trouble]")).to_be_hidden(timeout=20_000)
    assert Nomination.objects.get().summary == "Viết khi mất mạng"

    second = page.context.new_page()
    second.goto(address)
    second.fill("[name=letter_number]", "8/TTr-UBND")
    kept(second, "Đã lưu lúc")
    page.fill("[name=letter_number]", "9/TTr-UBND")
    expect(page.locator("[data-trouble]")).to_contain_text("nơi khác")
    assert Nomination.objects.get().letter_number == "8/TTr-UBND"


def test_thirty_nominees_by_paste_and_papers_by_drag_and_drop(in_2024):
    clerk = in_2024.sign_in("kb24.clerk")
    clerk.new_file()
    page, rows = clerk.page, [["Cá nhân", f"Lê Văn {n}", "Công chức"] for n in range(30)]
    page.locator("#nominees-rows summary").click()  # 1
    page.fill("#rows", intake.join(rows))  # 2
    page.locator("button[formaction$='/danh-sach']").click()  # 3
    expect(page.locator("[name=nominees-29-name]")).to_have_value("Lê Văn 29")

    page.locator(".upload").evaluate(DROP)
    expect(page.locator("#documents .evidence li")).to_have_count(2)
    assert urlsplit(page.url).path.endswith("/du-thao"), "the page was not left"
    assert Nomination.objects.get().evidence.filter(present=True).count() == 2
    page.fill("[name=letter_number]", "7/TTr-UBND")
    kept(page, "Đã lưu lúc")
    assert Nomination.objects.get().letter_number == "7/TTr-UBND", "typing goes on after the upload"


def test_a_long_list_is_watched_until_it_can_be_written(in_2024, then, tmp_path):
    page = in_2024.page
    in_2024.sign_in("kb24.clerk")
    page.goto(f"{in_2024.url}/ho-so/moi")
    page.get_by_role("link", name="Tải lên danh sách dài (XLSX)").click()
    columns = [column.heading for column in intake.columns(list(Criterion.objects.all()))]
    rows = [["Cá nhân", f"Người {n}", "Công chức", "", f"0{n:011}"] for n in range(120)]
    path = tmp_path / "danh-sach.xlsx"
    path.write_bytes(books.plain("Danh sách", columns[:5], rows))
    page.set_input_files("input[name=sheet]", path)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("[role=status]")).to_contain_text("0/120")
    for message in OutboxMessage.objects.filter(kind="list", delivered=None):
        outbox.deliver(message.pk)
    page.get_by_role("button", name="Lập 2 hồ sơ dự thảo").click()  # the page looked again by itself
    expect(page.locator("#watched li a")).to_have_count(2)
    assert Nominee.objects.filter(nomination__created_by__username="kb24.clerk").count() == 120
