"""Each rule of one row holds in the database, whatever wrote the row."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from recommendations.models import Edition, Site, StatusUpdate
from recommendations.models.fields import languages

from .factories import (
    PUBLISHED_ON,
    ActFactory,
    ActionBodyFactory,
    ActionFactory,
    AddresseeAliasFactory,
    AddresseeGroupFactory,
    AssignmentFactory,
    BodyFactory,
    CaptureFactory,
    CaptureRemovalFactory,
    CaptureRequestFactory,
    CheckedLinkFactory,
    CodingFactory,
    ContentChangeFactory,
    ContextEventFactory,
    DeadlineFactory,
    DeliveryFactory,
    DeliveryRowFactory,
    DiscardedDraftFactory,
    EditionDigestFactory,
    EditionFactory,
    EditionItemFactory,
    EvidenceFactory,
    EvidencePeriodFactory,
    FactorResetFactory,
    FeedFactory,
    FeedItemFactory,
    FileToReadFactory,
    FiscalYearFactory,
    InboxItemFactory,
    KnownHostFactory,
    LinkCheckFactory,
    ListedHostFactory,
    LoweredHostFactory,
    MarkFactory,
    NoticeFactory,
    PartyFactory,
    PassageFactory,
    PolicyAreaFactory,
    PreferenceFactory,
    PseudonymFactory,
    ReaderReportFactory,
    RecommendationFactory,
    RecommendationRelationFactory,
    ReportFactory,
    ReportImportFactory,
    ReportTextFactory,
    RetractionRequestFactory,
    ReturnedVersionFactory,
    SavedFilterFactory,
    SearchAliasFactory,
    SectionFactory,
    SiteFactory,
    SiteLogoFactory,
    SourceFactory,
    StatusPeriodFactory,
    StatusUpdateFactory,
    StructureRequestFactory,
    TableImportFactory,
    TableMappingFactory,
    TopicFactory,
    TrackerStateFactory,
    TranslationFactory,
    UserFactory,
    VerifiabilityPeriodFactory,
    noon,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unguarded")]

# The text history is written by simple-history, from rows that were judged.
MODELS = [
    model
    for model in apps.get_app_config("recommendations").get_models()
    if not model.__name__.startswith("Historical")
]
FACTORIES = {
    factory._meta.model: factory
    for factory in (
        ActionBodyFactory,
        ActionFactory,
        AddresseeAliasFactory,
        AssignmentFactory,
        BodyFactory,
        CaptureFactory,
        CaptureRemovalFactory,
        CheckedLinkFactory,
        LinkCheckFactory,
        FeedFactory,
        FeedItemFactory,
        LoweredHostFactory,
        CaptureRequestFactory,
        CodingFactory,
        ContentChangeFactory,
        ContextEventFactory,
        DeadlineFactory,
        DeliveryFactory,
        DeliveryRowFactory,
        EditionDigestFactory,
        EditionFactory,
        EditionItemFactory,
        EvidenceFactory,
        EvidencePeriodFactory,
        InboxItemFactory,
        KnownHostFactory,
        ListedHostFactory,
        SearchAliasFactory,
        SiteFactory,
        NoticeFactory,
        MarkFactory,
        PartyFactory,
        PassageFactory,
        PolicyAreaFactory,
        PreferenceFactory,
        PseudonymFactory,
        ReaderReportFactory,
        RecommendationFactory,
        RecommendationRelationFactory,
        ReportFactory,
        ReportImportFactory,
        ReportTextFactory,
        RetractionRequestFactory,
        DiscardedDraftFactory,
        ReturnedVersionFactory,
        ActFactory,
        SavedFilterFactory,
        SectionFactory,
        StatusPeriodFactory,
        StatusUpdateFactory,
        StructureRequestFactory,
        FactorResetFactory,
        AddresseeGroupFactory,
        FileToReadFactory,
        FiscalYearFactory,
        SiteLogoFactory,
        SourceFactory,
        TableImportFactory,
        TableMappingFactory,
        TopicFactory,
        TrackerStateFactory,
        TranslationFactory,
        VerifiabilityPeriodFactory,
    )
}


def write(instance: models.Model, **values: Any) -> None:
    """Write as SQL would: no clean(), no save()."""
    type(instance)._default_manager.filter(pk=instance.pk).update(**values)


def published(**fields: Any) -> StatusUpdate:
    """A row of the record, written past publishing."""
    edition = fields.pop("edition", None) or EditionFactory()
    fields = {"reviewer": UserFactory(), "effective_day": date(2025, 3, 1)} | fields
    return StatusUpdateFactory(
        review_state="published", edition=edition, published_at=edition.published_at, **fields
    )


def baseline(**fields: Any) -> StatusUpdate:
    return published(is_baseline=True, author=None, reviewer=None, **fields)


# What must be refused, by the name of the constraint that refuses it ----------------------------


def reverse_editions(factory, **fields: Any) -> None:
    earlier, later = EditionFactory(), EditionFactory()
    write(factory(**fields), from_edition=later, until_edition=earlier)


def leave_without_coming(factory) -> None:
    write(factory(), until_edition=EditionFactory(), withdrawal_reason="Merged.")


def withdraw_in_silence(factory) -> None:
    write(factory(), from_edition=EditionFactory(), until_edition=EditionFactory())


def end(**fields: Any) -> None:
    write(published(), **({"ended_in_edition": EditionFactory()} | fields))


def review_own_update() -> None:
    update = StatusUpdateFactory()
    write(update, reviewer=update.author)


def decide(**fields: Any) -> None:
    write(RetractionRequestFactory(), **fields)


def research(**fields: Any) -> Edition:
    said = {"report": ReportFactory(), "method": "Two codings.", "horizon_on": PUBLISHED_ON}
    return EditionFactory(**{"kind": "research", "slug": "second", **said, **fields})


def retract_by_research(**fields: Any) -> None:
    decided = {"outcome": "confirmed", "decided_at": noon(PUBLISHED_ON)}
    write(
        RetractionRequestFactory(),
        **{"requested_by": None, "research_edition": research(), **decided, **fields},
    )


def confirm_own_retraction() -> None:
    request = RetractionRequestFactory()
    decided = {"decided_by": request.requested_by, "decided_at": noon(PUBLISHED_ON)}
    write(request, outcome="confirmed", **decided)


def decide_step(**fields: Any) -> None:
    write(StructureRequestFactory(), **fields)


def decide_own_step() -> None:
    request = StructureRequestFactory()
    decided = {"decided_by": request.requested_by, "decided_at": noon(PUBLISHED_ON)}
    write(request, outcome="declined", note="No.", **decided)


def decide_reset(**fields: Any) -> None:
    write(FactorResetFactory(), **fields)


def reset_by_itself(*names: str) -> None:
    """A reset of which one person is several of those who take part."""
    write(FactorResetFactory(), **dict.fromkeys(names, UserFactory()))


def decide_reset_by(name: str) -> None:
    reset = FactorResetFactory()
    decision = {"outcome": "declined", "decided_at": noon(PUBLISHED_ON)}
    write(reset, decided_by=getattr(reset, name), **decision)


def decide_own_removal() -> None:
    asked = CaptureRemovalFactory()
    write(asked, outcome="declined", **decided() | {"decided_by": asked.requested_by})


def decided() -> dict[str, Any]:
    return {"decided_by": UserFactory(), "decided_at": noon(PUBLISHED_ON)}


def handle(**fields: Any) -> None:
    write(ReaderReportFactory(), **fields)


def twice(factory, **fields: Any) -> None:
    factory(**fields)
    factory(**fields)


def published_correction(replaces: StatusUpdate) -> StatusUpdate:
    return published(replaces=replaces, correction_reason="The source was misread.")


CASES: dict[str, list[Callable[[], Any]]] = {
    "report_editions_ordered": [
        lambda: reverse_editions(ReportFactory, withdrawal_reason="Merged."),
        lambda: leave_without_coming(ReportFactory),
    ],
    "recommendation_editions_ordered": [
        lambda: reverse_editions(RecommendationFactory, withdrawal_reason="Merged."),
        lambda: leave_without_coming(RecommendationFactory),
    ],
    "action_editions_ordered": [
        lambda: reverse_editions(ActionFactory, withdrawal_reason="Merged."),
        lambda: leave_without_coming(ActionFactory),
    ],
    "statusperiod_editions_ordered": [lambda: reverse_editions(StatusPeriodFactory)],
    "verifiabilityperiod_editions_ordered": [lambda: reverse_editions(VerifiabilityPeriodFactory)],
    "report_withdrawal_says_why": [lambda: withdraw_in_silence(ReportFactory)],
    "recommendation_withdrawal_says_why": [lambda: withdraw_in_silence(RecommendationFactory)],
    "action_withdrawal_says_why": [lambda: withdraw_in_silence(ActionFactory)],
    "report_one_featured": [lambda: twice(ReportFactory, is_featured=True)],
    "report_precision_valid": [lambda: ReportFactory(published_precision="quarter")],
    "report_bibliographic_is_not_counted": [
        lambda: write(ReportFactory(is_bibliographic=True), from_edition=EditionFactory())
    ],
    "report_bibliographic_is_not_featured": [
        lambda: ReportFactory(is_bibliographic=True, is_featured=True)
    ],
    "section_unique_slug": [lambda: twice(SectionFactory, report=ReportFactory(), slug="same")],
    "section_unique_position": [lambda: twice(SectionFactory, report=ReportFactory(), position=1)],
    "recommendation_unique_number": [
        lambda: twice(RecommendationFactory, report=ReportFactory(), number="1.1")
    ],
    "recommendation_unique_slug": [
        lambda: twice(RecommendationFactory, report=ReportFactory(), slug="same")
    ],
    "recommendationrelation_later_side": [
        lambda: RecommendationRelationFactory(recommendation=None),
        lambda: RecommendationRelationFactory(recommendation=None, report=ReportFactory()),
        lambda: RecommendationRelationFactory(report=ReportFactory()),
        lambda: RecommendationRelationFactory(kind="drops"),
        lambda: RecommendationRelationFactory(kind="drops", recommendation=None),
        lambda: RecommendationRelationFactory(kind="drops", report=ReportFactory()),
    ],
    "recommendationrelation_names_source": [
        lambda: RecommendationRelationFactory(publisher=""),
        lambda: RecommendationRelationFactory(url=""),
    ],
    "recommendationrelation_unique_earlier": [
        lambda: twice(
            RecommendationRelationFactory,
            recommendation=RecommendationFactory(),
            earlier=RecommendationFactory(),
        )
    ],
    "recommendationrelation_unique_dropped": [
        lambda: twice(
            RecommendationRelationFactory,
            kind="drops",
            recommendation=None,
            report=ReportFactory(),
            earlier=RecommendationFactory(),
        )
    ],
    "action_number_has_letter": [lambda: ActionFactory(number=0)],
    "action_unique_number": [
        lambda: twice(ActionFactory, recommendation=RecommendationFactory(), number=1)
    ],
    "action_unique_slug": [
        lambda: twice(ActionFactory, recommendation=RecommendationFactory(), slug="same")
    ],
    "action_not_verifiable_says_why": [lambda: ActionFactory(is_verifiable=False)],
    "actionbody_unique": [
        lambda: twice(ActionBodyFactory, action=ActionFactory(), body=BodyFactory())
    ],
    "deadline_one_of_report": [
        lambda: [
            DeadlineFactory(action=action, on=date(2025, month, 1))
            for action in [ActionFactory()]
            for month in (1, 2)
        ]
    ],
    "reporttext_unique_version": [
        lambda: twice(ReportTextFactory, report=ReportFactory(), version=1)
    ],
    "passage_unique_position": [
        lambda: twice(PassageFactory, report_text=ReportTextFactory(), position=1)
    ],
    "passage_unique_anchor": [
        lambda: twice(PassageFactory, report_text=ReportTextFactory(), anchor="same")
    ],
    "deliveryrow_one_an_action": [
        lambda: twice(DeliveryRowFactory, delivery=DeliveryFactory(), action=ActionFactory())
    ],
    "delivery_precision_valid": [lambda: DeliveryFactory(published_precision="quarter")],
    "deliveryrow_precision_valid": [lambda: DeliveryRowFactory(effective_precision="quarter")],
    "addresseealias_unique": [
        lambda: twice(AddresseeAliasFactory, report=ReportFactory(), key="same")
    ],
    "addresseealias_party_or_body": [
        lambda: AddresseeAliasFactory(party=PartyFactory(), body=BodyFactory())
    ],
    "mark_has_text": [lambda: MarkFactory(start=4, end=4), lambda: MarkFactory(start=5, end=4)],
    "mark_unique": [lambda: twice(MarkFactory, passage=PassageFactory(), action=ActionFactory())],
    "deadline_unique": [
        lambda: twice(
            DeadlineFactory,
            action=ActionFactory(),
            origin="official",
            stated_on=date(2025, 1, 1),
            url="https://example.org/",
        )
    ],
    "deadline_official_is_sourced": [
        lambda: DeadlineFactory(origin="official", url="https://example.org/"),
        lambda: DeadlineFactory(origin="official", stated_on=date(2025, 1, 1)),
    ],
    "edition_of_files_names_report": [
        lambda: EditionFactory(kind="baseline"),
        lambda: research(report=None),
        lambda: EditionFactory(kind="updates", report=ReportFactory()),
        lambda: EditionFactory(kind="structure", report=ReportFactory()),
    ],
    "edition_of_a_file_says_how": [
        lambda: research(slug=""),
        lambda: research(method=""),
        lambda: research(horizon_on=None),
        lambda: EditionFactory(kind="updates", slug="coding", method="Two codings."),
        lambda: EditionFactory(kind="structure", slug="order"),
        lambda: EditionFactory(kind="structure", method="Two codings."),
        lambda: EditionFactory(kind="structure", horizon_on=PUBLISHED_ON),
    ],
    "editionitem_unique_key": [lambda: twice(EditionItemFactory, edition=EditionFactory())],
    "edition_one_a_reference": [lambda: twice(research, slug="coding")],
    "edition_one_baseline_a_report": [
        lambda: twice(EditionFactory, kind="baseline", report=ReportFactory())
    ],
    "coding_adjudicator_decides": [
        lambda: CodingFactory(decision="confirm"),
        lambda: CodingFactory(reason="It is so."),
    ],
    "coding_of_person_or_research": [lambda: CodingFactory(person=None)],
    "coding_precision_valid": [lambda: CodingFactory(effective_precision="quarter")],
    "coding_of_person_is_compared": [lambda: CodingFactory(compared_with=None)],
    "coding_one_a_person": [
        lambda: twice(CodingFactory, person=UserFactory(), compared_with=StatusUpdateFactory())
    ],
    "coding_one_an_edition": [
        lambda: twice(CodingFactory, action=ActionFactory(), edition=EditionFactory())
    ],
    "trackerstate_single": [lambda: TrackerStateFactory(id=2)],
    "statusperiod_days_ordered": [
        lambda: StatusPeriodFactory(ends_on=date(2025, 3, 1)),
        lambda: StatusPeriodFactory(ends_on=date(2025, 2, 1)),
    ],
    "evidenceperiod_editions_ordered": [lambda: reverse_editions(EvidencePeriodFactory)],
    "evidenceperiod_days_ordered": [
        lambda: EvidencePeriodFactory(ends_on=date(2025, 3, 1)),
        lambda: EvidencePeriodFactory(ends_on=date(2025, 2, 1)),
    ],
    "statusperiod_of_one": [
        lambda: StatusPeriodFactory(recommendation=None),
        lambda: StatusPeriodFactory(action=ActionFactory()),
        lambda: StatusPeriodFactory(recommendation=None, action=ActionFactory()),
        lambda: StatusPeriodFactory(update=StatusUpdateFactory()),
    ],
    "verifiabilityperiod_one_open": [
        lambda: twice(VerifiabilityPeriodFactory, action=ActionFactory())
    ],
    "listedhost_has_reason": [
        lambda: ListedHostFactory(host=""),
        lambda: ListedHostFactory(reason=""),
    ],
    "source_has_address": [
        lambda: write(SourceFactory(), url=""),
        lambda: write(SourceFactory(), key=""),
        lambda: write(SourceFactory(), slug=""),
    ],
    "source_kind_valid": [lambda: SourceFactory(kind="rumour")],
    "source_copy_rights_valid": [lambda: SourceFactory(copy_rights="perhaps")],
    "source_precision_valid": [lambda: SourceFactory(published_precision="quarter")],
    "capture_is_described": [
        lambda: CaptureFactory(sha256=""),
        lambda: CaptureFactory(media_type=""),
    ],
    "capture_kept_or_removed": [
        lambda: CaptureFactory(name=""),
        lambda: CaptureFactory(name="", removed_at=noon(PUBLISHED_ON)),
        lambda: CaptureFactory(removed_at=noon(PUBLISHED_ON), removal_reason="Demanded."),
        lambda: CaptureFactory(
            name="", text="x", removed_at=noon(PUBLISHED_ON), removal_reason="Demanded."
        ),
    ],
    "captureremoval_says_why": [lambda: CaptureRemovalFactory(reason="")],
    "captureremoval_four_eyes": [decide_own_removal],
    "captureremoval_decided_is_stamped": [
        lambda: write(CaptureRemovalFactory(), outcome="confirmed"),
        lambda: write(CaptureRemovalFactory(), **decided()),
    ],
    "captureremoval_one_pending": [lambda: twice(CaptureRemovalFactory, capture=CaptureFactory())],
    "checkedlink_gone_since_when": [
        lambda: CheckedLinkFactory(times_gone=1),
        lambda: CheckedLinkFactory(gone_since=noon(PUBLISHED_ON)),
    ],
    "checkedlink_dead_after_three": [
        lambda: CheckedLinkFactory(state="dead", times_gone=2, gone_since=noon(PUBLISHED_ON)),
    ],
    "feed_is_named": [lambda: FeedFactory(name=""), lambda: FeedFactory(url="")],
    "feed_on_once_it_worked": [
        lambda: FeedFactory(is_on=True, worked_at=None),
        lambda: FeedFactory(is_on=True, next_at=None),
    ],
    "feed_found_where_and_when": [
        lambda: FeedFactory(found_in="https://example.org/list"),
        lambda: FeedFactory(found_on=PUBLISHED_ON),
    ],
    "feed_adapter_of_api": [
        lambda: FeedFactory(kind="api"),
        lambda: FeedFactory(adapter={"title": "title", "address": "url"}),
    ],
    "feeditem_once": [lambda: twice(FeedItemFactory, feed=FeedFactory(), key="0" * 64)],
    "loweredhost_names_host": [lambda: LoweredHostFactory(host="")],
    "loweredhost_once": [
        lambda: twice(LoweredHostFactory, host="example.org", action=ActionFactory())
    ],
    "linkcheck_once": [lambda: twice(LinkCheckFactory, source=SourceFactory())],
    "capturerequest_ended_is_told": [
        lambda: CaptureRequestFactory(state="kept", ended_at=noon(PUBLISHED_ON)),
        lambda: CaptureRequestFactory(state="failed", ended_at=noon(PUBLISHED_ON)),
        lambda: CaptureRequestFactory(state="failed", reason="not_found"),
        lambda: CaptureRequestFactory(reason="not_found"),
        lambda: CaptureRequestFactory(capture=CaptureFactory()),
    ],
    "capturerequest_brings_a_file": [
        lambda: CaptureRequestFactory(way="uploaded"),
        lambda: CaptureRequestFactory(checksum="0" * 64),
    ],
    "capturerequest_one_waiting": [
        lambda: twice(CaptureRequestFactory, address="https://example.org/law")
    ],
    "searchalias_no_empty_line": [
        lambda: SearchAliasFactory(names="", report=ReportFactory()),
        lambda: SearchAliasFactory(names="\nOtters", report=ReportFactory()),
        lambda: SearchAliasFactory(names="Otters\n", report=ReportFactory()),
        lambda: SearchAliasFactory(names="Otters\n\nカワウソ"),
    ],
    "topic_has_query": [lambda: TopicFactory(query="")],
    "searchalias_names_or_report": [lambda: SearchAliasFactory(names="Otters")],
    "fiscalyear_one_for_others": [lambda: twice(FiscalYearFactory, party=None)],
    "fiscalyear_begins_on_a_day": [
        lambda: write(FiscalYearFactory(), begins_month=13),
        lambda: write(FiscalYearFactory(), begins_day=0),
        lambda: write(FiscalYearFactory(), begins_day=32),
    ],
    "site_single": [lambda: SiteFactory(id=2)],
    "site_has_names": [
        lambda: Site.objects.update(name=""),
        lambda: Site.objects.update(feed_name=""),
    ],
    "statusupdate_precision_valid": [
        lambda: StatusUpdateFactory(effective_precision="quarter"),
        lambda: StatusUpdateFactory(effective_precision="fiscal_year_us"),
    ],
    "statusupdate_confidence_valid": [lambda: StatusUpdateFactory(confidence="certain")],
    "statusupdate_attribution_valid": [lambda: StatusUpdateFactory(attribution="caused")],
    "statusupdate_four_eyes": [review_own_update],
    "statusupdate_has_author": [
        lambda: StatusUpdateFactory(author=None),
        lambda: StatusUpdateFactory(is_baseline=True),
        lambda: StatusUpdateFactory(is_baseline=True, author=None, reviewer=UserFactory()),
    ],
    "statusupdate_published_is_stamped": [
        lambda: published(reviewer=None),
        lambda: published(effective_day=None),
        lambda: write(published(), edition=None),
        lambda: write(published(), published_at=None),
        lambda: write(baseline(), published_at=None),
    ],
    "statusupdate_draft_is_unstamped": [
        lambda: StatusUpdateFactory(edition=EditionFactory()),
        lambda: StatusUpdateFactory(effective_day=date(2025, 3, 1)),
        lambda: StatusUpdateFactory(published_at=noon(PUBLISHED_ON)),
        lambda: write(published(), review_state="submitted"),
    ],
    "statusupdate_end_is_explained": [
        lambda: end(),
        lambda: end(end_reason="corrected"),
        lambda: end(end_reason="forgotten", end_note="Why."),
        lambda: write(published(), end_reason="corrected", end_note="Why."),
        lambda: write(
            update := published(),
            ended_in_edition=update.edition,
            end_reason="retracted",
            end_note="Why.",
        ),
    ],
    "statusupdate_return_says_why": [lambda: StatusUpdateFactory(review_state="returned")],
    "statusupdate_correction_says_why": [lambda: StatusUpdateFactory(replaces=published())],
    "statusupdate_one_successor": [
        lambda: [published_correction(update) for update in [published()] for _n in range(2)]
    ],
    "statusupdate_one_an_edition": [
        lambda: twice(published, edition=EditionFactory(), action=ActionFactory())
    ],
    "statusupdate_one_a_baseline_day": [
        lambda: twice(baseline, edition=EditionFactory(), action=ActionFactory())
    ],
    "evidence_precision_valid": [lambda: EvidenceFactory(published_precision="quarter")],
    "evidence_names_source": [
        lambda: EvidenceFactory(publisher=""),
        lambda: EvidenceFactory(url=""),
    ],
    "evidence_unique_position": [
        lambda: twice(EvidenceFactory, update=StatusUpdateFactory(), position=1)
    ],
    "retractionrequest_says_why": [lambda: RetractionRequestFactory(reason="")],
    "retractionrequest_four_eyes": [confirm_own_retraction],
    "retractionrequest_decided_is_stamped": [
        lambda: decide(outcome="confirmed"),
        lambda: decide(outcome="declined", decided_by=UserFactory()),
        lambda: decide(outcome="confirmed", decided_at=noon(PUBLISHED_ON)),
        lambda: decide(decided_by=UserFactory(), decided_at=noon(PUBLISHED_ON)),
    ],
    "retractionrequest_people_or_research": [
        lambda: decide(requested_by=None),
        lambda: retract_by_research(requested_by=UserFactory()),
        lambda: retract_by_research(decided_by=UserFactory()),
        lambda: retract_by_research(outcome="pending"),
        lambda: retract_by_research(decided_at=None),
    ],
    "factorreset_says_why": [lambda: FactorResetFactory(reason="")],
    "factorreset_not_for_oneself": [lambda: reset_by_itself("person", "requested_by")],
    "factorreset_four_eyes": [
        lambda: decide_reset_by("requested_by"),
        lambda: decide_reset_by("person"),
    ],
    "factorreset_one_pending": [lambda: twice(FactorResetFactory, person=UserFactory())],
    "factorreset_decided_is_stamped": [
        lambda: decide_reset(outcome="confirmed"),
        lambda: decide_reset(outcome="recalled"),
        lambda: decide_reset(outcome="recalled", **decided()),
        lambda: decide_reset(**decided()),
    ],
    "structurerequest_says_why": [
        lambda: StructureRequestFactory(reason=""),
        lambda: StructureRequestFactory(step="split", reason=""),
    ],
    "structurerequest_four_eyes": [decide_own_step],
    "structurerequest_decided_is_stamped": [
        lambda: decide_step(outcome="declined", note="No."),
        lambda: decide_step(outcome="recalled"),
        lambda: decide_step(outcome="recalled", **decided()),
        lambda: decide_step(**decided()),
    ],
    "structurerequest_confirmed_has_edition": [
        lambda: decide_step(outcome="confirmed", **decided()),
        lambda: decide_step(edition=EditionFactory()),
    ],
    "structurerequest_declined_says_why": [lambda: decide_step(outcome="declined", **decided())],
    "edition_of_a_person_or_a_file": [
        lambda: EditionFactory(kind="baseline", report=ReportFactory(), made_by=UserFactory()),
        lambda: EditionFactory(kind="structure", slug="s", method="M", made_by=UserFactory()),
    ],
    "assignment_of_one": [
        lambda: AssignmentFactory(action=None),
        lambda: AssignmentFactory(section=SectionFactory()),
        lambda: AssignmentFactory(area=PolicyAreaFactory()),
        lambda: AssignmentFactory(action=None, section=SectionFactory(), area=PolicyAreaFactory()),
    ],
    "assignment_unique_action": [
        lambda: twice(AssignmentFactory, analyst=UserFactory(), action=ActionFactory())
    ],
    "assignment_unique_section": [
        lambda: twice(
            AssignmentFactory, analyst=UserFactory(), action=None, section=SectionFactory()
        )
    ],
    "assignment_unique_area": [
        lambda: twice(
            AssignmentFactory, analyst=UserFactory(), action=None, area=PolicyAreaFactory()
        )
    ],
    "savedfilter_has_name": [lambda: SavedFilterFactory(name="")],
    "savedfilter_unique_name": [
        lambda: twice(SavedFilterFactory, owner=UserFactory(), name="Mine")
    ],
    "notice_told_once": [lambda: twice(NoticeFactory, recipient=UserFactory(), key="same")],
    "notice_is_about_something": [lambda: NoticeFactory(update=None)],
    "inboxitem_precision_valid": [lambda: InboxItemFactory(published_precision="quarter")],
    "inboxitem_says_something": [
        lambda: write(InboxItemFactory(), url=""),
        lambda: write(InboxItemFactory(), key=""),
    ],
    "inboxitem_added_by_someone": [lambda: InboxItemFactory(added_by=None)],
    "inboxitem_of_reader": [
        lambda: InboxItemFactory(came_from="reader"),
        lambda: InboxItemFactory(
            came_from="reader", reader_report=ReaderReportFactory(), url="", title="Otters seen"
        ),
    ],
    "inboxitem_decided_is_stamped": [
        lambda: write(InboxItemFactory(), state="logged"),
        lambda: write(InboxItemFactory(), state="logged", decided_by=UserFactory()),
        lambda: write(InboxItemFactory(), **decided()),
    ],
    "inboxitem_dismissal_says_why": [
        lambda: write(InboxItemFactory(), state="dismissed", **decided()),
        lambda: write(InboxItemFactory(), reason="No news."),
    ],
    "inboxitem_waits_once": [lambda: twice(InboxItemFactory, url="https://news.example.org/same")],
    "knownhost_says_something": [
        lambda: KnownHostFactory(publisher="", kind=""),
        lambda: KnownHostFactory(host=""),
    ],
    "readerreport_says_something": [lambda: ReaderReportFactory(message="")],
    "readerreport_handled_is_stamped": [
        lambda: handle(outcome="spam"),
        lambda: handle(outcome="spam", handled_by=UserFactory()),
        lambda: handle(handled_by=UserFactory(), handled_at=noon(PUBLISHED_ON)),
    ],
    "readerreport_outcome_says_why": [
        lambda: handle(outcome="accepted", handled_by=UserFactory(), handled_at=noon(PUBLISHED_ON)),
        lambda: handle(outcome="declined", handled_by=UserFactory(), handled_at=noon(PUBLISHED_ON)),
    ],
    "retractionrequest_one_pending": [
        lambda: twice(RetractionRequestFactory, update=StatusUpdateFactory())
    ],
}
CODES = [
    (model, field)
    for model in MODELS
    for field in model._meta.get_fields()
    if getattr(field, "choices", None) and field.choices != languages()
]


def refusal_of(violate: Callable[[], Any]) -> str:
    """Return the database's own words, in which it names the constraint or its columns."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        violate()
    return str(refused.value)


