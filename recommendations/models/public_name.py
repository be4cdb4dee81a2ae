"""Names that stand in addresses, and stay what they are once the public record uses them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

FIXED_NAME = _(
    "It stands in addresses, feeds and files that others have kept, so it is fixed once the public "
    "record uses it."
)


class PublicName(models.Model):
    """Has a `slug` by which pages, filters and exports know it."""

    class Meta:
        abstract = True

    def is_in_record(self) -> bool:
        """Whether something of the public record has it, withdrawn or not (one query)."""
        raise NotImplementedError

    def clean(self) -> None:
        super().clean()
        if self.pk is None:
            return
        same = type(self)._default_manager.filter(pk=self.pk)
        # The field is each model's own.
        stored = same.values_list("slug", flat=True).first()  # type: ignore[misc]
        if stored not in (None, self.slug) and self.is_in_record():  # type: ignore[attr-defined]
            raise ValidationError({"slug": FIXED_NAME})
