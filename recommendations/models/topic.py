"""What readers look for by name, and the filters of the list that find it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import TopicQuerySet

from .fields import PlainCharField
from .vocabulary import Named

MOST_TOPICS = 12


class Topic(Named):
    """A way into the list that no policy area is: it counts nothing by itself.

    It holds as it is now, on pages of the past too, as wording does.
    """

    query = PlainCharField(
        _("filters of the list"),
        max_length=500,
        help_text=_(
            "The address of the list with the filters that find it, or what stands behind its "
            "question mark: area=housing"
        ),
    )

    objects = TopicQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=~Q(query=""),
                name="recommendations_topic_has_query",
                violation_error_message=_("Give the filters that find it."),
            )
        ]

    def is_in_record(self) -> bool:
        """Say no: its slug stands in no address."""
        return False

    def clean_fields(self, exclude=None) -> None:
        self.query = self.query.strip().rpartition("?")[2]
        super().clean_fields(exclude=exclude)
