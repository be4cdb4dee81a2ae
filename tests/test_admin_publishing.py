"""What the admin's forms write, what they leave to other pages, and what each of them refuses."""

import html

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.models import (
    Action,
    Deadline,
    Edition,
    Evidence,
    Recommendation,
    Report,
    RetractionRequest,
    Section,
    StatusUpdate,
    StructureRequest,
    TrackerState,
)

from .factories import (
    ActionFactory,
    DeadlineFactory,
    PartyFactory,
    RecommendationFactory,
    RetractionRequestFactory,
    SectionFactory,
    TrackerStateFactory,
    UserFactory,
    draft_update,
    published_action,
    published_update,
    submitted_update,
)
from .reading import links_of, post_change, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

ADMIN = "/admin/recommendations"


def record() -> dict[str, list]:
    """Everything that a refusal must leave as it was."""
    models = (Action, Edition, Evidence, Recommendation, Report, RetractionRequest, StatusUpdate)
    return {
        model.__name__: list(model.objects.order_by("pk").values())
        for model in (*models, TrackerState)
    }


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("superuser", password="secret")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, path: str) -> str:
    """A page of the admin with its buttons, as this person gets it."""
    response = signed_in(user).get(f"{ADMIN}/{path}", follow=True)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def send(user: User, path: str, data: dict | None = None) -> str:
    """Post a form; return the text of the page that it leads to."""
    response = post_change(signed_in(user), f"{ADMIN}/{path}", data or {}, follow=True)
    assert response.status_code == 200
    return html.unescape(text_of(response.content.decode()))


def forbidden(user: User, path: str, data: dict | None = None) -> None:
    """The post is refused with 403, and nothing changed."""
    before = record()
    assert signed_in(user).post(f"{ADMIN}/{path}", data or {}).status_code == 403
    assert record() == before


def refused(user: User, path: str, data: dict | None = None, *, words: str) -> None:
    """The page says why in these words, and nothing changed."""
    before = record()
    assert words in send(user, path, data)
    assert record() == before


def rows(prefix: str, *items: dict, initial: int = 0) -> dict:
    """The fields of an inline formset."""
    data = {f"{prefix}-TOTAL_FORMS": len(items), f"{prefix}-INITIAL_FORMS": initial}
    for i, item in enumerate(items):
        data |= {f"{prefix}-{i}-{name}": value for name, value in item.items()}
    return data


def change(update: StatusUpdate) -> str:
    return f"statusupdate/{update.pk}/change/"


# Updates -----------------------------------------------------------------------------------------

STATES = {"draft": draft_update, "submitted": submitted_update, "published": published_update}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ["analyst", "reviewer", "superuser"])
def test_update_is_read_here_and_written_on_pages_of_its_own(
    request: pytest.FixtureRequest, role: str, state: str
) -> None:
    user = request.getfixturevalue(role)
    update = STATES[state](published_action(), "implemented", note="In force.")
    source = page(user, change(update))
    assert "In force." in source
    assert not any(f'name="{name}"' in source for name in ("note", "status", "_save"))
    assert 'name="evidence-0-url"' not in source
    data = {"status": "partly", "note": "Rewritten."} | rows("evidence")
    forbidden(user, change(update), data)
    forbidden(user, f"statusupdate/{update.pk}/delete/", {"post": "yes"})
    forbidden(user, "statusupdate/add/", data | {"action": update.action_id})


@pytest.mark.parametrize(
    ("role", "state", "names"),
    [
        ("analyst", "draft", ["log_update_draft"]),
        ("analyst", "submitted", []),
        ("analyst", "published", ["correct_update", "retract_update"]),
        ("reviewer", "draft", []),
        ("reviewer", "submitted", ["review"]),
        ("reviewer", "published", ["retract_update"]),
        ("editor", "draft", []),
        ("editor", "submitted", []),
        ("editor", "published", []),
    ],
)
def test_page_of_an_update_leads_to_where_it_goes_on(
    request: pytest.FixtureRequest, role: str, state: str, names: list[str]
) -> None:
    update = STATES[state](published_action())
    links = [href for href, _text in links_of(page(request.getfixturevalue(role), change(update)))]
    steps = ("log_update_draft", "review", "correct_update", "retract_update")
    found = [name for name in steps if reverse(f"admin:{name}", args=[update.slug]) in links]
    assert found == names


