"""Whatever is changed, deleted or added of the record by SQL is refused or named afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fnmatch import fnmatchcase

import pytest
from django.db import connection

from recommendations import integrity, publishing, sources, triggers
from recommendations.models import (
    Action,
    Party,
    StatusUpdate,
)

from . import tampering
from .factories import (
    ActionBodyFactory,
    ActionFactory,
    CaptureFactory,
    ContextEventFactory,
    DeadlineFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    RecommendationRelationFactory,
    TopicFactory,
    TranslationFactory,
    UserFactory,
    corrected,
    include,
    published_action,
    published_update,
    retracted,
    set_verifiable,
    split,
)
from .lengths import each, has_long_form
from .test_edition_digests import researched
from .test_second_coding_by_people import code

pytestmark = pytest.mark.django_db

COPIED = "https://example.org/law/7"


def one_of_everything() -> None:
    """A record with a row of each kind in each table, and an edit of each text."""
    action = published_action()
    recommendation = action.recommendation
    first = published_update(action, "in_progress", note="A bill.")
    second = published_update(action, "partly", relies_on=[first], on=date(2025, 4, 1))
    retracted(corrected(second, note="Half of it is in force."))
    coding = publishing.code_again(action, code("partly"), by=UserFactory())
    publishing.propose(coding, by=coding.person, reason="Nothing is in force yet.")
    publishing.publish([StatusUpdate.objects.latest("pk")], reviewer=UserFactory())
    set_verifiable(action, is_verifiable=False, reason="Nobody could tell.")
    set_verifiable(action, is_verifiable=True, reason="Somebody could.")
    other, *parts = ActionFactory.create_batch(3, recommendation=recommendation)
    include(actions=[other])
    split(other, into=parts, reason="Two laws.")
    later = RecommendationFactory(report=recommendation.report)
    ActionFactory(recommendation=later)
    include(recommendations=[later])
    surroundings(action)
    researched(published_action())
    declined(action)
    copies_of_sources()
    edited()


def surroundings(action: Action) -> None:
    recommendation = action.recommendation
    recommendation.areas.add(PolicyAreaFactory())
    recommendation.report.predecessors.add(published_action().recommendation.report)
    ActionBodyFactory(action=action)
    DeadlineFactory(action=action)
    RecommendationRelationFactory(
        recommendation=recommendation, earlier=published_action().recommendation
    )
    event = ContextEventFactory(report=recommendation.report)
    event.parties.set(Party.objects.order_by("pk")[:1])
    TopicFactory()


def declined(action: Action) -> None:
    """Requests that came to nothing."""
    asks, decides = UserFactory.create_batch(2)
    update = StatusUpdate.objects.published().counting().latest("pk")
    request = publishing.request_retraction(update, by=asks, reason="It is wrong.")
    publishing.decline_retraction(request, by=decides)
    step = publishing.Step.about("withdraw", action)
    request = publishing.request_step(step, by=asks, reason="Twice.")
    publishing.decline_step(request, by=decides, note="Once.")
    request = publishing.request_step(step, by=asks, reason="Twice.")
    publishing.recall_step(request, by=asks)


def copies_of_sources() -> None:
    """A copy that evidence names, and one that was removed; a request that was declined."""
    asks, decides = UserFactory.create_batch(2)
    kept, removed = CaptureFactory.create_batch(2, source=sources.source_for(COPIED))
    item = {"kind": "primary", "url": COPIED, "title": "The law", "capture_sha256": kept.sha256}
    published_update(published_action(), evidence=[item])
    sources.decline_removal(sources.ask_removal(kept, by=asks, reason="It is old."), by=decides)
    sources.confirm_removal(sources.ask_removal(removed, by=asks, reason="A name."), by=decides)


def edited() -> None:
    """Save each text once more, and publish something after that."""
    TranslationFactory().save()
    for model in integrity.texts.models_with_history():
        for row in model._default_manager.all():
            row.save()
    integrity.rebuild()
    published_update(published_action())


def test_the_honest_record_passes_both() -> None:
    one_of_everything()
    assert tampering.named(tampering.head()) == ""
    assert list(integrity.differences()) == []


@pytest.fixture
def owner() -> Iterator[None]:
    """No guard is in the way, and no constraint that can be passed over without a trace."""
    one_of_everything()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.fixture
def service() -> Iterator[str]:
    """The role of a service, which owns nothing. SQLite knows no roles."""
    one_of_everything()
    if connection.vendor == "sqlite":
        yield ""
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE ROLE tampering_service")
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO tampering_service")
        for rights, kind in (
            ("SELECT, INSERT, UPDATE, DELETE", "TABLES"),
            ("USAGE, SELECT", "SEQUENCES"),
        ):
            cursor.execute(f"GRANT {rights} ON ALL {kind} IN SCHEMA {schema} TO tampering_service")
    yield "tampering_service"


# What neither check names, as patterns of a row and what was done to it: all that match, and no
# other. docs/security.md says each under "Outside the chain" or "What no chain can show".
TO_NOTHING = (
    "step",
    "reason",
    "state_when_asked",
    "requested_by_id",
    "requested_at",
    "outcome",
    "note",
    "decided_by_id",
    "decided_at",
    "inserted",
)
SAID_OF_SOURCES = (
    *("host", "title", "publisher", "language", "kind", "is_state_media", "published_on"),
    *("published_precision", "archived_url", "copy_rights", "note"),
)
SAID_OF_COPIES = (
    *("made_at", "way", "made_by_id", "fetched_url", "size", "media_type", "name", "archived_url"),
    *("text", "inserted"),
)
OF_REMOVALS = (
    *("id", "capture_id", "reason", "requested_by_id", "requested_at", "outcome"),
    *("decided_by_id", "decided_at", "deleted"),
)
# Who wrote a line of a history, when and why.
LINE = ("date", "change_reason", "type", "user_id")
LABELS = ("body", "party", "policyarea", "recommendationrelation", "section")
SILENT = {
    "the log of acts, which the journal keeps elsewhere": ["act: *"],
    "requests that came to nothing": [
        *(f"retractionrequest (declined): {name}" for name in ("*_at", "*_by_id", "*ed")),
        *(f"retractionrequest (declined): {name}" for name in ("id", "update_id")),
        "retractionrequest (declined): reason",
        *(f"structurerequest (declined): {name}" for name in TO_NOTHING),
        *(f"structurerequest (taken back): {name}" for name in TO_NOTHING),
        *(f"structurerequest_actions (declined): {name}" for name in ("id", "action_id", "*ed")),
    ],
    "translations": [
        *(f"historicaltranslation (earlier line): {name}" for name in ("kind", "language", "*ed")),
        *(f"historicaltranslation (earlier line): {name}" for name in ("original", "text")),
        *(f"historicaltranslation (*): {name}" for name in ("history_*", "*ed")),
        "historicaltranslation (earlier line): confirmed_*",
    ],
    "names that search takes for the same": [
        *(f"historicalsearchalias (earlier line): {name}" for name in ("id", "names", "report_id")),
        "historicalsearchalias (earlier line): deleted",
        "historicalsearchalias (*): history_*",
        "historicalsearchalias (*): inserted",
    ],
    "what editors say of the site": [
        "historicalsite (earlier line): [!i]*",
        "historicalsite (*): history_*",
        "historicalsite (last line): deleted",
        "historicalsite (*): inserted",
    ],
    "topics, which lead to the list and say nothing of the record": [
        *(f"historicaltopic (earlier line): {name}" for name in ("name", "slug", "query")),
        *(f"historicaltopic (earlier line): {name}" for name in ("position", "deleted")),
        *(f"historicaltopic (last line): {name}" for name in ("position", "deleted")),
        *(f"historicaltopic (*): {name}" for name in ("history_*", "inserted")),
    ],
    "how addressees are grouped, which shows as now and is part of no edition": [
        *(f"historicaladdresseegroup (*): history_{name}" for name in LINE),
        *(f"historicaladdresseegroup (*): {name}" for name in ("id", "position", "deleted")),
        *(f"historicaladdresseegroup (earlier line): {name}" for name in ("*name", "slug")),
        "historicaladdresseegroup_parties: *",
    ],
    "what is said of sources, which shows as now": [
        *(f"source: {name}" for name in (*SAID_OF_SOURCES, "slug", "url", "inserted")),
    ],
    "copies of sources, but for the hash that evidence names": [
        *(f"capture (kept): {name}" for name in (*SAID_OF_COPIES, "removed_at", "removal_reason")),
        *(f"capture (removed): {name}" for name in (*SAID_OF_COPIES, "removed_at", "source_id")),
        *(f"capture (removed): {name}" for name in ("removal_reason", "sha256")),
        "captureremoval (confirmed): *",
        *(f"captureremoval (declined): {name}" for name in OF_REMOVALS),
    ],
    "of which parties an event is, which shows as now": ["historicalcontextevent_parties: *"],
    "a last line that says what the one before it says": [
        *(f"historicalparty (last line): history_{name}" for name in (*LINE, "id")),
        *(f"historicalparty (last line): {name}" for name in ("position", "deleted")),
        *(f"historicalsearchalias (last line): {name}" for name in ("deleted", "id")),
    ],
    "an edit of a text that waits for its edition": [
        *(f"historical{label} (*): inserted" for label in LABELS),
    ],
    "the order in which things are listed": [
        f"{label}: position" for label in ("body", "party", "policyarea", "section")
    ]
    + ["recommendation: position"],
    "when the staff mean to look again": ["action (*): *review_due_on"],
    "where the next edition begins to look for edits": ["editiondigest: text_marks"],
    "a code that stands for nobody yet": ["pseudonym: inserted"],
    "the number of a row that nothing names": [
        "editionitem (*): id",
        "verifiabilityperiod (*): id",
        "action_parties: id",
        "action_successors: id",
        "recommendation_areas: id",
        "report_predecessors: id",
        "actionbody: id",
        "deadline: id",
    ],
}
# What the service may write besides: it is the staff's to write, and leaves no trace.
SERVICE_MAY = {
    "a line of the log": ["act: inserted"],
    "an edit of a text that waits for its edition": [
        "historicaltranslation (*): inserted",
        "historicalsearchalias (*): inserted",
        "historicaltopic (*): inserted",
        "historicalsite (*): inserted",
        "historicaladdresseegroup_parties: inserted",
        "historicalcontextevent_parties: inserted",
        *SILENT["an edit of a text that waits for its edition"],
    ],
    "what is said of sources, which shows as now": [
        *(f"source: {name}" for name in (*SAID_OF_SOURCES, "inserted")),
    ],
    "a copy, which says itself that nobody fetched it": ["capture (*): inserted"],
    "a draft that goes, and what was asked of it forgets it": [
        "structurerequest_actions (declined): deleted"
    ],
    "the order in which things are listed": SILENT["the order in which things are listed"],
    "when the staff mean to look again": SILENT["when the staff mean to look again"],
    "a code that stands for nobody yet": SILENT["a code that stands for nobody yet"],
    "the number of a row that nothing names": [
        name
        for name in SILENT["the number of a row that nothing names"]
        if name not in ("editionitem (*): id", "verifiabilityperiod (*): id")
    ],
}
# Which line of a text is its last goes by a number that the database draws: what is inserted
# beside one may come before it or behind.
EITHER = {
    "a line beside another": [
        *(
            f"historicaladdresseegroup (earlier line): {name}"
            for name in ("history_id", "inserted")
        ),
        *(f"historical{label} (earlier line): inserted" for label in ("party", "section")),
    ],
}
if connection.vendor == "sqlite":
    # A constraint refuses it on PostgreSQL. On SQLite constraints can be passed over.
    SILENT["requests that came to nothing"].append("retractionrequest (declined): outcome")


def matches(name: str, reasons: dict[str, list[str]]) -> bool:
    patterns = (one.replace("(", "[(]") for of_one in reasons.values() for one in of_one)
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def all_cases() -> list[tampering.Case]:
    return [case for row in tampering.rows() for case in tampering.cases(row)]


def outcomes(*, role: str = "") -> dict[str, str]:
    """Return what came of each case, in the short form of every fourth."""
    kept = tampering.head()
    chosen = each(all_cases(), step=4)
    return {case.name: tampering.outcome(case, kept, role=role) for case in chosen}


def assert_silent(found: dict[str, str], reasons: dict[str, list[str]]) -> None:
    """What is silent is what is listed, but for what a constraint refuses on one database.

    What is derived is no longer what was written: rebuilding has put it right.
    """
    found = {name: said for name, said in found.items() if not matches(name, EITHER)}
    silent = {name for name, said in found.items() if said == "silent"}
    listed = {
        name
        for name, said in found.items()
        if matches(name, reasons) and not said.startswith("refused")
    }
    assert silent == listed


@has_long_form
@pytest.mark.usefixtures("owner")
def test_whatever_an_owner_rewrites_is_named_but_for_what_is_listed() -> None:
    assert_silent(outcomes(), SILENT)


@has_long_form
def test_whatever_the_service_rewrites_is_refused_or_named_but_for_what_staff_may_do(
    service: str,
) -> None:
    found = outcomes(role=service)
    assert_silent(found, SERVICE_MAY)
    # The tables of the record itself it never writes, not even what would be named.
    guarded = ("edition", "statusupdate", "evidence", "coding", "historical", "verifiability")
    written = {
        name
        for name, said in found.items()
        if name.startswith(guarded) and not said.startswith("refused")
    }
    assert written == {name for name in written if name.endswith(("inserted", "until_edition_id"))}


@pytest.mark.parametrize("reasons", [SILENT, SERVICE_MAY], ids=["owner", "service"])
def test_what_is_listed_as_silent_is_there(reasons: dict[str, list[str]]) -> None:
    one_of_everything()
    names = [case.name for case in all_cases()]
    for pattern in [one for of_one in reasons.values() for one in of_one]:
        assert any(matches(name, {"": [pattern]}) for name in names), pattern
