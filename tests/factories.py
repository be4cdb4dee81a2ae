"""Rows for tests: one factory a model, and helpers that go the way of a status.

A factory writes what it is told. The helpers below go through publishing, as staff do, with an
author and a reviewer who differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import factory
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from factory.django import DjangoModelFactory

from recommendations import publishing, triggers
from recommendations.models import (
    Act,
    Action,
    ActionBody,
    AddresseeAlias,
    AddresseeGroup,
    Assignment,
    Body,
    Capture,
    CaptureRemoval,
    CaptureRequest,
    CheckedLink,
    Coding,
    ContentChange,
    ContextEvent,
    Deadline,
    Delivery,
    DeliveryRow,
    DiscardedDraft,
    Edition,
    EditionDigest,
    EditionItem,
    Evidence,
    EvidencePeriod,
    FactorReset,
    Feed,
    FeedItem,
    FileToRead,
    FiscalYear,
    InboxItem,
    KnownHost,
    LinkCheck,
    ListedHost,
    LoweredHost,
    Mark,
    Notice,
    Party,
    Passage,
    PolicyArea,
    Preference,
    Pseudonym,
    ReaderReport,
    Recommendation,
    RecommendationRelation,
    Report,
    ReportImport,
    ReportText,
    RetractionRequest,
    ReturnedVersion,
    SavedFilter,
    SearchAlias,
    Section,
    Site,
    SiteLogo,
    Source,
    StatusPeriod,
    StatusUpdate,
    StructureRequest,
    TableImport,
    TableMapping,
    Topic,
    TrackerState,
    Translation,
    VerifiabilityPeriod,
)
from recommendations.models.structure_request import StructureStep

from .ready_made import ready_made

PARTY_NAMES = {"united-states": "United States", "japan": "Japan", "australia": "Australia"}
INCLUDED_ON = date(2026, 6, 20)
PUBLISHED_ON = date(2026, 10, 1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def moment(day: date) -> datetime:
    """Return noon of a day, or the newest edition's moment where that is later.

    Today's noon may be to come, and what a test publishes next has the time of the clock.
    """
    now = timezone.now()
    wanted = min(noon(day), now) if day == now.date() else noon(day)
    newest = Edition.objects.order_by("-number").first()
    return max(wanted, newest.published_at) if newest else wanted


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person-{n}")
    is_staff = True


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = Report

    slug = factory.Sequence(lambda n: f"report-{n}")
    title = factory.Sequence(lambda n: f"Report {n}")
    published_on = date(2024, 4, 4)


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = Section

    report = factory.SubFactory(ReportFactory)
    slug = factory.Sequence(lambda n: f"section-{n}")
    title = factory.Sequence(lambda n: f"Section {n}")
    position = factory.Sequence(int)


class PolicyAreaFactory(DjangoModelFactory):
    class Meta:
        model = PolicyArea
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"area-{n}")
    name = factory.LazyAttribute(lambda area: area.slug.replace("-", " ").title())


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = Party
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"party-{n}")
    name = factory.LazyAttribute(lambda party: PARTY_NAMES.get(party.slug, party.slug))
    kind = "government"

    @factory.post_generation
    def groups(self, create: bool, extracted: object, **kwargs: Any) -> None:
        """Group the parties of most tests as the record does that the project opens on."""
        if self.slug in GROUPED:
            group_parties()


GROUPED = ("united-states", "japan")
GROUPS = (
    ("united_states", "United States", "United States alone", ("united-states",)),
    ("japan", "Japan", "Japan alone", ("japan",)),
    ("both", "Both", "", GROUPED),
)


class AddresseeGroupFactory(DjangoModelFactory):
    class Meta:
        model = AddresseeGroup
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"group-{n}")
    name = factory.LazyAttribute(lambda group: group.slug)
    position = factory.Sequence(lambda n: n + 10)

    @factory.post_generation
    def parties(self, create: bool, slugs: Sequence[str] | None, **kwargs: Any) -> None:
        if slugs is not None:
            self.parties.set([PartyFactory(slug=slug) for slug in slugs])


class FiscalYearFactory(DjangoModelFactory):
    class Meta:
        model = FiscalYear

    party = factory.SubFactory(PartyFactory)
    begins_month = 7


class SiteLogoFactory(DjangoModelFactory):
    class Meta:
        model = SiteLogo

    name = factory.Sequence(lambda n: f"logo-{n}.png")
    data = b"\x89PNG"


def group_parties() -> None:
    """Make the groups of these parties, and whoever of the two is missing."""
    there = set(AddresseeGroup.objects.values_list("slug", flat=True))
    if there >= {slug for slug, *_rest in GROUPS}:
        return
    known = {
        slug: Party.objects.get_or_create(
            slug=slug, defaults={"name": PARTY_NAMES[slug], "kind": "government"}
        )[0]
        for slug in GROUPED
    }
    for position, (slug, name, row_name, slugs) in enumerate(GROUPS, start=1):
        if slug not in there:
            group = AddresseeGroup(slug=slug, name=name, row_name=row_name, position=position)
            # They were there before all that tests publish.
            group._history_date = moment(date(2000, 1, 1))
            group.save()
            group.parties.set([known[one] for one in slugs])


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body
        django_get_or_create = ("slug",)

    slug = factory.Sequence(lambda n: f"body-{n}")
    name = factory.LazyAttribute(lambda body: body.slug.replace("-", " ").title())


class ContextEventFactory(DjangoModelFactory):
    class Meta:
        model = ContextEvent

    slug = factory.Sequence(lambda n: f"event-{n}")
    on = date(2025, 1, 20)
    title = "A new government"
    publisher = "A paper"
    url = "https://paper.example/news"


class ReportTextFactory(DjangoModelFactory):
    class Meta:
        model = ReportText

    report = factory.SubFactory(ReportFactory)
    version = factory.Sequence(lambda n: n + 1)
    file_name = "report.md"
    checksum = "0" * 64
    imported_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class ReportImportFactory(DjangoModelFactory):
    class Meta:
        model = ReportImport

    file_name = "report.md"
    checksum = "0" * 64
    outline = factory.LazyFunction(dict)
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class FileToReadFactory(DjangoModelFactory):
    class Meta:
        model = FileToRead

    file_name = "report.pdf"
    checksum = "0" * 64
    data = b"# A report\n"
    language = "en"
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class PassageFactory(DjangoModelFactory):
    class Meta:
        model = Passage

    report_text = factory.SubFactory(ReportTextFactory)
    position = factory.Sequence(lambda n: n + 1)
    anchor = factory.Sequence(lambda n: f"p-{n}")
    kind = "paragraph"
    html = factory.SelfAttribute("text")
    text = "The port should dredge the harbour."


class RecommendationFactory(DjangoModelFactory):
    class Meta:
        model = Recommendation

    report = factory.SubFactory(ReportFactory)
    section = factory.SubFactory(SectionFactory, report=factory.SelfAttribute("..report"))
    number = factory.Sequence(lambda n: str(n % 10_000))
    slug = factory.Sequence(lambda n: f"recommendation-{n}")
    position = factory.Sequence(int)
    headline = factory.Sequence(lambda n: f"Headline {n}")


class RecommendationRelationFactory(DjangoModelFactory):
    class Meta:
        model = RecommendationRelation

    recommendation = factory.SubFactory(RecommendationFactory)
    earlier = factory.SubFactory(RecommendationFactory)
    kind = "repeats"
    publisher = "A research body"
    url = "https://body.example/comparison"


class ActionFactory(DjangoModelFactory):
    """`parties=["japan"]` names the responsible parties by slug."""

    class Meta:
        model = Action
        skip_postgeneration_save = True

    recommendation = factory.SubFactory(RecommendationFactory)
    number = factory.Sequence(lambda n: n + 1)
    slug = factory.Sequence(lambda n: f"action-{n}")
    title = factory.Sequence(lambda n: f"Do thing {n}")
    kind = "policy"
    review_due_on = date(2026, 12, 14)

    @factory.post_generation
    def parties(self, create: bool, slugs: Sequence[str] | None, **kwargs: Any) -> None:
        slugs = ["united-states"] if slugs is None else slugs
        self.parties.set([PartyFactory(slug=slug) for slug in slugs])


class MarkFactory(DjangoModelFactory):
    class Meta:
        model = Mark

    passage = factory.SubFactory(PassageFactory)
    action = factory.SubFactory(ActionFactory)
    start = 4
    end = 15


class ActionBodyFactory(DjangoModelFactory):
    class Meta:
        model = ActionBody

    action = factory.SubFactory(ActionFactory)
    body = factory.SubFactory(BodyFactory)
    basis = "named"


class DeadlineFactory(DjangoModelFactory):
    class Meta:
        model = Deadline

    action = factory.SubFactory(ActionFactory)
    origin = "report"
    on = date(2025, 12, 31)


class EditionFactory(DjangoModelFactory):
    class Meta:
        model = Edition

    number = factory.Sequence(lambda n: 1_000 + n)
    kind = "updates"
    published_at = noon(PUBLISHED_ON)


class PseudonymFactory(DjangoModelFactory):
    class Meta:
        model = Pseudonym

    person = factory.SubFactory(UserFactory)


class EditionItemFactory(DjangoModelFactory):
    class Meta:
        model = EditionItem

    edition = factory.SubFactory(EditionFactory)
    key = "update/u-1"
    content = "{}"
    digest = "0" * 64


class EditionDigestFactory(DjangoModelFactory):
    class Meta:
        model = EditionDigest

    edition = factory.SubFactory(EditionFactory)
    format = 1
    header = "{}"
    digest = "0" * 64
    made_at = noon(PUBLISHED_ON)


class TrackerStateFactory(DjangoModelFactory):
    class Meta:
        model = TrackerState
        django_get_or_create = ("id",)

    id = 1


class StatusUpdateFactory(DjangoModelFactory):
    """A draft. `published_update()` makes one of the record."""

    class Meta:
        model = StatusUpdate

    action = factory.SubFactory(ActionFactory)
    author = factory.SubFactory(UserFactory)
    status = "in_progress"
    effective_on = date(2025, 3, 1)


class EvidenceFactory(DjangoModelFactory):
    class Meta:
        model = Evidence

    update = factory.SubFactory(StatusUpdateFactory)
    position = factory.Sequence(lambda n: n + 1)
    kind = "press"
    title = "What the source says"
    publisher = factory.Sequence(lambda n: f"Publisher {n}")
    published_on = date(2025, 3, 2)
    accessed_on = date(2026, 6, 1)
    url = factory.Sequence(lambda n: f"https://example.org/{n}")


class ListedHostFactory(DjangoModelFactory):
    class Meta:
        model = ListedHost

    host = factory.Sequence(lambda n: f"host-{n}.example")
    mark = "never_evidence"
    reason = "The Gazette showed that it is one of a network that makes reports up."
    since_on = date(2026, 6, 1)


class KnownHostFactory(DjangoModelFactory):
    class Meta:
        model = KnownHost

    host = factory.Sequence(lambda n: f"ministry-{n}.example")
    publisher = factory.Sequence(lambda n: f"Ministry {n}")
    kind = "official"


class InboxItemFactory(DjangoModelFactory):
    """An address that somebody pasted."""

    class Meta:
        model = InboxItem

    url = factory.Sequence(lambda n: f"https://news.example.org/{n}")
    came_from = "pasted"
    added_by = factory.SubFactory(UserFactory)
    added_at = noon(PUBLISHED_ON)


class SearchAliasFactory(DjangoModelFactory):
    class Meta:
        model = SearchAlias

    names = factory.Sequence(lambda n: f"Otter office {n}\nカワウソ局{n}")


class SiteFactory(DjangoModelFactory):
    """The one that the migrations made: the database refuses another."""

    class Meta:
        model = Site
        django_get_or_create = ("id",)

    id = 1
    name = "Otter Tracker"
    feed_name = "otters.example"


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic

    slug = factory.Sequence(lambda n: f"topic-{n}")
    name = factory.Sequence(lambda n: f"Topic {n}")
    query = "status=partly"


class RetractionRequestFactory(DjangoModelFactory):
    class Meta:
        model = RetractionRequest

    update = factory.SubFactory(StatusUpdateFactory)
    reason = "It names the wrong law."
    requested_by = factory.SubFactory(UserFactory)
    requested_at = noon(PUBLISHED_ON)


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    url = factory.Sequence(lambda n: f"https://source-{n}.example.org/law")
    title = "What the source says"
    publisher = factory.Sequence(lambda n: f"Publisher {n}")
    kind = "primary"


class CheckedLinkFactory(DjangoModelFactory):
    class Meta:
        model = CheckedLink

    source = factory.SubFactory(SourceFactory)
    next_at = noon(PUBLISHED_ON)


class FeedFactory(DjangoModelFactory):
    """A feed that worked when it was tried."""

    class Meta:
        model = Feed

    name = factory.Sequence(lambda n: f"Feed {n}")
    url = factory.Sequence(lambda n: f"https://feed-{n}.example.org/feed.xml")
    kind = "rss"
    worked_at = noon(PUBLISHED_ON)
    next_at = noon(PUBLISHED_ON)


class FeedItemFactory(DjangoModelFactory):
    class Meta:
        model = FeedItem

    feed = factory.SubFactory(FeedFactory)
    key = factory.Sequence(lambda n: f"{n:064x}")
    title = factory.Sequence(lambda n: f"Item {n}")
    url = factory.Sequence(lambda n: f"https://news.example.org/{n}")
    seen_at = noon(PUBLISHED_ON)


class LoweredHostFactory(DjangoModelFactory):
    class Meta:
        model = LoweredHost

    host = factory.Sequence(lambda n: f"host-{n}.example.org")
    action = factory.SubFactory(ActionFactory)
    dismissals = 1
    last_at = noon(PUBLISHED_ON)


class LinkCheckFactory(DjangoModelFactory):
    class Meta:
        model = LinkCheck

    source = factory.SubFactory(SourceFactory)
    at = noon(PUBLISHED_ON)
    outcome = "there"


class CaptureFactory(DjangoModelFactory):
    """A row alone: what is in the file is not asked of it."""

    class Meta:
        model = Capture

    source = factory.SubFactory(SourceFactory)
    made_at = noon(PUBLISHED_ON)
    way = "fetched"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1_000
    media_type = "text/html"
    name = factory.LazyAttribute(lambda one: one.sha256)


class CaptureRemovalFactory(DjangoModelFactory):
    class Meta:
        model = CaptureRemoval

    capture = factory.SubFactory(CaptureFactory)
    reason = "The publisher demands it."
    requested_by = factory.SubFactory(UserFactory)
    requested_at = noon(PUBLISHED_ON)


class CaptureRequestFactory(DjangoModelFactory):
    class Meta:
        model = CaptureRequest

    address = factory.Sequence(lambda n: f"https://asked-{n}.example.org/law")
    asked_by = factory.SubFactory(UserFactory)
    asked_at = noon(PUBLISHED_ON)


class FactorResetFactory(DjangoModelFactory):
    class Meta:
        model = FactorReset

    person = factory.SubFactory(UserFactory)
    reason = "The phone was stolen; told in person."
    requested_by = factory.SubFactory(UserFactory)
    requested_at = noon(PUBLISHED_ON)


class StructureRequestFactory(DjangoModelFactory):
    class Meta:
        model = StructureRequest
        skip_postgeneration_save = True

    step = "withdraw"
    reason = "It was counted twice."
    state_when_asked = "0" * 64
    requested_by = factory.SubFactory(UserFactory)
    requested_at = noon(PUBLISHED_ON)

    @factory.post_generation
    def actions(self, create: bool, actions: Sequence[Action] | None, **kwargs: Any) -> None:
        self.actions.set(actions or [])


class DiscardedDraftFactory(DjangoModelFactory):
    class Meta:
        model = DiscardedDraft

    slug = factory.Sequence(lambda n: f"u-discarded-{n}")
    action = factory.SubFactory(ActionFactory)
    person = factory.SubFactory(UserFactory)
    discarded_at = noon(PUBLISHED_ON)
    content = factory.LazyFunction(lambda: {"update": {}, "relies_on": [], "evidence": []})


class ReturnedVersionFactory(DjangoModelFactory):
    class Meta:
        model = ReturnedVersion

    update = factory.SubFactory(StatusUpdateFactory)
    note = "Name the law."
    returned_by = factory.SubFactory(UserFactory)
    returned_at = noon(PUBLISHED_ON)
    content = factory.LazyFunction(lambda: {"update": {}, "relies_on": [], "evidence": []})


class CodingFactory(DjangoModelFactory):
    """Of a person, and in no edition yet."""

    class Meta:
        model = Coding

    action = factory.SubFactory(ActionFactory)
    coder = "second"
    status = "partly"
    person = factory.SubFactory(UserFactory)
    compared_with = factory.SubFactory(StatusUpdateFactory)


class StatusPeriodFactory(DjangoModelFactory):
    class Meta:
        model = StatusPeriod

    recommendation = factory.SubFactory(RecommendationFactory)
    status = "in_progress"
    starts_on = date(2025, 3, 1)
    from_edition = factory.SubFactory(EditionFactory)


class EvidencePeriodFactory(DjangoModelFactory):
    class Meta:
        model = EvidencePeriod

    action = factory.SubFactory(ActionFactory)
    kind = "press"
    counts = factory.LazyFunction(lambda: {"press": 1})
    starts_on = date(2025, 3, 1)
    from_edition = factory.SubFactory(EditionFactory)


class VerifiabilityPeriodFactory(DjangoModelFactory):
    class Meta:
        model = VerifiabilityPeriod

    action = factory.SubFactory(ActionFactory)
    is_verifiable = True
    from_edition = factory.SubFactory(EditionFactory)


class ContentChangeFactory(DjangoModelFactory):
    class Meta:
        model = ContentChange

    revision = factory.Sequence(lambda n: n + 1_000_000)
    token = "0123456789abcdef"


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    analyst = factory.SubFactory(UserFactory)
    action = factory.SubFactory(ActionFactory)


class PreferenceFactory(DjangoModelFactory):
    class Meta:
        model = Preference

    person = factory.SubFactory(UserFactory)
    mail_language = "ja"


class TranslationFactory(DjangoModelFactory):
    class Meta:
        model = Translation

    kind = "action.title"
    original = factory.Sequence(lambda n: f"Do thing {n}")
    language = "ja"
    text = "行う"


class ActFactory(DjangoModelFactory):
    class Meta:
        model = Act

    at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))
    event = "sign_in"
    outcome = "done"
    person = factory.SubFactory(UserFactory)
    name = factory.LazyAttribute(lambda act: act.person.username if act.person else "")


class SavedFilterFactory(DjangoModelFactory):
    class Meta:
        model = SavedFilter

    owner = factory.SubFactory(UserFactory)
    page = "admin:recommendations_action_changelist"
    name = factory.Sequence(lambda n: f"Filter {n}")
    query = "status=partly"


class NoticeFactory(DjangoModelFactory):
    class Meta:
        model = Notice

    recipient = factory.SubFactory(UserFactory)
    kind = "submitted"
    key = factory.Sequence(lambda n: f"submitted:{n}")
    update = factory.SubFactory(StatusUpdateFactory)


class ReaderReportFactory(DjangoModelFactory):
    class Meta:
        model = ReaderReport

    recommendation = factory.SubFactory(RecommendationFactory)
    kind = "error"
    message = "The date is wrong."
    received_at = noon(PUBLISHED_ON)


class TableMappingFactory(DjangoModelFactory):
    class Meta:
        model = TableMapping

    name = factory.Sequence(lambda n: f"Mapping {n}")
    mapping = factory.LazyFunction(lambda: {"columns": {"no.": "number"}})
    saved_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class TableImportFactory(DjangoModelFactory):
    class Meta:
        model = TableImport

    file_name = "tracker.csv"
    checksum = "0" * 64
    table = b""
    mapping = factory.LazyFunction(dict)
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class DeliveryFactory(DjangoModelFactory):
    class Meta:
        model = Delivery

    title = "Tracker of the Ferry Commission"
    publisher = "Ferry Commission"
    url = "https://ferries.example/tracker.csv"
    published_on = PUBLISHED_ON
    accessed_on = PUBLISHED_ON
    kind = "official"
    file_name = "tracker.csv"
    checksum = "0" * 64
    mapping = factory.LazyFunction(dict)
    imported_by = factory.SubFactory(UserFactory)
    imported_at = factory.LazyFunction(lambda: noon(PUBLISHED_ON))


class DeliveryRowFactory(DjangoModelFactory):
    class Meta:
        model = DeliveryRow

    delivery = factory.SubFactory(DeliveryFactory)
    row = factory.Sequence(lambda n: n + 2)
    action = factory.SubFactory(ActionFactory)
    said = factory.LazyFunction(dict)


class AddresseeAliasFactory(DjangoModelFactory):
    class Meta:
        model = AddresseeAlias

    report = factory.SubFactory(ReportFactory)
    name = factory.Sequence(lambda n: f"Harbour Office {n}")
    key = factory.LazyAttribute(lambda alias: alias.name.casefold())


def rewrite(write: Callable[[], object]) -> None:
    """Write once what the guards refuse, to make the past that a test is about."""
    triggers.remove(connection)
    write()
    triggers.install(connection)


# Steps in what is counted: one person asks and another confirms ------------------------------


def taken(step: publishing.Step, *, reason: str = "", now: datetime | None = None) -> Edition:
    """The edition of a step that one person asked for and another confirmed."""
    now = now or moment(PUBLISHED_ON)
    request = publishing.request_step(step, by=UserFactory(), reason=reason, now=now)
    return publishing.confirm_step(request, by=UserFactory(), now=now)


def include(*, note: str = "", now: datetime | None = None, **subjects: Any) -> Edition:
    step = publishing.Step(StructureStep.INCLUDE, **subjects)
    return taken(step, reason=note, now=now)


def withdraw(
    subject: Report | Recommendation | Action, *, reason: str, now: datetime | None = None
) -> Edition:
    step = publishing.Step.about(StructureStep.WITHDRAW, subject)
    return taken(step, reason=reason, now=now)


def split(
    action: Action, *, into: Iterable[Action], reason: str, now: datetime | None = None
) -> Edition:
    step = publishing.Step(StructureStep.SPLIT, actions=[action], into=list(into))
    return taken(step, reason=reason, now=now)


def merge(
    actions: Iterable[Action], *, into: Action, reason: str, now: datetime | None = None
) -> Edition:
    step = publishing.Step(StructureStep.MERGE, actions=list(actions), into=[into])
    return taken(step, reason=reason, now=now)


def set_verifiable(
    action: Action, *, is_verifiable: bool, reason: str, now: datetime | None = None
) -> Edition:
    kind = StructureStep.VERIFIABLE if is_verifiable else StructureStep.NOT_VERIFIABLE
    return taken(publishing.Step.about(kind, action), reason=reason, now=now)


# The way of a status ---------------------------------------------------------------------------


def published_actions(n: int = 1, /, *, on: date = INCLUDED_ON, **fields: Any) -> list[Action]:
    """Actions of one recommendation, in the record with their report."""
    if on == INCLUDED_ON and not fields and (actions := ready_made.begin_with(n)):
        return actions
    recommendation = fields.pop("recommendation", None) or RecommendationFactory()
    actions = [ActionFactory(recommendation=recommendation, **fields) for _n in range(n)]
    if recommendation.is_draft:
        include(reports=[recommendation.report], now=moment(on))
    else:
        include(actions=actions, now=moment(on))
    for action in actions:
        action.refresh_from_db()
    return actions


def published_action(**fields: Any) -> Action:
    [action] = published_actions(1, **fields)
    return action


SUFFICIENT = {
    "implemented": ["primary"],
    "rejected": ["primary"],
    "overtaken": ["primary"],
    "partly": ["press"],
    "in_progress": ["press"],
    "stalled": ["press"],
}


def draft_update(
    action: Action,
    status: str = "in_progress",
    *,
    on: date = date(2025, 3, 1),
    precision: str = "day",
    evidence: Iterable[str | dict[str, Any]] | None = None,
    relies_on: Iterable[StatusUpdate] = (),
    by: User | None = None,
    **fields: Any,
) -> StatusUpdate:
    """A draft with evidence that suffices for its status, unless told otherwise."""
    by = by or UserFactory()
    draft = publishing.begin(Action.objects.get(pk=action.pk), by=by)
    draft.status, draft.effective_on, draft.effective_precision = status, on, precision
    if status in ("no_action", "not_assessed"):
        fields = {"search_note": "Two archives.", "searched_on": date(2026, 6, 17)} | fields
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    publishing.record_save(draft, by=by)
    draft.relies_on.set(relies_on)
    for item in SUFFICIENT.get(status, []) if evidence is None else evidence:
        EvidenceFactory(update=draft, **({"kind": item} if isinstance(item, str) else item))
    return draft


def submitted_update(
    action: Action, status: str = "in_progress", *, published_on: date = PUBLISHED_ON, **fields: Any
) -> StatusUpdate:
    draft = draft_update(action, status, **fields)
    publishing.submit(draft, by=draft.author, now=moment(published_on))
    draft.refresh_from_db()
    return draft


def publish(
    *updates: StatusUpdate, published_on: date = PUBLISHED_ON, reviewer: User | None = None
) -> Edition:
    edition = publishing.publish(
        updates, reviewer=reviewer or UserFactory(), now=moment(published_on)
    )
    for update in updates:
        update.refresh_from_db()
    return edition


def published_update(
    action: Action, status: str = "in_progress", *, published_on: date = PUBLISHED_ON, **fields: Any
) -> StatusUpdate:
    """An update of the record, written by one person and reviewed by another."""
    reviewer = fields.pop("reviewer", None)
    update = submitted_update(action, status, published_on=published_on, **fields)
    publish(update, published_on=published_on, reviewer=reviewer)
    return update


def correction_of(
    update: StatusUpdate,
    *,
    published_on: date = PUBLISHED_ON,
    by: User | None = None,
    **fields: Any,
) -> StatusUpdate:
    """A submitted correction that changes these fields."""
    draft = publishing.correct(update, by=by or UserFactory(), reason="The source was misread.")
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    publishing.submit(draft, by=draft.author, now=moment(published_on))
    draft.refresh_from_db()
    return draft


def corrected(
    update: StatusUpdate, *, published_on: date = PUBLISHED_ON, **fields: Any
) -> StatusUpdate:
    """The published correction of an update, which has ended with it."""
    draft = correction_of(update, published_on=published_on, **fields)
    publish(draft, published_on=published_on)
    update.refresh_from_db()
    return draft


def retracted(update: StatusUpdate, *, published_on: date = PUBLISHED_ON) -> Edition:
    request = publishing.request_retraction(
        update, by=UserFactory(), reason="It names the wrong law.", now=moment(published_on)
    )
    edition = publishing.retract(request, by=UserFactory(), now=moment(published_on))
    update.refresh_from_db()
    return edition
