"""Constraints that several models share."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.enums import Choices
from django.utils.translation import gettext_lazy as _

from recommendations.edition_span import Endable
from recommendations.statuses import Precision, Status
from recommendations.statuses.possible_dates import Tense, bounds_problem, date_problem
from recommendations.text.web_addresses import refuse_bad_address
from recommendations.viewpoint import today

from .choice_words import ChoiceWords

# The most characters of a note for the public, of a quotation, and of a reason.
NOTE, QUOTATION, REASON = 2000, 600, 1000

# PostgreSQL refuses NUL in text and SQLite takes it; browsers cannot show the others.
no_control_characters = RegexValidator(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
    message=_("Remove the invisible control characters from this text."),
    inverse_match=True,
)


# Of any language, not only of those that the site speaks.
code_of_a_language = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z",
    message=_("Use the code of a language: en, ja, zh, ko."),
)
is_sha256 = RegexValidator(r"\A[0-9a-f]{64}\Z", message=_("A SHA-256 has 64 digits from 0 to f."))


class PlainCharField(models.CharField):
    default_validators = [no_control_characters]


class JudgedWhenNew(models.Field):
    """A rule that came later binds what is new: a stored value that is handed back stays."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Judge the value (a query where it is refused)."""
        try:
            return super().clean(value, model_instance)
        except ValidationError:
            if model_instance is None or not self._is_stored(value, model_instance):
                raise
            return self.to_python(value)

    def _is_stored(self, value: Any, row: models.Model) -> bool:
        stored = type(row)._base_manager.filter(pk=row.pk)
        try:
            return bool(row.pk) and stored.filter(**{self.attname: self.to_python(value)}).exists()
        except ValidationError:
            return False


class PlainTextField(JudgedWhenNew, models.TextField):
    """A text with a greatest length, where it has one: a rule for what is typed, no column's.

    Migrations know nothing of it, and form fields cut nothing off: they say what is too long.
    """

    default_validators = [no_control_characters]

    def __init__(self, *args: Any, greatest_length: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.greatest_length = greatest_length

    @property
    def validators(self) -> list[Any]:
        found = [*super().validators]
        return found + ([MaxLengthValidator(self.greatest_length)] if self.greatest_length else [])


class AddressFormField(forms.URLField):
    """Cuts nothing off: a browser would shorten what is pasted, without a word."""

    default_validators = [refuse_bad_address]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class AddressField(JudgedWhenNew, models.URLField):
    """An address of the web that a reader can follow without harm. Its column is Django’s own."""

    default_validators = [refuse_bad_address]

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        return super().formfield(
            form_class=form_class or AddressFormField,
            choices_form_class=choices_form_class,
            **kwargs,
        )


def refuse_absurd_date(on: date) -> None:
    """Raise ValidationError for a date of no year that anything here is about."""
    if problem := bounds_problem(on):
        raise ValidationError(problem)


class StatedDateField(JudgedWhenNew, models.DateField):
    """A date that somebody states. Its column is Django’s own.

    `tense` says on which side of today it lies; `precision` names the field that says how exactly
    it is known.
    """

    def __init__(
        self, *args: Any, tense: Tense = Tense.ANY, precision: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tense, self.precision = tense, precision

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateField", args, kwargs

    def precision_in(self, row: models.Model | None) -> str:
        stated = getattr(row, self.precision, "") if self.precision else ""
        return stated if stated in Precision.values else Precision.DAY

    def problem_of(self, on: date, row: models.Model | None, *, today: date) -> str:
        """Return why the date cannot be, as a sentence, or nothing."""
        return date_problem(on, self.precision_in(row), tense=self.tense, today=today)

    def refuse_impossible(self, on: date, row: models.Model | None = None) -> None:
        """Raise ValidationError for a date that cannot be."""
        if problem := self.problem_of(on, row, today=today()):
            raise ValidationError(problem)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value:
            self.refuse_impossible(value, model_instance)


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


def date_column(model: type[models.Model], name: str) -> StatedDateField:
    """Return a date that people state, for a form that is not its model's."""
    field = column_of(model, name)
    assert isinstance(field, StatedDateField), field
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


def left_index(name: str) -> models.Index:
    """What left in an edition is found among what left: of most rows the column is empty.

    SQLite knows how often a value occurs on the average alone. By that it takes an index of all
    rows for useless where few left, and looks up those without a value by it where many did.
    """
    return models.Index(
        fields=["until_edition"],
        condition=Q(until_edition__isnull=False),
        name=name,
    )


def withdrawal_says_why(*, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(until_edition__isnull=True) | ~Q(withdrawal_reason=""),
        name=f"recommendations_{model}_withdrawal_says_why",
        violation_error_message=_("A withdrawal needs a public reason."),
    )


# Written by publishing alone, whose editions are their history.
COUNTED_FIELDS = ["from_edition", "until_edition", "withdrawal_reason"]


class Counted(Endable, ChoiceWords, models.Model):
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
    withdrawal_reason = PlainTextField(
        _("reason for withdrawal"), blank=True, editable=False, greatest_length=REASON
    )

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
