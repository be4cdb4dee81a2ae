"""Every public page once: what recommendations/urls.py answers, with an example of each pattern.

The examples are of the baseline. A pattern added there needs its arguments here, and fails until
it has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils import translation

from recommendations import urls
from recommendations.models.translation import digest_of
from recommendations.text.source_keys import source_key, source_slug

CITED = (
    "https://www.ndtv.com/world-news/un-confirms-us-withdrawal-notification-from-paris-climate-"
    "change-agreement-7581949"
)
REPORT = "/reports/us-japan-alliance-2024"

# Arguments by their name, for the patterns that say no other below.
ARGUMENTS: dict[str, Any] = {
    "report": "us-japan-alliance-2024",
    "number": "1.1",
    "label": "1.1a",
    "table": "actions",
    "section": "introduction",
    "update": "china-climate-cooperation-2025-01-27",
    "position": 1,
    "edition_number": 1,
    "cited_source": source_slug(source_key(CITED)),
    "source": source_slug(source_key(CITED)),
    "sha256": "0" * 64,
    "capture": 1,
    "vocabulary": "status",
    "code": "partly",
    "chart": "headline",
    "suffix": "svg",
    "coder": "first",
    "stated_on": "2024-06-13",
    "on": "2027-12-31",
    "earlier_report": "us-japan-alliance-2024",
    "earlier_number": "1.1",
    "translation": digest_of("policyarea.name", "Taiwan", "ja"),
}
# Arguments by the name of the pattern.
ARGUMENTS_OF: dict[str, dict[str, Any]] = {
    "area": {"slug": "taiwan"},
    "area_picture": {"slug": "taiwan"},
    "party": {"slug": "japan"},
    "party_picture": {"slug": "japan"},
    "edition": {"number": 1},
    "edition_record": {"number": 1},
    "edition_zip": {"number": 1},
    "api:targets_item": {"label": "3.6g"},
}
# Without it the pattern answers nothing.
QUERIES = {
    "cite_bibtex": "page=/changes/",
    "cite_ris": "page=/changes/",
    "oembed": f"url=http://testserver{REPORT}/",
}

# It leads on to its recommendation.
REDIRECTS = {"action"}
# Rows that the baseline has not.
NOT_THERE = {
    "api:captures_item",
    "copy_file",
    "api:codings_item",
    "api:relations_item",
    "api:relations_of_reports_item",
}
# They carry a token for one reader, or only follow such a form.
FORMS = {"report_error", "report_thanks", "appearance"}


@dataclass(frozen=True)
class PublicPage:
    name: str
    address: str
    view: Callable[..., HttpResponseBase]

    @property
    def is_file(self) -> bool:
        return self.is_of_api or not self.address.partition("?")[0].endswith("/")

    @property
    def is_of_api(self) -> bool:
        """Whether it answers programs: in JSON, and with problems in place of pages."""
        return self.name.startswith("api:") and self.name != "api:docs"

    def with_query(self, query: str) -> str:
        return f"{self.address}{'&' if '?' in self.address else '?'}{query}"


Patterns = Sequence[URLPattern | URLResolver]


def patterns(
    found: Patterns = urls.urlpatterns, *, route: str = "", space: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    """Yield each name inside the app with its route, those of included lists too."""
    for one in found:
        here = route + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from patterns(one.url_patterns, route=here, space=inner)
        else:
            yield f"{space}{one.name}", here, one


def example_of(name: str, route: str, pattern: URLPattern) -> PublicPage:
    known = ARGUMENTS | ARGUMENTS_OF.get(name, {})
    needed = {argument: known.get(argument) for argument in pattern.pattern.converters}
    try:
        with translation.override("en"):
            address = reverse(f"{urls.app_name}:{name}", kwargs=needed)
    except NoReverseMatch:
        raise LookupError(
            f"tests/public_pages.py has no example of “{name}” ({route}): "
            f"give its {', '.join(needed) or 'arguments'} in ARGUMENTS_OF."
        ) from None
    query = f"?{QUERIES[name]}" if name in QUERIES else ""
    return PublicPage(name=name, address=address + query, view=pattern.callback)


EVERY = [example_of(*found) for found in patterns()]
# What shows something itself.
ANSWERED = [page for page in EVERY if page.name not in REDIRECTS | NOT_THERE]
# What a browser shows, as a page of its own or in a frame of another.
EMBEDS = [page for page in ANSWERED if page.name.startswith("embed_")]
PAGES = [page for page in ANSWERED if not page.is_file and page not in EMBEDS]
OF_API = [page for page in ANSWERED if page.is_of_api]
# What shows the record, and the same to everybody.
OF_THE_RECORD = [page for page in ANSWERED if page.name not in FORMS]


def addresses(pages: list[PublicPage]) -> list[str]:
    return [page.address for page in pages]
