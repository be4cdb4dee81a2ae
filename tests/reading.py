"""Reading pages as a visitor does: links with their text, the count of a list, rows of a CSV."""

import csv
import io
import re
from html.parser import HTMLParser

import html5lib


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._href: str | None = None
        self._text = ""

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self._href, self._text = dict(attrs).get("href"), ""

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "a" and self._href is not None:
            self.found.append((self._href, " ".join(self._text.split())))
            self._href = None


def links_of(html: str) -> list[tuple[str, str]]:
    parser = Links()
    parser.feed(html)
    return parser.found


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def list_count(html: str) -> tuple[int, int]:
    """Return (shown, all) of the heading of a list: "44 of 83 verifiable actions"."""
    heading = re.search(r'<h2 id="found"[^>]*>(.*?)</h2>', html, re.S)
    assert heading, html[:500]
    found = re.match(r"(\d+) of (\d+)", text_of(heading[1]))
    assert found, heading[1]
    return int(found[1]), int(found[2])


def csv_rows(response, encoding: str = "utf-8") -> list[dict[str, str]]:
    assert response.status_code == 200, response.content
    text = b"".join(response.streaming_content).decode(encoding)
    return list(csv.DictReader(io.StringIO(text)))


def form_values(html: str, form_id: str) -> dict[str, list[str]]:
    """Return what a browser would send of a form that nobody has touched."""
    page = html5lib.parse(html, namespaceHTMLElements=False)
    [form] = [one for one in page.iter("form") if one.get("id") == form_id]
    sent: dict[str, list[str]] = {}
    for field in (one for one in form.iter() if one.tag in ("input", "textarea", "select")):
        name, kind = field.get("name"), field.get("type", "")
        if not name or field.get("disabled") is not None or kind in ("submit", "button", "file"):
            continue
        if kind in ("checkbox", "radio") and field.get("checked") is None:
            continue
        sent.setdefault(name, []).extend(_values_of(field))
    return sent


def _values_of(field) -> list[str]:
    if field.tag == "textarea":
        return [(field.text or "").removeprefix("\n")]
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None]
        if not chosen and field.get("multiple") is None:
            chosen = options[:1]
        return [one.get("value", one.text or "") for one in chosen]
    return [field.get("value", "on" if field.get("type") == "checkbox" else "")]


def post_change(client, address: str, data: dict, **extra):
    """Send a change form as somebody does who has just opened its page."""
    html = client.get(address).content.decode()
    found = re.search(r'name="seen_version" value="(\w+)"', html)
    seen = {"seen_version": found[1]} if found else {}
    return client.post(address, data | seen, **extra)
