"""The text of a report, as an editor imported it. It is its owner's: `Report.text_rights` says
what of it visitors may read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from recommendations.querysets import PassageQuerySet

from .fields import PlainCharField, in_vocabulary


class PassageKind(models.TextChoices):
    HEADING = "heading", _("Heading")
    PARAGRAPH = "paragraph", _("Paragraph")
    ITEM = "item", _("List item")
    ROW = "row", _("Table row")
    QUOTE = "quote", _("Quotation")


class ReportText(models.Model):
    """One version of the text of a report. The newest is the one that is read."""

    report = models.ForeignKey(
        "recommendations.Report",
        models.CASCADE,
        related_name="texts",
        verbose_name=_("report"),
    )
    version = models.PositiveIntegerField(_("version"))
    file_name = PlainCharField(_("file"), max_length=200)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    imported_at = models.DateTimeField(_("imported at"))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="+",
        null=True,
        verbose_name=_("imported by"),
    )

    class Meta:
        ordering = ["report", "-version"]
        verbose_name = _("text of a report")
        verbose_name_plural = _("texts of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "version"],
                name="recommendations_reporttext_unique_version",
                violation_error_message=_("This report has a text with this version."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} ({self.version})"


class Passage(models.Model):
    """One heading, paragraph or the like. Places inside it are offsets in `text`.

    `anchor` is made of the content, so that it stays when the passage moves.
    """

    report_text = models.ForeignKey(ReportText, models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField(_("position"))
    anchor = models.SlugField(_("anchor"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=PassageKind.choices)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    html = models.TextField(_("text with its emphasis"), help_text=_("Sanitised on import."))
    text = models.TextField(_("text"))
    section = models.ForeignKey(
        "recommendations.Section",
        models.SET_NULL,
        related_name="passages",
        null=True,
        verbose_name=_("section"),
    )
    recommendation = models.ForeignKey(
        "recommendations.Recommendation",
        models.SET_NULL,
        related_name="passages",
        null=True,
        verbose_name=_("recommendation"),
    )

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["report_text", "position"]
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            in_vocabulary("kind", PassageKind, model="passage"),
            models.UniqueConstraint(
                fields=["report_text", "position"],
                name="recommendations_passage_unique_position",
                violation_error_message=_("Another passage of this text has this position."),
            ),
            models.UniqueConstraint(
                fields=["report_text", "anchor"],
                name="recommendations_passage_unique_anchor",
                violation_error_message=_("Another passage of this text has this anchor."),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Mark(models.Model):
    """Where in a passage an action is asked for: offsets in its text, the end exclusive."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="marks")
    action = models.ForeignKey(
        "recommendations.Action",
        models.CASCADE,
        related_name="marks",
        verbose_name=_("action"),
    )
    start = models.PositiveIntegerField(_("start"))
    end = models.PositiveIntegerField(_("end"))

    class Meta:
        ordering = ["passage", "start"]
        verbose_name = _("marked passage")
        verbose_name_plural = _("marked passages")
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="recommendations_mark_has_text",
                violation_error_message=_("Mark at least one character."),
            ),
            models.UniqueConstraint(
                fields=["passage", "action", "start"],
                name="recommendations_mark_unique",
                violation_error_message=_("This action is marked here already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"

    @property
    def words(self) -> str:
        return self.passage.text[self.start : self.end]


class ReportImport(models.Model):
    """A file that an editor uploaded and what it proposes, until it is accepted or given up."""

    report = models.ForeignKey(
        "recommendations.Report",
        models.CASCADE,
        related_name="+",
        null=True,
        verbose_name=_("report"),
        help_text=_("The report that it becomes a new text of. Without one, it is a new report."),
    )
    file_name = PlainCharField(_("file"), max_length=200)
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    outline = models.JSONField(_("proposal"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("import of a report")
        verbose_name_plural = _("imports of reports")

    def __str__(self) -> str:
        return self.file_name
