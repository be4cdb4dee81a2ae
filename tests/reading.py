"""Reading pages as a visitor does: links with their text, the count of a list, rows of a CSV."""

import csv
import io
import re
from html.parser import HTMLParser


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