@pytest.mark.parametrize(
    ("role", "leads"), [("analyst", False), ("reviewer", True), ("editor", False)]
)
def test_page_of_a_request_leads_to_its_decision(
    request: pytest.FixtureRequest, role: str, leads: bool
) -> None:
    asked = RetractionRequestFactory(update=published_update(published_action()))
    source = page(request.getfixturevalue(role), f"retractionrequest/{asked.pk}/change/")
    assert (reverse("admin:review_retraction", args=[asked.pk]) in source) is leads


BULK = ("report", "section", "recommendation", "action", "policyarea", "party", "body")
NEVER_IN_BULK = (*BULK, "statusupdate", "edition", "retractionrequest")


@pytest.mark.parametrize("model", [*NEVER_IN_BULK, "user"])
def test_nothing_is_deleted_in_bulk(superuser: User, model: str) -> None:
    update = published_update(published_action())
    RetractionRequest.objects.create(
        update=update, reason="x", requested_by=superuser, requested_at=update.published_at
    )
    path = "/admin/auth/user/" if model == "user" else f"{ADMIN}/{model}/"
    client = signed_in(superuser)
    before = record()
    assert "delete_selected" not in client.get(path).content.decode()
    ids = client.get(path).context["cl"].queryset.values_list("pk", flat=True)
    client.post(path, {"action": "delete_selected", "_selected_action": list(ids), "post": "yes"})
    assert record() == before


# The record's structure --------------------------------------------------------------------------


def action_row(**fields) -> dict:
    return {
        "number": 1,
        "slug": "sign",
        "title": "Sign it",
        "kind": "agreement",
        "ask_strength": "direct",
        "review_due_on": "2026-12-14",
    } | fields


def recommendation_fields(in_section: Section, **fields) -> dict:
    return {
        "report": in_section.report_id,
        "section": in_section.pk,
        "number": "9.1",
        "slug": "sign-a-treaty",
        "position": 91,
        "headline": "Sign a treaty",
        "origin": "listed",
    } | fields


def action_fields(action: Action, **fields) -> dict:
    return {
        "recommendation": action.recommendation_id,
        "number": action.number,
        "slug": action.slug,
        "title": action.title,
        "kind": action.kind,
        "ask_strength": action.ask_strength,
        "is_verifiable": "on",
        "review_due_on": "2026-12-14",
        "parties": [PartyFactory(slug="japan").pk],
        **rows("leads"),
        **rows("deadlines"),
        **rows("assignments"),
    } | fields


def confirmed() -> None:
    """Let another person confirm the step that waits."""
    publishing.confirm_step(StructureRequest.objects.waiting().get(), by=UserFactory())


def test_editor_adds_a_recommendation_with_an_action_and_includes_it(editor: User) -> None:
    section = published_action().recommendation.section
    data = recommendation_fields(section) | rows("actions", action_row())
    send(editor, "recommendation/add/", data)
    added = Recommendation.objects.get(number="9.1")
    action = added.actions.get()
    assert (added.is_draft, action.is_draft) == (True, True)
    send(editor, f"action/{action.pk}/change/", action_fields(action))
    include = f"recommendation/{added.pk}/structure/include/"
    source = signed_in(editor).get(f"{ADMIN}/recommendation/{added.pk}/change/").content.decode()
    assert (f"{ADMIN}/{include}", "Add to the public record") in links_of(source)
    assert "cannot be undone" in page(editor, include)
    assert "Asked for." in send(editor, include, {"reason": "It was overlooked."})
    confirmed()
    added.refresh_from_db()
    action.refresh_from_db()
    assert added.from_edition == action.from_edition == Edition.objects.latest("number")
    assert added.from_edition.note == "It was overlooked."
    assert action.addressee == "japan"


