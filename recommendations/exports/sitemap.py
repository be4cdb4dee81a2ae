"""Sitemaps, as sitemaps.org describes them: pieces of XML, one a page.

Django's own framework pairs every row with every language before it takes one page of them: at a
million actions that is a list of all recommendations, twice, for each file that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"


def index_of(addresses: Iterable[str]) -> Iterator[str]:
    """Yield the list of the files of a sitemap."""
    yield f'{HEAD}<sitemapindex xmlns="{SPACE}">\n'
    for address in addresses:
        yield f"<sitemap><loc>{escape(address)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def file_of(
    pages: Iterable[tuple[Mapping[str, str], date | None]], *, default: str
) -> Iterator[str]:
    """Yield a file: of each page its address by language, and the day that last changed it.

    Each language is an entry of its own, which names all, as the pages do in their heads.
    """
    yield f'{HEAD}<urlset xmlns="{SPACE}" xmlns:xhtml="{XHTML}">\n'
    for addresses, day in pages:
        named = {**addresses, "x-default": addresses[default]}
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
            for code, address in named.items()
        )
        changed = f"<lastmod>{day.isoformat()}</lastmod>" if day else ""
        for address in addresses.values():
            yield f"<url><loc>{escape(address)}</loc>{changed}{links}</url>\n"
    yield "</urlset>\n"
