"""What the form shows beside each item: the copies of what it cites, and how to have one made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from alliance.background import queue
from recommendations.copying import KnownCopies, known_copies
from recommendations.text.source_keys import source_key

from .copies import PASSAGE
from .forms import BaseEvidenceFormSet, EvidenceForm

MAY_ASK = "recommendations.add_capture"


def copy_boxes(
    formset: BaseEvidenceFormSet, *, user: User, refused: Mapping[str, str] | None
) -> dict[str, SafeString]:
    """Return the box of each item by its prefix, that of an item to come too (five queries).

    `refused` says, by prefix, why there is no copy or no quotation.
    """
    items = [*formset.forms, formset.empty_form]
    addresses = {str(item.prefix): _typed(item, "url") for item in items}
    known = known_copies(one for one in addresses.values() if "\0" not in one)
    return {
        prefix: copy_box(
            prefix,
            known.get(source_key(addresses[prefix])),
            may_ask=user.has_perm(MAY_ASK),
            chosen=_typed(item, "capture_sha256"),
            refusal=(refused or {}).get(prefix, ""),
            passage=item.data.get(f"{prefix}-{PASSAGE}", "") if item.is_bound else "",
        )
        for item in items
        for prefix in [str(item.prefix)]
    }


def _typed(item: EvidenceForm, name: str) -> str:
    return str(item[name].value() or "")


def copy_box(
    prefix: str,
    known: KnownCopies | None,
    *,
    may_ask: bool,
    chosen: str = "",
    refusal: str = "",
    passage: str = "",
) -> SafeString:
    """Return the box of an item: `chosen` is the SHA-256 of the copy that it names already."""
    facts: dict[str, Any] = {
        "prefix": prefix,
        "n": prefix.rpartition("-")[2],
        "known": known,
        "readable": known and any(one.is_readable for one in known.captures),
        "chosen": chosen,
        "refusal": refusal,
        "passage": passage,
        "may_ask": may_ask and settings.CAPTURE,
        "lacks_worker": bool(known and known.is_waiting and not queue.is_seen()),
    }
    # What the engine returns is escaped.
    return mark_safe(render_to_string("components/evidence_copy.html", facts))
