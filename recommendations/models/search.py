"""The text that search looks through, one row an action or recommendation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SearchDocument(models.Model):
    """Written by search.py alone.

    `words` is for the English stemmers, `bigrams` holds the Japanese runs of the same text, cut
    in pairs of characters. Each database keeps its own full-text index over the two columns.
    """

    action = models.OneToOneField(
        "recommendations.Action", models.CASCADE, related_name="search_document", null=True
    )
    recommendation = models.OneToOneField(
        "recommendations.Recommendation", models.CASCADE, related_name="search_document", null=True
    )
    words = models.TextField()
    bigrams = models.TextField()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        constraints = [
            models.CheckConstraint(
                condition=Q(action__isnull=False, recommendation__isnull=True)
                | Q(action__isnull=True, recommendation__isnull=False),
                name="recommendations_searchdocument_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.words[:80]
