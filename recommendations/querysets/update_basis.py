"""What an update leaves standing, and which finding of research awaits a review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from recommendations.edition_span import began_by, holds_in

from .base import seen_alike
from .update_states import UpdateStates

# Later than any edition: that of a draft.
NOT_YET = 2**31 - 1
# How often a correction is followed when it is corrected in its turn. A finding of research that is
# corrected more often awaits a review again, which errs on the side of doubt.
CORRECTIONS_FOLLOWED = 5


class UpdateBasis(UpdateStates):
    def awaiting_review(self) -> Self:
        """The newest finding of research on each action, unless a reviewer judged that very one."""
        findings = self._findings()
        newer = findings.filter(
            Q(effective_day__gt=OuterRef("effective_day"))
            | Q(effective_day=OuterRef("effective_day"), edition__gt=OuterRef("edition"))
            | Q(
                effective_day=OuterRef("effective_day"),
                edition=OuterRef("edition"),
                pk__gt=OuterRef("pk"),
            ),
            action=OuterRef("action"),
        )
        by_people = seen_alike(self.model.objects, self).counting().filter(is_baseline=False)
        judging = Q(relies_on=OuterRef("pk")) | _or_corrected("pk", OuterRef("pk"))
        return findings.exclude(Exists(newer)).exclude(
            Exists(by_people.filter(judging, action=OuterRef("action")))
        )

    def _findings(self) -> Self:
        """What research said and nobody withdrew: it counts, or a reviewer has corrected it."""
        number = self.viewpoint.number if self.viewpoint else None
        said = seen_alike(self.model.objects, self).published().filter(is_baseline=True)
        correcting = self.model.objects.published().filter(
            replaces=OuterRef("pk"), is_baseline=False
        )
        counts = holds_in(number, first="edition", until="ended_in_edition")
        corrected = began_by(number, first="edition") & Exists(correcting)
        return said.filter(counts | corrected)

    def with_basis(self) -> Self:
        """Annotate and fetch what updates rest on that say nothing new (three queries at most).

        `explained_by` is the update whose note still explains one without a note, `rests_on` that
        whose evidence one without evidence rests on: the newest before it that says the same
        status, with no other status in between. It is None where there is no such update.
        """
        from recommendations.models import Evidence

        items = Evidence.objects.filter(update=OuterRef("pk"))
        same = self._of_the_same_status().latest_first()
        explaining = Subquery(same.exclude(note="").values("pk")[:1])
        evident = Subquery(same.filter(Exists(items)).values("pk")[:1])
        rows = seen_alike(self.model.objects, self).published()
        return self.annotate(
            explained_by_key=Case(When(note="", then=explaining)),
            rests_on_key=Case(When(~Exists(items), then=evident)),
        ).prefetch_related(
            Prefetch("explained_by", rows), Prefetch("rests_on", rows.prefetch_related("evidence"))
        )

    def _of_the_same_status(self) -> Self:
        """Return what counted before an update and said the same without a break."""
        counting = seen_alike(self.model.objects, self).counting()
        between = counting.filter(
            _known_to(_two_up("edition")),
            action=OuterRef("action"),
            effective_day__gt=OuterRef("effective_day"),
            effective_day__lte=_day_it_counts_from(_two_up),
        ).exclude(status=OuterRef("status"))
        return counting.filter(
            ~Exists(between),
            _known_to(OuterRef("edition")),
            action=OuterRef("action"),
            status=OuterRef("status"),
            effective_day__lte=_day_it_counts_from(OuterRef),
        ).exclude(pk__in=[OuterRef("pk"), Coalesce(OuterRef("replaces"), 0)])


def _or_corrected(lookup: str, value: Any) -> Q:
    """Return a condition on rows, or on what they correct, directly or in several steps."""
    condition = Q(**{lookup: value})
    for n in range(1, CORRECTIONS_FOLLOWED + 1):
        condition |= Q(**{"__".join([*["replaces"] * n, lookup]): value})
    return condition


def _known_to(edition: OuterRef) -> Q:
    """Return the condition that rows were said by this edition: in these words, or corrected."""
    return _or_corrected("edition__lte", Coalesce(edition, Value(NOT_YET)))


def _two_up(name: str) -> OuterRef:
    return OuterRef(OuterRef(name))


def _day_it_counts_from(up: Callable[[str], OuterRef]) -> Coalesce:
    """Return the day from which an update outside counts; a draft, from the day that it states."""
    return Coalesce(up("effective_day"), up("effective_on"))
