"""A matrix over roles and acts: what needs two persons cannot be done by one, whoever that is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.models import (
    Act,
    Action,
    Coding,
    Edition,
    FactorReset,
    RetractionRequest,
    StatusUpdate,
    StructureRequest,
)

from .factories import (
    ActionFactory,
    PartyFactory,
    UserFactory,
    draft_update,
    published_action,
    published_actions,
    published_update,
    submitted_update,
)
from .test_acts import lines_of
from .test_second_coding_by_people import SINCE, send

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

ROLES = ["visitor", "analyst", "reviewer", "editor", "administrator", "superuser"]
REASON = "There is a reason."


@pytest.fixture
def people(
    staff_member: Callable[[str, str], User],
) -> Callable[[str, str], tuple[Client, User | None]]:
    def make(role: str, name: str) -> tuple[Client, User | None]:
        client = Client()
        if role == "visitor":
            return client, None
        if role == "superuser":
            user = User.objects.create_superuser(name)
        else:
            user = staff_member(name, role.capitalize())
        client.force_login(user)
        return client, user

    return make


# How each act is asked for, through its page, and how it is then decided on --------------------

Ask = Callable[[Client, User | None], None]


def _step(name: str) -> Ask:
    def ask(client: Client, user: User | None) -> None:
        action = published_action()
        if name == "include":
            action = ActionFactory(recommendation=action.recommendation)
        page = reverse("admin:recommendations_action_structure", args=[action.pk, name])
        client.post(page, {"reason": REASON})

    return ask


def _whole_report(client: Client, user: User | None) -> None:
    report = ActionFactory().recommendation.report
    page = reverse("admin:recommendations_report_structure", args=[report.pk, "include"])
    client.post(page, {"reason": REASON})


def _split(client: Client, user: User | None) -> None:
    action = published_action()
    party = PartyFactory(slug="japan")
    data = {"new-TOTAL_FORMS": 2, "new-INITIAL_FORMS": 0, "reason": REASON}
    for n in range(2):
        data |= {f"new-{n}-title": f"Part {n}", f"new-{n}-parties": [party.pk]}
    _previewed(client, reverse("admin:split_action", args=[action.pk]), data)


def _merge(client: Client, user: User | None) -> None:
    one, other = published_actions(2)
    data = {"action": [one.pk, other.pk], "into": one.pk, "reason": REASON}
    _previewed(client, f"{reverse('admin:merge_actions')}?action={one.pk}", data)


def _previewed(client: Client, page: str, data: dict) -> None:
    answer = client.post(page, data)
    if answer.context and answer.context.get("plan"):
        client.post(page, data | {"go": "ask", "seen": answer.context["plan"].mark})


def _retraction(client: Client, user: User | None) -> None:
    update = published_update(published_action())
    client.post(
        reverse("admin:retract_update", args=[update.slug]),
        {
            "reason": REASON,
            "reference": "u-0123456789",
        },
    )


def _update(client: Client, user: User | None) -> None:
    if user is None or not user.has_perm("recommendations.add_statusupdate"):
        return
    submitted_update(published_action(), by=user)


def _second_coding(client: Client, user: User | None) -> None:
    """What is found to be the same is handed in as a confirmation."""
    action = published_action()
    published_update(action, "partly", on=SINCE)
    send(client, action)


def _other_coding(client: Client, user: User | None) -> None:
    """What is found to be another status is handed in as a correction."""
    action = published_action()
    published_update(action, "in_progress", on=SINCE)
    answer = send(client, action)
    if answer.status_code == 302 and Coding.objects.exists():
        client.post(answer.url, {"reason": REASON})


def _lost_factor(client: Client, user: User | None) -> None:
    person = UserFactory()
    Authenticator.objects.create(user=person, type="totp", data={})
    client.post(reverse("admin:ask_factor_reset", args=[person.pk]), {"reason": REASON})


ASKS: dict[str, Ask] = {
    "add": _step("include"),
    "add a report": _whole_report,
    "withdraw": _step("withdraw"),
    "verifiable": _step("verifiable"),
    "split": _split,
    "merge": _merge,
    "retract": _retraction,
    "publish": _update,
    "code again": _second_coding,
    "code otherwise": _other_coding,
    "lost factor": _lost_factor,
}
# What the log says of who asks and of who decides.
STEPS = ("add", "add a report", "withdraw", "verifiable", "split", "merge")
ASKED = {
    **dict.fromkeys(STEPS, ["structure"]),
    "retract": ["retraction"],
    "publish": ["draft", "submission"],
    "code again": ["coding"],
    "code otherwise": ["coding", "coding"],
    "lost factor": ["account"],
}
DECIDED = {
    **dict.fromkeys(STEPS, "structure"),
    "retract": "retraction",
    "lost factor": "factor_removed",
    **dict.fromkeys(("publish", "code again", "code otherwise"), "publication"),
}
MAY_ASK = {
    **dict.fromkeys(
        STEPS,
        {"editor", "superuser"},
    ),
    "retract": {"analyst", "reviewer", "superuser"},
    **dict.fromkeys(("publish", "code again", "code otherwise"), {"analyst", "superuser"}),
    "lost factor": {"administrator", "superuser"},
}
MAY_DECIDE = {
    **dict.fromkeys(MAY_ASK, {"reviewer", "superuser"}),
    **dict.fromkeys(STEPS, {"reviewer", "editor", "superuser"}),
    "lost factor": {"administrator", "superuser"},
}


def waiting() -> list:
    return [
        *StructureRequest.objects.waiting(),
        *RetractionRequest.objects.waiting(),
        *StatusUpdate.objects.waiting(),
        *FactorReset.objects.waiting(),
    ]


def number_done() -> int:
    return Edition.objects.count() + FactorReset.objects.filter(outcome="confirmed").count()


def who_decided(act: str) -> User | None:
    if act == "lost factor":
        return FactorReset.objects.latest("pk").decided_by
    return Edition.objects.latest("number").made_by


def decide(client: Client) -> None:
    """Try to decide on all that waits, through its page, with what the page sends along."""
    for one in waiting():
        match one:
            case StructureRequest():
                page, go = reverse("admin:decide_step", args=[one.pk]), "confirm"
            case RetractionRequest():
                page, go = reverse("admin:review_retraction", args=[one.pk]), "confirm"
            case FactorReset():
                page, go = reverse("admin:decide_factor_reset", args=[one.pk]), "confirm"
            case _:
                page, go = reverse("admin:review", args=[one.slug]), "publish"
        shown = client.get(page)
        form = shown.context.get("form") if shown.status_code == 200 and shown.context else None
        seen = form["seen"].value() if form and "seen" in form.fields else ""
        client.post(page, {"go": go, "seen": seen or "", "public_note": ""})


@pytest.mark.parametrize("act", ASKS)
@pytest.mark.parametrize("role", ROLES)
def test_nobody_does_alone_what_needs_two(people, role: str, act: str) -> None:
    client, user = people(role, "one")
    ASKS[act](client, user)
    assert bool(waiting()) is (role in MAY_ASK[act])
    before = number_done()
    decide(client)
    assert number_done() == before
    assert bool(waiting()) is (role in MAY_ASK[act])


@pytest.mark.parametrize("act", ASKS)
@pytest.mark.parametrize("role", ROLES)
def test_another_person_decides_who_may(people, role: str, act: str) -> None:
    asker, user = people("superuser", "one")
    ASKS[act](asker, user)
    before = number_done()
    client, other = people(role, "other")
    lines = lines_of(lambda: decide(client))
    is_done = role in MAY_DECIDE[act]
    assert number_done() == before + is_done
    if is_done:
        assert who_decided(act) == other
        assert lines == [(DECIDED[act], "done", "other")]
    assert {outcome for _event, outcome, _name in lines} <= ({"done"} if is_done else {"refused"})


@pytest.mark.parametrize("act", ASKS)
def test_who_asks_leaves_a_line_of_each_step(people, act: str) -> None:
    asker, user = people("superuser", "one")
    lines = [line for line in lines_of(lambda: ASKS[act](asker, user)) if line[2] == "one"]
    assert lines == [(event, "done", "one") for event in ASKED[act]]


@pytest.mark.about_databases
@pytest.mark.parametrize("role", ROLES)
def test_nobody_takes_a_line_of_the_log_away(people, role: str) -> None:
    client, _user = people(role, "one")
    published_action()
    lines = list(Act.objects.values())
    chosen = {"action": "delete_selected", "_selected_action": [lines[0]["id"]], "post": "yes"}
    client.post(reverse("admin:recommendations_act_changelist"), chosen)
    for page in ("change", "delete"):
        address = reverse(f"admin:recommendations_act_{page}", args=[lines[0]["id"]])
        client.post(address, {"name": "nobody", "post": "yes"})
    assert list(Act.objects.values())[-len(lines) :] == lines


def test_who_saved_a_draft_once_publishes_it_never(people) -> None:
    client, user = people("superuser", "one")
    draft = draft_update(published_action())
    publishing.record_save(draft, by=user)
    publishing.submit(draft, by=draft.author)
    decide(client)
    assert StatusUpdate.objects.get(pk=draft.pk).review_state == "submitted"


def test_who_renamed_a_draft_in_the_breakdown_does_not_decide_on_it(people) -> None:
    drafter, _user = people("editor", "drafter")
    draft = ActionFactory(recommendation=published_action().recommendation)
    report = draft.recommendation.report
    drafter.post(
        reverse("admin:breakdown_title", args=[report.slug]),
        {"kind": "action", "pk": draft.pk, "was": draft.title, "title": "In other words"},
    )
    assert Action.objects.get(pk=draft.pk).title == "In other words"
    asker, _user = people("editor", "asker")
    page = reverse("admin:recommendations_action_structure", args=[draft.pk, "include"])
    asker.post(page, {"reason": REASON})
    before = Edition.objects.count()
    decide(drafter)
    assert Edition.objects.count() == before
    other, _user = people("editor", "other")
    decide(other)
    assert Edition.objects.count() == before + 1
