"""The log of acts: who did what to the record and to the accounts, and whether it succeeded."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.querysets import ActQuerySet

from .fields import PlainCharField, PlainTextField, in_vocabulary


class Event(models.TextChoices):
    SIGN_IN = "sign_in", _("Sign-in")
    LOCK_OUT = "lock_out", _("Lock-out")
    SIGN_OUT = "sign_out", _("Sign-out")
    REAUTHENTICATION = "reauthentication", _("Identity shown again")
    SESSION = "session", _("Session ended")
    FACTOR_ADDED = "factor_added", _("Second factor added")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    PASSWORD = "password", _("Password changed")
    ACCOUNT = "account", _("Account or role changed")
    DRAFT = "draft", _("Draft saved")
    SUBMISSION = "submission", _("Submission")
    RETURN = "return", _("Return")
    PUBLICATION = "publication", _("Publication")
    RETRACTION = "retraction", _("Retraction")
    CODING = "coding", _("Second coding")
    STRUCTURE = "structure", _("Structure")
    WORDING = "wording", _("Wording or grouping")
    TRANSLATION = "translation", _("Translation")
    IMPORT = "import", _("Import")
    EXPORT = "export", _("Export")
    SOURCE = "source", _("Source or copy of one")
    INBOX = "inbox", _("Inbox")
    READER_REPORT = "reader_report", _("Report of a reader decided")
    REFUSAL = "refusal", _("Page refused")
    UPKEEP = "upkeep", _("Upkeep of the database")
    OTHER = "other", _("Other change")


class Outcome(models.TextChoices):
    DONE = "done", pgettext_lazy("outcome of an act", "Done")
    REFUSED = "refused", pgettext_lazy("outcome of an act", "Refused")


# The subject of the line that `check_integrity` leaves; its detail is how much was found.
CHECKED = "check_integrity"


class Act(models.Model):
    """One line. The database takes it in once and never changes it (`triggers.growing`).

    The name is kept beside the account, since a person may be named otherwise later.
    """

    at = models.DateTimeField(_("time"), db_index=True)
    event = models.CharField(_("event"), max_length=20, choices=Event.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="acts",
        null=True,
        verbose_name=_("person"),
    )
    name = PlainCharField(
        _("name"),
        max_length=200,
        blank=True,
        help_text=_("Of the account at that time, or of the command."),
    )
    address = models.CharField(
        _("address"),
        max_length=16,
        blank=True,
        help_text=_("A keyed hash: two lines from one place have the same."),
    )
    subject = PlainTextField(_("subject"), blank=True)
    detail = PlainTextField(_("detail"), blank=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ["view"]
        verbose_name = _("act")
        verbose_name_plural = _("log of acts")
        constraints = [
            in_vocabulary("event", Event, model="act"),
            in_vocabulary("outcome", Outcome, model="act"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.event} {self.name}"
