"""Files that change what is counted and how it is worded: one edition, and no edit is undone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from recommendations import integrity, publishing
from recommendations.loading import LoadError, is_loaded, load
from recommendations.models import Action, Edition, Party
from recommendations.record import Record
from recommendations.viewpoint import Viewpoint

from .conftest import snapshots
from .factories import UserFactory, draft_update, rewrite
from .test_loading import ACTION_KEY, entry, new_action, text_of
from .test_research_editions import (
    FIRST_AT,
    METHOD,
    OTHER_KEY,
    SECOND_AT,
    THIRD_AT,
    assert_sound,
    baseline,
    body,
    everything,
)

pytestmark = pytest.mark.django_db

THIRD_KEY = ["small", "first", "third-act"]
Entry = dict[str, Any]


def header(**fields: Any) -> Entry:
    said = {"kind": "structure", "report": ["small"], "slug": "order", "method": METHOD}
    return entry("edition", **{**said, "note": "Asks are counted once.", **fields})


def step(name: str, **fields: Any) -> Entry:
    return {"step": name, "fields": {"reason": "It is one ask.", **fields}}


def merge(**fields: Any) -> Entry:
    return step("merge", **{"actions": [OTHER_KEY], "into": ACTION_KEY, **fields})


def edit(**fields: Any) -> Entry:
    said = {"action": ACTION_KEY, "title": {"from": "Act on it", "to": "Act on it jointly"}}
    return step("edit", **{**said, **fields})


WITHDRAW = step("withdraw", action=THIRD_KEY)
PARTY = entry("party", slug="korea", name="Korea", kind="government", position=9)
PARTIES = edit(
    title={"from": "Act on it", "to": "Act"},
    parties={"from": [["japan"]], "to": [["japan"], ["korea"]]},
)


def structure(*entries: Entry, **fields: Any) -> str:
    return text_of([header(**fields), *entries])


def load_three_actions() -> None:
    third = new_action("third-act", 3, title="Act a third time")
    load(text_of([*baseline(), third]), now=FIRST_AT)


@pytest.fixture(autouse=True)
def three_actions() -> None:
    snapshots.begin_with("small of three actions", load_three_actions)


def action(key: list[str] = ACTION_KEY) -> Action:
    return Action.objects.get_by_natural_key(*key)


def refusal(text: str) -> str:
    before = everything()
    with pytest.raises(LoadError) as refused:
        load(text, now=SECOND_AT)
    assert everything() == before
    return str(refused.value)


def test_steps_of_a_file_are_one_edition_of_structure() -> None:
    loaded = load(structure(PARTY, merge(), WITHDRAW, PARTIES), now=SECOND_AT)
    assert loaded.added == {"recommendations.party": 1, "merge": 1, "withdraw": 1, "edit": 1}
    assert loaded.editions == [2]
    edition = Edition.objects.get(number=2)
    assert (edition.kind, edition.slug, edition.method) == ("structure", "order", METHOD)
    assert list(action(OTHER_KEY).successors.all()) == [action()]
    assert action(OTHER_KEY).withdrawal_reason == "It is one ask."
    assert action(THIRD_KEY).until_edition_id == 2
    assert action().title == "Act"
    assert {party.slug for party in action().parties.all()} == {"japan", "korea"}
    assert action().addressee == "with_others"
    assert_sound()


def test_edition_before_it_counts_as_before() -> None:
    load(structure(merge(), WITHDRAW), now=SECOND_AT)
    on = SECOND_AT.date()
    first, second = Edition.objects.order_by("number")
    assert Record(Viewpoint(on, edition=first)).actions().counted().count() == 3
    assert Record(Viewpoint(on, edition=second)).actions().counted().count() == 1


def test_loading_again_changes_nothing() -> None:
    text = structure(PARTY, merge(), WITHDRAW, PARTIES)
    load(text, now=SECOND_AT)
    Action.objects.filter(pk=action().pk).update(title="Edited here")
    before = everything()
    loaded = load(text, now=THIRD_AT)
    assert (loaded.unchanged, loaded.editions, loaded.left_out) == (5, [], [])
    assert everything() == before
    assert is_loaded(text)
    assert not is_loaded(structure(merge(), slug="another"))


def test_wording_that_was_edited_here_is_left_as_it_is_and_named() -> None:
    edited = action()
    edited.title = "Edited here"
    edited.save()
    loaded = load(structure(WITHDRAW, edit()), now=SECOND_AT)
    assert loaded.left_out == [
        "“1.1a Edited here” is left out: its title is “Edited here” here by now."
    ]
    assert loaded.editions == [2]
    assert action().title == "Edited here"


def test_wording_that_is_as_the_file_wants_it_is_no_difference() -> None:
    Action.objects.filter(pk=action().pk).update(title="Act on it jointly")
    loaded = load(structure(WITHDRAW, edit()), now=SECOND_AT)
    assert (loaded.left_out, loaded.unchanged) == ([], 1)


def test_action_that_a_reviewer_has_published_on_stays_and_is_named() -> None:
    author, reviewer = UserFactory(), UserFactory()
    draft = draft_update(action(OTHER_KEY), "partly", by=author)
    publishing.submit(draft, by=author, now=FIRST_AT + timedelta(days=1))
    publishing.publish([draft], reviewer=reviewer, now=FIRST_AT + timedelta(days=1))
    loaded = load(structure(merge(), WITHDRAW), now=SECOND_AT)
    assert loaded.left_out == ["“1.1b Act again” is left out: a reviewer has published on it."]
    assert not action(OTHER_KEY).is_withdrawn
    assert action(THIRD_KEY).is_withdrawn


def test_edit_says_why_in_the_history_of_the_text() -> None:
    load(structure(WITHDRAW, edit(reason="A long reason. " * 20)), now=SECOND_AT)
    last = action().history.order_by("history_id").last()
    assert last
    assert last.history_change_reason == "A long reason. " * 20
    assert last.history_date == Edition.objects.get(number=2).published_at


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (structure(step("drop", action=ACTION_KEY)), "Entry 2: “drop” is no step: there are merge"),
        (structure({"step": "withdraw"}), "Entry 2: It needs `model` and `fields`."),
        (structure(step("withdraw")), "Entry 2: It needs `action`."),
        (structure(step("withdraw", action=ACTION_KEY, into=3)), "“into” is no field of the step"),
        (structure(step("withdraw", action="act")), "“action” needs natural keys"),
        (structure(merge(actions=[])), "“actions” needs natural keys"),
        (structure(merge(reason=" ")), "Say why. The reason is public."),
        (structure(step("edit", action=ACTION_KEY)), "An edit names what it changes"),
        (structure(edit(title="New")), "`title` needs `from` and `to`, and nothing else."),
        (structure(edit(title={"from": 1, "to": "x"})), "`title` needs texts."),
        (structure(edit(status={"from": "a", "to": "b"})), "“status” is no field of the step"),
        (structure(PARTIES), "Party matching query does not exist"),
        (structure(edit(kind={"from": "policy", "to": "poem"})), "Entry 2: kind"),
        (structure(step("withdraw", action=["small", "first", "x"])), "does not exist"),
        (structure(merge(), merge()), "An action leaves the count once."),
        (structure(merge(), step("withdraw", action=OTHER_KEY)), "leaves the count once."),
        (structure(merge(actions=[ACTION_KEY])), "stays in the public record"),
        (structure(merge(), step("withdraw", action=ACTION_KEY)), "stays in the public record"),
        (structure(new_action("more", 4)), "“recommendations.action” is not loaded from files."),
        (structure(WITHDRAW, horizon_on="2026-06-17"), "“horizon_on” is set by publishing"),
        (structure(WITHDRAW, method=""), "has a reference and says how it was made"),
        (structure(WITHDRAW, report=["other"]), "does not exist"),
    ],
)
def test_file_that_cannot_be_is_refused_with_the_entry(text: str, reason: str) -> None:
    assert reason in refusal(text)
    assert not Party.objects.filter(slug="korea").exists()


def test_rebuild_and_check_agree_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    load(structure(PARTY, merge(), WITHDRAW, PARTIES), now=SECOND_AT)
    call_command("rebuild")
    assert list(integrity.differences()) == []


# The page of the edition -------------------------------------------------------------------------


def test_page_of_the_edition_says_what_it_changed_and_why(client: Client) -> None:
    rewrite(lambda: Action.history.update(history_date=FIRST_AT - timedelta(days=1)))
    text = structure(PARTY, merge(), step("withdraw", action=THIRD_KEY, reason="Twice."), PARTIES)
    load(text, now=SECOND_AT)
    html = body(client, "/editions/2/")
    assert "Merged:" in html
    assert "Withdrawn from every count:" in html
    assert "Twice." in html
    assert "1 text that it worded or grouped otherwise" in html
    assert "Responsible parties" in html
    assert html.count("It is one ask.") == 2
    assert "edited since" not in html


def test_page_of_an_earlier_edition_lists_the_edits_made_since(client: Client) -> None:
    rewrite(lambda: Action.history.update(history_date=FIRST_AT - timedelta(days=1)))
    load(structure(PARTY, WITHDRAW, PARTIES), now=SECOND_AT)
    html = body(client, "/editions/1/")
    assert "The wording or grouping of 1 text was edited since. It shows as now." in html
    assert "What was edited" in html
    assert html.count("It is one ask.") == 1