def words_for(constraint: str) -> str:
    """Return what the database's words hold: SQLite names the columns of a unique constraint."""
    [(model, one)] = [
        (model, one)
        for model in MODELS
        for one in model._meta.constraints
        if one.name == f"recommendations_{constraint}"
    ]
    if connection.vendor == "sqlite" and isinstance(one, models.UniqueConstraint):
        columns = [model._meta.get_field(name).column for name in one.fields]
        return ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return one.name


@pytest.mark.parametrize(
    ("constraint", "violate"),
    [(name, violate) for name, cases in CASES.items() for violate in cases],
    ids=[f"{name}-{n}" for name, cases in CASES.items() for n in range(len(cases))],
)
def test_database_refuses_what_breaks_the_constraint(
    constraint: str, violate: Callable[[], Any]
) -> None:
    assert words_for(constraint) in refusal_of(violate)


@pytest.mark.parametrize(
    ("model", "field"), CODES, ids=[f"{model.__name__}.{field.name}" for model, field in CODES]
)
def test_database_refuses_a_code_outside_the_vocabulary(
    model: type[models.Model], field: models.Field
) -> None:
    row = FACTORIES[model]()
    nonsense = 99 if isinstance(field, models.IntegerField) else "nonsense"
    refusal_of(lambda: write(row, **{field.name: nonsense}))


