import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from alliance.models import Job, SharedCacheEntry
from recommendations import integrity, publishing, triggers
from recommendations.digests import verification
from recommendations.drafting.file_reading import read_file
from recommendations.models import (
    Action,
    AddresseeGroup,
    Coding,
    Edition,
    EditionDigest,
    EditionItem,
    Evidence,
    EvidencePeriod,
    FactorReset,
    Feed,
    FiscalYear,
    KnownHost,
    ListedHost,
    Notice,
    Preference,
    RetractionRequest,
    Site,
    Source,
    StructureRequest,
    Translation,
)
from recommendations.models.structure_request import StructureStep
from recommendations.site_row import USUAL_FEED_NAME

from .factories import (
    AddresseeGroupFactory,
    ContextEventFactory,
    FileToReadFactory,
    NoticeFactory,
    PreferenceFactory,
    ReportFactory,
    ReportImportFactory,
    SourceFactory,
    UserFactory,
    corrected,
    draft_update,
    published_action,
    published_update,
    retracted,
    withdraw,
)

APP = "recommendations"
BEFORE_RESEARCH, RESEARCH = "0016_relate_reports", "0017_add_research_editions"
CODINGS = "0018_add_codings"
BEFORE_DIGESTS, DIGESTS = "0023_name_who_made_editions", "0024_digest_editions"
BEFORE_WATCH, WATCH = "0018_add_codings", "0020_keep_evidence_periods"
BEFORE_RESETS = "0026_begin_text_histories"
BEFORE_GROUPS = "0038_add_deliveries"
BEFORE_SITE, SITE_NAME = "0033_begin_search_aliases", "Integrated Alliance Tracker"
BEFORE_SOURCES = "0045_give_events_their_report"
BEFORE_FILES, BEFORE_JOBS = "0036_add_topics", "0002_keep_whose_session_it_is"
BEFORE_FEEDS, FEEDS = "0051_add_links_and_feeds", "0052_begin_feeds"
BEFORE_PEOPLE, PEOPLE = "0022_code_again", "0023_name_who_made_editions"


@pytest.mark.django_db
def test_models_have_no_change_without_a_migration() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail(
            "The models have changed: manage.py makemigrations, named by hand, and wrapped in "
            "triggers.around([...]) where it alters a table of triggers.GUARDED_TABLES."
        )


def migrate(name: str) -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])


def migrate_to_newest() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.fixture
def migrated_again() -> Iterator[None]:
    yield
    migrate_to_newest()


