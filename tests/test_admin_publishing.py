"""The way of a status through the admin's forms, and what each of them refuses."""

import html
from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client

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
    TrackerState,
)

from .factories import (
    ActionFactory,
    DeadlineFactory,
    EvidenceFactory,
    PartyFactory,
    RecommendationFactory,
    SectionFactory,
    UserFactory,
    draft_update,
    published_action,
    published_update,
    submitted_update,
)
from .reading import links_of, text_of

pytestmark = pytest.mark.django_db

ADMIN = "/admin/recommendations"
FOUR_EYES = "You have saved this draft, so another person has to review it."


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
    response = signed_in(user).post(f"{ADMIN}/{path}", data or {}, follow=True)
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


def claim(**fields) -> dict:
    return {
        "status": "implemented",
        "effective_on": "2025-03-01",
        "effective_precision": "day",
        "note": "The act was signed.",
    } | fields


def item(position: int = 1, **fields) -> dict:
    return {
        "position": position,
        "kind": "primary",
        "title": "The act",
        "publisher": "The gazette",
        "published_on": "2025-03-01",
        "published_precision": "day",
        "accessed_on": "2026-06-01",
        "url": f"https://example.org/act-{position}",
    } | fields


def change(update: StatusUpdate) -> str:
    return f"statusupdate/{update.pk}/change/"


def step(update: StatusUpdate, name: str) -> str:
    return f"statusupdate/{update.pk}/{name}/"


# Drafting ----------------------------------------------------------------------------------------


def test_analyst_drafts_with_evidence_and_submits_in_one_form(analyst: User) -> None:
    action = published_action()
    data = claim(action=action.pk) | rows("evidence", item(1), item(2, kind="press"))
    text = send(analyst, "statusupdate/add/", data | {"_submit": "1"})
    update = StatusUpdate.objects.get()
    assert "Submitted. Another person will review it." in text
    assert (update.review_state, update.status, update.author) == (
        "submitted",
        "implemented",
        analyst,
    )
    assert [each.url for each in update.evidence.all()] == [
        "https://example.org/act-1",
        "https://example.org/act-2",
    ]
    action.refresh_from_db()
    assert action.status == "not_assessed"


def test_draft_is_saved_without_being_submitted(analyst: User) -> None:
    action = published_action()
    data = claim(action=action.pk) | rows("evidence") | {"_continue": "1"}
    text = send(analyst, "statusupdate/add/", data)
    assert StatusUpdate.objects.get().review_state == "draft"
    assert "Before this can be submitted:" in text
    assert "needs one primary or official" in text


def test_insufficient_evidence_is_refused_and_nothing_is_lost(analyst: User) -> None:
    action = published_action()
    data = claim(action=action.pk) | rows("evidence", item(kind="press", supports="It says so."))
    text = send(analyst, "statusupdate/add/", data | {"_submit": "1"})
    update = StatusUpdate.objects.get()
    assert "add a primary or official source, or a second independent or press item" in text
    assert "It is saved as a draft." in text
    assert "Submitted. Another person" not in text
    assert (update.review_state, update.note) == ("draft", "The act was signed.")
    assert update.evidence.get().supports == "It says so."


def test_source_without_a_date_is_named_before_submitting(analyst: User) -> None:
    draft = draft_update(published_action(), "implemented", by=analyst, evidence=[])
    data = claim() | rows("evidence", item(published_on="", accessed_on=""))
    text = send(analyst, change(draft), data | {"_submit": "1"})
    assert "Evidence 1 (The gazette) lacks: date of publication, date of access." in text
    draft.refresh_from_db()
    assert draft.review_state == "draft"


def test_draft_that_was_refused_is_completed_and_submitted(analyst: User) -> None:
    draft = draft_update(published_action(), "implemented", by=analyst, evidence=["press"])
    stored = draft.evidence.get()
    data = claim() | rows(
        "evidence", item(id=stored.pk, update=draft.pk), item(2, update=draft.pk), initial=1
    )
    text = send(analyst, change(draft), data | {"_submit": "1"})
    assert "Submitted. Another person will review it." in text
    assert draft.evidence.count() == 2


