"""The watch over the evidence: what it names of an action, and what it passes by."""

from __future__ import annotations

from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from recommendations import integrity
from recommendations.evidence_watch import (
    SAME_NOTE,
    FindingKind,
    findings_of,
    watched_actions,
)
from recommendations.evidence_watch.findings import Statement, WatchedAction, WatchedItem
from recommendations.models import Action, ListedHost
from recommendations.text.listed_hosts import HostList

from .factories import ListedHostFactory, corrected, published_action, published_update

ON = date(2026, 11, 28)
HOSTS = HostList(
    {"bad.example": "never_evidence", "copies.example": "copies", "state.example": "state_media"}
)


def item(**fields: Any) -> WatchedItem:
    """A source with nothing to find fault with."""
    said: dict[str, Any] = {
        "address": "https://paper.example/1",
        "kind": "press",
        "publisher": "The Paper",
        "title": "A step",
        "archived_url": "https://archive.example/1",
        "is_state_media": False,
        "published_day": date(2026, 6, 1),
    }
    return WatchedItem(**(said | fields))


def primary(**fields: Any) -> WatchedItem:
    return item(
        **({"kind": "primary", "publisher": "Gazette", "address": "https://g.example"} | fields)
    )


def statement(status: str, *items: WatchedItem, pk: int = 1, **fields: Any) -> Statement:
    said: dict[str, Any] = {"effective_day": date(2026, 6, 1), "edition": 1, "slug": f"u-{pk}"}
    return Statement(pk, status, **(said | fields), sources=tuple(items))


def action(*statements: Statement, pk: int = 1) -> WatchedAction:
    return WatchedAction(pk, f"1.{pk}a", "Act", f"/{pk}", tuple(statements))


def kinds_of(*statements: Statement, on: date = ON) -> set[str]:
    return {str(one.kind) for one in findings_of([action(*statements)], on=on, hosts=HOSTS)}


def detail_of(kind: str, *statements: Statement) -> str:
    found = findings_of([action(*statements)], on=ON, hosts=HOSTS)
    [detail] = [one.detail for one in found if one.kind == kind]
    return detail


# Nothing to find --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "one",
    [
        statement("implemented", primary()),
        statement("partly", item()),
        statement("no_action", search_note="Two archives."),
        statement("no_action", item(kind="announcement"), search_note="Two archives."),
        statement("not_assessed"),
    ],
)
def test_sound_evidence_is_not_named(one):
    assert kinds_of(one) == set()


def test_an_action_without_an_update_is_not_named():
    assert kinds_of() == set()


def test_what_takes_effect_later_is_not_looked_at_yet():
    assert kinds_of(statement("partly", item(title=""), effective_day=ON + timedelta(1))) == set()


# One kind after another -------------------------------------------------------------------------

CASES = {
    "listed_host": statement("partly", item(address="https://eu.bad.example/1")),
    "no_action": statement("no_action", item()),
    "announcements": statement("partly", item(kind="announcement")),
    "copies": statement("partly", item(kind="official", address="https://www.copies.example/1")),
    "one_publisher": statement(
        "implemented",
        item(publisher="Kyodo"),
        item(publisher="Kyodo News", address="https://k.example"),
    ),
    "state_media": statement("partly", item(address="https://state.example/1")),
    "no_new_source": statement("partly", pk=2, relies_on=frozenset({1}), edition=2),
    "old": statement("in_progress", item(published_day=date(2025, 11, 27))),
    "untitled": statement("partly", item(title="")),
    "undated": statement("partly", item(published_day=None)),
    "unarchived": statement("partly", item(archived_url="")),
}


@pytest.mark.parametrize(("kind", "one"), CASES.items())
def test_each_kind_is_named(kind, one):
    earlier = statement("in_progress", item(), effective_day=date(2026, 5, 1))
    before = [earlier] if kind == "no_new_source" else []
    # A promise is no source of a step either.
    beside = {"no_new_source"} if kind == "announcements" else set()
    assert kinds_of(*before, one) == {kind} | beside


def test_every_kind_has_a_case():
    assert {*CASES, "same_note"} == set(FindingKind.values)


def test_the_names_of_the_sources_are_said():
    assert detail_of("copies", CASES["copies"]) == "The Paper (official)"
    assert detail_of("listed_host", CASES["listed_host"]) == "eu.bad.example"
    assert detail_of("old", CASES["old"]) == "the newest is of 2025-11-27"