def rows(table: str) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_research_editions_come_to_a_record_and_leave_it_as_it_was() -> None:
    action = published_action()
    retracted(corrected(published_update(action)))
    migrate(BEFORE_RESEARCH)
    tables = (f"{APP}_edition", f"{APP}_retractionrequest", f"{APP}_statusupdate")
    before = {table: rows(table) for table in tables}
    assert not {"slug", "method", "horizon_on"} & set(before[f"{APP}_edition"][0])
    assert before[f"{APP}_retractionrequest"][0]["outcome"] == "confirmed"

    migrate(RESEARCH)
    for table, old in before.items():
        kept = [{name: row[name] for name in old[0]} for row in rows(table)]
        assert kept == old, table
    said = set(Edition.objects.values_list("slug", "method", "horizon_on"))
    assert said == {("", "", None)}
    assert RetractionRequest.objects.get().research_edition is None
    assert list(triggers.faults(connection)) == []
    migrate_to_newest()
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_background_work_comes_to_a_database_and_leaves_its_imports_as_they_were() -> None:
    published_update(published_action())
    kept = ReportImportFactory(outline={"title": "港"})
    SharedCacheEntry.objects.create(cache_key="count", value="1", expires=timezone.now())
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, BEFORE_FILES), ("alliance", BEFORE_JOBS)])
    tables = (f"{APP}_reportimport", f"{APP}_report", "alliance_shared_cache")
    before = {table: rows(table) for table in tables}
    there = connection.introspection.table_names()
    assert not {"alliance_job", f"{APP}_filetoread"} & set(there)

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    file = FileToReadFactory(uploaded_by=kept.uploaded_by, read_as=kept)
    read_file.enqueue(file.pk)
    assert Job.objects.count() == 1
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_codings_come_to_a_record_and_leave_its_evidence_as_it_was() -> None:
    published_update(published_action())
    migrate(RESEARCH)
    table = f"{APP}_evidence"
    before = rows(table)
    assert before
    assert "language" not in before[0]

    migrate(CODINGS)
    assert [{name: row[name] for name in before[0]} for row in rows(table)] == before
    assert {row["language"] for row in rows(table)} == {""}
    assert list(triggers.faults(connection)) == []
    migrate_to_newest()
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_there_gets_the_list_of_hosts_and_what_its_statuses_rest_on() -> None:
    action, other = published_action(), published_action()
    address = "https://eu.news-pravda.com/made-up"
    ListedHost.objects.all().delete()
    first = published_update(action, evidence=[{"kind": "press", "url": address}])
    published_update(action, "implemented", on=date(2025, 6, 1), relies_on=[first])
    retracted(corrected(published_update(other)))
    tables = [f"{APP}_{name}" for name in ("edition", "statusupdate", "evidence")]
    before, derived = {table: rows(table) for table in tables}, evidence_periods()
    columns = dict(Action.objects.values_list("pk", "evidence_counts"))
    assert columns == {action.pk: {"primary": 1, "press": 1}, other.pk: {}}

    migrate(BEFORE_WATCH)
    assert "evidence_kind" not in rows(f"{APP}_action")[0]
    migrate(WATCH)
    for table, old in before.items():
        names = rows(table)[0]
        assert [{name: row[name] for name in names} for row in old] == rows(table), table
    migrate_to_newest()
    assert evidence_periods() == derived
    assert dict(Action.objects.values_list("pk", "evidence_counts")) == columns
    assert ListedHost.objects.as_list().mark_of(address) == "never_evidence"
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_a_record_that_is_there_is_digested_with_its_wording_of_now() -> None:
    action, other = published_action(), published_action()
    retracted(corrected(published_update(action)))
    other.title = "Set up the office"
    other.save()
    tables = [f"{APP}_{name}" for name in ("edition", "statusupdate", "evidence", "action")]
    before = {table: rows(table) for table in tables}
    migrate(BEFORE_DIGESTS)
    assert f"{APP}_editionitem" not in connection.introspection.table_names()

    migrate(DIGESTS)
    for table, old in before.items():
        names = rows(table)[0]
        assert [{name: row[name] for name in names} for row in old] == rows(table), table
    migrate_to_newest()
    numbers = list(Edition.objects.order_by("number").values_list("number", flat=True))
    assert list(EditionDigest.objects.values_list("edition_id", flat=True)) == numbers
    worded = EditionItem.objects.get(key=f"text/action/{other.pk}")
    assert worded.edition_id == numbers[-1]
    assert "Set up the office" in worded.content
    assert list(verification.everything()) == []
    published_update(other)
    assert list(verification.everything()) == []
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_people_factors_and_log_stay_when_factors_are_reset_by_two() -> None:
    published_update(published_action())
    person, asks, decides = UserFactory.create_batch(3)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "kept"})
    FactorReset.objects.create(
        person=person, requested_by=asks, requested_at=timezone.now(), reason="Lost."
    )
    migrate(BEFORE_RESETS)
    tables = ("auth_user", "mfa_authenticator", f"{APP}_act", f"{APP}_edition")
    before = {table: rows(table) for table in tables}
    assert f"{APP}_factorreset" not in connection.introspection.table_names()

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    assert not FactorReset.objects.exists()
    asked = FactorReset.objects.create(
        person=person, requested_by=asks, requested_at=timezone.now(), reason="Lost."
    )
    stamp = {"outcome": "confirmed", "decided_at": timezone.now()}
    for nobody in (asks, person):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorReset.objects.filter(pk=asked.pk).update(decided_by=nobody, **stamp)
    FactorReset.objects.filter(pk=asked.pk).update(decided_by=decides, **stamp)
    assert Group.objects.get(name="Administrator").permissions.count() == 9
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


