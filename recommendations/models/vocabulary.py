"""Vocabularies that recommendations and actions are described with."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.paths import path_of
from recommendations.querysets import BodyQuerySet, PartyQuerySet, PolicyAreaQuerySet
from recommendations.text.languages import plain

from .fields import PlainCharField, PlainTextField, in_vocabulary
from .public_name import PublicName


class Named(PublicName):
    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    name = PlainCharField(_("name"), max_length=200)
    position = models.PositiveIntegerField(_("position"), default=0)

    history = HistoricalRecords(inherit=True)

    class Meta:
        abstract = True
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return plain(self.name, f"{self._meta.model_name}.name")

    def natural_key(self) -> tuple[str]:
        return (self.slug,)


class Aliased(models.Model):
    """Something that texts call by more names than one."""

    aliases = PlainTextField(
        _("other names"),
        blank=True,
        help_text=_("One a line, as reports write them. The import finds addressees by them."),
    )

    class Meta:
        abstract = True

    @property
    def names(self) -> list[str]:
        return [self.name, *(line.strip() for line in self.aliases.splitlines() if line.strip())]  # type: ignore[attr-defined]


class PolicyArea(Named):
    description = PlainTextField(_("description"), blank=True)

    objects = PolicyAreaQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("policy area")
        verbose_name_plural = _("policy areas")

    def get_absolute_url(self) -> str:
        return path_of("recommendations:area", self.slug)

    def is_in_record(self) -> bool:
        return self.recommendations.filter(from_edition__isnull=False).exists()


class PartyKind(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    AUTHORITY = "authority", _("Authority")
    GROUP = "group", _("Group")
    PRIVATE = "private", _("Private sector")


# /parties/compare/ is no page of a party.
NAMES_OF_PAGES = ("compare",)


class Party(Aliased, Named):
    """A government, group or industry that an action names as responsible."""

    kind = models.CharField(_("kind"), max_length=20, choices=PartyKind.choices)

    objects = PartyQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = [in_vocabulary("kind", PartyKind, model="party")]

    def get_absolute_url(self) -> str:
        return path_of("recommendations:party", self.slug)

    def clean(self) -> None:
        super().clean()
        if self.slug in NAMES_OF_PAGES:
            raise ValidationError({"slug": _("A page of its own has this name.")})

    def is_in_record(self) -> bool:
        return self.actions.filter(from_edition__isnull=False).exists()


class Body(Aliased, Named):
    """An office that leads on an action. A body of several parties has none of its own."""

    party = models.ForeignKey(
        Party,
        models.PROTECT,
        related_name="bodies",
        null=True,
        blank=True,
        verbose_name=_("party"),
    )

    objects = BodyQuerySet.as_manager()

    class Meta(Named.Meta):
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def is_in_record(self) -> bool:
        return self.actions.filter(from_edition__isnull=False).exists()
