from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .fields import PlainCharField


class FileToReadQuerySet(models.QuerySet["FileToRead"]):
    def waiting(self) -> FileToReadQuerySet:
        return self.filter(read_as__isnull=True, problem="")


class FileToRead(models.Model):
    """A file that takes long to read, until the background has read it or could not.

    The file is here, and not on the disk of the machine that took it in: another may read it, and
    a transaction that is rolled back leaves nothing of it. It is emptied as soon as it was read.
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
    data = models.BinaryField(_("content of the file"))
    language = models.CharField(_("language of the editor"), max_length=10)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    read_as = models.OneToOneField(
        "recommendations.ReportImport",
        models.CASCADE,
        related_name="+",
        null=True,
        verbose_name=_("what was read in it"),
    )
    problem = models.TextField(_("why it could not be read"), blank=True)

    objects = FileToReadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        default_permissions = ()
        verbose_name = _("file to be read")
        verbose_name_plural = _("files to be read")

    def __str__(self) -> str:
        return self.file_name