def test_draft_without_an_action_is_asked_for_one(analyst: User) -> None:
    text = send(analyst, "statusupdate/add/", claim(action="") | rows("evidence"))
    assert "This field is required." in text
    assert not StatusUpdate.objects.exists()


def test_two_items_with_one_position_are_refused(analyst: User) -> None:
    data = claim(action=published_action().pk) | rows("evidence", item(1), item(1))
    text = send(analyst, "statusupdate/add/", data)
    assert "Please correct the duplicate data for position" in text
    assert not StatusUpdate.objects.exists()


def test_draft_cannot_rely_on_an_update_of_another_action(analyst: User) -> None:
    other = published_update(published_action())
    draft = draft_update(published_action(), by=analyst)
    data = claim(relies_on=[other.pk]) | rows("evidence")
    refused(analyst, change(draft), data, words="is not one of the available choices")


def test_draft_of_another_analyst_may_be_saved_and_counts_as_shared(
    analyst: User, staff_member: Callable[[str, str], User]
) -> None:
    draft = draft_update(published_action(), "implemented", by=staff_member("other", "Analyst"))
    stored = draft.evidence.get()
    data = claim(note="Signed into law.") | rows("evidence", item(id=stored.pk), initial=1)
    send(analyst, change(draft), data | {"_continue": "1"})
    draft.refresh_from_db()
    assert draft.note == "Signed into law."
    assert draft.author.username == "other"
    assert analyst in draft.editors.all()


def test_draft_of_another_analyst_cannot_be_deleted(
    analyst: User, staff_member: Callable[[str, str], User]
) -> None:
    draft = draft_update(published_action(), by=staff_member("other", "Analyst"))
    forbidden(analyst, step(draft, "delete"), {"post": "yes"})


def test_own_draft_is_deleted_with_its_evidence_from_a_link_of_its_page(analyst: User) -> None:
    draft = draft_update(published_action(), by=analyst)
    html_of_page = signed_in(analyst).get(f"{ADMIN}/{change(draft)}").content.decode()
    assert (f"{ADMIN}/{step(draft, 'delete')}", "Delete") in links_of(html_of_page)
    send(analyst, step(draft, "delete"), {"post": "yes"})
    assert not StatusUpdate.objects.exists()
    assert not Evidence.objects.exists()


def test_submission_is_fixed_until_it_is_returned(analyst: User) -> None:
    update = submitted_update(published_action(), by=analyst)
    forbidden(analyst, change(update), claim(note="Changed.") | rows("evidence"))
    forbidden(analyst, step(update, "delete"), {"post": "yes"})


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_draft_is_read_only_for_who_does_not_draft(
    request: pytest.FixtureRequest, role: str
) -> None:
    user = request.getfixturevalue(role)
    draft = draft_update(published_action())
    assert "Save draft" not in page(user, change(draft))
    forbidden(user, change(draft), claim(note="Changed.") | rows("evidence"))
    forbidden(user, "statusupdate/add/", claim(action=draft.action_id) | rows("evidence"))


# Reviewing ---------------------------------------------------------------------------------------


def test_reviewer_publishes_what_an_analyst_submitted(reviewer: User, analyst: User) -> None:
    update = submitted_update(published_action(), "implemented", by=analyst)
    assert "Public note of the edition" in page(reviewer, change(update))
    text = send(reviewer, step(update, "publish"), {"public_note": "The first one."})
    update.refresh_from_db()
    assert "Published." in text
    assert (update.review_state, update.reviewer) == ("published", reviewer)
    assert update.edition.note == "The first one."
    assert update.action.status == "implemented"


def test_reviewer_returns_with_a_note_that_the_author_reads(reviewer: User, analyst: User) -> None:
    update = submitted_update(published_action(), by=analyst)
    text = send(reviewer, step(update, "return"), {"reason": "Cite the law itself."})
    update.refresh_from_db()
    assert "Returned to its authors." in text
    assert (update.review_state, update.return_note) == ("returned", "Cite the law itself.")
    assert "Returned: Cite the law itself." in page(analyst, change(update))


