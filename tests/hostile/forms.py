"""The forms and the links of a page, as a browser would read them from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

# What a person who makes no mistake types, by the kind of the field.
TYPED = {
    "date": "05/11/2024",
    "number": "1",
    "email": "an@example.org",
    "search": "An",
    "password": "x",
    "text": "Nội dung",
}


@dataclass
class Form:
    """A form: where it goes, how, what it sends as it stands, and which of its fields are files."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)  # of its fields
    others: set[str] = field(default_factory=set)  # where its buttons send it instead

    def sent(self) -> dict[str, list[str]]:
        return {name: list(values) for name, values in self.fields.items()}


class Page(HTMLParser):
    """Reads `forms`, and in `queries` the names of the parameters that links lay down, by path."""

    def __init__(self, here: str, text: str):
        super().__init__(convert_charrefs=True)
        self.here, self.forms, self.queries = here, [], {}
        self._named: dict[str, Form] = {}
        self._form: Form | None = None
        self._select: tuple[Form, str] | None = None
        self._area: tuple[Form, str] | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        if tag == "a":
            parts = urlsplit(urljoin(self.here, found.get("href", "")))
            if not parts.netloc:
                self.queries.setdefault(parts.path, set()).update(
                    name for name, _ in parse_qsl(parts.query, True)
                )
        elif tag == "form":
            action = urljoin(self.here, found.get("action") or self.here)
            self._form = Form(action, found.get("method", "get").lower())
            self.forms.append(self._form)
            self._named[found.get("id", "")] = self._form
        elif tag in ("input", "button", "select", "textarea"):
            self._field(tag, found)
        elif tag == "option" and self._select:
            form, name = self._select
            value = found.get("value", "")
            if "selected" in found or (value and not any(form.fields.get(name, ()))):
                form.fields[name] = [value]

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            if self._area and not any(value.strip() for value in self._area[0].fields[self._area[1]]):
                self._area[0].fields[self._area[1]] = [TYPED["text"]]
            self._area = None

    def handle_data(self, data):
        if self._area:
            form, name = self._area
            form.fields[name][-1] += data

    def _field(self, tag, found):
        form, name = self._named.get(found.get("form", "-"), self._form), found.get("name")
        if form is not None and found.get("formaction"):
            form.others.add(urljoin(self.here, found["formaction"]))
        if form is None or not name or name == "csrfmiddlewaretoken":
            return
        if tag == "select":
            form.fields.setdefault(name, [""])
            self._select = (form, name)
        elif tag == "textarea":
            form.fields[name] = [""]
            self._area = (form, name)
        elif tag == "button":
            if found.get("value") and name not in form.fields:
                form.fields[name] = [found["value"]]
        elif found.get("type") == "file":
            form.files.append(name)
        elif found.get("type") in ("checkbox", "radio"):
            if "checked" in found or name not in form.fields:
                form.fields.setdefault(name, [])
                form.fields[name] = [
                    *form.fields[name][: 0 if found["type"] == "radio" else None],
                    found.get("value", "on"),
                ]
        else:
            if found.get("type") == "hidden":
                form.hidden.add(name)
            kind = "date" if "date" in found.get("class", "") else found.get("type", "text")
            form.fields.setdefault(name, []).append(found.get("value") or TYPED.get(kind, ""))
