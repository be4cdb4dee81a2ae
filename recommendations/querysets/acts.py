"""The log of acts, as its page asks for it."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class ActQuerySet(models.QuerySet):
    def before(self, moment: datetime) -> ActQuerySet:
        return self.filter(at__lt=moment)

    def for_list(self) -> ActQuerySet:
        return self.select_related("person").order_by("-pk")