def test_return_without_a_note_is_refused(reviewer: User, analyst: User) -> None:
    update = submitted_update(published_action(), by=analyst)
    refused(reviewer, step(update, "return"), {"reason": " "}, words="Say why it is returned.")


def test_returned_draft_is_mended_and_submitted_again(reviewer: User, analyst: User) -> None:
    update = submitted_update(published_action(), "implemented", by=analyst)
    send(reviewer, step(update, "return"), {"reason": "Cite the law itself."})
    stored = update.evidence.get()
    data = claim(note="Mended.") | rows("evidence", item(id=stored.pk), initial=1)
    send(analyst, change(update), data | {"_submit": "1"})
    update.refresh_from_db()
    assert (update.review_state, update.note) == ("submitted", "Mended.")
    send(reviewer, step(update, "publish"))
    update.refresh_from_db()
    assert update.review_state == "published"


@pytest.fixture
def both(analyst: User) -> User:
    """An analyst who is a reviewer too."""
    analyst.groups.add(Group.objects.get(name="Reviewer"))
    return analyst


@pytest.mark.parametrize("role", ["both", "superuser"])
def test_author_reads_why_another_person_has_to_review(
    request: pytest.FixtureRequest, role: str
) -> None:
    author = request.getfixturevalue(role)
    update = submitted_update(published_action(), by=author)
    text = page(author, change(update))
    assert FOUR_EYES in text
    assert "Public note of the edition" not in text


@pytest.mark.parametrize("name", ["publish", "return"])
@pytest.mark.parametrize("role", ["both", "superuser"])
def test_author_cannot_decide_on_an_own_draft(
    request: pytest.FixtureRequest, role: str, name: str
) -> None:
    author = request.getfixturevalue(role)
    update = submitted_update(published_action(), by=author)
    refused(author, step(update, name), {"reason": "Mine."}, words=FOUR_EYES)


@pytest.mark.parametrize("role", ["both", "superuser"])
def test_reviewer_who_saved_the_draft_cannot_publish_it(
    request: pytest.FixtureRequest, role: str
) -> None:
    reviewer = request.getfixturevalue(role)
    draft = draft_update(published_action(), "implemented")
    stored = draft.evidence.get()
    data = claim() | rows("evidence", item(id=stored.pk), initial=1)
    send(reviewer, change(draft), data | {"_submit": "1"})
    draft.refresh_from_db()
    assert (draft.review_state, draft.author == reviewer) == ("submitted", False)
    assert FOUR_EYES in page(reviewer, change(draft))
    refused(reviewer, step(draft, "publish"), words=FOUR_EYES)


@pytest.mark.parametrize("role", ["analyst", "editor"])
@pytest.mark.parametrize("name", ["publish", "return"])
def test_only_a_reviewer_decides(request: pytest.FixtureRequest, role: str, name: str) -> None:
    user = request.getfixturevalue(role)
    update = submitted_update(published_action())
    assert "Public note of the edition" not in page(user, change(update))
    forbidden(user, step(update, name), {"reason": "No."})


@pytest.mark.parametrize("name", ["publish", "return", "correct", "retract"])
def test_step_is_never_taken_by_following_a_link(superuser: User, name: str) -> None:
    update = submitted_update(published_action())
    before = record()
    response = signed_in(superuser).get(f"{ADMIN}/{step(update, name)}")
    assert response.status_code == 405
    assert record() == before


def test_draft_that_was_never_submitted_cannot_be_published(reviewer: User) -> None:
    draft = draft_update(published_action())
    refused(reviewer, step(draft, "publish"), words="is not waiting for review")


def test_step_of_an_update_that_is_gone_says_so(reviewer: User) -> None:
    refused(reviewer, "statusupdate/999999/publish/", words="This update does not exist.")


# What is published -------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["analyst", "superuser"])
def test_published_update_is_read_only(request: pytest.FixtureRequest, role: str) -> None:
    user = request.getfixturevalue(role)
    update = published_update(published_action(), "implemented", by=user, note="In force.")
    stored = update.evidence.get()
    source = signed_in(user).get(f"{ADMIN}/{change(update)}").content.decode()
    assert "In force." in source
    assert not any(f'name="{name}"' in source for name in ("note", "status", "_submit", "_save"))
    assert 'name="evidence-0-url"' not in source
    data = claim(note="Rewritten.") | rows("evidence", item(id=stored.pk, title="X"), initial=1)
    forbidden(user, change(update), data)
    forbidden(user, step(update, "delete"), {"post": "yes"})


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


