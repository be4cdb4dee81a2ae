"""Handing an address to a web archive, where the operator of the service names one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urljoin

from .addresses import target_of
from .answers import Fetched
from .limits import Limits
from .problems import Refused
from .sandbox import fetch_page

# An archive answers once it has fetched the page itself.
PATIENT = Limits(wall=120, silence=90, size=64 * 1024, is_cut=True)
PLACE = "{address}"
# Link: <https://archive.example.org/2026/https://example.org/>; rel="memento"; ... (RFC 7089)
MEMENTO = re.compile(r"<([^<>]+)>\s*;[^<]*\brel=\"?[^\"<]*\bmemento\b", re.IGNORECASE)


def hand_to_archive(address: str, template: str, *, child: Sequence[str] | None = None) -> str:
    """Ask an archive to keep a page and return the address that it tells, "" if it tells none.

    `template` is how it is asked, CAPTURE_ARCHIVE; without one nothing is. What it tells is, in
    this order, a memento, a place of the content, or where it leads on to.
    """
    if not template:
        return ""
    try:
        asked = _asked(target_of(address).address, template)
        found = fetch_page(asked, limits=PATIENT, child=child)
        return _told(found, asked) if isinstance(found, Fetched) else ""
    except Refused:
        return ""


def _asked(address: str, template: str) -> str:
    """Fill an address in: behind a question mark as a value, in a path as it is."""
    before = template.partition(PLACE)[0]
    return template.replace(PLACE, quote(address, safe="") if "?" in before else address)


def _told(found: Fetched, asked: str) -> str:
    memento = MEMENTO.search(found.last.field("Link"))
    place = memento[1] if memento else found.last.field("Content-Location")
    if place:
        return target_of(urljoin(found.address, place)).address
    return found.address if found.address != target_of(asked).address else ""
