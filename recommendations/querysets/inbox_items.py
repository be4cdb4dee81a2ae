"""The inbox: what waits, for whom, and what became of the rest."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class InboxItemQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def known_by(self, keys: Collection[str]) -> Self:
        return self.filter(key__in=keys)

    def assigned_to(self, person: User) -> Self:
        return self.filter(assigned_to=person)

    def unassigned(self) -> Self:
        return self.filter(assigned_to__isnull=True)

    def for_staff_list(self) -> Self:
        """With what a row names, and without the text that was read."""
        people = ("added_by", "assigned_to", "decided_by")
        return self.select_related(*people, "reader_report__recommendation", "source").defer("text")
