"""Later files of desk research: they confirm, extend, correct and retract what research said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from recommendations import integrity, publishing
from recommendations.loading import LoadError, load
from recommendations.loading.series import series_of
from recommendations.management.commands import tryout
from recommendations.models import (
    Action,
    Edition,
    Notice,
    Recommendation,
    Report,
    RetractionRequest,
    StatusPeriod,
    StatusUpdate,
)

from .conftest import snapshots
from .factories import EvidenceFactory, UserFactory, draft_update, noon, withdraw
from .lengths import examples
from .test_loading import (
    ACTION_KEY,
    contents,
    entry,
    new_action,
    new_evidence,
    new_update,
    small,
    text_of,
)
from .test_random_publishing import derived, undone

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

HORIZON = date(2026, 6, 17)
FIRST_AT, SECOND_AT, THIRD_AT = (noon(date(2026, month, 20)) for month in (6, 7, 8))
METHOD = "machine-assisted desk research, two independent codings, adjudicated"
OTHER_KEY = ["small", "first", "second-act"]
FIRST, OTHER = "act-2025-03-01", "second-act-2025-05-01"
Entry = dict[str, Any]


def baseline() -> list[Entry]:
    """Two actions that are in progress."""
    update = new_update(OTHER, action=OTHER_KEY, status="in_progress", effective_on="2025-05-01")
    return [*small(), new_action(), update, new_evidence(OTHER, url="https://example.org/other")]


def header(slug: str = "second-coding", **fields: Any) -> Entry:
    said = {"kind": "research", "report": ["small"], "slug": slug, "method": METHOD}
    return entry("edition", **{**said, "horizon_on": HORIZON.isoformat(), **fields})


def found(slug: str, status: str = "partly", **fields: Any) -> list[Entry]:
    """Entries of an update that a file adds, with a source of its own."""
    fields = {"action": ACTION_KEY, "effective_on": "2026-01-05", "status": status, **fields}
    source = new_evidence(slug, url=f"https://example.org/{slug}", kind="official")
    return [entry("statusupdate", slug=slug, **fields), source]


def correction(slug: str = "act-again", replaces: str = FIRST, **fields: Any) -> list[Entry]:
    said = {"replaces": [replaces], "correction_reason": "The date was misread."}
    return found(slug, **{"effective_on": "2025-03-04", **said, **fields})


def retraction(update: str = OTHER, action: list[str] = OTHER_KEY, **fields: Any) -> Entry:
    fields = {"reason": "The source is about another port.", **fields}
    return entry("retractionrequest", action=action, update=[update], **fields)


def research(*entries: Entry | list[Entry], **fields: Any) -> str:
    flat = [one for part in entries for one in (part if isinstance(part, list) else [part])]
    return text_of([header(**fields), *flat])


def everything() -> dict[str, list[dict[str, Any]]]:
    models = (RetractionRequest, StatusPeriod)
    rows = {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}
    return {**contents(), **rows}


def refusal(text: str) -> str:
    before = everything()
    with pytest.raises(LoadError) as refused:
        load(text, now=SECOND_AT)
    assert everything() == before
    return str(refused.value)


def update_of(slug: str) -> StatusUpdate:
    return StatusUpdate.objects.get(slug=slug)


def assert_sound() -> None:
    """The check is silent, and a rebuild leaves what publishing had written."""
    assert [str(one) for one in integrity.differences()] == []
    with undone():
        before = derived()
        StatusPeriod.objects.all().delete()
        integrity.rebuild()
        assert derived() == before


@pytest.fixture(autouse=True)
def edition_1(db: None) -> None:
    snapshots.begin_with("small", lambda: load(text_of(baseline()), now=FIRST_AT))


@pytest.fixture
def people() -> tuple[User, User]:
    return UserFactory(), UserFactory()


@pytest.fixture
def review(people: tuple[User, User]) -> Callable[..., StatusUpdate]:
    """Publishes an update of an analyst that a reviewer has read."""
    author, reviewer = people

    def publish(slug: str, on: date = date(2026, 2, 1)) -> StatusUpdate:
        draft = draft_update(Action.objects.get(slug=slug), "partly", on=on, by=author)
        EvidenceFactory(update=draft)
        publishing.submit(draft, by=author, now=FIRST_AT)
        publishing.publish([draft], reviewer=reviewer, now=FIRST_AT)
        return draft

    return publish


# What a file does -----------------------------------------------------------------------------


def test_file_becomes_an_edition_of_kind_research_that_says_how_it_was_made() -> None:
    loaded = load(research(found("act-more"), note="A second look."), now=SECOND_AT)
    assert loaded.editions == [2]
    edition = Edition.objects.get(number=2)
    assert (edition.kind, edition.slug, edition.report) == (
        "research",
        "second-coding",
        Report.objects.get(),
    )
    assert (edition.method, edition.horizon_on, edition.note) == (METHOD, HORIZON, "A second look.")
    assert edition.published_at == SECOND_AT
    first = Edition.objects.get(number=1)
    assert (first.kind, first.slug, first.method, first.horizon_on) == ("baseline", "", "", None)
    assert not Notice.objects.exists()
    assert_sound()


def test_update_has_no_author_and_counts_as_searched_on_the_horizon() -> None:
    load(research(found("act-more")), now=SECOND_AT)
    update = update_of("act-more")
    assert update.is_baseline
    assert (update.author, update.reviewer, update.searched_on) == (None, None, HORIZON)
    action = Action.objects.get(slug="act")
    assert (action.last_reviewed_on, action.review_due_on) == (HORIZON, date(2026, 12, 14))


def test_search_of_its_own_day_is_kept() -> None:
    load(research(found("act-more", searched_on="2026-05-02")), now=SECOND_AT)
    assert update_of("act-more").searched_on == date(2026, 5, 2)


def test_confirmation_rests_on_what_it_confirms() -> None:
    confirmed = entry(
        "statusupdate",
        slug="act-confirmed",
        action=ACTION_KEY,
        status="in_progress",
        effective_on="2026-06-17",
        relies_on=[[FIRST]],
        search_note="Two archives.",
    )
    load(research(confirmed), now=SECOND_AT)
    action = Action.objects.get(slug="act")
    assert (action.status, action.status_since) == ("in_progress", date(2025, 3, 1))
    assert update_of("act-confirmed").status_at_draft == "in_progress"
    assert_sound()


def test_confirmation_without_a_search_note_is_refused() -> None:
    confirmed = entry(
        "statusupdate",
        slug="act-confirmed",
        action=ACTION_KEY,
        status="in_progress",
        effective_on="2026-06-17",
        relies_on=[[FIRST]],
    )
    assert "act-confirmed: A confirmation needs a note" in refusal(research(confirmed))


def test_further_updates_extend_a_history_on_several_days_of_one_edition() -> None:
    more = [*found("act-2", effective_on="2025-09-01"), *found("act-3", "implemented")]
    load(research(more), now=SECOND_AT)
    action = Action.objects.get(slug="act")
    assert (action.status, action.status_since) == ("implemented", date(2026, 1, 5))
    told = StatusPeriod.objects.filter(action=action, until_edition=None).order_by("starts_on")
    assert [row.status for row in told] == ["in_progress", "partly", "implemented"]
    assert_sound()


def test_correction_ends_what_it_names_and_says_why() -> None:
    load(research(correction()), now=SECOND_AT)
    before, after = update_of(FIRST), update_of("act-again")
    assert (before.ended_in_edition_id, before.end_reason) == (2, "corrected")
    assert before.end_note == after.correction_reason == "The date was misread."
    assert after.replaces == before
    action = Action.objects.get(slug="act")
    assert (action.status, action.status_since) == ("partly", date(2025, 3, 4))
    assert_sound()


def test_retraction_names_its_edition_in_place_of_two_persons() -> None:
    loaded = load(research(retraction()), now=SECOND_AT)
    assert loaded.added == {"recommendations.retractionrequest": 1}
    update, request = update_of(OTHER), RetractionRequest.objects.get()
    assert (update.ended_in_edition_id, update.end_reason) == (2, "retracted")
    assert (request.update, request.outcome) == (update, "confirmed")
    assert (request.requested_by, request.decided_by) == (None, None)
    assert request.research_edition == Edition.objects.get(number=2)
    assert Action.objects.get(slug="second-act").status == "not_assessed"
    assert_sound()


def test_later_research_corrects_and_retracts_earlier_research() -> None:
    load(research(correction(), found("other-2", action=OTHER_KEY)), now=SECOND_AT)
    third = research(
        correction("act-3", "act-again", status="implemented"),
        retraction("other-2"),
        slug="third-coding",
    )
    assert load(third, now=THIRD_AT).editions == [3]
    statuses = dict(Action.objects.values_list("slug", "status"))
    assert statuses == {"act": "implemented", "second-act": "in_progress"}
    assert update_of("act-again").ended_in_edition_id == 3
    assert_sound()


# Loading again --------------------------------------------------------------------------------


def test_loading_a_series_again_changes_nothing() -> None:
    second = research(correction(), retraction(), found("act-more"))
    third = research(
        correction("act-3", "act-again", effective_on="2025-03-05"), slug="third-coding"
    )
    for text in (second, third):
        load(text, now=SECOND_AT)
    before = everything()
    for text in (text_of(baseline()), second, third):
        loaded = load(text, keep_edits=True, now=THIRD_AT)
        assert (loaded.added, loaded.editions, loaded.left_out) == ({}, [], [])
    assert everything() == before


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (research(found("act-more"), note="Other."), "note is “” here and “Other.” in the file"),
        (research(found("act-more"), method="Other."), f"method is “{METHOD}” here and “Other.”"),
        (research(found("act-more", "implemented")), "status is “partly” here and “implemented”"),
        (research(found("act-more"), found("act-4")), "act-4: Its edition is published"),
        (research(found("act-more"), retraction()), f"{OTHER}: Its edition is published"),
    ],
)
def test_file_that_differs_from_its_edition_is_refused(changed: str, reason: str) -> None:
    load(research(found("act-more")), now=SECOND_AT)
    assert reason in refusal(changed)


def test_reference_of_another_edition_is_refused() -> None:
    load(research(found("act-more")), now=SECOND_AT)
    text = refusal(research(found("act-more"), slug="third-coding"))
    assert text.endswith("act-more: An update of edition 2 has this reference.")


# What people decided --------------------------------------------------------------------------


@pytest.mark.parametrize("is_loaded_again", [False, True])
def test_action_that_a_reviewer_published_on_is_left_out_and_named(
    review: Callable[..., StatusUpdate], is_loaded_again: bool
) -> None:
    reviewed = review("act")
    text = research(correction(), found("other-2", action=OTHER_KEY))
    if is_loaded_again:
        load(text, now=SECOND_AT)
    before = everything() if is_loaded_again else None
    loaded = load(text, now=SECOND_AT)
    assert loaded.left_out == ["“1.1a Act on it” is left out: a reviewer has published on it."]
    assert before in (None, everything())
    assert not StatusUpdate.objects.filter(slug="act-again").exists()
    assert update_of(FIRST).is_counting
    assert update_of(reviewed.slug).is_counting
    assert Action.objects.get(slug="second-act").status == "partly"
    assert_sound()


def test_what_a_reviewer_published_is_neither_replaced_nor_retracted(
    review: Callable[..., StatusUpdate],
) -> None:
    reviewed = review("act")
    before = everything()
    loaded = load(
        research(correction(replaces=reviewed.slug), retraction(reviewed.slug, ACTION_KEY)),
        now=SECOND_AT,
    )
    assert (loaded.editions, len(loaded.left_out)) == ([], 1)
    assert everything() == before


def test_publication_after_a_file_leaves_the_file_as_it_was_loaded(
    review: Callable[..., StatusUpdate],
) -> None:
    load(research(found("act-more")), now=FIRST_AT)
    review("act")
    before = everything()
    loaded = load(research(found("act-more")), now=SECOND_AT)
    assert (loaded.left_out, loaded.unchanged) == ([], 3)
    assert everything() == before


def test_action_of_which_a_reviewer_retracted_an_update_is_left_out(
    people: tuple[User, User],
) -> None:
    author, reviewer = people
    asked = publishing.request_retraction(
        update_of(FIRST), by=author, reason="It is no step.", now=FIRST_AT
    )
    publishing.retract(asked, by=reviewer, now=FIRST_AT)
    [told] = load(research(correction()), now=SECOND_AT).left_out
    assert told == "“1.1a Act on it” is left out: a reviewer has retracted an update of it."


def test_action_that_was_withdrawn_is_left_out() -> None:
    withdraw(Action.objects.get(slug="act"), reason="Twice.", now=FIRST_AT)
    loaded = load(research(correction(), retraction()), now=SECOND_AT)
    assert loaded.left_out == ["“1.1a Act on it” is left out: it is not part of the public record."]
    assert loaded.editions == [3]
    assert_sound()


def test_draft_of_a_correction_that_was_overtaken_is_told_and_not_lost(
    people: tuple[User, User],
) -> None:
    author, _reviewer = people
    draft = publishing.correct(update_of(FIRST), by=author, reason="My own reason.")
    [told] = load(research(correction()), now=SECOND_AT).overtaken
    assert told == (
        f"“1.1a Act on it”: the draft {draft.slug} of {author} corrects what this edition ended."
    )
    draft.refresh_from_db()
    assert (draft.review_state, draft.correction_reason) == ("draft", "My own reason.")
    with pytest.raises(publishing.Refused, match="that it corrects no longer counts"):
        publishing.submit(draft, by=author, now=SECOND_AT)


def test_other_draft_and_a_request_to_retract_are_told(people: tuple[User, User]) -> None:
    author, reviewer = people
    draft = draft_update(Action.objects.get(slug="act"), "partly", by=author)
    asked = publishing.request_retraction(update_of(OTHER), by=author, reason="Wrong.")
    assert load(research(correction(), retraction()), now=SECOND_AT).overtaken == [
        f"“1.1a Act on it”: the draft {draft.slug} of {author} was begun before this edition.",
        f"“1.1b Act again”: {author} has asked to retract {OTHER}, which ended.",
    ]
    publishing.decline_retraction(asked, by=reviewer, now=SECOND_AT)
    assert_sound()


# What is refused ------------------------------------------------------------------------------

NO_SUCH = "StatusUpdate matching query does not exist"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (research(found("a"), kind="baseline"), "A file of later research is of kind “research”."),
        (research(found("a"), report=["large"]), "Entry 1 (recommendations.edition): Report match"),
        (research(found("a"), method=""), "says how it was made"),
        (research(found("a"), horizon_on="June"), "Entry 1 (recommendations.edition): horizon_on"),
        (research(found("a"), horizon_on="2026-07-21"), "The horizon of the research lies in"),
        (research(found("a"), published_at="2026-07-21"), "“published_at” is set by publishing"),
        (text_of([entry("edition", slug="x")]), "Entry 1: It needs `method`."),
        (research(new_action("third", 3)), "Entry 2: “recommendations.action” is not loaded"),
        (research(header("other")), "Entry 2: “recommendations.edition” is not loaded from files."),
        (research(new_evidence("b")), "b: It belongs to no update that stands before it in this"),
        (research(found("a", action=["small", "first", "x"])), "a: Action matching query does not"),
        (research(found("a", is_baseline=False)), "Only updates of a baseline are loaded"),
        (research(found("a", effective_on="2026-07-21")), "a: The date of effect lies after"),
        (research(found("a", author=["ada"])), "“author” is set by publishing, not by a file."),
        (research(correction(replaces="b")), NO_SUCH),
        (research(correction(replaces=OTHER)), "act-again: It corrects an update of another acti"),
        (research(correction(correction_reason="")), "Say why the earlier update is corrected."),
        (research(correction(), correction("b", effective_on="2025-04-01")), "or retracted twice"),
        (research(correction(), retraction(FIRST, ACTION_KEY)), f"{FIRST}: It is corrected or ret"),
        (research(retraction(), retraction()), f"{OTHER}: It is retracted twice."),
        (research(retraction("b")), "b: This action has no update with this reference."),
        (research(retraction(FIRST)), f"{FIRST}: This action has no update with this reference."),
        (research(retraction(reason=" ")), f"{OTHER}: A retraction needs a public reason."),
        (research(retraction(outcome="pending")), "“outcome” is set by publishing, not by a file."),
        (research(found("a"), found("b")), "a, b: They are of one action, and count from the same"),
        (
            research(correction(), found("b", relies_on=[[FIRST]])),
            "b: It relies on an update that this edition ends.",
        ),
    ],
)
def test_file_that_does_not_fit_the_record_is_refused_with_the_entry(
    text: str, reason: str
) -> None:
    assert reason in refusal(text)


@pytest.mark.parametrize("slug", ["act-again", OTHER])
def test_what_ended_already_is_not_ended_again(slug: str) -> None:
    load(research(correction(), retraction()), now=SECOND_AT)
    again = correction("b", FIRST) if slug == "act-again" else retraction(OTHER)
    text = refusal(research(again, slug="third-coding"))
    assert "no longer counts" in text or "Only an update that counts" in text


def test_integrity_names_research_that_ended_what_a_person_published(
    unguarded: None, review: Callable[..., StatusUpdate]
) -> None:
    load(research(retraction()), now=FIRST_AT)
    reviewed = review("act")
    ended = {"ended_in_edition": 2, "end_reason": "retracted", "end_note": "Why."}
    StatusUpdate.objects.filter(pk=reviewed.pk).update(edition=1, **ended)
    RetractionRequest.objects.update(update=reviewed.pk)
    found_there = [str(one) for one in integrity.differences()]
    assert any(
        "was ended by research, and is none on the same report" in one for one in found_there
    )
    assert any(f"{OTHER}" in one and "nobody confirmed it" in one for one in found_there)


# The commands ---------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    texts = {
        "small.yaml": text_of(baseline()),
        "small.2.yaml": research(correction()),
        "small.10.yaml": research(retraction(), slug="tenth"),
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "small.ja.po").write_text("", encoding="utf-8")
    (tmp_path / "smaller.3.yaml").write_text("", encoding="utf-8")
    return [tmp_path / name for name in texts]


def test_series_is_a_file_and_those_that_follow_it_by_number(files: list[Path]) -> None:
    assert series_of(files[0]) == files


def test_wording_edited_since_is_no_difference_for_an_earlier_file(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].with_suffix(".ja.po").unlink()
    Recommendation.objects.update(headline="An edited headline")
    call_command("load_report", *map(str, files))
    output = capsys.readouterr().out
    assert "Edition 2 is published." in output
    assert "Edition 3 is published." in output
    assert Recommendation.objects.get().headline == "An edited headline"
    with pytest.raises(CommandError, match="An edited headline"):
        call_command("load_report", str(files[0]))


def test_broken_file_leaves_those_before_it_loaded_and_itself_not(
    files: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].with_suffix(".ja.po").unlink()
    files[2].write_text(
        research(found("other-2", action=OTHER_KEY), retraction("missing"), slug="tenth"),
        encoding="utf-8",
    )
    with pytest.raises(CommandError, match=r"(?s)small.10.yaml was not loaded.*missing"):
        call_command("load_report", *map(str, files))
    assert "Edition 2 is published." in capsys.readouterr().out
    assert list(Edition.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert not StatusUpdate.objects.filter(slug="other-2").exists()
    assert_sound()


def test_left_out_actions_and_overtaken_drafts_are_printed(
    files: list[Path],
    capsys: pytest.CaptureFixture[str],
    review: Callable[..., StatusUpdate],
    people: tuple[User, User],
) -> None:
    review("act")
    asked = publishing.correct(update_of(OTHER), by=people[0], reason="My own reason.")
    for path in files[1:]:
        call_command("load_report", str(path))
    output = capsys.readouterr().out
    assert "“1.1a Act on it” is left out: a reviewer has published on it." in output
    assert f"the draft {asked.slug} of {people[0]} corrects what this edition ended." in output


def start(monkeypatch: pytest.MonkeyPatch, first: Path) -> None:
    """Prepare a trial on a series of files; the database and static files are there."""
    real = call_command
    monkeypatch.setattr(tryout, "BASELINE", first)
    monkeypatch.setattr(
        tryout,
        "call_command",
        lambda name, *rest, **options: (
            real(name, *rest, **options) if name == "load_report" else None
        ),
    )
    tryout.Command()._prepare(is_empty=False)


def test_trial_with_the_baseline_alone_gets_the_rest_once(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Recommendation.objects.update(headline="An edited headline")
    start(monkeypatch, files[0])
    assert "Loading the report ..." in capsys.readouterr().out
    kinds = Edition.objects.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["baseline", "research", "research"]
    start(monkeypatch, files[0])
    assert "Loading the report" not in capsys.readouterr().out
    assert Edition.objects.count() == 3


def test_trial_starts_whatever_the_loader_says(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files[1].write_text("- model: [", encoding="utf-8")
    start(monkeypatch, files[0])
    output = capsys.readouterr().out
    assert "small.2.yaml was not loaded." in output
    assert "This is not YAML" in output
    assert "Collecting static files ..." in output


# The pages ------------------------------------------------------------------------------------


def body(client: Client, path: str, **query: Any) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, path
    html = answer.content.decode()
    return " ".join(html[html.index("<main") : html.index("</main>")].split())


def test_edition_and_list_of_editions_say_how_it_was_made(client: Client) -> None:
    load(research(correction()), now=SECOND_AT)
    for path in ("/editions/2/", "/editions/"):
        html = body(client, path)
        assert METHOD in html, path
        assert "Evidence to" in html, path
        assert "17 Jun 2026" in html, path
    assert "Evidence to" not in body(client, "/editions/1/")
    japanese = body(client, "/ja/editions/2/")
    assert "2026年6月17日" in japanese
    assert "Evidence to" not in japanese


def test_timeline_marks_research_as_it_marks_a_baseline(client: Client) -> None:
    load(research(correction()), now=SECOND_AT)
    html = body(client, Recommendation.objects.get().get_absolute_url())
    assert "Research edition: desk research, not yet reviewed by a second person." in html
    assert "Baseline: desk research, not yet reviewed by a second person." in html


def test_corrections_page_has_corrections_and_retractions_with_their_reasons(
    client: Client,
) -> None:
    load(research(correction(), retraction()), now=SECOND_AT)
    html = body(client, "/corrections/")
    assert "The date was misread." in html
    assert "The source is about another port." in html


def test_pages_of_edition_1_stay_as_they_were(client: Client) -> None:
    detail = Recommendation.objects.get().get_absolute_url()
    paths = ("/", "/recommendations/", detail, "/editions/1/")
    viewpoint = {"edition": "1", "as_of": "2026-06-20"}
    before = {path: body(client, path, **viewpoint) for path in paths}
    load(research(correction(), retraction(), found("act-more")), now=SECOND_AT)
    assert {path: body(client, path, **viewpoint) for path in paths} == before


def test_staff_pages_say_that_research_retracted_and_published(
    client: Client, admin_user: User
) -> None:
    load(research(correction(), retraction()), now=SECOND_AT)
    client.force_login(admin_user)
    asked = RetractionRequest.objects.get()
    html = client.get(reverse("admin:review_retraction", args=[asked.pk])).content.decode()
    assert "Retracted by the research of edition 2, without a request." in html
    assert "Asked for by" not in html
    html = client.get(reverse("admin:recommendations_retractionrequest_changelist"))
    assert html.status_code == 200


# At random ------------------------------------------------------------------------------------

STATUSES = st.sampled_from(["in_progress", "partly", "implemented", "rejected", "stalled"])
STEPS = st.tuples(
    st.sampled_from(["extend", "correct", "retract"]),
    st.integers(0, 9),
    STATUSES,
    st.integers(1, 28),
)


def counting(nth: int) -> StatusUpdate | None:
    rows = list(StatusUpdate.objects.counting().order_by("pk"))
    return rows[nth % len(rows)] if rows else None


def entries_of(step: tuple[str, int, str, int], slug: str) -> list[Entry]:
    kind, nth, status, day = step
    before = counting(nth)
    key = [ACTION_KEY, OTHER_KEY][nth % 2] if before is None else list(before.action.natural_key())
    on = f"2025-{1 + nth:02d}-{day:02d}"
    if kind == "retract" and before:
        return [retraction(before.slug, key)]
    if kind == "correct" and before:
        return correction(slug, before.slug, status=status, effective_on=on, action=key)
    return found(slug, status, effective_on=on, action=key)


@examples(short=8, long=80, derandomize=True)
@given(st.lists(STEPS, min_size=1, max_size=6), st.integers(0, 6))
def test_random_research_leaves_a_silent_check_and_loads_once(
    steps: list[tuple[str, int, str, int]], reviewed_after: int
) -> None:
    with undone():
        texts = []
        for number, step in enumerate(steps):
            if number == reviewed_after:
                publish_by_people()
            slug = f"step-{number}"
            texts.append(research(entries_of(step, slug), slug=f"coding-{number}"))
            load(texts[-1], now=SECOND_AT)
        assert_sound()
        before = everything()
        for text in texts:
            load(text, now=THIRD_AT)
        assert everything() == before


def publish_by_people() -> None:
    author, reviewer = UserFactory(), UserFactory()
    draft = draft_update(Action.objects.get(slug="act"), "partly", by=author)
    publishing.submit(draft, by=author, now=SECOND_AT)
    publishing.publish([draft], reviewer=reviewer, now=SECOND_AT)