def test_correction_begins_from_a_published_update(analyst: User) -> None:
    update = published_update(published_action(), "implemented", note="In force.")
    assert "Begin a correction" in page(analyst, change(update))
    text = send(analyst, step(update, "correct"), {"reason": "The act was vetoed."})
    draft = StatusUpdate.objects.get(replaces=update)
    assert "This is the draft of the correction." in text
    assert (draft.review_state, draft.author, draft.note) == ("draft", analyst, "In force.")
    assert draft.correction_reason == "The act was vetoed."
    assert draft.evidence.count() == 1


def test_correction_without_a_reason_is_refused(analyst: User) -> None:
    update = published_update(published_action())
    refused(analyst, step(update, "correct"), {"reason": ""}, words="Say why the earlier update")


@pytest.mark.parametrize("role", ["reviewer", "editor"])
def test_only_who_drafts_begins_a_correction(request: pytest.FixtureRequest, role: str) -> None:
    user = request.getfixturevalue(role)
    update = published_update(published_action())
    assert "Begin a correction" not in page(user, change(update))
    forbidden(user, step(update, "correct"), {"reason": "No."})


def test_published_correction_ends_what_it_replaces(reviewer: User, analyst: User) -> None:
    update = published_update(published_action(), "implemented")
    send(analyst, step(update, "correct"), {"reason": "Only half of it is in force."})
    draft = StatusUpdate.objects.get(replaces=update)
    stored = draft.evidence.get()
    data = claim(status="partly", correction_reason="Only half of it is in force.")
    data |= rows("evidence", item(id=stored.pk), initial=1) | {"_submit": "1"}
    send(analyst, change(draft), data)
    send(reviewer, step(draft, "publish"))
    update.refresh_from_db()
    assert (update.end_reason, update.action.status) == ("corrected", "partly")


def asked(update: StatusUpdate, by: User) -> str:
    """Ask for a retraction; return the address of the request."""
    text = send(by, step(update, "retract"), {"reason": "It names the wrong law."})
    assert "Asked for. Another person has to confirm the retraction." in text
    return f"retractionrequest/{RetractionRequest.objects.get().pk}"


def test_retraction_is_asked_for_by_one_and_confirmed_by_another(
    analyst: User, reviewer: User
) -> None:
    update = published_update(published_action(), "implemented")
    request = asked(update, analyst)
    assert Action.objects.get(pk=update.action_id).status == "implemented"
    assert "Confirm: retract the update" in page(reviewer, f"{request}/change/")
    assert "is published." in send(reviewer, f"{request}/confirm/")
    update.refresh_from_db()
    assert (update.end_reason, update.end_note) == ("retracted", "It names the wrong law.")
    assert update.action.status == "not_assessed"


def test_forms_of_a_request_lead_to_its_decision(analyst: User, reviewer: User) -> None:
    request = asked(published_update(published_action()), analyst)
    source = signed_in(reviewer).get(f"{ADMIN}/{request}/change/").content.decode()
    for decision in ("confirm", "decline"):
        assert f'action="{ADMIN}/{request}/{decision}/"' in source


def test_declined_retraction_leaves_the_update(analyst: User, reviewer: User) -> None:
    update = published_update(published_action(), "implemented")
    request = asked(update, analyst)
    assert "the update stands" in send(reviewer, f"{request}/decline/")
    update.refresh_from_db()
    assert (update.is_counting, RetractionRequest.objects.get().outcome) == (True, "declined")


@pytest.mark.parametrize("role", ["reviewer", "superuser"])
@pytest.mark.parametrize("decision", ["confirm", "decline"])
def test_nobody_decides_on_an_own_request(
    request: pytest.FixtureRequest, role: str, decision: str
) -> None:
    user = request.getfixturevalue(role)
    path = asked(published_update(published_action()), user)
    assert "another person has to decide on it" in page(user, f"{path}/change/")
    refused(user, f"{path}/{decision}/", words="Another person has to decide on the retraction.")


