"""From one edition until another: how long the tracker said something, or counted it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class EditionSpan:
    """The editions from `first` (None: none yet) until `until` (exclusive; None: it goes on)."""

    first: int | None
    until: int | None = None

    def holds_in(self, number: int | None) -> bool:
        """Say whether an edition is among them; None stands for the newest."""
        return self.began_by(number) and not self.ended_by(number)

    def began_by(self, number: int | None) -> bool:
        return self.first is not None and (number is None or self.first <= number)

    def ended_by(self, number: int | None) -> bool:
        return self.until is not None and (number is None or self.until <= number)

    def intersection(self, other: EditionSpan) -> EditionSpan:
        """Return the editions that are in both; one without a first has none."""
        if self.first is None or other.first is None:
            return EditionSpan(None)
        ends = [span.until for span in (self, other) if span.until is not None]
        return EditionSpan(max(self.first, other.first), min(ends, default=None))


class Endable:
    """Something that ends in an edition, and had not ended in the editions before it."""

    def forget(self, *, after: int) -> None:
        """Take back an end that came after an edition. The row must not be saved then."""
        raise NotImplementedError


def began_by(number: int | None, path: str = "", *, first: str = "from_edition") -> Q:
    """Return `EditionSpan.began_by` as a condition on rows with a column of the first edition."""
    if number is None:
        return Q(**{f"{path}{first}__isnull": False})
    return Q(**{f"{path}{first}__lte": number})


def ended_by(number: int | None, path: str = "", *, until: str = "until_edition") -> Q:
    """Return `EditionSpan.ended_by` as a condition on rows with a column of the last edition."""
    if number is None:
        return Q(**{f"{path}{until}__isnull": False})
    return Q(**{f"{path}{until}__lte": number})


def holds_in(
    number: int | None, path: str = "", *, first: str = "from_edition", until: str = "until_edition"
) -> Q:
    """Return `EditionSpan.holds_in` as a condition on rows with columns of both."""
    begun = began_by(number, path, first=first)
    if number is None:
        return begun & Q(**{f"{path}{until}__isnull": True})
    return begun & (Q(**{f"{path}{until}__isnull": True}) | Q(**{f"{path}{until}__gt": number}))
