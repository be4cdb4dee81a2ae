"""Marks in the text of a report: plain-text places, laid over its HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.safestring import SafeString, mark_safe

from recommendations.text.html import conditional_escape, format_html, format_html_join

VOID = ("br",)


@dataclass(frozen=True)
class MarkedPlace:
    """From `start` to `end` (exclusive) of the text. `after` stands where the mark ends."""

    start: int
    end: int
    url: str
    after: SafeString


def text_without_tags(html: str) -> str:
    """Return the text that places count in: what is between the tags."""
    parser = _Marker([])
    parser.feed(html)
    parser.close()
    return "".join(parser.plain)


def marked(html: str, places: Sequence[MarkedPlace]) -> SafeString:
    """Return sanitised HTML with the places marked, whatever elements they begin and end in.

    A mark that crosses the border of an element comes in pieces. Each leads to its action, but for
    one inside a link of the text itself. Places beyond the end of the text are left out.
    """
    parser = _Marker(places)
    parser.feed(html)
    parser.close()
    return format_html_join("", "{}", ((piece,) for piece in parser.pieces))


class _Marker(HTMLParser):
    def __init__(self, places: Sequence[MarkedPlace]) -> None:
        super().__init__(convert_charrefs=True)
        self.places = places
        self.borders = sorted({border for place in places for border in (place.start, place.end)})
        self.pieces: list[SafeString] = []
        self.plain: list[str] = []
        self.at = 0
        self.links = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += tag == "a"
        shown = format_html_join("", ' {}="{}"', ((name, value or "") for name, value in attrs))
        self.pieces.append(format_html("<{}{}>", mark_safe(tag), shown))

    def handle_endtag(self, tag: str) -> None:
        self.links -= tag == "a"
        if tag not in VOID:
            self.pieces.append(format_html("</{}>", mark_safe(tag)))

    def handle_data(self, data: str) -> None:
        self.plain.append(data)
        end = self.at + len(data)
        cuts = [self.at, *(border for border in self.borders if self.at < border < end), end]
        for start, stop in zip(cuts, cuts[1:], strict=False):
            self._piece(data[start - self.at : stop - self.at], start, stop)
        self.at = end

    def _piece(self, text: str, start: int, stop: int) -> None:
        shown = conditional_escape(text)
        for place in self.places:
            if place.start <= start and stop <= place.end:
                after = place.after if stop == place.end else ""
                link = "{}{}" if self.links else '<a href="{}">{}{}</a>'
                arguments = (shown, after) if self.links else (place.url, shown, after)
                shown = format_html("<mark>" + link + "</mark>", *arguments)
        self.pieces.append(shown)