@pytest.mark.parametrize(
    "publisher",
    [
        "U.S. Department of Defense (copy at Mirage News)",
        "EIN Presswire (text of the U.S. Department of the Interior)",
        "Xinhua (machine translation at MIL-OSI)",
        "防衛省（転載）",
    ],
)
def test_a_publisher_may_say_that_it_is_a_copy(publisher):
    assert kinds_of(statement("partly", item(kind="official", publisher=publisher))) == {"copies"}


def test_a_copy_beside_an_original_counts_as_press_of_its_own_site():
    copy = item(address="https://copies.example/1")
    assert kinds_of(statement("partly", copy, item())) == set()
    assert kinds_of(statement("partly", copy)) == {"copies"}


def test_the_issuer_with_a_copy_as_its_archived_one_is_no_copy():
    cited = item(kind="official", archived_url="https://copies.example/1")
    assert kinds_of(statement("partly", cited)) == set()


@pytest.mark.parametrize(
    ("one", "other", "are_one"),
    [
        ("Shine (Xinhua)", "People’s Daily (Xinhua)", True),
        ("The Japan Times", "Japan Times", True),
        ("Jiji Press (The News)", "Jiji Press", True),
        ("Jiji Press", "Kyodo News", False),
        ("The Japan News / Yomiuri Shimbun", "Japan Strategy (Mondaq)", False),
    ],
)
def test_two_names_of_one_publisher_are_found(one, other, are_one):
    items = [item(publisher=one), item(publisher=other, address="https://other.example/1")]
    assert kinds_of(statement("rejected", *items)) == ({"one_publisher"} if are_one else set())


def test_two_names_on_one_site_are_one_publisher():
    items = [
        item(publisher="Reuters"),
        item(publisher="Bloomberg", address="https://www.paper.example/2"),
    ]
    assert kinds_of(statement("implemented", *items)) == {"one_publisher"}


def test_a_strong_source_or_a_third_publisher_makes_up_for_it():
    same = [item(publisher="Kyodo"), item(publisher="Kyodo News", address="https://k.example")]
    assert kinds_of(statement("implemented", *same, primary())) == set()
    third = item(publisher="Reuters", address="https://r.example")
    assert kinds_of(statement("implemented", *same, third)) == set()


def test_a_step_of_twelve_months_ago_is_not_old_yet():
    assert kinds_of(statement("in_progress", item(published_day=date(2025, 11, 28)))) == set()
    leap_day = date(2028, 2, 29)
    dated = statement("partly", item(published_day=date(2027, 2, 28)))
    assert kinds_of(dated, on=leap_day) == set()
    assert kinds_of(dated, on=leap_day + timedelta(1)) == {"old"}


@pytest.mark.parametrize("status", ["implemented", "stalled", "rejected", "overtaken"])
def test_what_is_done_or_has_halted_may_rest_on_what_is_old(status):
    assert kinds_of(statement(status, primary(published_day=date(2020, 1, 1)))) == set()


def test_a_status_without_a_dated_source_is_as_old_as_its_day():
    undated = statement("partly", item(published_day=None), effective_day=date(2024, 6, 1))
    assert kinds_of(undated) == {"undated", "old"}


# What a status rests on -------------------------------------------------------------------------


def test_a_confirmation_is_judged_by_what_it_confirms():
    first = statement("partly", item(title=""))
    relying = statement("partly", pk=2, relies_on=frozenset({1}), effective_day=date(2026, 7, 1))
    silent = statement("partly", pk=2, search_note="Two archives.", effective_day=date(2026, 7, 1))
    assert kinds_of(first, relying) == {"untitled"}
    assert kinds_of(first, silent) == {"untitled"}


def test_a_later_status_with_its_own_source_is_judged_by_that():
    first = statement("in_progress", item(title=""))
    later = statement(
        "partly", item(address="https://x.example"), pk=2, edition=2, effective_day=date(2026, 7, 1)
    )
    assert kinds_of(first, later) == set()


# A source of its own ----------------------------------------------------------------------------

FIRST = statement("in_progress", item(), effective_day=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("second", "is_named"),
    [
        ({"sources": ()}, True),
        ({"sources": (item(),)}, True),
        ({"sources": (item(address="https://new.example"),)}, False),
        ({"sources": (item(address="http://PAPER.example:80/1/#top"),)}, True),
        ({"sources": (item(address="https://archive.example/1"),)}, True),
        ({"sources": (item(),), "is_correction": True}, False),
        ({"sources": (), "is_correction": True}, True),
        ({"status": "in_progress", "sources": ()}, False),
        ({"status": "stalled", "search_note": "No step for a year.", "sources": ()}, False),
        ({"status": "stalled", "sources": ()}, True),
    ],
)
def test_a_changed_status_without_a_source_at_a_new_address_is_named(second, is_named):
    said = {"status": "partly", "relies_on": frozenset({1}), "edition": 2} | second
    status, sources = said.pop("status"), said.pop("sources")
    found = kinds_of(FIRST, statement(status, *sources, pk=2, **said))
    assert ("no_new_source" in found) is is_named