def test_action_without_a_party_is_not_included(editor: User) -> None:
    section = published_action().recommendation.section
    data = recommendation_fields(section) | rows("actions", action_row())
    send(editor, "recommendation/add/", data)
    added = Recommendation.objects.get(number="9.1")
    refused(
        editor,
        f"recommendation/{added.pk}/structure/include/",
        {"reason": "It was overlooked."},
        words="“9.1a Sign it” names no responsible party.",
    )


def test_editor_withdraws_with_a_reason(editor: User) -> None:
    recommendation = published_action().recommendation
    path = f"recommendation/{recommendation.pk}/structure/withdraw/"
    assert "Asked for." in send(editor, path, {"reason": "It stands there twice."})
    confirmed()
    recommendation.refresh_from_db()
    assert recommendation.withdrawal_reason == "It stands there twice."
    assert recommendation.until_edition == Edition.objects.latest("number")


@pytest.mark.parametrize("reason", ["", " ", "a\x00b", "a\x01b"])
def test_withdrawal_without_a_readable_reason_is_refused(editor: User, reason: str) -> None:
    path = f"recommendation/{published_action().recommendation_id}/structure/withdraw/"
    before = record()
    response = signed_in(editor).post(f"{ADMIN}/{path}", {"reason": reason})
    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    assert record() == before


@pytest.mark.parametrize("role", ["analyst", "reviewer"])
@pytest.mark.parametrize("name", ["include", "withdraw", "verifiable"])
def test_only_an_editor_changes_the_structure(
    request: pytest.FixtureRequest, role: str, name: str
) -> None:
    user = request.getfixturevalue(role)
    path = f"action/{published_action().pk}/structure/{name}/"
    assert signed_in(user).get(f"{ADMIN}/{path}").status_code == 403
    forbidden(user, path, {"reason": "No."})


def test_editor_changes_whether_an_action_is_verifiable(editor: User) -> None:
    action = published_action()
    send(editor, f"action/{action.pk}/structure/verifiable/", {"reason": "Nobody can tell."})
    confirmed()
    action.refresh_from_db()
    assert (action.is_verifiable, action.verifiability_note) == (False, "Nobody can tell.")


@pytest.mark.parametrize("name", ["verifiable", "nothing"])
def test_step_that_a_recommendation_does_not_have_changes_nothing(editor: User, name: str) -> None:
    path = f"recommendation/{published_action().recommendation_id}/structure/{name}/"
    before = record()
    response = signed_in(editor).post(f"{ADMIN}/{path}", {"reason": "Why not."})
    assert response.status_code == 302
    assert record() == before


def test_number_and_slug_of_the_record_do_not_change(editor: User) -> None:
    action = published_action()
    data = action_fields(action, number=7, slug="other", title="In other words")
    send(editor, f"action/{action.pk}/change/", data)
    changed = Action.objects.get(pk=action.pk)
    assert (changed.number, changed.slug) == (action.number, action.slug)
    assert changed.title == "In other words"


def test_number_and_slug_of_the_record_do_not_change_beside_the_recommendation(
    editor: User,
) -> None:
    action = published_action()
    recommendation = action.recommendation
    data = recommendation_fields(recommendation.section, number="8", slug="other")
    row = action_row(id=action.pk, number=7, slug="other", title="In other words")
    send(
        editor,
        f"recommendation/{recommendation.pk}/change/",
        data | rows("actions", row, initial=1) | rows("relations"),
    )
    changed = Action.objects.select_related("recommendation").get(pk=action.pk)
    assert (changed.number, changed.slug) == (action.number, action.slug)
    assert changed.title == "In other words"
    assert (changed.recommendation.number, changed.recommendation.slug) == (
        recommendation.number,
        recommendation.slug,
    )
    assert changed.recommendation.headline == "Sign a treaty"


def test_action_added_beside_the_record_stays_a_draft(editor: User) -> None:
    recommendation = published_action().recommendation
    stored = recommendation.actions.get()
    data = recommendation_fields(recommendation.section) | rows(
        "actions", action_row(id=stored.pk), action_row(number=9_999), initial=1
    )
    data |= rows("relations")
    text = send(editor, f"recommendation/{recommendation.pk}/change/", data)
    assert "changed successfully" in text
    assert recommendation.actions.get(number=9_999).is_draft


