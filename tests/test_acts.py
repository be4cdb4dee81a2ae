"""One log of acts: each leaves exactly one line with who did it, and no line ever changes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recommendations import integrity, publishing
from recommendations.models import (
    Act,
    Action,
    Edition,
    FactorReset,
    StatusUpdate,
    StructureRequest,
)
from recommendations.models.act import Event, Outcome
from recommendations.models.structure_request import StructureStep

from .factories import (
    PUBLISHED_ON,
    ActFactory,
    ActionFactory,
    PartyFactory,
    UserFactory,
    draft_update,
    moment,
    published_action,
    published_actions,
    published_update,
    submitted_update,
)
from .reading import form_values, post_change
from .test_edition_digests import researched
from .test_log_update import send, typed
from .test_second_factor import enrol
from .test_sign_in import sign_in

pytestmark = pytest.mark.django_db
Line = tuple[str, str, str]


def lines_of(do: Callable[[], object]) -> list[Line]:
    """Return event, outcome and actor of each line that an act leaves."""
    before = set(Act.objects.values_list("pk", flat=True))
    do()
    new = Act.objects.exclude(pk__in=before).order_by("pk")
    return [(act.event, act.outcome, act.name) for act in new]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# Signing in ------------------------------------------------------------------------------------


def test_sign_in_its_failure_and_sign_out_leave_a_line_each(client: Client, analyst: User) -> None:
    assert lines_of(lambda: sign_in(client, "analyst", "wrong")) == [
        ("sign_in", "refused", "analyst")
    ]
    assert lines_of(lambda: sign_in(client, "nobody", "wrong")) == [("sign_in", "refused", "")]
    assert lines_of(lambda: sign_in(client, "analyst")) == [("sign_in", "done", "analyst")]
    assert lines_of(lambda: client.post("/accounts/logout/")) == [("sign_out", "done", "analyst")]


def test_what_was_typed_at_a_failed_sign_in_is_not_kept(client: Client) -> None:
    sign_in(client, "my secret phrase", "wrong")
    act = Act.objects.get()
    assert "phrase" not in json.dumps([act.name, act.subject, act.detail])


def test_lock_out_leaves_one_line_however_often_it_is_tried(client: Client, analyst: User) -> None:
    for _n in range(5):
        sign_in(client, "analyst", "wrong")
    tries = lines_of(lambda: [sign_in(client, "analyst", "wrong") for _n in range(3)])
    assert tries == [("lock_out", "refused", "analyst")]


def test_address_is_a_keyed_hash_and_the_same_for_one_place(client: Client, analyst: User) -> None:
    sign_in(client, "analyst", "wrong", REMOTE_ADDR="192.0.2.7")
    sign_in(client, "analyst", "wrong", REMOTE_ADDR="192.0.2.7")
    sign_in(client, "analyst", "wrong", REMOTE_ADDR="192.0.2.8")
    first, second, third = Act.objects.order_by("pk").values_list("address", flat=True)
    assert first == second != third
    assert len(first) == 16 and "192" not in first


def test_password_change_leaves_a_line(client: Client, analyst: User) -> None:
    sign_in(client, "analyst")
    new = "a wholly other phrase 17"
    fields = {"oldpassword": "secret", "password1": new, "password2": new}
    assert lines_of(lambda: client.post("/accounts/password/change/", fields)) == [
        ("password", "done", "analyst")
    ]


def test_factors_leave_lines(
    service: Any,
    client: Client,
    reviewer: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    sign_in(client, "reviewer")

    def enrolled() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            enrol(client)

    said = lines_of(enrolled)
    assert said[0] == ("reauthentication", "done", "reviewer")
    # The app, and the recovery codes that come with it.
    assert said[1:] == [("factor_added", "done", "reviewer")] * 2
    again = Client()
    sign_in(again, "reviewer")
    assert lines_of(lambda: again.post("/accounts/2fa/authenticate/", {"code": "000000"})) == [
        ("sign_in", "refused", "reviewer")
    ]
    assert "second factor" in Act.objects.latest("pk").detail


@pytest.mark.parametrize(
    "typed", ["", "no json", "[]", "{}", '{"id": "AAAA", "response": {"userHandle": "MQ"}}']
)
def test_passkey_that_is_refused_leaves_a_line_wherever_it_is_shown(
    service: Any, reviewer: User, typed: str
) -> None:
    page, key = "/accounts/2fa/", {"credential": typed}
    visitor = Client()
    assert lines_of(lambda: visitor.post(f"{page}webauthn/login/", key)) == [
        ("sign_in", "refused", "")
    ]
    assert Act.objects.latest("pk").detail == "passkey"
    Authenticator.objects.create(user=reviewer, type="totp", data={"secret": "x"})
    sign_in(visitor, "reviewer")
    assert lines_of(lambda: visitor.post(f"{page}authenticate/", key)) == [
        ("sign_in", "refused", "reviewer")
    ]
    Authenticator.objects.create(user=reviewer, type="webauthn", data={})
    desk = signed_in(reviewer)
    assert lines_of(lambda: desk.post(f"{page}webauthn/reauthenticate/", key)) == [
        ("reauthentication", "refused", "reviewer")
    ]


# The record ------------------------------------------------------------------------------------


@pytest.fixture
def action() -> Action:
    return published_action()


def test_each_step_of_an_update_leaves_a_line(
    action: Action, analyst: User, reviewer: User
) -> None:
    assert lines_of(lambda: draft_update(action, "partly", by=analyst)) == [
        ("draft", "done", "analyst")
    ]
    draft = StatusUpdate.objects.get()
    at = {"now": moment(PUBLISHED_ON)}
    assert lines_of(lambda: publishing.submit(draft, by=analyst, **at)) == [
        ("submission", "done", "analyst")
    ]
    assert lines_of(lambda: publishing.return_(draft, reviewer=reviewer, note="Why?")) == [
        ("return", "done", "reviewer")
    ]
    publishing.submit(draft, by=analyst, **at)
    assert lines_of(lambda: publishing.publish([draft], reviewer=reviewer, **at)) == [
        ("publication", "done", "reviewer")
    ]
    assert Act.objects.latest("pk").detail == f"publish: edition {Edition.objects.count()}"
    assert draft.slug in Act.objects.latest("pk").subject


def test_each_step_of_a_retraction_leaves_a_line(
    action: Action, analyst: User, reviewer: User
) -> None:
    update = published_update(action)
    at = {"now": moment(PUBLISHED_ON)}

    def ask() -> Any:
        return publishing.request_retraction(update, by=analyst, reason="Wrong.", **at)

    assert lines_of(ask) == [("retraction", "done", "analyst")]
    request = update.retraction_requests.get()
    assert lines_of(lambda: publishing.decline_retraction(request, by=reviewer, **at)) == [
        ("retraction", "done", "reviewer")
    ]
    again = ask()
    assert lines_of(lambda: publishing.retract(again, by=reviewer, **at)) == [
        ("retraction", "done", "reviewer")
    ]


def test_each_change_of_structure_leaves_a_line_of_each_person(action: Action) -> None:
    at = {"now": moment(PUBLISHED_ON)}
    asks, decides = UserFactory(username="asks"), UserFactory(username="decides")
    draft, into = ActionFactory.create_batch(2, recommendation=action.recommendation)
    one, other = published_actions(2, recommendation=action.recommendation)
    parts = ActionFactory.create_batch(2, recommendation=action.recommendation)
    for step in (
        publishing.Step(StructureStep.INCLUDE, actions=[draft]),
        publishing.Step.about(StructureStep.NOT_VERIFIABLE, action),
        publishing.Step.about(StructureStep.WITHDRAW, draft),
        publishing.Step(StructureStep.MERGE, actions=[one, other], into=[into]),
        publishing.Step(StructureStep.SPLIT, actions=[action], into=parts),
    ):
        made: list[StructureRequest] = []
        asked = lines_of(
            lambda made=made, step=step: made.append(
                publishing.request_step(step, by=asks, reason="Why.", **at)
            )
        )
        assert asked == [("structure", "done", "asks")], step.step
        confirmed = lines_of(lambda made=made: publishing.confirm_step(made[0], by=decides, **at))
        assert confirmed == [("structure", "done", "decides")], step.step


def test_what_is_refused_leaves_a_line_and_nothing_else(action: Action, analyst: User) -> None:
    update = submitted_update(action, by=analyst)

    def publish_own() -> None:
        with pytest.raises(publishing.Refused):
            publishing.publish([update], reviewer=analyst, now=moment(PUBLISHED_ON))

    assert lines_of(publish_own) == [("publication", "refused", "analyst")]
    update.refresh_from_db()
    assert update.review_state == "submitted"


@pytest.mark.django_db(transaction=True)
def test_refusal_outlives_the_transaction_that_rolls_back(
    analyst: User, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recommendations.admin.review import submission

    update = submitted_update(published_action(), by=analyst)
    real = submission.publishing.publish

    def within(*args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return real(*args, **{**kwargs, "now": datetime(2020, 1, 1, tzinfo=UTC)})

    monkeypatch.setattr(submission.publishing, "publish", within)
    from .test_review import decide

    lines = lines_of(lambda: decide(signed_in(reviewer), update))
    assert lines == [("publication", "refused", "reviewer")]


def test_act_that_rolls_back_leaves_no_line(action: Action, analyst: User) -> None:
    def fail() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            draft_update(action, by=analyst)
            raise RuntimeError

    assert lines_of(fail) == []


# Pages of the staff ----------------------------------------------------------------------------


def test_saved_draft_leaves_one_line(action: Action, analyst: User) -> None:
    desk = signed_in(analyst)
    assert lines_of(lambda: send(desk, typed(action))) == [("draft", "done", "analyst")]


def test_wording_leaves_a_line(editor: User) -> None:
    party = PartyFactory()
    address = reverse("admin:recommendations_party_change", args=[party.pk])
    desk = signed_in(editor)
    form = form_values(desk.get(address).content.decode(), "party_form")
    fields = form | {"name": "Deterrence"}
    assert lines_of(lambda: post_change(desk, address, fields)) == [("wording", "done", "editor")]
    assert "Deterrence" in Act.objects.latest("pk").subject


def test_role_and_account_leave_a_line(admin_client: Client, analyst: User) -> None:
    address = reverse("admin:auth_user_change", args=[analyst.pk])
    fields = {
        "username": "analyst",
        "groups": [Group.objects.get(name="Reviewer").pk],
        "is_active": "on",
        "is_staff": "on",
    }
    assert lines_of(lambda: admin_client.post(address, fields)) == [("account", "done", "admin")]
    assert "groups" in Act.objects.latest("pk").detail.lower()


def test_each_act_on_an_account_leaves_one_line(
    administrator: User, analyst: User, client: Client
) -> None:
    sign_in(client, "analyst")
    Authenticator.objects.create(user=analyst, type="totp", data={})
    desk, other = signed_in(administrator), signed_in(User.objects.create_superuser("other"))
    make = {"username": "nina", "groups": [Group.objects.get(name="Analyst").pk]}
    made = lines_of(
        lambda: desk.post(reverse("admin:auth_user_add"), make | {"mail_language": "en"})
    )
    assert made == [("account", "done", "administrator")]
    nina = User.objects.get(username="nina")
    for page, person, fields, event in (
        ("invite_person", nina, {}, "account"),
        ("end_session", analyst, {"end": "all"}, "session"),
        ("ask_factor_reset", analyst, {"reason": "Lost."}, "account"),
    ):
        address = reverse(f"admin:{page}", args=[person.pk])
        lines = lines_of(lambda address=address, fields=fields: desk.post(address, fields))
        assert lines == [(event, "done", "administrator")], page
    page = reverse("admin:decide_factor_reset", args=[FactorReset.objects.get().pk])
    assert lines_of(lambda: other.post(page, {"go": "confirm"})) == [
        ("factor_removed", "done", "other")
    ]


def test_import_of_a_file_leaves_a_line(editor: User) -> None:
    file = SimpleUploadedFile("report.md", b"# Report\n\nThe port should dredge the harbour.\n")
    page = reverse("admin:import_report")
    assert lines_of(lambda: signed_in(editor).post(page, {"file": file})) == [
        ("import", "done", "editor")
    ]


def test_import_of_a_spreadsheet_leaves_a_line(editor: User) -> None:
    file = SimpleUploadedFile("tracker.csv", b"No.,Recommendation\n1,Dredge the harbour\n")
    page = reverse("admin:import_table")
    assert lines_of(lambda: signed_in(editor).post(page, {"file": file})) == [
        ("import", "done", "editor")
    ]


def test_export_of_the_staff_leaves_a_line(editor: User, action: Action) -> None:
    page = reverse("admin:recommendations_action_csv")
    assert lines_of(lambda: signed_in(editor).get(page)) == [("export", "done", "editor")]


def test_refused_page_leaves_a_line(analyst: User) -> None:
    page = reverse("admin:translations")
    assert lines_of(lambda: signed_in(analyst).get(page)) == [("refusal", "refused", "analyst")]


def test_form_that_is_not_accepted_and_pages_that_are_read_leave_none(
    editor: User, action: Action
) -> None:
    client = signed_in(editor)
    assert lines_of(lambda: client.get(reverse("admin:index"))) == []
    area = reverse("admin:recommendations_policyarea_add")
    assert lines_of(lambda: client.post(area, {"name": ""})) == []


def test_commands_leave_a_line_with_the_name_of_the_command() -> None:
    call = lambda: call_command(  # noqa: E731
        "createstaff", "ida", role="analyst", stdout=StringIO()
    )
    assert lines_of(call) == [("account", "done", "manage.py createstaff")]
    assert lines_of(lambda: call_command("rebuild", stdout=StringIO())) == [
        ("upkeep", "done", "manage.py rebuild")
    ]


# The page --------------------------------------------------------------------------------------


def test_what_a_step_has_yet_to_store_is_not_named(action: Action) -> None:
    researched(action)
    line = Act.objects.filter(event=Event.PUBLICATION).latest("pk")
    assert line.detail.startswith("publish_research: edition")
    assert line.subject == f"report {action.recommendation.report.slug}"


def test_editors_and_administrators_see_the_log_and_others_do_not(
    admin_client: Client, editor: User, administrator: User, analyst: User, reviewer: User
) -> None:
    page = reverse("admin:recommendations_act_changelist")
    assert admin_client.get(page).status_code == 200
    for user in (editor, administrator):
        assert signed_in(user).get(page).status_code == 200
    for user in (analyst, reviewer):
        assert signed_in(user).get(page).status_code == 403


def test_log_is_filtered_and_its_csv_too(admin_client: Client) -> None:
    ActFactory(subject="=1+1", name="ada")
    ActFactory(event="publication", subject="edition 7", name="ben")
    page = reverse("admin:recommendations_act_changelist")
    shown = admin_client.get(page, {"event__exact": "publication"}).content.decode()
    assert "edition 7" in shown and "=1+1" not in shown
    file = reverse("admin:log_of_acts_csv")
    got = admin_client.get(file, {"event__exact": "sign_in"})
    text = b"".join(got.streaming_content).decode()
    assert text.splitlines()[0] == "at,event,outcome,name,address,subject,detail"
    assert "'=1+1" in text and "edition 7" not in text
    assert lines_of(lambda: list(admin_client.get(file).streaming_content)) == [
        ("export", "done", "admin")
    ]


def test_nobody_adds_changes_or_deletes_a_line_in_the_admin(admin_client: Client) -> None:
    act = ActFactory()
    for page, args in (("add", []), ("delete", [act.pk])):
        address = reverse(f"admin:recommendations_act_{page}", args=args)
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    address = reverse("admin:recommendations_act_change", args=[act.pk])
    assert admin_client.post(address, {"name": "x"}).status_code == 403
    act.refresh_from_db()
    assert act.name != "x"


# The journal -----------------------------------------------------------------------------------


@pytest.fixture
def journal() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger("recommendations.acts")
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_each_line_stands_in_the_journal_as_json(
    journal: StringIO, client: Client, analyst: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(client, "analyst", "wrong")
    [line] = journal.getvalue().splitlines()
    said = json.loads(line)
    assert (said["event"], said["outcome"], said["person"]) == ("sign_in", "refused", "analyst")
    assert set(said) == {"time", "event", "outcome", "person", "address", "detail"}


def test_text_of_a_user_begins_no_line_of_its_own() -> None:
    from recommendations.acts import line_of

    act = ActFactory.build(person=None, name="a", subject='x\n{"event": "sign_in"}\u2028')
    assert len(line_of(act).splitlines()) == 1


# Pruning ---------------------------------------------------------------------------------------


def test_old_lines_go_and_one_says_how_many_and_what_they_were() -> None:
    old = ActFactory(at=datetime(2020, 1, 1, tzinfo=UTC), person=None, name="ada")
    kept = ActFactory()
    out = StringIO()
    call_command("prune_acts", months=1200, stdout=StringIO())
    assert Act.objects.filter(pk=old.pk).exists()
    call_command("prune_acts", months=12, stdout=out)
    assert not Act.objects.filter(pk=old.pk).exists()
    assert Act.objects.filter(pk=kept.pk).exists()
    said = Act.objects.latest("pk")
    assert (said.event, said.name) == (Event.UPKEEP, "manage.py prune_acts")
    assert said.detail.startswith("1 lines before ")
    assert said.detail.split()[-1] in out.getvalue()
    assert list(integrity.differences()) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Act.objects.all().delete()


def test_at_least_a_month_is_kept() -> None:
    with pytest.raises(CommandError, match="one month"):
        call_command("prune_acts", months=0, stdout=StringIO())


def test_every_event_and_outcome_has_a_name_of_its_own() -> None:
    assert len({str(label) for label in Event.labels}) == len(Event)
    assert len({str(label) for label in Outcome.labels}) == len(Outcome)
