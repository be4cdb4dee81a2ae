"""Every figure, row and cell that leaves the tracker, against a slow retelling of the record."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import feedparser
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from recommendations import publishing
from recommendations.figures.counts import Counts, headline
from recommendations.models import Action, Edition, Recommendation, Report, StatusUpdate
from recommendations.periods import repeated_columns
from recommendations.statuses import Status
from recommendations.viewpoint import Viewpoint, today

from .factories import (
    BodyFactory,
    DeadlineFactory,
    EvidenceFactory,
    PartyFactory,
    PolicyAreaFactory,
    noon,
)
from .lengths import examples
from .reading import csv_rows
from .retelling import STRENGTH, Retelling
from .test_random_publishing import (
    CLAIMS,
    FIRST_DAY,
    NTH,
    PUBLISH,
    STEPS,
    History,
    Publisher,
    nth_of,
    undone,
)

# Of the report, and official ones made known before and after most updates.
OFFICIAL = {"origin": "official", "publisher": "A ministry", "url": "https://ministry.example/plan"}
DEADLINES: list[dict[str, Any]] = [
    {"origin": "report", "on": date(2025, 9, 30)},
    {**OFFICIAL, "on": date(2026, 7, 1), "precision": "month", "stated_on": date(2026, 2, 1)},
    {**OFFICIAL, "on": date(2027, 1, 1), "precision": "year", "stated_on": date(2026, 7, 20)},
]


class LabelledPublisher(Publisher):
    """Its actions have deadlines, parties and bodies, its recommendations areas."""

    def start(self) -> Report:
        report = super().start()
        recommendations = list(Recommendation.objects.order_by("pk"))
        recommendations[0].areas.add(PolicyAreaFactory(slug="defence"))
        for action, deadline in zip(Action.objects.order_by("pk"), DEADLINES, strict=True):
            DeadlineFactory(action=action, **deadline)
            action.parties.add(PartyFactory(slug="japan"))
            action.leads.create(body=BodyFactory(slug="cabinet"), basis="named")
        repeated_columns.refresh(list(Action.objects.values_list("pk", flat=True)))
        return report

    def research(self, nth: int, claim: dict[str, Any], corrects: bool) -> None:
        """Publish a finding of research, or correct the newest one, where it still may."""
        action = nth_of(Action.objects.in_record(), nth)
        if action is None or publishing.beyond_research([action.pk]):
            return
        before = action.updates.counting().latest_first().first() if corrects else None
        draft = StatusUpdate.objects.create(
            action=action,
            is_baseline=True,
            status=claim["status"],
            effective_on=self.today - timedelta(days=claim["age"]),
            effective_precision=claim["precision"],
            search_note="Two archives.",
            replaces=before,
            correction_reason="It was misread." if before else "",
        )
        EvidenceFactory(update=draft, kind="primary")
        publishing.publish_research(
            action.recommendation.report,
            slug=draft.slug,
            method="two codings",
            horizon_on=FIRST_DAY,
            update_ids=[draft.pk],
            retractions={},
            now=noon(self.today),
        )

    def confirm(self, nth: int) -> None:
        """Confirm what stands, unless it stands on nothing any more."""
        action = nth_of(Action.objects.in_record().exclude(status="not_assessed"), nth)
        if action is None:
            return
        try:
            draft = publishing.confirm(
                action,
                by=self.author,
                search_note="The ministry’s pages.",
                searched_on=min(self.today, today()),
                now=noon(self.today),
            )
        except publishing.Refused:
            return
        publishing.publish([draft], reviewer=self.reviewer, now=noon(self.today))


RESEARCH = st.tuples(st.just("research"), NTH, CLAIMS, st.booleans())
ALL_STEPS = st.one_of(STEPS, RESEARCH, RESEARCH, st.tuples(st.just("confirm"), NTH))


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


class Visitor:
    """Asks for pages and files from one viewpoint."""

    def __init__(self, seen: Viewpoint) -> None:
        self.client, self.query = Client(), seen.parameters

    def get(self, address: str, **query: str) -> Any:
        response = self.client.get(address, {**self.query, **query})
        assert response.status_code == 200, (address, response.content)
        return response

    def shown(self, address: str, **query: str) -> Any:
        """What the view handed to its template, by name."""
        return self.get(address, **query).context


# Exports ----------------------------------------------------------------------------------------


def check_csv(told: Retelling, visitor: Visitor) -> None:
    rows = csv_rows(visitor.get("/recommendations.csv"))
    by_url = {row["url"].rpartition("/reports/")[2]: row for row in rows}
    expected = {}
    for pk in told.counted():
        action = told.actions[pk]
        deadline = told.deadline(pk)
        reviewed = told.last_reviewed_on(pk)
        second = "confirmed" if told.is_reviewed(pk) else "awaiting" if reviewed else "not assessed"
        status = told.recommendation_status(action.recommendation_id)
        expected[action.get_absolute_url().rpartition("/reports/")[2]] = {
            "as_of": iso(told.on),
            "edition": str(told.number),
            "recommendation_status": status,
            "recommendation_status_label": str(Status(status).label),
            "status": told.status(pk),
            "status_label": str(Status(told.status(pk)).label),
            "status_since": iso(told.since(pk)),
            "fell_from": told.fell_from(pk),
            "evidence": told.strongest(pk),
            **{f"evidence_{kind}": str(told.sources(pk)[kind]) for kind in STRENGTH},
            "lapsed": "yes" if told.fell_from(pk) == "implemented" else "no",
            "deadline": iso(told.due_on(pk)),
            "deadline_precision": deadline.precision if deadline else "",
            "schedule": told.schedule(pk),
            "last_reviewed_on": iso(reviewed),
            "review_due_on": iso(told.review_due_on(pk)),
            "second_review": second,
        }
    found = {
        url: {name: row[name] for name in expected.get(url, row)} for url, row in by_url.items()
    }
    assert found == expected


def check_csv_of_recommendations(told: Retelling, visitor: Visitor) -> None:
    rows = csv_rows(visitor.get("/recommendations.csv", unit="recommendations"))
    found = {
        row["recommendation_number"]: (
            row["recommendation_status"],
            int(row["actions"]),
            int(row["actions_implemented"]),
        )
        for row in rows
    }
    assert found == {
        told.recommendations[pk].number: (
            told.recommendation_status(pk),
            len(told.actions_of(pk)),
            told.counts(told.actions_of(pk))["implemented"],
        )
        for pk in told.counted_recommendations()
    }


def check_feed(told: Retelling, visitor: Visitor) -> None:
    entries = feedparser.parse(visitor.get("/changes/feed.atom").content).entries
    found = {entry.id.rpartition(":")[2]: entry.title for entry in entries}
    assert set(found) == {update.slug for update in told.shown()}
    for update in told.shown():
        before, after = told.previous_status(update), update.status
        change = f"{Status(before).label} → {Status(after).label}"
        if before == after:
            change = f"{Status(after).label}, confirmed"
        title = f"{told.actions[update.action]}: {change}"
        if told.is_ended(update):
            title = f"{update.end_reason.title()}: {title}"
        assert found[update.slug] == title


def check_calendar(told: Retelling, visitor: Visitor) -> None:
    calendar = Calendar.from_ical(visitor.get("/deadlines.ics").content)
    found = {
        int(str(event["uid"]).partition("@")[0].removeprefix("action-")): (
            event["dtstart"].dt,
            str(event["description"]).splitlines()[0],
            int(event["sequence"]),
        )
        for event in calendar.walk("VEVENT")
    }
    due = [pk for pk in told.counted() if told.due_on(pk)]
    assert found == {
        pk: (
            told.due_on(pk),
            f"Status: {Status(told.status(pk)).label}.",
            2 * told.number + (told.schedule(pk) == "overdue"),
        )
        for pk in due
    }


def check_citation(told: Retelling, visitor: Visitor, report: Report) -> None:
    ris = visitor.get("/cite.ris", page=report.get_absolute_url()).content.decode()
    title = f"{report.title}: {headline(Counts(told.counts()))}"
    assert f"TI  - {title}\r\n" in ris
    assert f"ET  - {told.number}\r\n" in ris


# Pages ------------------------------------------------------------------------------------------


def check_action(told: Retelling, action: Any) -> None:
    """The typed columns of a row of a list, a dashboard or a scorecard."""
    pk = action.pk
    deadline = told.deadline(pk)
    assert (
        action.status, action.status_since, action.fell_from, action.implemented_on,
        action.last_reviewed_on, action.review_due_on, action.due_on, action.schedule,
        action.is_reviewed, action.is_withdrawn, action.evidence_kind,
        Counter(action.evidence_counts),
    ) == (
        told.status(pk), told.since(pk), told.fell_from(pk), told.implemented_on(pk),
        told.last_reviewed_on(pk), told.review_due_on(pk), told.due_on(pk), told.schedule(pk),
        told.is_reviewed(pk), told.has_left(told.actions[pk]), told.strongest(pk),
        told.sources(pk),
    )  # fmt: skip
    if hasattr(action, "deadline_on"):
        assert action.deadline_on == (deadline.on if deadline else None)
        assert action.deadline_precision == (deadline.precision if deadline else None)
    if hasattr(action, "recommendation_status"):
        recommendation = told.actions[pk].recommendation_id
        assert action.recommendation_status == told.recommendation_status(recommendation)


def check_update(told: Retelling, update: Any) -> None:
    [expected] = [one for one in told.updates if one.pk == update.pk]
    assert (update.previous_status or "not_assessed") == told.previous_status(expected)
    is_ended = told.is_ended(expected)
    assert update.ended_in_edition_id == (expected.ended if is_ended else None)
    assert update.end_reason == (expected.end_reason if is_ended else "")
    assert bool(update.end_note) <= is_ended
    assert update.explanation == told.explanation(expected)
    assert tuple(item.url for item in update.evidence_shown) == told.sources_shown(expected)


def check_figures(told: Retelling, figures: Any, pks: list[int]) -> None:
    assert {action.pk for action in figures.actions} == set(pks)
    for action in figures.actions:
        check_action(told, action)
    assert +Counter(figures.counts.by_status) == told.counts(pks)
    assert sum(len(group.actions) for group in figures.by_addressee) == len(pks)
    for schedule in ("overdue", "due", "met", "met_late", "closed"):
        found = {action.pk for action in figures.scheduled(schedule)}
        assert found == {pk for pk in pks if told.schedule(pk) == schedule}
    unconfirmed = [pk for pk in pks if told.last_reviewed_on(pk) and not told.is_reviewed(pk)]
    assert figures.unconfirmed == len(unconfirmed)
    implemented = [told.strongest(pk) for pk in pks if told.status(pk) == "implemented"]
    firm = sum(kind in ("primary", "official") for kind in implemented)
    words = f"Of {len(implemented)} implemented, {firm} rest"
    assert figures.firmness.startswith(words) if implemented else not figures.firmness
    assert figures.needing_review == sum(told.review_due_on(pk) < told.on for pk in pks)


def check_latest(told: Retelling, latest: list[Any], pks: list[int]) -> None:
    steps = [
        update
        for update in told.shown()
        if update.action in pks
        and not told.is_ended(update)
        and not (
            update.status in ("no_action", "not_assessed")
            and not [u for u in told.counting(update.action) if u.day < update.day]
        )
    ]
    steps.sort(key=lambda u: (u.day, u.edition, u.pk), reverse=True)
    assert [update.pk for update in latest] == [update.pk for update in steps[:6]]
    for update in latest:
        check_update(told, update)


def check_dashboards(told: Retelling, visitor: Visitor, report: Report) -> None:
    counted = told.counted()
    for page in ("/", report.get_absolute_url()):
        shown = visitor.shown(page)
        check_figures(told, shown["figures"], counted)
        check_latest(told, shown["latest"], counted)
        unverifiable = [pk for pk in told.in_record() if pk not in counted]
        assert shown["not_verifiable"] == len(unverifiable)
        rows = [row for group in shown["sections"] for row in group.rows]
        assert {row.recommendation.pk: row.status for row in rows} == {
            pk: told.recommendation_status(pk) for pk in told.counted_recommendations()
        }
    [card] = visitor.shown("/reports/")["cards"]
    assert +Counter(card.counts.by_status) == told.counts()
    assert card.n_recommendations == len(told.counted_recommendations())
    assert not card.report.is_withdrawn
    text = visitor.shown(f"{report.get_absolute_url()}text/")["reading"]
    in_margin = {a.pk for part in text.parts for entry in part.entries for a in entry.actions}
    assert in_margin == set(counted)


def check_scorecards(told: Retelling, visitor: Visitor) -> None:
    area, party = (
        visitor.shown(page)["figures"] for page in ("/areas/defence/", "/parties/japan/")
    )
    of_area = [
        pk
        for pk in told.counted()
        if told.actions[pk].recommendation.areas.filter(slug="defence").exists()
    ]
    check_figures(told, area, of_area)
    of_party = [
        pk for pk in told.counted() if told.actions[pk].parties.filter(slug="japan").exists()
    ]
    check_figures(told, party, of_party)


def check_list(told: Retelling, visitor: Visitor) -> None:
    shown = visitor.shown("/recommendations/")
    rows = [action for group in shown["groups"] for action in group.actions]
    assert {action.pk for action in rows} == set(told.counted())
    for action in rows:
        check_action(told, action)
    for group in shown["groups"]:
        pk = group.recommendation.pk
        assert group.status == told.recommendation_status(pk)
        assert (group.total, group.kept) == (len(told.actions_of(pk)),) * 2
    totals = shown["totals"]
    assert +Counter(totals.counts.by_status) == told.counts()
    assert totals.total == len(told.counted())
    facets = {facet.name: facet for facet in totals.facets}
    if "status" in facets:
        found = {v.option.code: v.n for v in facets["status"].values if v.n}
        assert found == dict(told.counts())
    if "evidence" in facets:
        found = {v.option.code: v.n for v in facets["evidence"].values if v.n}
        assert found == Counter(told.strongest(pk) for pk in told.counted())
    for kind in ("primary", "none"):
        page = visitor.shown("/recommendations/", evidence=kind)["page"].object_list
        wanted = [pk for pk in told.counted() if told.strongest(pk) == kind]
        assert {one.pk for one in page} == set(wanted)
    kept = visitor.shown("/recommendations/", unit="recommendations")["page"].object_list
    assert {one.pk: one.status for one in kept} == {
        pk: told.recommendation_status(pk) for pk in told.counted_recommendations()
    }


def check_recommendations(told: Retelling, visitor: Visitor) -> None:
    for one in told.recommendations.values():
        if not told.knows(one):
            continue
        shown = visitor.shown(one.get_absolute_url())
        detail = shown["detail"]
        assert shown["recommendation"].is_withdrawn == told.has_left(one)
        actions = [a for a in told.actions.values() if a.recommendation_id == one.pk]
        known = [action.pk for action in actions if told.knows(action)]
        assert [row.action.pk for row in detail.actions] == known
        for row in detail.actions:
            check_action(told, row.action)
        expected = [update for update in told.shown() if update.action in known]
        expected.sort(key=lambda u: (u.day, u.edition, u.pk), reverse=True)
        assert [update.pk for update in detail.timeline] == [update.pk for update in expected]
        for update in detail.timeline:
            check_update(told, update)


def check_changes(told: Retelling, visitor: Visitor) -> None:
    page = visitor.shown("/changes/")["page"]
    order = sorted(told.shown(), key=lambda u: (u.edition, u.day, u.pk), reverse=True)
    assert [update.pk for update in page.object_list] == [update.pk for update in order]
    for update in page.object_list:
        check_update(told, update)
    shown = visitor.shown("/corrections/")
    ended = {update.slug: update for update in told.shown() if told.is_ended(update)}
    assert {entry.update.slug for entry in shown["entries"]} == set(ended)
    for entry in shown["entries"]:
        check_update(told, entry.update)
        successor = entry.successor.slug if entry.successor else ""
        assert successor == ended[entry.update.slug].replaced_by
    assert shown["n_published"] == len(told.shown())


def check_editions(told: Retelling, visitor: Visitor) -> None:
    entries = visitor.shown("/editions/")["entries"]
    assert [one.edition.number for one in entries] == list(range(told.number, 0, -1))
    for entry in entries:
        own_day = entry.edition.published_on
        then = Retelling(told.publisher, own_day, entry.edition.number)
        assert +Counter(entry.counts.by_status) == then.counts()
    number = 1 + told.number // 2
    shown = visitor.shown(f"/editions/{number}/")
    then = Retelling(told.publisher, shown["edition"].published_on, number)
    assert +Counter(shown["counts"].by_status) == then.counts()
    for update in shown["published"].object_list:
        check_update(then, update)
    published = {update.pk for update in told.updates if update.edition == number}
    assert {update.pk for update in shown["published"].object_list} == published


def check_deadlines(told: Retelling, visitor: Visitor) -> None:
    figures = visitor.shown("/deadlines/")["figures"]
    expected = Counter(told.schedule(pk) for pk in told.counted())
    assert +Counter(figures.counts.by_schedule) == expected
    for section in figures.sections:
        found = {action.pk for action in section.actions}
        assert found == {pk for pk in told.counted() if told.schedule(pk) == section.schedule}
        for action in section.actions:
            stated = {deadline.pk for deadline in action.stated_deadlines}
            known = told.deadlines[action.pk]
            assert stated == {d.pk for d in known if d.origin == "report" or d.stated_on <= told.on}


def check_comparison(told: Retelling, visitor: Visitor, report: Report) -> None:
    before = Retelling(told.publisher, max(report.published_on, date(2025, 7, 1)), told.edition)
    if before.on > told.on:
        return
    shown = visitor.shown("/changes/compare/", **{"from": iso(before.on), "to": iso(told.on)})
    comparison = shown["comparison"]
    # Both days as one edition tells them, and what is counted as that edition counts it.
    assert +Counter(comparison.counts_before.by_status) == before.counts()
    assert +Counter(comparison.counts_after.by_status) == told.counts()
    moved = {one.action.pk: one.status_before for one in shown["moved"]}
    assert moved == {
        pk: before.status(pk) for pk in told.counted() if before.status(pk) != told.status(pk)
    }


CHECKS = [
    check_csv, check_csv_of_recommendations, check_feed, check_calendar, check_scorecards,
    check_list, check_recommendations, check_changes, check_editions, check_deadlines,
]  # fmt: skip
CHECKS_OF_REPORT = [check_dashboards, check_citation, check_comparison]


@pytest.mark.django_db
@examples(short=3, long=40, derandomize=True)
@given(
    st.one_of(PUBLISH, RESEARCH),
    st.lists(st.tuples(ALL_STEPS, st.integers(0, 40)), min_size=5, max_size=9),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), min_size=2, max_size=3),
)
def test_all_that_is_shown_is_what_a_slow_retelling_says(
    first: tuple, others: list, looks: list
) -> None:
    with undone():
        publisher = LabelledPublisher()
        report = publisher.start()
        for step, days in [(first, 0), *others]:
            publisher.take(step, days=days)
        last = Edition.objects.count()
        days = [day for day in History.read().days() if report.published_on <= day <= today()]
        for nth_day, nth_edition in looks:
            on = days[nth_day % len(days)] if days else report.published_on
            number = [None, *range(1, last + 1)][nth_edition % (last + 1)]
            seen = Viewpoint(on, on, Edition.objects.get(pk=number) if number else None)
            told, visitor = Retelling(publisher, on, number), Visitor(seen)
            for check in CHECKS:
                check(told, visitor)
            for check in CHECKS_OF_REPORT:
                check(told, visitor, report)
