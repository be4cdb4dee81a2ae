"""What a status rests on: counted by the rules, kept in two times, shown beside each status."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from recommendations import integrity
from recommendations.figures.counts import basis_text
from recommendations.models import Action, EvidencePeriod, StatusPeriod
from recommendations.periods.bases import BasisSpan, Source, SourcedClaim, basis_spans
from recommendations.publishing import default_reliance
from recommendations.statuses import Basis, EvidenceKind, EvidenceStrength, basis_of

from .factories import (
    corrected,
    published_action,
    published_update,
    retracted,
)

KINDS = st.sampled_from([kind.value for kind in EvidenceKind])
SOURCES = st.lists(st.tuples(st.sampled_from("abc"), KINDS), max_size=6)


# How sources are counted ------------------------------------------------------------------------


def test_the_kinds_and_the_words_for_their_absence_are_one_vocabulary():
    assert EvidenceStrength.values == [*EvidenceKind.values, "none"]


@given(SOURCES)
def test_an_address_counts_once_with_its_strongest_kind(sources):
    basis = basis_of(sources)
    order = [kind.value for kind in EvidenceKind]
    best = {a: min(order.index(k) for b, k in sources if a == b) for a, _kind in sources}
    assert sum(basis.counts.values()) == len(best)
    assert basis.counts == {
        kind: n for place, kind in enumerate(order) if (n := [*best.values()].count(place))
    }
    assert basis.strongest == (order[min(best.values())] if best else "none")
    assert basis == basis_of(reversed(sources))


@pytest.mark.parametrize(
    ("basis", "status", "text", "japanese"),
    [
        (Basis(primary=1, press=2), "partly", "1 primary, 2 press", "一次資料1件、報道2件"),
        (
            Basis(official=1, announcement=2),
            "partly",
            "1 official; besides, 2 announcements",
            "公式資料1件。ほかに発表・表明2件",
        ),
        (Basis(announcement=1), "no_action", "1 announcement alone", "発表・表明1件のみ"),
        (Basis(), "no_action", "a search alone", "調査のみ"),
        (Basis(), "stalled", "no source", "出典なし"),
        (Basis(), "not_assessed", "", ""),
    ],
)
def test_promises_are_said_apart(basis, status, text, japanese):
    assert basis_text(basis, status) == text
    with translation.override("ja"):
        assert basis_text(basis, status) == japanese


# Whose sources carry a status --------------------------------------------------------------------


def claim(pk: int, status: str, *kinds: str, day: int | None = None, **fields: Any) -> SourcedClaim:
    sources = tuple(Source(f"{pk}-{n}", kind) for n, kind in enumerate(kinds))
    return SourcedClaim(pk, status, date(2025, 1, day or pk), edition=pk, sources=sources, **fields)


def told(*claims: SourcedClaim) -> list[tuple[int, dict[str, int]]]:
    return [(span.starts_on.day, dict(span.counts)) for span in basis_spans(claims)]


def test_a_later_status_rests_on_its_own_sources():
    assert told(claim(1, "in_progress", "press"), claim(2, "partly", "official")) == [
        (1, {"press": 1}),
        (2, {"official": 1}),
    ]


def test_what_it_relies_on_makes_up_the_rest():
    first = claim(1, "in_progress", "press")
    assert told(first, claim(2, "implemented", "press", relies_on=frozenset({1}))) == [
        (1, {"press": 1}),
        (2, {"press": 2}),
    ]


def test_what_no_longer_counts_lends_nothing():
    second = claim(2, "implemented", "press", relies_on=frozenset({1}))
    assert told(second) == [(2, {"press": 1})]


def test_what_lends_sources_of_its_own_does_not_pass_on_those_it_relied_on():
    first = claim(1, "in_progress", "press")
    second = claim(2, "partly", "official", relies_on=frozenset({1}))
    third = claim(3, "implemented", "primary", relies_on=frozenset({2}))
    assert told(first, second, third)[-1] == (3, {"primary": 1, "official": 1})


@pytest.mark.parametrize(
    "relied_on", [frozenset(), frozenset({1}), frozenset({2}), frozenset({1, 2})]
)
def test_a_confirmation_rests_on_what_it_confirms_and_begins_no_span(relied_on):
    first = claim(1, "partly", "press")
    second = claim(2, "partly", relies_on=frozenset({1}))
    third = claim(3, "partly", relies_on=frozenset(relied_on))
    assert told(first, second, third) == [(1, {"press": 1})]


def test_a_stronger_source_of_the_same_status_changes_its_basis_from_its_own_day():
    assert basis_spans([claim(1, "partly", "press"), claim(2, "partly", "primary")]) == [
        BasisSpan("press", (("press", 1),), date(2025, 1, 1), date(2025, 1, 2)),
        BasisSpan("primary", (("press", 1), ("primary", 1)), date(2025, 1, 2), None),
    ]


def test_a_status_without_a_source_ends_the_basis_before_it():
    assert basis_spans([claim(1, "partly", "press"), claim(2, "no_action")]) == [
        BasisSpan("press", (("press", 1),), date(2025, 1, 1), date(2025, 1, 2))
    ]


def test_updates_that_rely_on_each_other_end():
    first = claim(1, "partly", relies_on=frozenset({2}))
    second = claim(2, "partly", relies_on=frozenset({1}))
    assert told(first, second) == []


# Kept with the record ------------------------------------------------------------------------


@pytest.fixture
def action(db: None) -> Action:
    return published_action()


def periods(action: Action) -> list[tuple[str, str, str, int, int | None]]:
    rows = action.evidence_periods.values_list(
        "kind", "starts_on", "ends_on", "from_edition", "until_edition"
    )
    return [
        (kind, str(starts_on), str(ends_on or ""), first, until)
        for kind, starts_on, ends_on, first, until in rows.order_by("from_edition_id", "starts_on")
    ]


def test_a_stronger_source_invents_no_change_of_the_status(action):
    published_update(action, "partly", on=date(2025, 3, 1))
    before = list(StatusPeriod.objects.values())
    published_update(action, "partly", on=date(2025, 6, 1), evidence=["primary"])
    assert list(StatusPeriod.objects.values()) == before
    assert periods(action) == [
        ("press", "2025-03-01", "", 2, 3),
        ("press", "2025-03-01", "2025-06-01", 3, None),
        ("primary", "2025-06-01", "", 3, None),
    ]
    action.refresh_from_db()
    assert (action.evidence_kind, action.evidence_counts) == ("primary", {"press": 1, "primary": 1})
    assert list(integrity.differences()) == []


def test_a_confirmation_keeps_the_basis(action):
    published_update(action, "implemented", on=date(2025, 3, 1))
    published_update(
        action,
        "implemented",
        on=date(2025, 6, 1),
        evidence=(),
        relies_on=default_reliance(action),
        search_note="Two archives.",
        searched_on=date(2025, 6, 1),
    )
    assert periods(action) == [("primary", "2025-03-01", "", 2, None)]


def test_two_spellings_of_an_address_are_one_source(action):
    addresses = ("https://law.example/1", "http://LAW.example:80/1/#text", "https://law.example/2")
    published_update(action, evidence=[{"kind": "press", "url": url} for url in addresses])
    action.refresh_from_db()
    assert action.evidence_counts == {"press": 2}
    assert list(integrity.differences()) == []


def test_a_retraction_takes_its_sources_along(action):
    retracted(published_update(action, "implemented"))
    action.refresh_from_db()
    assert (action.evidence_kind, action.basis) == ("none", Basis())
    assert [row[3:] for row in periods(action)] == [(2, 3)]


def test_a_correction_changes_the_basis_from_its_edition_on(action):
    update = published_update(action, "partly")
    draft = corrected(update)
    assert draft.is_counting
    kinds = {row[3]: row[0] for row in periods(action)}
    assert kinds == {2: "press"}, "the same sources, told by the same row"


# Where readers see it ------------------------------------------------------------------------


@pytest.fixture
def stronger(action: Action) -> Action:
    """Implemented by press alone, in edition 2, and by law since June, in edition 3."""
    press = [{"kind": "press", "publisher": "One"}, {"kind": "press", "publisher": "Another"}]
    published_update(action, "implemented", on=date(2025, 3, 1), evidence=press)
    published_update(action, "implemented", on=date(2025, 6, 1), evidence=["primary"])
    return action


@pytest.mark.parametrize(
    ("query", "text", "kind"),
    [
        ("", "1 primary, 2 press", "primary"),
        ("?as_of=2025-05-31", "2 press", "press"),
        ("?edition=2", "2 press", "press"),
        ("?as_of=2025-06-01&edition=2", "2 press", "press"),
        ("?as_of=2025-06-01", "1 primary, 2 press", "primary"),
        ("?as_of=2025-02-28", "", "none"),
    ],
)
def test_page_list_and_filter_tell_the_basis_of_their_viewpoint(
    client: Client, stronger, query, text, kind
):
    page = client.get(f"{stronger.recommendation.get_absolute_url()}{query}").content.decode()
    listed = client.get(f"/recommendations/{query}").content.decode()
    shown = f'<span class="basis"><span class="vh">Rests on: </span>{text}</span>'
    for answer in (page, listed):
        assert (shown in answer) if text else ("Rests on" not in answer)
    join = "&" if query else "?"
    for strength in EvidenceStrength:
        found = client.get(f"/recommendations/{query}{join}evidence={strength.value}")
        assert found.context["totals"].counts.total == (strength == kind), strength


def test_an_unknown_kind_is_refused(client, stronger):
    assert client.get("/recommendations/?evidence=rumour").status_code == 400


def test_filtered_files_keep_the_filter(client, stronger):
    for kind, n in (("primary", 1), ("press", 0)):
        lines = client.get("/recommendations.csv", {"evidence": kind}).getvalue().decode()
        assert len(lines.splitlines()) == 1 + n


def test_a_chip_names_the_kind(client, stronger):
    page = client.get("/recommendations/?evidence=primary").content.decode()
    assert "Strongest evidence" in page
    assert "Primary source" in page


def test_the_dashboard_says_how_many_of_the_implemented_have_a_strong_source(client, stronger):
    other = published_action(recommendation=stronger.recommendation)
    press = [{"kind": "press", "publisher": "One"}, {"kind": "press", "publisher": "Another"}]
    published_update(other, "implemented", evidence=press)
    report = stronger.recommendation.report
    page = client.get(report.get_absolute_url()).content.decode()
    said = "Of 2 implemented, 1 rests on a primary or official source."
    assert said in page
    link = f"status=implemented&amp;evidence=primary&amp;evidence=official&amp;report={report.slug}"
    assert link in page
    query = link.replace("&amp;", "&")
    assert client.get(f"/recommendations/?{query}").context["totals"].counts.total == 1
    early = client.get(f"{report.get_absolute_url()}?as_of=2025-05-31").content.decode()
    assert "Of 2 implemented, 0 rest on a primary or official source." in early


def test_without_anything_implemented_nothing_is_said_of_it(client, action):
    page = client.get(action.recommendation.report.get_absolute_url()).content.decode()
    assert "rest on a primary" not in page


def test_the_shipped_record_has_a_basis_for_each_status_that_needs_one(client, baseline):
    counted = Action.objects.counted().exclude(status__in=["no_action", "not_assessed"])
    assert counted.exists()
    assert set(counted.values_list("evidence_kind", flat=True)) <= set(EvidenceKind.values)
    assert EvidencePeriod.objects.exists()
