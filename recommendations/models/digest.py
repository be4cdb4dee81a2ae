"""What proves that the record was not rewritten: a digest of each edition, chained to the last."""

from datetime import date, timedelta
from secrets import token_hex

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# Longer than any publication takes.
ONE_PUBLICATION = timedelta(hours=1)


def new_code() -> str:
    return token_hex(8)


class Pseudonym(models.Model):
    """The random code that stands for a person in what is digested and published."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        primary_key=True,
        related_name="pseudonym",
        verbose_name=_("person"),
    )
    code = models.CharField(_("code"), max_length=32, unique=True, default=new_code)

    class Meta:
        verbose_name = _("pseudonym")
        verbose_name_plural = _("pseudonyms")

    def __str__(self) -> str:
        return self.code


class EditionItem(models.Model):
    """One thing that an edition published, as canonical JSON, and the SHA-256 of that.

    `nonce` is secret: without it nobody can guess from the digest what is not public of it.
    """

    edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="digested_items",
        verbose_name=_("edition"),
    )
    key = models.CharField(_("key"), max_length=250)
    content = models.TextField(_("content"))
    nonce = models.CharField(_("nonce"), max_length=32, blank=True)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        ordering = ["edition_id", "digest"]
        verbose_name = _("digested item")
        verbose_name_plural = _("digested items")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "edition"],
                name="recommendations_editionitem_unique_key",
                violation_error_message=_("An edition has one item of a key."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.key}"


class EditionDigest(models.Model):
    """The digest of an edition over its header, its items and the digest before it.

    `text_marks` are the newest rows of the histories of texts that it has looked at, by kind, and
    how many recent ones there were: from there on the next edition looks for edits.
    """

    edition = models.OneToOneField(
        "recommendations.Edition",
        models.PROTECT,
        primary_key=True,
        related_name="digested",
        verbose_name=_("edition"),
    )
    format = models.PositiveSmallIntegerField(_("format"))
    header = models.TextField(_("header"))
    previous = models.CharField(_("digest before it"), max_length=64, blank=True)
    digest = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("made at"))
    text_marks = models.JSONField(_("newest edits looked at"), default=dict)

    class Meta:
        ordering = ["edition_id"]
        verbose_name = _("digest of an edition")
        verbose_name_plural = _("digests of editions")

    def __str__(self) -> str:
        return f"{self.edition_id} {self.digest}"

    @property
    def made_on(self) -> date:
        """The day on which it was made, in UTC."""
        return self.made_at.date()

    @property
    def is_late(self) -> bool:
        """Whether the edition was published before it: such a digest came with a release."""
        return self.made_at - self.edition.published_at > ONE_PUBLICATION