@pytest.mark.parametrize("role", ["analyst", "editor"])
@pytest.mark.parametrize("decision", ["confirm", "decline"])
def test_only_a_reviewer_decides_on_a_retraction(
    request: pytest.FixtureRequest, superuser: User, role: str, decision: str
) -> None:
    user = request.getfixturevalue(role)
    path = asked(published_update(published_action()), superuser)
    assert "Confirm: retract the update" not in page(user, f"{path}/change/")
    forbidden(user, f"{path}/{decision}/")


def test_decision_is_never_taken_by_following_a_link(superuser: User, analyst: User) -> None:
    path = asked(published_update(published_action()), analyst)
    for decision in ("confirm", "decline"):
        assert signed_in(superuser).get(f"{ADMIN}/{path}/{decision}/").status_code == 405
    assert RetractionRequest.objects.get().outcome == "pending"


def test_unknown_decision_decides_nothing(superuser: User, analyst: User) -> None:
    path = asked(published_update(published_action()), analyst)
    signed_in(superuser).post(f"{ADMIN}/{path}/approve/")
    assert RetractionRequest.objects.get().outcome == "pending"


def test_editor_cannot_ask_for_a_retraction(editor: User) -> None:
    update = published_update(published_action())
    assert "Ask for a retraction" not in page(editor, change(update))
    forbidden(editor, step(update, "retract"), {"reason": "No."})


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
    } | fields


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
    assert "is published." in send(editor, include, {"reason": "It was overlooked."})
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
    assert "is published." in send(editor, path, {"reason": "It stands there twice."})
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
        data | rows("actions", row, initial=1),
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
CONTROL = "Remove the invisible control characters from this text."


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize(
    "data",
    [
        lambda text: claim(note=text) | rows("evidence"),
        lambda text: claim(search_note=text) | rows("evidence"),
        lambda text: claim() | rows("evidence", item(title=text)),
        lambda text: claim() | rows("evidence", item(publisher=text)),
        lambda text: claim() | rows("evidence", item(quotation=text)),
        lambda text: claim(status=text) | rows("evidence"),
    ],
    ids=["note", "search_note", "title", "publisher", "quotation", "status"],
)
def test_draft_with_control_characters_is_refused(analyst: User, data, text: str) -> None:
    fields = data(text) | {"action": published_action().pk}
    response = signed_in(analyst).post(f"{ADMIN}/statusupdate/add/", fields)
    assert response.status_code == 200
    assert "errornote" in response.content.decode()
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize(("name", "field"), [("publish", "public_note"), ("return", "reason")])
def test_review_with_control_characters_is_refused(
    reviewer: User, name: str, field: str, text: str
) -> None:
    update = submitted_update(published_action())
    refused(reviewer, step(update, name), {field: text}, words=CONTROL)


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize("name", ["correct", "retract"])
def test_reason_with_control_characters_is_refused(analyst: User, name: str, text: str) -> None:
    update = published_update(published_action())
    refused(analyst, step(update, name), {"reason": text}, words=CONTROL)


@pytest.mark.parametrize("text", UNREADABLE)
@pytest.mark.parametrize("model", ["policyarea", "party", "body"])
def test_vocabulary_with_control_characters_is_refused(editor: User, model: str, text: str) -> None:
    data = {"name": text, "slug": "x", "position": 0, "kind": "government"}
    response = signed_in(editor).post(f"{ADMIN}/{model}/add/", data)
    assert response.status_code == 200
    assert response.context["errors"]


def test_evidence_of_a_published_update_is_not_moved_by_a_draft(analyst: User) -> None:
    """The id of a row is typed by whoever posts: another update's is no choice of this form."""
    fixed = published_update(published_action(), "implemented").evidence.get()
    draft = draft_update(published_action(), "implemented", by=analyst, evidence=[])
    EvidenceFactory(update=draft)
    data = claim() | rows("evidence", item(id=fixed.pk, title="Rewritten"), initial=1)
    before = record()["Evidence"]
    send(analyst, change(draft), data)
    assert record()["Evidence"] == before
