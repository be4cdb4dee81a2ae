"""The precisions of dates that a site has a use for: fiscal years of others are none."""

from __future__ import annotations

from collections.abc import Iterator

from recommendations.record import Record
from recommendations.statuses import NAMED_FISCAL_YEARS, Precision
from recommendations.viewpoint import Viewpoint


def known_precisions() -> list[Precision]:
    """Return all but the fiscal years that have the name of a party not known here (one query)."""
    there = Record(Viewpoint.present()).parties(NAMED_FISCAL_YEARS)
    others = {code for slug, code in NAMED_FISCAL_YEARS.items() if slug not in there}
    return [one for one in Precision if one not in others]


class PrecisionLabels:
    """Their codes with their labels in the language of the reader, read whenever asked for."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([(str(one), str(one.label)) for one in known_precisions()])
