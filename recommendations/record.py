"""The gate to the record: what the public sees of it, seen from one viewpoint.

Pages, exports, feeds, the calendar and citations reach rows through a `Record` alone, so that none
of them can forget the past: each row comes as its edition knew it, with what happened later taken
back. What came later does not come at all. Wording and grouping (areas, parties, bodies) are the
exception that the methodology names: they show as now.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TypeVar, cast

from django.db.models import Exists, Model, OuterRef, QuerySet

from .edition_span import began_by
from .models import (
    Action,
    AddresseeGroup,
    Body,
    Capture,
    Coding,
    ContextEvent,
    Deadline,
    Edition,
    EditionDigest,
    EditionItem,
    Evidence,
    EvidencePeriod,
    ListedHost,
    Party,
    Passage,
    PolicyArea,
    Recommendation,
    RecommendationRelation,
    Report,
    SearchAlias,
    Section,
    Site,
    SiteLogo,
    Source,
    StatusPeriod,
    StatusUpdate,
    Topic,
    Translation,
    VerifiabilityPeriod,
)
from .models.topic import MOST_TOPICS
from .querysets import (
    ActionQuerySet,
    AddresseeGroupQuerySet,
    CaptureQuerySet,
    CodingQuerySet,
    DeadlineQuerySet,
    EditionQuerySet,
    EvidenceQuerySet,
    PassageQuerySet,
    PeriodQuerySet,
    RecommendationQuerySet,
    RelationQuerySet,
    ReportQuerySet,
    SectionQuerySet,
    SourceQuerySet,
    StatusUpdateQuerySet,
)
from .querysets.labels import LabelQuerySet
from .querysets.prepared import Parameter, Prepared
from .text.listed_hosts import HostList
from .text.search_names import SearchNames
from .viewpoint import Viewpoint

Label = TypeVar("Label", PolicyArea, Party, Body)


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of the record as a viewpoint knows them.

    Each method returns a queryset of what ever came into the record there, withdrawn rows
    included: `.counted()` and `.in_record()` of the querysets leave those out.
    """

    viewpoint: Viewpoint

    def reports(self) -> ReportQuerySet:
        return Report.objects.seen_from(self.viewpoint).published()

    def report(self, slug: str) -> Report | None:
        """Return a report by its slug (one query)."""
        return REPORT_BY_SLUG.first(self.viewpoint, slug=slug)

    def featured_report(self) -> Report | None:
        """Return the report of the front page (one query)."""
        return FEATURED_REPORT.first(self.viewpoint)

    def reports_in_record(self) -> ReportQuerySet:
        """Return the reports that are out, and not withdrawn."""
        return Report.objects.seen_from(self.viewpoint).in_record()

    def nameable_reports(self) -> ReportQuerySet:
        """Return the reports in the record, and those that are bibliographic records alone."""
        return Report.objects.seen_from(self.viewpoint).nameable()

    def sections(self) -> SectionQuerySet:
        return Section.objects.seen_from(self.viewpoint).published()

    def recommendations(self) -> RecommendationQuerySet:
        return Recommendation.objects.seen_from(self.viewpoint).published()

    def actions(self) -> ActionQuerySet:
        return Action.objects.seen_from(self.viewpoint).published()

    def updates(self) -> StatusUpdateQuerySet:
        """Return the published updates, those included that were corrected or retracted."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().told()

    def all_updates(self) -> StatusUpdateQuerySet:
        """Return those too that had not taken effect on the day that is looked at."""
        updates = StatusUpdate.objects.seen_from(self.viewpoint).public()
        return updates.filter(began_by(self.viewpoint.number, first="edition"))

    def counting_updates(self) -> StatusUpdateQuerySet:
        """Return the updates that neither were corrected nor retracted, whenever in effect."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().counting()

    def updates_in_effect(self) -> StatusUpdateQuerySet:
        """Return those of them that had taken effect on the day that is looked at."""
        return self.counting_updates().told()

    def evidence(self) -> EvidenceQuerySet:
        """Return what the published updates cite, those included that were ended."""
        return Evidence.objects.filter(update__in=self.updates().order_by())

    def counting_evidence(self) -> EvidenceQuerySet:
        """Return what the updates cite that count and had taken effect."""
        update = self.updates_in_effect().order_by().filter(pk=OuterRef("update"))
        return Evidence.objects.filter(Exists(update))

    def sources(self) -> SourceQuerySet:
        """Return what the published updates cite, in words that show as now."""
        return Source.objects.filter(Exists(self.evidence().filter(source=OuterRef("pk"))))

    def captures(self) -> CaptureQuerySet:
        """Return the copies that are or were kept of these, which show as now."""
        return Capture.objects.filter(source__in=self.sources().order_by())

    def awaiting_review(self) -> StatusUpdateQuerySet:
        """Return the findings of research that no reviewer has judged."""
        return StatusUpdate.objects.seen_from(self.viewpoint).public().awaiting_review()

    def editions(self) -> EditionQuerySet:
        return Edition.objects.by_then(self.viewpoint)

    def digests(self) -> QuerySet[EditionDigest]:
        """Return the digests of its edition and of those before it."""
        return EditionDigest.objects.filter(edition__in=self.editions())

    def newest_digest(self) -> EditionDigest | None:
        return self.digests().order_by("-edition_id").first()

    def digested_items(self, number: int) -> QuerySet[EditionItem]:
        """Return what an edition was digested from."""
        return EditionItem.objects.filter(edition=number).order_by("digest")

    def codings(self) -> CodingQuerySet:
        """Return what coders gave the actions, as its edition and those before it published."""
        published = Coding.objects.by_then(self.viewpoint)
        return published.filter(action__in=self.actions())

    def codings_of_people(self) -> CodingQuerySet:
        """Return what people coded again: at an edition, what had come of it by then."""
        codings = Coding.objects.filter(person__isnull=False, action__in=self.actions())
        return codings.by_then(self.viewpoint) if self.viewpoint.edition else codings

    def newest_edition(self) -> Edition | None:
        return NEWEST_EDITION.first(self.viewpoint)

    def first_day(self) -> date | None:
        """Return the first day that can be looked at: that of the oldest report (one query)."""
        return FIRST_DAY.first(self.viewpoint)

    def relations(self) -> RelationQuerySet:
        return RecommendationRelation.objects.seen_from(self.viewpoint)

    def events(
        self, reports: Collection[Report], parties: Collection[int], *, since: date
    ) -> list[ContextEvent]:
        """Return what happened meanwhile, for charts about these (one query).

        `parties` are the keys of those whom the charts are about.
        """
        keys = [report.pk for report in reports]
        return CONTEXT_EVENTS(self.viewpoint, keys=keys, parties=parties, since=since)

    def known_label(self, model: type[Label], slug: str) -> Label | None:
        """Return an area or a party that any action has, for the page of it (two queries)."""
        labels = cast(LabelQuerySet, model._default_manager.all())
        return cast("Label | None", labels.known_from(self.actions(), slug))

    def labels(self, model: type[Label], keys: Collection[int]) -> list[Label]:
        """Return areas, parties or bodies by their keys, of which somebody knows the use."""
        return LABELS[model](self.viewpoint, keys=keys) if keys else []

    def parties(self, slugs: Collection[str]) -> dict[str, Party]:
        """Return parties by their slugs (one query)."""
        found = PARTIES_BY_SLUG(self.viewpoint, slugs=slugs) if slugs else []
        return {one.slug: one for one in found}

    def vocabulary(
        self, model: type[PolicyArea] | type[Party] | type[Body]
    ) -> QuerySet[PolicyArea] | QuerySet[Party] | QuerySet[Body]:
        """Return all areas, parties or bodies in their order."""
        return model._default_manager.all()

    def titles_over_time(
        self, actions: Collection[int]
    ) -> QuerySet[Model, tuple[int, str, datetime]]:
        """Return key, title and time of each edit of actions, which shows as now: wording."""
        edits = Action.history.model.objects.filter(id__in=actions).order_by("history_id")
        return edits.values_list("id", "title", "history_date")

    def periods_told(self) -> PeriodQuerySet:
        """Return the stretches of status that its edition told."""
        return StatusPeriod.objects.told_in(self.viewpoint)

    def periods(self) -> PeriodQuerySet:
        """Return those that had begun."""
        return self.periods_told().filter(starts_on__lte=self.viewpoint.on)

    def periods_of_all_editions(self) -> PeriodQuerySet:
        """Return the stretches of status that its edition or one before it told."""
        return StatusPeriod.objects.ever_told(self.viewpoint)

    def evidence_periods_of_all_editions(self) -> PeriodQuerySet:
        """Return on what statuses rested, as its edition or one before it told."""
        return EvidencePeriod.objects.ever_told(self.viewpoint)

    def evidence_periods(self) -> PeriodQuerySet:
        """Return on what statuses rested, as its edition told it."""
        return EvidencePeriod.objects.told_in(self.viewpoint)

    def all_deadlines(self) -> DeadlineQuerySet:
        """Return those too that were stated after the day that is looked at."""
        return Deadline.objects.all()

    def deadlines(self) -> DeadlineQuerySet:
        """Return the dates by which actions are to be done, those that were known by then."""
        return Deadline.objects.stated_by(self.viewpoint.on)

    def verifiability(self) -> PeriodQuerySet:
        """Return since which edition each action has been counted, by any edition so far."""
        return VerifiabilityPeriod.objects.ever_told(self.viewpoint)

    def listed_hosts(self) -> HostList:
        """Return which hosts are never evidence, which shows as now (one query)."""
        return HostList(dict(LISTED_HOSTS(self.viewpoint)))

    def site(self) -> Site | None:
        """Return who runs the site, which shows as now (one query)."""
        return Site.objects.first()

    def site_logo(self, name: str) -> bytes | None:
        """Return the picture of this name, if it is that of the site (one query)."""
        found = SiteLogo.objects.filter(name=name).values_list("data", flat=True).first()
        return None if found is None else bytes(found)

    def addressee_groups(self) -> AddresseeGroupQuerySet:
        """Return the groups by which actions are counted, which show as now: grouping."""
        return AddresseeGroup.objects.all()

    def search_names(self) -> SearchNames:
        """Return which names mean the same to search, which shows as now (one query)."""
        return SearchAlias.objects.as_names()

    def topics(self) -> list[Topic]:
        """Return what editors have readers find by name, which shows as now (one query)."""
        return list(Topic.objects.all()[:MOST_TOPICS])

    def translations(self) -> QuerySet[Translation]:
        """Return translations, which show as now: of texts that whoever asks knows as public."""
        return Translation.objects.all()

    def passages(self, report: Report) -> PassageQuerySet:
        """Return the newest text of a report, which shows as now: wording."""
        return Passage.objects.of_newest_text(report)