def test_a_change_of_the_past_is_named_after_later_ones():
    second = statement("partly", pk=2, relies_on=frozenset({1}), edition=2)
    third = statement("implemented", primary(), pk=3, edition=3, effective_day=date(2026, 7, 1))
    assert detail_of("no_new_source", FIRST, second, third) == "Partly implemented, by u-2"


# One note for many ------------------------------------------------------------------------------


def test_one_note_on_many_actions_is_named_on_each():
    noted = statement("no_action", search_note="Two  archives.\n")
    actions = [action(noted, pk=pk) for pk in range(SAME_NOTE)]
    found = findings_of(actions, on=ON, hosts=HOSTS)
    assert [(one.kind, one.action.pk) for one in found] == [("same_note", pk) for pk in range(3)]
    assert found[0].detail == "The same note on 3 actions: “Two archives.”"
    assert findings_of(actions[1:], on=ON, hosts=HOSTS) == []


# Of the record ----------------------------------------------------------------------------------


def source(**fields: Any) -> dict[str, Any]:
    """One of the record, with nothing but its host to find fault with."""
    dates = {"published_on": date(2026, 9, 1), "accessed_on": date(2026, 9, 2)}
    return {"kind": "press", "archived_url": "https://a.example", **dates, **fields}


@pytest.fixture
def weak(db: None) -> Action:
    """A published action with a source on a host that was listed later, and a sound one."""
    one = published_action(title="Open an office")
    bad = source(url="https://eu.bad.example/1")
    published_update(one, "partly", evidence=[bad], on=date(2026, 9, 1))
    published_update(published_action(), "implemented", evidence=[source(kind="primary")])
    ListedHostFactory(host="bad.example")
    return one


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("check_evidence", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_names_actions_by_kind_with_their_address(weak):
    told = said().splitlines()
    assert told[0] == "A source on a host that is never evidence: 1"
    assert told[1:3] == [f"  {weak}: eu.bad.example", f"    {weak.get_absolute_url()}"]
    assert told[-1] == "1 action is named."


def test_it_fails_on_request_alone(weak):
    with pytest.raises(CommandError, match="1 action is named"):
        said("--strict")


def test_it_names_no_damage(weak):
    assert list(integrity.differences()) == []


def test_a_corrected_update_is_not_looked_at(db):
    wrong = published_update(published_action(), "partly")
    [watched] = watched_actions()
    assert [one.slug for one in watched.statements] == [wrong.slug]
    right = corrected(wrong)
    [watched] = watched_actions()
    assert [one.slug for one in watched.statements] == [right.slug]


def test_queries_do_not_grow_with_the_record(weak, django_assert_num_queries):
    for _n in range(3):
        published_update(published_action(), "partly")
    with django_assert_num_queries(4):
        watched_actions()


# For the staff ----------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_staff_see_how_many_each_kind_names_and_which(client, analyst, weak, prefix):
    client.force_login(analyst)
    page = client.get(f"{prefix}/admin/evidence/")
    assert 'href="?kind=listed_host"><b>1</b>' in page.content.decode()
    assert page.context["n_actions"] == 1
    page = client.get(f"{prefix}/admin/evidence/?kind=listed_host").content.decode()
    assert "Open an office" in page
    assert "eu.bad.example" in page
    assert f"?action={weak.pk}" in page


@pytest.mark.parametrize("query", ["kind=odd", "kind=old&kind=copies", "page=2&kind=old", "x=1"])
def test_a_bad_address_is_refused(client, analyst, weak, query):
    client.force_login(analyst)
    assert client.get(f"/admin/evidence/?{query}").status_code == 400


def test_visitors_do_not_see_it(client, weak):
    assert client.get("/admin/evidence/").status_code == 302


def test_the_workspace_counts_again_when_the_list_changes(client, editor, weak):
    client.force_login(editor)
    label = "Actions with evidence to look at again"
    assert f"<b>1</b> {label}" in client.get("/admin/").content.decode()
    entry = reverse(
        "admin:recommendations_listedhost_delete",
        args=[ListedHost.objects.get(host="bad.example").pk],
    )
    client.post(entry, {"post": "yes"})
    html = client.get("/admin/").content.decode()
    assert f"{label}</a>" in html.partition("Nothing waits under:")[2]
