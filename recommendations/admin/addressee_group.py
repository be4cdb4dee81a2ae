"""The named sets of parties by which actions are counted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from recommendations.addressee_groups import forget
from recommendations.models import AddresseeGroup, Party, Recommendation
from recommendations.publishing import settle_wording
from recommendations.statuses import WITH_OTHERS

from .base import CHECKBOXES
from .vocabulary import VocabularyAdmin, name_said


class AddresseeGroupForm(forms.ModelForm):
    """Refuses sets that no action could be told into: empty ones, and one that there is already."""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        slug = found.get("slug") or self.instance.slug
        if "parties" not in found:
            return found
        parties = set(found["parties"])
        if slug == WITH_OTHERS and parties:
            self.add_error("parties", _("This group has what no other has: leave its parties out."))
        elif slug != WITH_OTHERS and not parties:
            self.add_error("parties", _("Choose the parties whose actions it is to have."))
        elif parties and (other := self._with_the_same(parties)):
            told = _("“%(name)s” has the same parties. Change that one, or choose others.")
            self.add_error("parties", told % {"name": other})
        return found

    def _with_the_same(self, parties: Collection[Party]) -> AddresseeGroup | None:
        others = AddresseeGroup.objects.exclude(pk=self.instance.pk).prefetch_related("parties")
        return next((one for one in others if set(one.parties.all()) == parties), None)


@admin.register(AddresseeGroup)
class AddresseeGroupAdmin(VocabularyAdmin):
    """Each save and deletion groups actions anew. What they count by then is told as grouping."""

    form = AddresseeGroupForm
    list_display = (name_said, "slug", "position")
    fields = ("name", "slug", "row_name", "parties", "position")
    formfield_overrides = CHECKBOXES

    def touched_recommendations(self, obj: models.Model) -> models.QuerySet[Recommendation]:
        """Return those of actions that are in the group, or that may come into it."""
        assert isinstance(obj, AddresseeGroup)
        of_group = Q(actions__addressee=obj.slug) | Q(actions__parties__in=obj.parties.all())
        return Recommendation.objects.filter(of_group)

    def is_in_use(self, obj: models.Model) -> bool:
        """Say no: what a deleted group had is in another from then on."""
        return False

    def settle(self, obj: models.Model) -> None:
        super().settle(obj)
        forget()

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: AddresseeGroup) -> None:
        touched = list(self.touched_recommendations(obj).values_list("pk", flat=True))
        super().delete_model(request, obj)
        settle_wording(Recommendation.objects.filter(pk__in=touched))
        forget()
