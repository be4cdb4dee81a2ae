"""The dates by which actions are to be done."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q


class DeadlineQuerySet(models.QuerySet):
    def stated_by(self, day: date) -> Self:
        """Those of reports, and the official targets that were made known by then."""
        return self.filter(Q(origin="report") | Q(stated_on__lte=day))

    def decisive_first(self) -> Self:
        """Order so that of one action the deadline that decides its schedule comes first.

        The report's own does, else the official target that was stated first.
        """
        return self.order_by("-origin", F("stated_on").asc(nulls_first=True), "on")

    def get_by_natural_key(
        self,
        report: str,
        recommendation: str,
        action: str,
        origin: str,
        on: str | None,
        stated_on: str | None,
    ):
        return self.get(
            action__recommendation__report__slug=report,
            action__recommendation__slug=recommendation,
            action__slug=action,
            origin=origin,
            on=on,
            stated_on=stated_on,
        )
