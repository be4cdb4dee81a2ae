"""Editors set kind, parties, areas and a lead body of many actions at once, or nothing of it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from recommendations.integrity import differences
from recommendations.models import Act, Action, Report, StructureRequest
from recommendations.publishing.grouping import MOST_AT_ONCE, fetch_grouping, version_of

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    published_actions,
    withdraw,
)
from .reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

PAGE = "/admin/breakdown/annual/"


@pytest.fixture
def report() -> Report:
    report = ReportFactory(slug="annual")
    for n in (1, 2):
        recommendation = RecommendationFactory(report=report, number=f"1.{n}")
        for number in (1, 2):
            ActionFactory(recommendation=recommendation, number=number, parties=[])
    return report


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


def actions_of(report: Report) -> list[Action]:
    rows = Action.objects.filter(recommendation__report=report)
    return list(rows.order_by("recommendation__position", "number"))


def ticks(*actions: Action) -> list[str]:
    rows = list(Action.objects.filter(pk__in=[one.pk for one in actions]))
    fetch_grouping(rows)
    return [f"{one.pk}.{version_of(one)}" for one in rows]


def send(desk: Client, actions: list[str], go: str = "set", **fields):
    return desk.post(f"{PAGE}ticked/", {"action": actions, "go": go, **fields})


def parties_of(action: Action) -> set[str]:
    return set(action.parties.values_list("slug", flat=True))


@pytest.mark.about_databases
def test_all_that_is_ticked_is_set_and_nothing_else(desk, report) -> None:
    first, second, third, fourth = actions_of(report)
    japan, area = PartyFactory(slug="japan"), PolicyAreaFactory(slug="trade")
    office = BodyFactory(slug="cabinet", party=japan)
    answer = send(
        desk,
        ticks(first, third),
        kind="legislation",
        parties=[japan.pk],
        areas=[area.pk],
        body=office.pk,
        basis="implied",
    )
    assert answer.status_code == 302
    for one in (first, third):
        one.refresh_from_db()
        assert (one.kind, parties_of(one), one.addressee) == ("legislation", {"japan"}, "japan")
        assert [(lead.body, lead.basis) for lead in one.leads.all()] == [(office, "implied")]
        assert list(one.recommendation.areas.all()) == [area]
        assert one.history.latest().history_user.username == "editor"
    for other in (second, fourth):
        other.refresh_from_db()
        assert (other.kind, parties_of(other), other.leads.count()) == ("policy", set(), 0)
    assert not list(differences())
    assert "kind legislation; parties Japan" in Act.objects.latest("pk").detail


def test_parties_and_areas_are_added_unless_they_take_the_place(desk, report) -> None:
    first, *_others = actions_of(report)
    first.parties.set([PartyFactory(slug="japan")])
    first.recommendation.areas.set([PolicyAreaFactory(slug="trade")])
    australia, space = PartyFactory(slug="australia"), PolicyAreaFactory(slug="space")
    chosen = {"parties": [australia.pk], "areas": [space.pk]}
    send(desk, ticks(first), how="add", **chosen)
    assert parties_of(first) == {"japan", "australia"}
    assert first.recommendation.areas.count() == 2
    send(desk, ticks(first), how="instead", **chosen)
    assert parties_of(first) == {"australia"}
    assert list(first.recommendation.areas.all()) == [space]


@pytest.mark.about_databases
def test_a_stale_row_is_named_and_nothing_is_written(desk, report) -> None:
    first, second, *_others = actions_of(report)
    seen = ticks(first, second)
    second.parties.set([PartyFactory(slug="japan")])
    australia = PartyFactory(slug="australia")
    answer = send(desk, seen, parties=[australia.pk], kind="agreement")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"Somebody else changed “{second}” meanwhile" in text_of(page)
    assert f"Somebody else changed “{first}”" not in text_of(page)
    assert f'href="#action-{second.pk}"' in page
    assert (parties_of(first), parties_of(second)) == (set(), {"japan"})
    # What was ticked and chosen is kept, with the rows as they are now: it can be sent again.
    kept = re.findall(r'name="action"\s+value="([^"]+)"\s+checked', page)
    assert kept == ticks(first, second)
    assert re.search(rf'value="{australia.pk}"[^>]*checked', page)
    assert send(desk, kept, parties=[australia.pk], kind="agreement").status_code == 302
    assert parties_of(second) == {"japan", "australia"}


def test_a_body_of_another_party_is_refused_with_each_row_it_is_about(desk, report) -> None:
    first, second, *_others = actions_of(report)
    first.parties.set([PartyFactory(slug="japan")])
    second.parties.set([PartyFactory(slug="australia")])
    office = BodyFactory(slug="diet", party=PartyFactory(slug="japan"))
    answer = send(desk, ticks(first, second), body=office.pk, kind="legislation")
    said = text_of(answer.content.decode())
    assert answer.status_code == 400
    assert f"“{second}” would have Diet as a lead body, but not Japan as a party." in said
    assert f"“{first}” would have" not in said
    first.refresh_from_db()
    assert (first.kind, first.leads.count()) == ("policy", 0)
    # Nor do parties go that a lead body is of.
    ActionBodyFactory(action=first, body=office)
    answer = send(desk, ticks(first), how="instead", parties=[PartyFactory(slug="australia").pk])
    assert answer.status_code == 400
    assert parties_of(first) == {"japan"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "legislation"}, "Tick the actions that you mean."),
        ({"action": "all"}, "Choose a kind, a party, a policy area or a body."),
        ({"action": "all", "kind": "magic"}, "is not one of the available choices"),
        ({"action": "all", "parties": ["99999"]}, "is not one of the available choices"),
        ({"action": "gone", "kind": "legislation"}, "are not here any more"),
        ({"action": "many", "kind": "legislation"}, f"At most {MOST_AT_ONCE} actions"),
    ],
)
def test_bad_input_changes_nothing_and_says_why(desk, report, fields, said) -> None:
    rows = actions_of(report)
    sent = {
        "all": ticks(*rows),
        "gone": [*ticks(*rows), "999999.abc"],
        "many": [f"{n}.abc" for n in range(1, MOST_AT_ONCE + 2)],
    }.get(fields.get("action"), [])
    answer = send(desk, sent, **{key: v for key, v in fields.items() if key != "action"})
    assert answer.status_code in (400, 409)
    assert said in text_of(answer.content.decode())
    assert {one.kind for one in actions_of(report)} == {"policy"}


def test_actions_of_another_report_and_withdrawn_ones_stay(desk, report) -> None:
    ours = actions_of(report)[0]
    theirs = ActionFactory()
    assert send(desk, ticks(ours, theirs), kind="legislation").status_code == 409
    gone, kept = published_actions(2)
    withdraw(gone, reason="Twice in the report.")
    page = f"/admin/breakdown/{gone.recommendation.report.slug}/"
    answer = desk.post(f"{page}ticked/", {"action": ticks(gone, kept), "kind": "agreement"})
    assert answer.status_code == 400
    assert "was withdrawn, and stays as it was" in text_of(answer.content.decode())
    kept.refresh_from_db()
    assert kept.kind == "policy"


def test_links_tick_rows_without_a_script(desk, report) -> None:
    first, *others = actions_of(report)
    first.parties.set([PartyFactory(slug="japan")])

    def n_ticked(query: str) -> int:
        return desk.get(f"{PAGE}{query}").content.decode().count(" checked")

    always = n_ticked("?tick=none")
    assert n_ticked("?tick=all") - always == 4
    assert n_ticked("?tick=without-party") - always == 3
    assert n_ticked("?tick=drafts") - always == 4
    assert n_ticked("?tick=nonsense") == always


def test_rows_say_what_they_have_and_what_they_lack(desk, report) -> None:
    page = text_of(desk.get(PAGE).content.decode())
    assert page.count("no party yet") == 4
    assert page.count("no policy area yet") == 2
    actions_of(report)[0].parties.set([PartyFactory(slug="japan")])
    assert "Policy · Japan" in text_of(desk.get(PAGE).content.decode())


def test_setting_many_takes_few_queries_an_action(desk, report) -> None:
    japan = PartyFactory(slug="japan")

    def n_queries(actions: list[Action]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert send(desk, ticks(*actions), parties=[japan.pk]).status_code == 302
        return len(asked)

    first, second, third, fourth = actions_of(report)
    one, three = n_queries([first]), n_queries([second, third, fourth])
    assert three - one < 2 * 12


def test_who_may_not_change_actions_sets_nothing(client, analyst, report) -> None:
    client.force_login(analyst)
    assert send(client, ticks(*actions_of(report)), kind="legislation").status_code == 403


# What is asked for of what is ticked ------------------------------------------------------------


def test_the_ticked_are_merged_on_the_page_that_shows_what_follows(desk, report) -> None:
    first, second, *_others = actions_of(report)
    answer = send(desk, ticks(first, second), go="merge")
    assert answer["Location"] == f"/admin/actions/merge/?action={first.pk}&action={second.pk}"
    assert send(desk, [], go="merge")["Location"] == PAGE


def test_a_report_is_published_from_its_breakdown_by_two_people(desk, report) -> None:
    page = desk.get(f"{PAGE}include/").content.decode()
    first, *_others = actions_of(report)
    assert f'href="{PAGE}#action-{first.pk}"' in page
    assert "names no responsible party" in text_of(page)
    assert desk.post(f"{PAGE}include/", {"reason": "Begin."}).status_code == 400
    send(desk, ticks(*actions_of(report)), parties=[PartyFactory(slug="japan").pk])
    assert "4 verifiable actions" in text_of(desk.get(f"{PAGE}include/").content.decode())
    assert desk.post(f"{PAGE}include/", {"reason": "Begin."})["Location"] == PAGE
    asked = StructureRequest.objects.waiting().get()
    assert list(asked.reports.all()) == [report]
    report.refresh_from_db()
    assert report.is_draft
    assert f'href="/admin/steps/{asked.pk}/"' in desk.get(PAGE).content.decode()


def test_ticked_drafts_of_a_public_report_are_asked_for_alone(desk, editor) -> None:
    [public] = published_actions(1)
    whole = public.recommendation
    wanted, other = (ActionFactory(recommendation=whole, number=n) for n in (8, 9))
    page = f"/admin/breakdown/{whole.report.slug}/"
    led = desk.post(f"{page}ticked/", {"action": ticks(wanted), "go": "include"})["Location"]
    assert led == f"{page}include/?action={wanted.pk}"
    assert "Ask for 1 draft action" in text_of(desk.get(led).content.decode())
    desk.post(led, {"reason": "Left out by mistake."})
    asked = StructureRequest.objects.waiting().get()
    assert list(asked.actions.all()) == [wanted]
    assert desk.get(f"{page}include/?action=nonsense").status_code == 404
