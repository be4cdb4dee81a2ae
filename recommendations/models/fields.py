"""Constraints that several models share."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.enums import Choices
from django.utils.translation import gettext_lazy as _

from recommendations.edition_span import Endable
from recommendations.statuses import Status

# PostgreSQL refuses NUL in text and SQLite takes it; browsers cannot show the others.
no_control_characters = RegexValidator(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
    message=_("Remove the invisible control characters from this text."),
    inverse_match=True,
)


class PlainCharField(models.CharField):
    default_validators = [no_control_characters]


class PlainTextField(models.TextField):
    default_validators = [no_control_characters]


def typed_fields(model: type[models.Model], *, without: Collection[str] = ()) -> tuple[str, ...]:
    """Return the columns that people fill in, in the order of the model, but for those named.

    A list that is to hold all of them is derived with this, so that it takes in a new field.
    """
    if unknown := set(without) - {field.name for field in model._meta.concrete_fields}:
        raise FieldDoesNotExist(f"{model._meta.label} has no {sorted(unknown)}")
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in without
    )


def column_of(model: type[models.Model], name: str) -> models.Field:
    """Return a field with a column of its own, no relation that leads here."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model._meta.label}.{name}")
    return field


def languages() -> list[tuple[str, str]]:
    """Return the choices of a language: a setting, which may change without the database."""
    return list(settings.LANGUAGES)


def in_vocabulary(field: str, vocabulary: type[Choices], *, model: str) -> models.CheckConstraint:
    """Constrain a column to the codes of a vocabulary; `choices` alone do not."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [str(code) for code in vocabulary.values]}),
        name=f"recommendations_{model}_{field}_valid",
        violation_error_message=_("Choose one of the listed values."),
    )


class Fallible(models.Model):
    """A status that may have fallen, which the history says and nobody types."""

    fell_from = models.CharField(
        _("fallen from"), max_length=20, choices=Status.choices, blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_lapsed(self) -> bool:
        """Whether it was implemented and is no longer."""
        return self.fell_from == Status.IMPLEMENTED


def fall_in_vocabulary(*, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(fell_from__in=["", *(str(status) for status in Status)]),
        name=f"recommendations_{model}_fell_from_valid",
        violation_error_message=_("Choose one of the listed values."),
    )


def edition_order(*, model: str) -> models.CheckConstraint:
    """Something leaves the record in a later edition than it came in."""
    return models.CheckConstraint(
        condition=Q(until_edition__isnull=True)
        | Q(from_edition__isnull=False, until_edition__gt=F("from_edition")),
        name=f"recommendations_{model}_editions_ordered",
        violation_error_message=_("It cannot leave the record before it came in."),
    )


def withdrawal_says_why(*, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(until_edition__isnull=True) | ~Q(withdrawal_reason=""),
        name=f"recommendations_{model}_withdrawal_says_why",
        violation_error_message=_("A withdrawal needs a public reason."),
    )


# Written by publishing alone, whose editions are their history.
COUNTED_FIELDS = ["from_edition", "until_edition", "withdrawal_reason"]


class Counted(Endable, models.Model):
    """Counts in the tracker from one edition until another (exclusive).

    Only publishing writes the two columns. Without `from_edition` it is a draft, which no
    visitor sees; with `until_edition` it was withdrawn, and stays readable.
    """

    from_edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("counted from edition"),
    )
    until_edition = models.ForeignKey(
        "recommendations.Edition",
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("counted until edition"),
    )
    withdrawal_reason = PlainTextField(_("reason for withdrawal"), blank=True, editable=False)

    class Meta:
        abstract = True

    def forget(self, *, after: int) -> None:
        """Let it be in the record still, if it was withdrawn after an edition."""
        if self.until_edition_id is not None and self.until_edition_id > after:
            self.until_edition, self.withdrawal_reason = None, ""

    @property
    def is_draft(self) -> bool:
        return self.from_edition_id is None

    @property
    def is_withdrawn(self) -> bool:
        return self.until_edition_id is not None
