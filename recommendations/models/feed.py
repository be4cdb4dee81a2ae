"""Feeds that are watched, and what was seen in them."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from recommendations.capturing.adapters import AdapterProblem, adapter_of
from recommendations.capturing.feeds import Adapter
from recommendations.querysets import FeedItemQuerySet, FeedQuerySet
from recommendations.statuses.possible_dates import Tense
from recommendations.text.listed_hosts import host_of

from .choice_words import ChoiceWords
from .fields import AddressField, PlainCharField, StatedDateField, in_vocabulary, is_sha256

LONGEST_ETAG = 200


class FeedKind(models.TextChoices):
    RSS = "rss", "RSS"
    ATOM = "atom", "Atom"
    JSON = "json", "JSON Feed"
    API = "api", pgettext_lazy("feed", "API, by an adapter")


class Feed(ChoiceWords, models.Model):
    """A feed, or an API that is read like one.

    It is off until a fetch has brought items, and again whenever its address, kind or adapter
    changes: `worked_at` is of the last fetch that did. `found_in` is the document that names the
    address, and `found_on` the day on which it was found there.
    """

    name = PlainCharField(_("name"), max_length=200)
    url = AddressField(_("address"), max_length=1000, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=FeedKind.choices)
    adapter = models.JSONField(
        _("adapter"),
        null=True,
        blank=True,
        help_text=_(
            'For an API alone: where in its answer things are, such as {"items": "results", '
            '"title": "title", "address": "html_url", "key": "id", "published": "date", '
            '"text": "abstract"}.'
        ),
    )
    found_in = AddressField(
        _("found in"),
        max_length=1000,
        blank=True,
        help_text=_("The document that names the address."),
    )
    found_on = StatedDateField(_("found on"), tense=Tense.PAST, null=True, blank=True)
    is_on = models.BooleanField(_("on"), default=False, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="feeds",
        null=True,
        editable=False,
        verbose_name=_("added by"),
    )
    next_at = models.DateTimeField(_("next fetch"), null=True, editable=False)
    fetched_at = models.DateTimeField(_("fetched at"), null=True, editable=False)
    worked_at = models.DateTimeField(_("worked at"), null=True, editable=False)
    etag = models.CharField(max_length=LONGEST_ETAG, blank=True, editable=False)
    problem = models.TextField(_("last problem"), blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("watched feed")
        verbose_name_plural = _("watched feeds")
        constraints = [
            in_vocabulary("kind", FeedKind, model="feed"),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(url=""),
                name="recommendations_feed_is_named",
                violation_error_message=_("A feed has a name and an address."),
            ),
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(worked_at__isnull=False, next_at__isnull=False),
                name="recommendations_feed_on_once_it_worked",
                violation_error_message=_("Try the feed first: it can be on once that worked."),
            ),
            models.CheckConstraint(
                condition=Q(found_in="", found_on__isnull=True)
                | (~Q(found_in="") & Q(found_on__isnull=False)),
                name="recommendations_feed_found_where_and_when",
                violation_error_message=_("Say both where and when the address was found."),
            ),
            models.CheckConstraint(
                condition=Q(kind="api", adapter__isnull=False)
                | (~Q(kind="api") & Q(adapter__isnull=True)),
                name="recommendations_feed_adapter_of_api",
                violation_error_message=_("An API has an adapter, and nothing else has one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        return host_of(self.url)

    def read_by(self) -> Adapter | None:
        """Return the adapter; None of what needs none. Raises AdapterProblem."""
        return adapter_of(self.adapter) if self.kind == FeedKind.API else None

    def clean(self) -> None:
        if self.kind == FeedKind.API and not self.adapter:
            raise ValidationError({"adapter": _("An API needs an adapter.")})
        if self.kind != FeedKind.API and self.adapter:
            raise ValidationError({"adapter": _("Only an API has an adapter. Leave it empty.")})
        self.adapter = self.adapter or None
        try:
            self.read_by()
        except AdapterProblem as problem:
            raise ValidationError({"adapter": str(problem)}) from problem

    def begin_anew(self) -> None:
        """Switch it off and forget that it worked: it is another one now."""
        self.is_on, self.next_at, self.worked_at = False, None, None
        self.etag, self.problem, self.failures = "", "", 0


class FeedItemState(models.TextChoices):
    NEW = "new", pgettext_lazy("feed", "Not compared yet")
    WAITING = "waiting", pgettext_lazy("feed", "In the inbox")
    FOLDED = "folded", pgettext_lazy("feed", "Fits nothing")


class FeedItem(ChoiceWords, models.Model):
    """One item that a feed had: remembered, so that it comes once.

    `text` is kept until it was compared with the actions.
    """

    feed = models.ForeignKey(
        Feed, models.CASCADE, related_name="seen_items", verbose_name=_("feed")
    )
    key = models.CharField(_("key"), max_length=64, validators=[is_sha256])
    title = PlainCharField(_("title"), max_length=500)
    url = AddressField(_("address"), max_length=1000)
    published_on = models.DateField(_("published on"), null=True, editable=False)
    text = models.TextField(_("text"), blank=True)
    seen_at = models.DateTimeField(_("seen at"))
    state = models.CharField(
        _("state"), max_length=10, choices=FeedItemState.choices, default=FeedItemState.NEW
    )

    objects = FeedItemQuerySet.as_manager()

    class Meta:
        ordering = ["-seen_at", "-pk"]
        default_permissions = ()
        verbose_name = _("item of a feed")
        verbose_name_plural = _("items of feeds")
        indexes = [
            models.Index(fields=["state", "id"], name="recommendations_feeditem_state"),
            models.Index(fields=["feed", "state", "-id"], name="recommendations_feeditem_feed"),
        ]
        constraints = [
            in_vocabulary("state", FeedItemState, model="feeditem"),
            models.UniqueConstraint(
                fields=["feed", "key"],
                name="recommendations_feeditem_once",
                violation_error_message=_("This item was seen already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def words(self) -> str:
        """What it says, for finding the actions that it is about."""
        return "\n".join(filter(None, (self.url, self.title, self.text)))