def _labels(model: type[Model], _viewpoint: Viewpoint) -> QuerySet:
    return model._default_manager.filter(pk__among=Parameter("keys"))


# What every page asks for.
NEWEST_EDITION: Prepared[Edition] = Prepared(
    lambda viewpoint: Record(viewpoint).editions().order_by("-number")[:1]
)
FIRST_DAY: Prepared[date] = Prepared(
    lambda viewpoint: (
        Record(viewpoint)
        .reports()
        .order_by("published_on")
        .values_list("published_on", flat=True)[:1]
    )
)
REPORT_BY_SLUG: Prepared[Report] = Prepared(
    lambda viewpoint: Record(viewpoint).reports().filter(slug=Parameter("slug"))
)
FEATURED_REPORT: Prepared[Report] = Prepared(
    lambda viewpoint: Record(viewpoint).reports().featured_first()[:1]
)
CONTEXT_EVENTS: Prepared[ContextEvent] = Prepared(
    lambda viewpoint: ContextEvent.objects.shown_with(
        Parameter("keys"),
        Parameter("parties"),
        since=Parameter("since"),
        until=viewpoint.on,
    )
)
LABELS: dict[type, Prepared] = {
    model: Prepared(partial(_labels, model)) for model in (PolicyArea, Party, Body)
}
PARTIES_BY_SLUG: Prepared[Party] = Prepared(
    lambda viewpoint: Party.objects.filter(slug__among=Parameter("slugs"))
)
LISTED_HOSTS: Prepared[tuple[str, str]] = Prepared(
    lambda viewpoint: ListedHost.objects.order_by().values_list("host", "mark")
)
