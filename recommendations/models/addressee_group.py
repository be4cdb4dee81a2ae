"""The named sets of parties by which actions are counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import AddresseeGroupQuerySet
from recommendations.text.languages import plain

from .action import Action
from .fields import PlainCharField
from .vocabulary import Named, Party


class AddresseeGroup(Named):
    """Actions that are asked of these parties, or of some of them, and of nobody else.

    An action is in the smallest group that has all its parties. What no group has is “with others”,
    a group that is always there: a row with its code says by which words. It groups, as policy
    areas do, and holds as it is now on pages of the past too.
    """

    row_name = PlainCharField(
        _("name beside others"),
        max_length=200,
        blank=True,
        help_text=_("On rows that stand beside other groups, where the name alone could mislead."),
    )
    parties = models.ManyToManyField(
        Party, related_name="addressee_groups", blank=True, verbose_name=_("parties")
    )

    objects = AddresseeGroupQuerySet.as_manager()
    # Where simple-history looks for the lists of a model that has its history from another.
    _history_m2m_fields = [parties]

    class Meta(Named.Meta):
        verbose_name = _("addressee group")
        verbose_name_plural = _("addressee groups")

    def __str__(self) -> str:
        return plain(self.name, "addresseegroup.name")

    def is_in_record(self) -> bool:
        # Actions know their group by its code alone.
        return Action.objects.filter(addressee=self.slug, from_edition__isnull=False).exists()
