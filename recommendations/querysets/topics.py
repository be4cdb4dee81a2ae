"""What readers look for by name."""

from __future__ import annotations

from django.db import models

from .base import KnownBySlug


class TopicQuerySet(KnownBySlug, models.QuerySet):
    """Topics in the order that editors give them."""
