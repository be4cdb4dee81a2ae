"""What coders gave the actions: kept with the research that published it, and compared."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from recommendations.loading import load
from recommendations.models import Action, Coding, Edition, Recommendation
from recommendations.record import Record
from recommendations.statuses.agreement import agreement
from recommendations.viewpoint import Viewpoint

from .test_loading import ACTION_KEY, entry, new_evidence, text_of
from .test_research_editions import (
    FIRST_AT,
    OTHER_KEY,
    SECOND_AT,
    THIRD_AT,
    baseline,
    everything,
    found,
    refusal,
    research,
)

# Agreement ---------------------------------------------------------------------------------------


def test_kappa_and_its_interval_are_those_of_a_worked_example() -> None:
    """Two psychiatrists and 100 patients: Fleiss, Statistical Methods, table 18.1."""
    cells = {
        ("psychosis", "psychosis"): 75,
        ("psychosis", "neurosis"): 1,
        ("psychosis", "organic"): 4,
        ("neurosis", "psychosis"): 5,
        ("neurosis", "neurosis"): 4,
        ("neurosis", "organic"): 1,
        ("organic", "organic"): 10,
    }
    found_there = agreement([pair for pair, times in cells.items() for _time in range(times)])
    assert (found_there.n, found_there.same) == (100, 89)
    assert found_there.kappa == pytest.approx(0.676, abs=0.001)
    assert found_there.low == pytest.approx(0.676 - 1.96 * 0.088, abs=0.002)
    assert found_there.high == pytest.approx(0.676 + 1.96 * 0.088, abs=0.002)


def test_kappa_is_one_where_all_agree_and_zero_by_chance() -> None:
    all_alike = agreement([("partly", "partly"), ("stalled", "stalled")])
    assert (all_alike.kappa, all_alike.low, all_alike.high) == (1, 1, 1)
    codes = ("partly", "stalled")
    assert agreement([(one, other) for one in codes for other in codes]).kappa == 0


@pytest.mark.parametrize("pairs", [[], [("partly", "partly")] * 3])
def test_there_is_no_kappa_where_chance_alone_makes_all_alike(pairs) -> None:
    assert agreement(pairs).kappa is None
    assert agreement(pairs).n == len(pairs)


# Loading -----------------------------------------------------------------------------------------


def coding(coder: str = "first", status: str = "partly", action=ACTION_KEY, **fields):
    return entry("coding", action=action, coder=coder, status=status, **fields)


CODINGS = [
    coding("first", "in_progress"),
    coding("second", "partly", coded_on="2026-07-01"),
    coding("adjudicated", "partly", decision="correct", reason="A step was overlooked."),
    coding("second", "not_verifiable", action=OTHER_KEY),
]


@pytest.fixture(autouse=True)
def small_report(db: None) -> None:
    load(text_of(baseline()), now=FIRST_AT)


def test_codings_come_with_the_edition_and_change_no_status() -> None:
    before = list(Action.objects.order_by("pk").values_list("status", flat=True))
    loaded = load(research(found("act-more", "in_progress"), *CODINGS), now=SECOND_AT)
    assert loaded.added["recommendations.coding"] == 4
    assert set(Coding.objects.values_list("edition", flat=True)) == {2}
    assert list(Action.objects.order_by("pk").values_list("status", flat=True)) == before
    decided = Coding.objects.get(coder="adjudicated")
    assert (decided.decision, decided.reason) == ("correct", "A step was overlooked.")


def test_codings_are_loaded_once() -> None:
    text = research(found("act-more"), *CODINGS)
    load(text, now=SECOND_AT)
    before = everything(), list(Coding.objects.values())
    assert load(text, now=THIRD_AT).unchanged == 7
    assert (everything(), list(Coding.objects.values())) == before


def test_codings_of_a_published_edition_are_not_rewritten() -> None:
    load(research(found("act-more"), *CODINGS), now=SECOND_AT)
    changed = [coding("first", "stalled"), *CODINGS[1:]]
    assert "“in_progress” here and “stalled”" in refusal(research(found("act-more"), *changed))
    more = [*CODINGS, coding("first", "partly", action=OTHER_KEY)]
    assert "takes nothing more" in refusal(research(found("act-more"), *more))


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([coding("third")], "coder"),
        ([coding(status="done")], "status"),
        ([coding(), coding()], "This coder has coded the action already."),
        ([coding(reason="Why.")], "Only an adjudicated coding decides and says why."),
        ([coding(person=["ada"])], "“person” is set by publishing, not by a file."),
        ([coding(action=["small", "first", "x"])], "Action matching query does not exist"),
    ],
)
def test_coding_that_cannot_be_is_refused_with_the_entry(entries, reason) -> None:
    assert reason in refusal(research(found("act-more"), *entries))
    assert not Coding.objects.exists()


# The record --------------------------------------------------------------------------------------


def test_the_record_knows_the_codings_from_their_edition_on() -> None:
    load(research(found("act-more"), *CODINGS), now=SECOND_AT)
    on = THIRD_AT.date()
    assert Record(Viewpoint(on)).codings().count() == 4
    for edition, number in zip(Edition.objects.order_by("number"), (0, 4), strict=True):
        assert Record(Viewpoint(on, edition=edition)).codings().count() == number


def test_a_published_coding_stays_as_it_is() -> None:
    load(research(found("act-more"), *CODINGS), now=SECOND_AT)
    first = Coding.objects.filter(coder="first")
    for rewrite in (
        lambda: first.update(status="implemented"),
        lambda: first.delete(),
        lambda: Coding.objects.create(
            action_id=first.get().action_id, coder="first", status="partly", edition_id=1
        ),
    ):
        with pytest.raises(IntegrityError, match=r"[Cc]oding"), transaction.atomic():
            rewrite()
    assert first.get().status == "in_progress"


# The language of a source ------------------------------------------------------------------------


def test_a_source_names_its_language_for_those_who_have_it_read_out(client) -> None:
    source = new_evidence(
        "act-more", url="https://example.org/zh", position=2, title="公告", language="zh"
    )
    load(research(found("act-more"), source), now=SECOND_AT)
    html = client.get(Recommendation.objects.get().get_absolute_url()).content.decode()
    assert '<span lang="zh">公告</span>' in html


def test_a_language_that_is_no_code_is_refused() -> None:
    source = new_evidence("act-more", url="https://example.org/zh", language="Chinese")
    assert "Use the code of a language" in refusal(research(found("act-more")[0], source))