def test_every_constraint_has_a_test() -> None:
    constraints = {one.name for model in MODELS for one in model._meta.constraints}
    vocabularies = {
        f"recommendations_{model._meta.model_name}_{field.name}_valid" for model, field in CODES
    }
    tested = {f"recommendations_{name}" for name in CASES}
    assert constraints - vocabularies <= tested <= constraints


def test_every_model_has_a_factory_whose_row_the_database_takes() -> None:
    assert set(FACTORIES) == set(MODELS)
    for factory in FACTORIES.values():
        assert factory().pk


def test_every_constraint_that_a_form_can_break_says_so_in_words() -> None:
    silent = [
        one.name
        for model in MODELS
        for one in model._meta.constraints
        if one.violation_error_message == one.default_violation_error_message
    ]
    # Their rows are written by code alone.
    assert sorted(silent) == [
        "recommendations_notice_is_about_something",
        "recommendations_notice_told_once",
    ]


@pytest.mark.parametrize("state", ["draft", "submitted", "published"])
def test_several_updates_may_be_without_an_edition_or_a_successor(state: str) -> None:
    action = ActionFactory()
    make = published if state == "published" else StatusUpdateFactory
    make(action=action)
    make(action=action)
    assert StatusUpdate.objects.filter(action=action, replaces=None).count() == 2


def test_drafts_of_two_corrections_may_stand_beside_each_other() -> None:
    update = published()
    for _n in range(2):
        StatusUpdateFactory(
            action=update.action, replaces=update, correction_reason="The source was misread."
        )
    assert update.replacements.count() == 2


def test_action_with_an_update_cannot_be_deleted() -> None:
    update = StatusUpdateFactory()
    with pytest.raises(models.ProtectedError):
        update.action.delete()


def test_author_of_an_update_cannot_be_deleted() -> None:
    update = StatusUpdateFactory()
    with pytest.raises(models.ProtectedError):
        update.author.delete()
