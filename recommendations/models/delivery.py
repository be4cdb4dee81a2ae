"""Spreadsheets that were delivered: what waits for a decision, what came of each row, and names."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from recommendations.statuses import EFFECTIVE_PRECISIONS, EvidenceKind, Precision, Status
from recommendations.statuses.possible_dates import Tense

from .choice_words import ChoiceWords
from .fields import AddressField, PlainCharField, StatedDateField, in_vocabulary

EFFECTIVE = [(code, code.label) for code in EFFECTIVE_PRECISIONS]


class TableMapping(models.Model):
    """What the columns of a spreadsheet mean, kept under a name for its next delivery."""

    name = PlainCharField(
        _("name"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Another mapping has this name.")},
    )
    mapping = models.JSONField(_("columns"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        editable=False,
        verbose_name=_("saved by"),
    )
    saved_at = models.DateTimeField(_("saved at"), editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("mapping of columns")
        verbose_name_plural = _("mappings of columns")

    def __str__(self) -> str:
        return self.name


class TableImport(models.Model):
    """A spreadsheet that an editor uploaded, until its rows are drafts or it is given up.

    `table` has its rows (`importing.tables.table.packed`), `mapping` what its columns mean, and
    `decisions` what the editor said of the rest.
    """

    report = models.ForeignKey(
        "recommendations.Report",
        models.CASCADE,
        related_name="+",
        null=True,
        verbose_name=_("report"),
    )
    file_name = PlainCharField(_("file"), max_length=200)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    table = models.BinaryField(_("rows"))
    mapping = models.JSONField(_("columns"))
    decisions = models.JSONField(_("decisions"), default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("import of a spreadsheet")
        verbose_name_plural = _("imports of spreadsheets")

    def __str__(self) -> str:
        return self.file_name


class Delivery(ChoiceWords, models.Model):
    """A spreadsheet whose rows became drafts, and the source that each of them cites."""

    title = PlainCharField(_("title"), max_length=300)
    publisher = PlainCharField(_("publisher"), max_length=200)
    url = AddressField(
        _("address"),
        max_length=1000,
        blank=True,
        help_text=_("Where readers find it. Without one, no status can be submitted on it."),
    )
    published_on = StatedDateField(
        _("published on"), tense=Tense.PAST, precision="published_precision"
    )
    published_precision = models.CharField(
        _("precision of the date"), max_length=20, choices=EFFECTIVE, default=Precision.DAY
    )
    accessed_on = StatedDateField(_("accessed on"), tense=Tense.PAST)
    kind = models.CharField(_("kind"), max_length=20, choices=EvidenceKind.choices)
    file_name = PlainCharField(_("file"), max_length=200)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    sheet = PlainCharField(_("sheet"), max_length=200, blank=True)
    mapping = models.JSONField(_("columns"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("imported by"),
    )
    imported_at = models.DateTimeField(_("imported at"))

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            in_vocabulary("kind", EvidenceKind, model="delivery"),
            models.CheckConstraint(
                condition=Q(published_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_delivery_precision_valid",
                violation_error_message=_("A source is dated by day, month or year."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DeliveryRow(models.Model):
    """What a row of a delivery said of an action, and the draft update that came of its status.

    `said` is compared with what the next delivery says. A status without a date of effect waits
    here, since no update can be without one.
    """

    delivery = models.ForeignKey(
        Delivery, models.CASCADE, related_name="rows", verbose_name=_("delivery")
    )
    row = models.PositiveIntegerField(_("row"))
    action = models.ForeignKey(
        "recommendations.Action", models.CASCADE, related_name="+", verbose_name=_("action")
    )
    number = PlainCharField(_("number in the table"), max_length=20, blank=True)
    said = models.JSONField(_("what it says"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices, blank=True)
    effective_on = StatedDateField(
        _("took effect on"),
        tense=Tense.PAST,
        precision="effective_precision",
        null=True,
        blank=True,
    )
    effective_precision = models.CharField(
        _("precision"), max_length=20, choices=EFFECTIVE, default=Precision.DAY
    )
    update = models.ForeignKey(
        "recommendations.StatusUpdate",
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("status update"),
    )

    class Meta:
        ordering = ["delivery", "row", "pk"]
        verbose_name = _("row of a delivery")
        verbose_name_plural = _("rows of deliveries")
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["", *(str(status) for status in Status)]),
                name="recommendations_deliveryrow_status_valid",
                violation_error_message=_("Choose one of the listed values."),
            ),
            models.CheckConstraint(
                condition=Q(effective_precision__in=[str(code) for code in EFFECTIVE_PRECISIONS]),
                name="recommendations_deliveryrow_precision_valid",
                violation_error_message=_("A fact takes effect on a day, in a month or in a year."),
            ),
            models.UniqueConstraint(
                fields=["delivery", "action"],
                name="recommendations_deliveryrow_one_an_action",
                violation_error_message=_("A delivery has at most one row an action."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delivery} ({self.row})"


class AddresseeAlias(models.Model):
    """Who is meant by a name in the tables about one report, as an editor said it.

    Another report may mean somebody else by the same name: it is asked about there anew.
    """

    report = models.ForeignKey(
        "recommendations.Report", models.CASCADE, related_name="+", verbose_name=_("report")
    )
    name = PlainCharField(_("name"), max_length=200)
    key = PlainCharField(_("name, folded"), max_length=400, editable=False)
    party = models.ForeignKey(
        "recommendations.Party",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("party"),
    )
    body = models.ForeignKey(
        "recommendations.Body",
        models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("body"),
        help_text=_("Without a party and a body the name is passed over."),
    )

    class Meta:
        ordering = ["report", "name"]
        verbose_name = _("name of an addressee in tables")
        verbose_name_plural = _("names of addressees in tables")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "key"],
                name="recommendations_addresseealias_unique",
                violation_error_message=_("This name is known for this report already."),
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=True) | Q(body__isnull=True),
                name="recommendations_addresseealias_party_or_body",
                violation_error_message=_("Choose a party or a body, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude=None) -> None:
        self.key = key_of_addressee(self.name)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse a name that is known (a query): forms leave what nobody types unjudged."""
        others = type(self).objects.exclude(pk=self.pk)
        if others.filter(report=self.report_id, key=self.key).exists():
            raise ValidationError({"name": _("This name is known for this report already.")})


def key_of_addressee(name: str) -> str:
    """Return a name as two writers of it would agree on: case, width and spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:400]
