"""Copies of what an item cites: asked for, taken for the one that was read, searched for a passage.

Each is a button of the form, so that it works without the script and nothing that was typed is
lost; the script does the same beside the form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from recommendations import copying
from recommendations.capturing.quotations import find_quotation
from recommendations.models import Capture
from recommendations.models.fields import QUOTATION
from recommendations.models.source import WORDS
from recommendations.text.source_keys import source_key

STEP = re.compile(r"(?P<act>copy|take|quote)-(?P<n>\d{1,3})(?:-(?P<key>\d{1,18}))?\Z")
SHA256 = re.compile(r"[0-9a-f]{64}")
ASK, TAKE, QUOTE = "copy", "take", "quote"
# The box beside an item in which a passage is typed or pasted; no field of the item.
PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class CopyStep:
    """What a button did: the form as it is now, and why nothing came of it, by item."""

    data: QueryDict
    refused: dict[str, str] = field(default_factory=dict)
    is_saved: bool = False


def copy_step(go: str, data: QueryDict, *, by: User) -> CopyStep | None:
    """Do what a button of an item asks, if it is one of these. A copy that is asked for saves."""
    step = STEP.match(go)
    if step is None:
        return None
    prefix = f"evidence-{step['n']}"
    if step["act"] == ASK:
        return _ask(prefix, data, by=by)
    if step["act"] == TAKE:
        return _take(prefix, data, int(step["key"] or 0))
    return _quote(prefix, data)


def anchor_of(go: str) -> str:
    """Return where on the page a draft goes on that was saved with a request for a copy."""
    step = STEP.match(go)
    return f"#evidence-{step['n']}-copy" if step else ""


def _ask(prefix: str, data: QueryDict, *, by: User) -> CopyStep:
    if not by.has_perm("recommendations.add_capture"):
        return CopyStep(data, {prefix: _("You may not ask for copies here.")})
    try:
        copying.ask_capture(data.get(f"{prefix}-url", ""), by)
    except ValidationError as refusal:
        return CopyStep(data, {prefix: " ".join(refusal.messages)})
    return CopyStep(data, is_saved=True)


def _take(prefix: str, data: QueryDict, key: int) -> CopyStep:
    """Name a copy as the one that was read, and fill what is empty with the words of its source."""
    address = data.get(f"{prefix}-url", "")
    capture = _copy_at(address, pk=key)
    if capture is None:
        return CopyStep(data, {prefix: _("This copy is not of this address, or was removed.")})
    data = data.copy()
    data[f"{prefix}-capture_sha256"] = capture.sha256
    fill(prefix, data, {name: getattr(capture.source, name) for name in WORDS})
    return CopyStep(data)


def fill(prefix: str, data: QueryDict, words: dict[str, Any]) -> None:
    """Write words into the fields of an item that are empty."""
    if words["published_on"] and not data.get(f"{prefix}-published_on", "").strip():
        data[f"{prefix}-published_on"] = words["published_on"].isoformat()
        data[f"{prefix}-published_precision"] = words["published_precision"]
    for name in ("title", "publisher", "kind", "language", "archived_url"):
        if words[name] and not data.get(f"{prefix}-{name}", "").strip():
            data[f"{prefix}-{name}"] = words[name]


def _quote(prefix: str, data: QueryDict) -> CopyStep:
    """Put a passage into the quotation as it stands in the copy."""
    capture = copy_read(data.get(f"{prefix}-url", ""), data.get(f"{prefix}-capture_sha256", ""))
    if capture is None:
        return CopyStep(data, {prefix: _("There is no copy of this address yet.")})
    quotation, problem = passage_in(capture, data.get(f"{prefix}-{PASSAGE}", ""))
    if problem:
        return CopyStep(data, {prefix: problem})
    data = data.copy()
    data[f"{prefix}-quotation"] = quotation
    data[f"{prefix}-{PASSAGE}"] = ""
    data[f"{prefix}-capture_sha256"] = capture.sha256
    return CopyStep(data)


def passage_in(capture: Capture, passage: str) -> tuple[str, str]:
    """Return a passage as it stands in a copy, or why it is none, as a sentence."""
    if not passage.strip():
        return "", _("Select a passage, type it or paste it.")
    place = find_quotation(capture.text, passage)
    if place is None:
        return "", _("This does not stand in the copy. Select the passage in its text.")
    found = capture.text[slice(*place)].strip()
    if len(found) > QUOTATION:
        too_long = _("A quotation has at most %(most)d characters, and this has %(n)d.")
        return "", too_long % {"most": QUOTATION, "n": len(found)}
    return found, ""


def copy_read(address: str, sha256: str) -> Capture | None:
    """Return the copy of an address with this SHA-256; without one, the newest with a text."""
    if SHA256.fullmatch(sha256) and (named := _copy_at(address, sha256=sha256)):
        return named
    readable = Capture.objects.kept().filter(source__key=source_key(address)).exclude(text="")
    return readable.select_related("source").first()


def _copy_at(address: str, **which: Any) -> Capture | None:
    rows = Capture.objects.kept().filter(source__key=source_key(address), **which)
    return rows.select_related("source").first()