def test_action_has_one_deadline_of_the_report(editor: User) -> None:
    action = published_action()
    deadline = {"origin": "report", "precision": "day"}
    data = action_fields(
        action,
        **rows("deadlines", deadline | {"on": "2027-01-01"}, deadline | {"on": "2027-02-01"}),
    )
    refused(
        editor,
        f"action/{action.pk}/change/",
        data,
        words="An action has one deadline of the report.",
    )
    assert not Deadline.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"on": "2027-02-01"},
        {"precision": "year"},
        {"origin": "official", "stated_on": "2026-01-01", "url": "https://example.org/"},
        {"DELETE": "on"},
    ],
)
def test_deadline_of_the_report_is_never_overwritten(editor: User, change: dict) -> None:
    action = published_action()
    stored = DeadlineFactory(action=action)
    row = {"id": stored.pk, "origin": "report", "precision": "day", "on": stored.on.isoformat()}
    data = action_fields(action, **rows("deadlines", row | change, initial=1))
    refused(editor, f"action/{action.pk}/change/", data, words="is never overwritten")
    assert Deadline.objects.get() == stored
    assert (Deadline.objects.get().on, Deadline.objects.get().precision) == (stored.on, "day")


def test_deadline_of_a_draft_may_change(editor: User) -> None:
    action = ActionFactory()
    stored = DeadlineFactory(action=action)
    row = {"id": stored.pk, "origin": "report", "precision": "year", "on": "2027-02-01"}
    data = action_fields(action, **rows("deadlines", row, initial=1))
    send(editor, f"action/{action.pk}/change/", data)
    assert Deadline.objects.get().precision == "year"


def test_draft_recommendation_with_actions_is_not_deleted_under_them(editor: User) -> None:
    action = ActionFactory()
    path = f"recommendation/{action.recommendation_id}/delete/"
    refused(editor, path, {"post": "yes"}, words="Cannot delete recommendation")


def test_section_is_not_taken_from_another_report(editor: User) -> None:
    TrackerStateFactory()
    draft = RecommendationFactory()
    data = recommendation_fields(draft.section, section=SectionFactory().pk) | rows("actions")
    refused(
        editor,
        f"recommendation/{draft.pk}/change/",
        data,
        words="This section belongs to another report.",
    )


# People ------------------------------------------------------------------------------------------


def test_person_is_deactivated(superuser: User) -> None:
    person = UserFactory()
    path = f"/admin/auth/user/{person.pk}/change/"
    data = {"username": person.username, "is_staff": "on", "date_joined_0": "2026-01-01"}
    signed_in(superuser).post(path, data | {"date_joined_1": "12:00"})
    person.refresh_from_db()
    assert not person.is_active
    assert LogEntry.objects.filter(object_id=person.pk, user=superuser).exists()


def test_person_is_never_deleted(superuser: User) -> None:
    person = UserFactory()
    client = signed_in(superuser)
    path = f"/admin/auth/user/{person.pk}"
    assert (f"{path}/delete/", "Delete") not in links_of(
        client.get(f"{path}/change/").content.decode()
    )
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=person.pk).exists()


def test_deactivated_person_is_sent_to_sign_in(analyst: User) -> None:
    client = signed_in(analyst)
    analyst.is_active = False
    analyst.save(update_fields=["is_active"])
    assert client.get(f"{ADMIN}/statusupdate/").status_code == 302


# What no text contains ---------------------------------------------------------------------------

UNREADABLE = ["a\x00b", "a\x01b"]


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize("model", ["policyarea", "party", "body"])
def test_vocabulary_with_control_characters_is_refused(editor: User, model: str, text: str) -> None:
    data = {"name": text, "slug": "x", "position": 0, "kind": "government"}
    response = signed_in(editor).post(f"{ADMIN}/{model}/add/", data)
    assert response.status_code == 200
    assert response.context["errors"]
