"""Who runs this site, and by which names it is known."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.contrast import COLOUR, LEAST, clashes, lightened

from .fields import NOTE, AddressField, PlainCharField, PlainTextField, in_vocabulary

FEED_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


def refuse_no_feed_name(value: str) -> None:
    """Raise ValidationError for what cannot stand in a tag (RFC 4151) as its authority."""
    if not FEED_NAME.fullmatch(value):
        raise ValidationError(_("Write a name such as tracker.example.org, in small letters."))


def accent_problems(accent: str, dark: str) -> dict[str, str]:
    """Return by field why an accent cannot be read, and what to do. Empty where it can."""
    if not accent:
        return {}
    told = {
        False: _(
            "%(colour)s on %(beside)s has a contrast of %(ratio).2f to 1. Links need %(least).1f: "
            "take a darker colour."
        ),
        True: _(
            "%(colour)s on %(beside)s has a contrast of %(ratio).2f to 1 in the dark appearance. "
            "Links need %(least).1f: take a lighter colour, or leave this empty."
        ),
    }
    return {
        "accent_dark" if one.is_dark else "accent": told[one.is_dark]
        % {"colour": one.colour, "beside": one.beside, "ratio": one.ratio, "least": LEAST}
        for one in clashes(accent, dark or lightened(accent))
    }


class Home(models.TextChoices):
    """What the front page shows."""

    FEATURED = "featured", _("The featured report, else the newest")
    ALL = "all", _("All reports")


class SiteLogo(models.Model):
    """The logo that is served, as it was drawn anew; the name is made of its content."""

    name = models.CharField(max_length=40, primary_key=True)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """One row. It shows as it is now, on pages of the past too; what is empty is shown nowhere."""

    name = PlainCharField(_("name of the site"), max_length=80)
    strapline = PlainCharField(
        _("strapline"),
        max_length=200,
        blank=True,
        help_text=_("What the site is, in half a sentence: it stands in the foot of every page."),
    )
    operator = PlainCharField(
        _("who runs it"), max_length=200, blank=True, help_text=_("A person or an organisation.")
    )
    operator_address = PlainTextField(_("postal address"), blank=True, greatest_length=400)
    operator_url = AddressField(_("page of whoever runs it"), max_length=500, blank=True)
    contact_mail = models.EmailField(_("mail address for readers"), blank=True)
    contact_url = AddressField(_("contact page"), max_length=500, blank=True)
    analysts = PlainTextField(
        _("who analyses"),
        blank=True,
        greatest_length=NOTE,
        help_text=_("Names or roles, and what they do besides."),
    )
    funding = PlainTextField(_("funding"), blank=True, greatest_length=NOTE)
    disputes = PlainTextField(
        _("how disputes are answered"),
        blank=True,
        greatest_length=NOTE,
        help_text=_("By whom, how fast, and where the answer can be read."),
    )
    home = models.CharField(
        _("front page"), max_length=10, choices=Home.choices, default=Home.FEATURED
    )
    languages = PlainCharField(
        _("languages shown"),
        max_length=100,
        blank=True,
        help_text=_("Pages in another language lead to the first of these. Staff have all."),
    )
    accent = PlainCharField(
        _("accent colour"),
        max_length=7,
        blank=True,
        help_text=_("Of links and buttons, as six digits: #7a1f3d. Empty, it is indigo."),
    )
    accent_dark = PlainCharField(
        _("accent colour in the dark appearance"),
        max_length=7,
        blank=True,
        help_text=_("Empty, it is the other one, lightened until it can be read."),
    )
    # Set where a picture is read: SiteLogo has it.
    logo = models.CharField(_("logo"), max_length=40, blank=True, editable=False)
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    feed_name = PlainCharField(
        _("fixed name for feeds"),
        max_length=253,
        validators=[refuse_no_feed_name],
        help_text=_(
            "Ids of entries in feeds and of events in calendars begin with it. It need not be an "
            "address of this site. Whoever changes it sends everything once more to every "
            "subscriber, so it is fixed with the first edition."
        ),
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    history = HistoricalRecords(excluded_fields=["changed_at", "logo", "logo_width", "logo_height"])

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("site")
        constraints = [
            models.CheckConstraint(
                condition=Q(id=1),
                name="recommendations_site_single",
                violation_error_message=_("There is one site."),
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(feed_name=""),
                name="recommendations_site_has_names",
                violation_error_message=_("A site has a name, and a fixed name for feeds."),
            ),
            in_vocabulary("home", Home, model="site"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        """Save the one row. Where it is there already, a new one is refused."""
        if self._state.adding:
            self.pk, kwargs["force_insert"] = self.pk or 1, True
        super().save(**kwargs)

    def clean(self) -> None:
        super().clean()
        self.accent, self.accent_dark = self.accent.lower(), self.accent_dark.lower()
        for name in ("accent", "accent_dark"):
            value = getattr(self, name)
            if value and not COLOUR.fullmatch(value):
                raise ValidationError({name: _("Write # and six digits from 0 to f: #7a1f3d.")})
        if self.accent_dark and not self.accent:
            raise ValidationError({"accent": _("Give the colour of the light appearance too.")})
        if problems := accent_problems(self.accent, self.accent_dark):
            raise ValidationError(problems)