def evidence_periods() -> list[list[tuple[str, str]]]:
    """The rows without their keys, which a migration gives anew."""
    found = EvidencePeriod.objects.values()
    return sorted(sorted((k, str(v)) for k, v in row.items() if k != "id") for row in found)


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_codings_of_files_stay_when_people_may_code_again() -> None:
    update = published_update(published_action())
    edition = update.edition
    Coding.objects.create(action=update.action, coder="first", status="partly", edition=edition)
    migrate(WATCH)
    before = rows(f"{APP}_coding")
    assert "is_same" not in before[0]

    migrate_to_newest()
    assert [{name: row[name] for name in before[0]} for row in rows(f"{APP}_coding")] == before
    assert set(Coding.objects.values_list("is_same", "compared_with")) == {(False, None)}
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_editions_that_are_there_have_nobody_and_half_made_steps_stay_drafts() -> None:
    action = published_action()
    published_update(action)
    parties = list(action.parties.all())
    drafts = [
        publishing.draft_successor(action, title=title, parties=parties, by=UserFactory())
        for title in ("One", "Other")
    ]
    migrate(BEFORE_PEOPLE)
    tables = [f"{APP}_{name}" for name in ("edition", "action", "statusupdate")]
    before = {table: rows(table) for table in tables}
    assert "made_by_id" not in before[f"{APP}_edition"][0]

    migrate(PEOPLE)
    for table, old in before.items():
        assert [{name: row[name] for name in old[0]} for row in rows(table)] == old, table
    migrate_to_newest()
    assert set(Edition.objects.values_list("made_by", flat=True)) == {None}
    assert not StructureRequest.objects.exists()
    step = publishing.Step(StructureStep.SPLIT, actions=[action], into=drafts)
    asked = publishing.request_step(step, by=UserFactory(), reason="Two laws.")
    assert publishing.confirm_step(asked, by=UserFactory()).made_by is not None
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_the_site_comes_to_a_record_and_goes_as_it_was() -> None:
    retracted(corrected(published_update(published_action())))
    tables = [f"{APP}_{name}" for name in ("report", "action", "statusupdate", "edition")]
    before = {table: rows(table) for table in tables}
    migrate(BEFORE_SITE)
    names = connection.introspection.table_names()
    assert not {f"{APP}_site", f"{APP}_historicalsite"} & set(names)
    assert not Translation.objects.filter(kind="site.name").exists()
    Translation(kind="site.name", original=SITE_NAME, language="ja", text="私の訳").save()
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    row = Site.objects.get()
    assert (row.pk, row.name, row.feed_name) == (1, SITE_NAME, USUAL_FEED_NAME)
    assert [one.history_type for one in row.history.all()] == ["+"]
    # Whoever translated the name already is believed.
    assert Translation.objects.get(kind="site.name").text == "私の訳"
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_deliveries_come_to_a_record_and_leave_it_as_it_was() -> None:
    retracted(corrected(published_update(published_action())))
    tables = [f"{APP}_{name}" for name in ("report", "action", "statusupdate", "edition")]
    before = {table: rows(table) for table in tables}
    migrate("0037_keep_files_to_read")
    kinds = ("delivery", "deliveryrow", "tableimport", "tablemapping", "addresseealias")
    names = {f"{APP}_{kind}" for kind in kinds}
    assert not names & set(connection.introspection.table_names())
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    assert [row for name in sorted(names) for row in rows(name)] == []
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_groups_and_fiscal_years_come_to_a_record_and_leave_it_as_it_was() -> None:
    published_update(published_action(parties=["united-states", "japan"]))
    retracted(corrected(published_update(published_action(parties=["australia"]))))
    names = ("report", "action", "action_parties", "deadline", "statusupdate", "edition", "party")
    tables = [f"{APP}_{name}" for name in (*names, "editiondigest", "editionitem")]
    before = {table: rows(table) for table in tables}
    migrate(BEFORE_GROUPS)
    there = connection.introspection.table_names()
    assert not {f"{APP}_addresseegroup", f"{APP}_fiscalyear", f"{APP}_sitelogo"} & set(there)
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    groups = {one.slug: one for one in AddresseeGroup.objects.all()}
    assert list(groups) == ["united_states", "japan", "both", "with_others"]
    assert [one.slug for one in groups["both"].parties.order_by("slug")] == [
        "japan",
        "united-states",
    ]
    assert [one.history_type for one in groups["both"].history.all()] == ["+"]
    assert groups["both"].history.get().parties.count() == 2
    words = Translation.objects.get(kind="addresseegroup.name", original="Both")
    assert (words.text, words.is_confirmed) == ("日米双方", False)
    years = {slug: (one.month, one.precision) for slug, one in FiscalYear.objects.rules().items()}
    assert years == {
        "united-states": (10, "fiscal_year_us"),
        "japan": (4, "fiscal_year_japan"),
    }
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []
    assert list(verification.everything()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_a_record_of_others_gets_no_groups_and_goes_back_to_the_release_before() -> None:
    AddresseeGroupFactory(slug="water", parties=["rivers"])
    action = published_action(parties=["rivers"])
    assert action.addressee == "water"
    migrate(BEFORE_GROUPS)
    assert [row["addressee"] for row in rows(f"{APP}_action")] == ["with_others"]
    migrate_to_newest()
    assert not AddresseeGroup.objects.exists() and not FiscalYear.objects.exists()
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_topics_come_to_a_record_and_leave_it_as_it_was() -> None:
    corrected(published_update(published_action()))
    tables = [f"{APP}_{name}" for name in ("report", "action", "statusupdate", "edition")]
    before = {table: rows(table) for table in tables}
    migrate("0035_begin_site")
    names = f"{APP}_topic"
    assert names not in connection.introspection.table_names()
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    assert rows(names) == []
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_names_for_search_come_to_a_record_and_leave_it_as_it_was() -> None:
    retracted(corrected(published_update(published_action())))
    tables = [f"{APP}_{name}" for name in ("report", "action", "statusupdate", "edition")]
    before = {table: rows(table) for table in tables}
    migrate("0031_remove_search_documents")
    names = f"{APP}_searchalias"
    assert names not in connection.introspection.table_names()
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    # What its editors search by is theirs to say.
    assert rows(names) == []
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_the_shipped_events_are_given_their_report_and_others_are_left() -> None:
    action = published_action()
    published_update(action)
    report = action.recommendation.report
    report.slug = "us-japan-alliance-2024"
    report.save()
    mine = ReportFactory(slug="mine")
    shipped = ContextEventFactory(slug="ishiba-cabinet")
    moved = ContextEventFactory(slug="takaichi-cabinet", report=mine)
    own = ContextEventFactory(slug="an-event-of-ours")
    tables = [f"{APP}_{name}" for name in ("action", "statusupdate", "edition", "historicalaction")]
    before = {table: rows(table) for table in tables}
    migrate("0043_give_another_example_of_topics")
    names = set(connection.introspection.table_names())
    gone = {f"{APP}_contextevent_parties", f"{APP}_historicalcontextevent_parties"}
    assert not gone & names
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert {table: rows(table) for table in tables} == before
    for event, wanted in ((shipped, report), (moved, mine), (own, None)):
        event.refresh_from_db()
        assert event.report == wanted
    line = shipped.history.latest()
    assert (line.history_type, line.report_id) == ("~", report.pk)
    assert "came with" in line.history_change_reason
    assert [one.history_type for one in own.history.all()] == ["+"]
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []
    # Once more it finds nothing to do.
    migrate("0044_add_parties_of_events")
    migrate_to_newest()
    assert shipped.history.count() == 2


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_events_stay_as_they_are_where_their_report_never_was() -> None:
    event = ContextEventFactory(slug="ishiba-cabinet")
    migrate("0043_give_another_example_of_topics")
    migrate_to_newest()
    event.refresh_from_db()
    assert event.report is None
    assert event.history.count() == 1


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_news_and_choices_of_people_stay_when_deadlines_become_news() -> None:
    action = published_action()
    told = NoticeFactory(kind="overdue", action=action, update=None)
    PreferenceFactory(person=told.recipient, mail_language="ja")
    NoticeFactory(kind="deadline", action=action, update=None, key="deadline:1:2026-11-20:7")
    migrate("0045_give_events_their_report")
    assert f"{APP}_discardeddraft" not in connection.introspection.table_names()
    # The one of a kind that is not known then is forgotten.
    assert len(rows(f"{APP}_notice")) == 1
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert Notice.objects.get() == told
    kept = Preference.objects.get()
    assert (kept.mail_language, kept.deadline_mails, kept.time_zone) == ("ja", "all", "")
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


LAW = "https://example.org/law/7"


def cited(address: str, **said: object) -> dict[str, object]:
    return {"kind": "primary", "url": address, **said}


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_published_evidence_is_given_its_sources_and_stays_as_it_was() -> None:
    first = published_update(
        published_action(), evidence=[cited(LAW, title="The law", language="ja")]
    )
    second = published_update(
        published_action(), evidence=[cited(f"{LAW}?utm_source=mail#3", title="Law 7")]
    )
    other = corrected(published_update(published_action(), evidence=[cited(f"{LAW}/")]))
    draft = draft_update(published_action(), evidence=[cited(LAW)])
    names = ("edition", "statusupdate", "evidence", "editiondigest", "editionitem", "report")
    tables = [f"{APP}_{name}" for name in names]
    before = {table: rows(table) for table in tables}
    migrate(BEFORE_SOURCES)
    gone = {f"{APP}_{name}" for name in ("source", "capture", "captureremoval")}
    assert not gone & set(connection.introspection.table_names())
    assert not {"source_id", "capture_sha256"} & set(rows(f"{APP}_evidence")[0])
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    ours = {"source_id"}
    for table, old in before.items():
        assert without(rows(table), ours) == without(old, ours), table
    source = Source.objects.get(key=LAW)
    # The words are those of the first item.
    assert (source.title, source.language, source.url) == ("The law", "ja", LAW)
    assert {item.update_id for item in source.items.all()} == {first.pk, second.pk}
    assert Source.objects.count() == 2
    assert Evidence.objects.filter(update=other).get().source.key == f"{LAW}/"
    assert draft.evidence.get().source is None
    with pytest.raises(IntegrityError, match="never added to, edited"), transaction.atomic():
        Evidence.objects.filter(update=first).update(source=None)
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []
    assert list(verification.everything()) == []


def without(found: list[dict[str, object]], names: set[str]) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name not in names} for row in found]


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_sources_are_given_in_batches_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    step = import_module(f"{APP}.migrations.0047_give_evidence_its_sources")
    monkeypatch.setattr(step, "BATCH", 2)
    for n in range(5):
        published_update(published_action(), evidence=[cited(f"https://example.org/{n % 3}")])
    migrate(BEFORE_SOURCES)
    migrate_to_newest()
    assert sorted(Source.objects.with_n_items().values_list("key", "n_items")) == [
        ("https://example.org/0", 2),
        ("https://example.org/1", 2),
        ("https://example.org/2", 1),
    ]
    kept = rows(f"{APP}_source")
    migrate("0046_add_sources")
    migrate_to_newest()
    assert rows(f"{APP}_source") == kept
    assert not Evidence.objects.filter(source=None).exists()


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_a_record_begins_with_the_hosts_of_which_its_sources_say_the_same() -> None:
    for n in range(2):
        SourceFactory(url=f"https://ministry.example/{n}", publisher="Ministry", kind="official")
        SourceFactory(url=f"https://copies.example/{n}", publisher=f"Wire {n}", kind="press")
    migrate("0048_keep_discarded_drafts")
    migrate_to_newest()
    assert list(KnownHost.objects.values_list("host", "publisher", "kind")) == [
        ("ministry.example", "Ministry", "official")
    ]


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_editions_of_the_first_format_verify_beside_those_of_the_second() -> None:
    """Digests that the release before made, and one that this one adds to them."""
    published_update(published_action())
    corrected(published_update(published_action(), evidence=[cited(LAW)]))
    migrate(BEFORE_DIGESTS)
    migrate_to_newest()
    assert set(EditionDigest.objects.values_list("format", flat=True)) == {1}
    items = EditionItem.objects.filter(key__startswith="update/")
    assert not [one for one in items if '"capture_sha256"' in one.content]
    assert list(verification.everything()) == []

    update = published_update(published_action(), evidence=[cited(LAW)])
    newest = EditionDigest.objects.latest("edition_id")
    assert newest.format == 2
    content = json.loads(items.get(key=f"update/{update.slug}").content)
    assert content["evidence"][0]["source"] == LAW
    assert content["evidence"][0]["capture_sha256"] == ""
    assert list(verification.everything()) == []
    assert list(integrity.differences()) == []
    # Neither passes for one of the other format.
    for row, other in ((newest, 1), (EditionDigest.objects.earliest("edition_id"), 2)):
        with triggers_away(), transaction.atomic():
            EditionDigest.objects.filter(pk=row.pk).update(format=other)
            said = [str(one) for one in verification.everything()]
            transaction.set_rollback(True)
        assert [one for one in said if one.startswith(f"Edition {row.pk}")]


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_shipped_feeds_go_and_come_and_one_that_was_tried_stays() -> None:
    shipped = set(Feed.objects.values_list("url", flat=True))
    assert len(shipped) == 4
    tried = Feed.objects.order_by("pk")[0]
    Feed.objects.filter(pk=tried.pk).update(fetched_at=timezone.now(), name="Tried")
    migrate(BEFORE_FEEDS)
    assert rows(f"{APP}_feed")
    migrate(FEEDS)
    assert set(Feed.objects.values_list("url", flat=True)) == shipped
    assert Feed.objects.get(url=tried.url).name == "Tried"


