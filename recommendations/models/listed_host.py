"""Hosts that are never evidence, and others that editors mark."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import ListedHostQuerySet
from recommendations.statuses.possible_dates import Tense
from recommendations.text.listed_hosts import host_of, plain_host

from .fields import REASON, PlainCharField, PlainTextField, StatedDateField, in_vocabulary

NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


class HostMark(models.TextChoices):
    NEVER_EVIDENCE = "never_evidence", _("Never evidence")
    COPIES = "copies", _("Copies of others’ texts")
    STATE_MEDIA = "state_media", _("State media")


def refuse_no_host(value: str) -> None:
    """Raise ValidationError for what is no name of a host with a dot in it."""
    if not NAME.fullmatch(host_in(value)):
        raise ValidationError(_("Write a host such as example.org, without https:// or a path."))


def host_in(value: str) -> str:
    """Return the host of what was typed: a name, or a whole address that was pasted."""
    return host_of(value) if "//" in value else plain_host(value)


class ListedHost(models.Model):
    """A host, with all its subdomains, and what it is listed as.

    The list holds as it is now, on pages of the past too: a link to a disinformation network is
    no part of the record.
    """

    host = PlainCharField(
        _("host"),
        max_length=253,
        unique=True,
        validators=[refuse_no_host],
        help_text=_("It covers its subdomains: example.org is also news.example.org."),
    )
    mark = models.CharField(_("listed as"), max_length=20, choices=HostMark.choices)
    reason = PlainTextField(
        _("reason"),
        greatest_length=REASON,
        help_text=_("Who says so, and where. For the staff: pages for the public say the mark."),
    )
    since_on = StatedDateField(_("on the list since"), tense=Tense.PAST)

    objects = ListedHostQuerySet.as_manager()

    class Meta:
        ordering = ["mark", "host"]
        verbose_name = _("listed host")
        verbose_name_plural = _("listed hosts")
        constraints = [
            in_vocabulary("mark", HostMark, model="listedhost"),
            models.CheckConstraint(
                condition=~models.Q(host="") & ~models.Q(reason=""),
                name="recommendations_listedhost_has_reason",
                violation_error_message=_("An entry names a host and the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.host

    def clean_fields(self, exclude=None) -> None:
        self.host = host_in(self.host)
        super().clean_fields(exclude=exclude)
