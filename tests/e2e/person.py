"""A person at the browser: signs in, writes a file, acts; every step is kept as a picture."""

from collections.abc import Iterable, Mapping

from playwright.sync_api import Locator, Page, expect

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BEST = {"task_completion": 38, "reform_index": 18, "initiative": 20, "direct_worker": 10, "grassroots": 5}


class Person:
    """One demo person after another at the same browser, on one legal day."""

    def __init__(self, page: Page, url: str, day: str):
        self.page, self.url, self.day = page, url, day

    def sign_in(self, username: str) -> "Person":
        """Sign out whoever is there and sign in by the button of the login page."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/dang-nhap/")
        self.page.select_option("select[name=day]", self.day)
        self.page.click(f"button[name=username][value='{username}']")
        expect(self.page.locator("h1")).to_be_visible()
        return self

    def open_waiting(self, text: str) -> None:
        """Open the file or decision that waits in "my work", by the words of its link."""
        self.page.goto(f"{self.url}/")
        self.page.locator("main a", has_text=text).first.click()

    def new_file(self) -> str:
        """Open a new draft for the person's only unit in the only open round; return its address."""
        self.page.goto(f"{self.url}/ho-so/moi")
        self._send(self.page.locator("main form button.btn-primary"))
        return self.page.url.removesuffix("/du-thao")

    def write(self, nominees: Iterable[Mapping[str, object]]) -> None:
        """Write a complete draft on the form that is open."""
        page = self.page
        day, month, year = "01", "11", self.day[:4]
        page.fill("[name=letter_number]", "15/TTr-UBND")
        page.fill("[name=letter_date]", f"{day}/{month}/{year}")
        page.fill("[name=summary]", "Đề nghị tặng Bằng khen có thành tích cải cách hành chính.")
        page.fill("[name=minutes_date]", f"{day}/{month}/{year}")
        page.fill("[name=members_present]", "9")
        page.fill("[name=members_total]", "9")
        for number, nominee in enumerate(nominees):
            if number:
                page.click(f"button[name=add][value={nominee['kind']}]")
            self._nominee(number, nominee)
        self.save()
        for kind in ("letter", "minutes", "initiative"):
            self.attach(kind, f"{kind}.pdf", PDF)

    def _nominee(self, number: int, nominee: Mapping[str, object]) -> None:
        page, prefix = self.page, f"nominees-{number}"
        page.check(f"[name={prefix}-kind][value={nominee['kind']}]")
        page.fill(f"[name={prefix}-name]", str(nominee["name"]))
        if nominee["kind"] == "individual":
            page.fill(f"[name={prefix}-title]", "Công chức Văn phòng - Thống kê")
        page.fill(f"[name={prefix}-report]", "Hoàn thành xuất sắc nhiệm vụ cải cách hành chính được giao.")
        for code, points in BEST.items():
            page.fill(f"[name={prefix}-points_{code}]", str(points - int(nominee.get("less", 0)) % 5))
        if nominee.get("account"):
            page.select_option(f"[name={prefix}-account]", label=str(nominee["account"]))

    def save(self) -> None:
        self._send(self.page.locator("button[form=draft]"))

    def attach(self, kind: str, name: str, content: bytes) -> None:
        page = self.page
        page.select_option("[name=evidence_kind]", kind)
        page.set_input_files(
            "[name=file]", [{"name": name, "mimeType": "application/octet-stream", "buffer": content}]
        )
        page.click("button[formaction$='/tai-lieu']")
        expect(page.locator("#documents .evidence li", has_text=name)).to_be_visible()

    def act(self, action: str, **fields: str) -> None:
        """Do an action of the action bar, with what its form asks for."""
        lone = self.page.locator(f"button[name=action][value={action}]")
        if lone.count():
            self._send(lone.first)
            return
        form = self.page.locator(f"form:has(input[name=action][value={action}])").first
        self._unfold(form)
        for name, value in fields.items():
            field = form.locator(f"[name='{name}']").first
            if field.get_attribute("type") in ("radio", "checkbox"):
                for chosen in value.split():
                    form.locator(f"[name='{name}'][value='{chosen}']").check()
            elif field.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self._send(form.locator("button.btn").last)

    def _send(self, button: Locator) -> None:
        """Click and wait for the answer: what follows may ask the database."""
        with self.page.expect_navigation():
            button.click()

    def may(self, action: str) -> bool:
        """Whether the page offers `action`."""
        buttons = f"button[name=action][value={action}], form:has(input[name=action][value={action}])"
        return self.page.locator(buttons).count() > 0

    def _unfold(self, form: Locator) -> None:
        """Open every fold around `form`, the outermost first."""
        for fold in form.locator("xpath=ancestor::details").all():
            if fold.get_attribute("open") is None:
                fold.locator("> summary").click()

    def tick(self, answer: str = "Đã bổ sung") -> None:
        """Tick off every remark of the page that is open, in the draft or in the file, and save."""
        page = self.page
        for box in page.locator("[name=remark_done]").all():
            box.check()
            page.fill(f"[name=remark_answer-{box.get_attribute('value')}]", answer)
        if page.locator("#draft").count():
            self.save()
        else:
            self._send(page.locator("#ticks button").last)

    def why_not(self, label: str) -> str:
        """The reason beside an act that is not possible now."""
        return self.page.locator(".action-off li", has_text=label).locator("p").last.inner_text()

    def appraise_all(self, *, ineligible: Iterable[str] = ()) -> None:
        """Conclude on every nominee: the points as claimed; those named are not eligible."""
        page = self.page
        for uid in [node.get_attribute("value") for node in page.locator("input[name=nominee]").all()]:
            card = page.locator("article.nominee", has=page.locator(f"[name=assessment-{uid}]"))
            out = any(name in (card.text_content() or "") for name in ineligible)
            page.check(f"[name=assessment-{uid}][value={'ineligible' if out else 'eligible'}]")
            if out:
                page.select_option(f"[name=code-{uid}]", "below_standard")
                page.fill(f"[name=note-{uid}]", "Chưa có sáng kiến được công nhận")
        self.act("conclude")

    def strike(self, name: str, reason: str) -> None:
        """Strike out a line of the decision that is open."""
        line = self.page.locator("tr", has_text=name)
        line.locator("[name=strike]").check()
        line.locator("[name^=strike_reason]").fill(reason)
