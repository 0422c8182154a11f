"""What a page offers to send: its forms with their fields as a browser would send them, unchanged."""

from html.parser import HTMLParser

SENT = (
    "hidden",
    "text",
    "number",
    "date",
    "search",
    "email",
    "tel",
    "url",
)  # kinds of input with a value of their own


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []  # id and fields
        self.inside, self.area, self.select = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((known.get("id", ""), {}))
            self.inside = True
        if not self.inside:
            return
        fields, name = self.forms[-1][1], known.get("name", "")
        ticked = known.get("type") in ("checkbox", "radio") and "checked" in known
        if tag == "input" and name and (known.get("type", "text") in SENT or ticked):
            fields[name] = known.get("value", "on" if ticked else "")
        elif tag == "textarea" and name:
            self.area, fields[name] = name, ""
        elif tag == "select" and name:
            self.select = name
        elif tag == "option" and self.select and ("selected" in known or self.select not in fields):
            fields[self.select] = known.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][1][self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.area = ""
        elif tag == "select":
            self.select = ""


def form_of(text: str, action: str) -> dict[str, str] | None:
    """Return the fields of the form that does `action`; None when the page offers no such act."""
    found = (fields for _id, fields in _forms(text) if fields.get("action") == action)
    return next(found, None)


def form_called(text: str, name: str) -> dict[str, str] | None:
    """Return the fields of the form with this id."""
    return next((fields for id, fields in _forms(text) if id == name), None)


def _forms(text: str) -> list[tuple[str, dict[str, str]]]:
    parser = _Forms()
    parser.feed(text)
    return [
        (id, {key: value.removeprefix("\n") for key, value in fields.items()}) for id, fields in parser.forms
    ]