@pytest.mark.usefixtures("migrated_again")
@pytest.mark.django_db(transaction=True)
def test_what_left_is_found_in_a_record_of_before_and_stays_as_it_was() -> None:
    kept, left = published_action(), published_action()
    retracted(corrected(published_update(kept)))
    withdraw(left, reason="Counted twice.")
    periods = ("statusperiod", "evidenceperiod", "verifiabilityperiod")
    tables = [f"{APP}_{name}" for name in ("recommendation", "action", "edition", *periods)]
    names = {f"{APP}_action_left", "recommendation_left", "recommendation_period_left"}
    names |= {"recommendation_evid_left", "recommendation_verif_left"}
    before = {table: rows(table) for table in tables}
    assert all(before.values())
    migrate(FEEDS)
    assert {table: rows(table) for table in tables} == before
    assert not names & indexes_of(*tables)
    assert list(triggers.faults(connection)) == []

    migrate_to_newest()
    assert names <= indexes_of(*tables)
    assert {table: rows(table) for table in tables} == before
    assert Action.objects.get(until_edition__isnull=False) == left != kept
    assert list(triggers.faults(connection)) == []
    assert list(integrity.differences()) == []


def indexes_of(*tables: str) -> set[str]:
    with connection.cursor() as cursor:
        found = [connection.introspection.get_constraints(cursor, table) for table in tables]
    return {name for of_table in found for name in of_table}


@contextmanager
def triggers_away() -> Iterator[None]:
    triggers.remove(connection)
    yield
    triggers.install(connection)
