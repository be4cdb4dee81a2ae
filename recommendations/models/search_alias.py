"""Names that mean the same to those who search."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from recommendations.querysets import SearchAliasQuerySet
from recommendations.text.punctuation import listed, quoted
from recommendations.text.queries import key_of_name

from .fields import REASON, PlainTextField


class SearchAlias(models.Model):
    """Who searches for one of these names is shown what has any of them.

    They hold as they are now, on pages of the past too, as wording does.
    """

    names = PlainTextField(
        _("names"),
        greatest_length=REASON,
        help_text=_(
            "One a line, in whichever language. Who searches for one of them finds what has any of "
            "them. Capitals, plurals, British or American spelling, width and kana make no "
            "difference."
        ),
    )
    report = models.ForeignKey(
        "recommendations.Report",
        models.CASCADE,
        related_name="search_aliases",
        null=True,
        blank=True,
        verbose_name=_("report"),
        help_text=_("The report that these names are of, if any: a search for one leads to it."),
    )

    objects = SearchAliasQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["names"]
        verbose_name = _("other names in search")
        verbose_name_plural = _("other names in search")
        constraints = [
            models.CheckConstraint(
                condition=~Q(names="")
                & ~Q(names__startswith="\n")
                & ~Q(names__endswith="\n")
                & ~Q(names__contains="\n\n"),
                name="recommendations_searchalias_no_empty_line",
                violation_error_message=_("Each line has a name."),
            ),
            models.CheckConstraint(
                condition=Q(names__contains="\n") | Q(report__isnull=False),
                name="recommendations_searchalias_names_or_report",
                violation_error_message=_("Give at least two names, or the report of one."),
            ),
        ]

    def __str__(self) -> str:
        return " / ".join(self.name_list)

    @property
    def name_list(self) -> list[str]:
        return self.names.split("\n")

    def clean_fields(self, exclude=None) -> None:
        lines = (" ".join(line.split()) for line in self.names.splitlines())
        self.names = "\n".join(line for line in lines if line)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse names that nobody can search for, or that are known already (a query)."""
        super().clean()
        own: dict[tuple[str, ...], str] = {}
        for name in self.name_list:
            key = key_of_name(name)
            if name and not key:
                raise _refused(_("Search passes over all words of “%(name)s”."), name=name)
            if key in own:
                raise _refused(
                    _("To search, “%(name)s” and “%(other)s” are one name: leave one out."),
                    name=name,
                    other=own[key],
                )
            own[key] = name
        for alias in type(self).objects.exclude(pk=self.pk):
            if taken := [own[key] for one in alias.name_list if (key := key_of_name(one)) in own]:
                raise _refused(
                    _("Another entry has %(names)s already: “%(entry)s”. A name is in one alone."),
                    names=listed(map(quoted, taken)),
                    entry=alias,
                )


def _refused(sentence: str | Promise, **said: object) -> ValidationError:
    return ValidationError({"names": ValidationError(str(sentence), params=said)})
