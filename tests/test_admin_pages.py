"""Every page of the admin answers as the permissions of the person say, in both languages."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.accounts.roles import synchronise_roles
from recommendations.models import Edition, StructureRequest

from .factories import (
    ActFactory,
    ActionBodyFactory,
    ActionFactory,
    AddresseeAliasFactory,
    AddresseeGroupFactory,
    AssignmentFactory,
    BodyFactory,
    CaptureFactory,
    CaptureRemovalFactory,
    CodingFactory,
    ContextEventFactory,
    DeadlineFactory,
    DeliveryFactory,
    FactorResetFactory,
    FeedFactory,
    FiscalYearFactory,
    KnownHostFactory,
    ListedHostFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    RetractionRequestFactory,
    SearchAliasFactory,
    SectionFactory,
    SourceFactory,
    StructureRequestFactory,
    TableMappingFactory,
    TopicFactory,
    UserFactory,
    draft_update,
    published_action,
    published_update,
)

pytestmark = pytest.mark.django_db

# Who opens which page: S a superuser, A an analyst, R a reviewer, E an editor, M an administrator.
# All others are refused with 403. "delete" asks for what the public record uses, "delete unused"
# for the rest.
COLUMNS = ("changelist", "add", "change", "history", "delete", "delete unused")
OPEN_TO = {
    "report": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    "section": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    "recommendation": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    "action": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    # The unused one is of an action that no visitor has seen; an assignment can always go.
    "assignment": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    "policyarea": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    "party": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    "body": ("SARE", "SE", "SARE", "SARE", "", "SE"),
    # It counts for nothing, and can always go.
    "contextevent": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    # Old addresses lose or regain their links with it.
    "knownhost": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    "listedhost": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    "feed": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    # What is cited, or has a copy, is never deleted.
    "source": ("SARE", "SAE", "SARE", "SARE", "", "SE"),
    # Copies are added by whoever captures a source, and removed by two.
    "capture": ("SARE", "", "SARE", "SARE", "", ""),
    "captureremoval": ("SARE", "", "SARE", "SARE", "", ""),
    # What is searched besides is no part of the record.
    "searchalias": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    # Whom tables mean by a name, and what their columns mean: said anew with the next table.
    "addresseealias": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    "tablemapping": ("SE", "", "SE", "SE", "SE", "SE"),
    # What came of it is cited by drafts.
    "delivery": ("SARE", "", "SARE", "SARE", "", ""),
    # There is one, from the beginning on.
    "site": ("SARE", "", "SARE", "SARE", "", ""),
    # It only leads to the list.
    "topic": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    # How actions are grouped by whom they ask is said as it is now.
    "addresseegroup": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    # A deadline that is recorded keeps its own first day.
    "fiscalyear": ("SARE", "SE", "SARE", "SARE", "SE", "SE"),
    "statusupdate": ("SARE", "", "SARE", "SARE", "", ""),
    "coding": ("SARE", "", "SARE", "SARE", "", ""),
    "edition": ("SARE", "", "SARE", "SARE", "", ""),
    # Nobody adds, changes or deletes a line of the log.
    "act": ("SEM", "", "SEM", "SEM", "", ""),
    "retractionrequest": ("SARE", "", "SARE", "SARE", "", ""),
    "structurerequest": ("SARE", "", "SARE", "SARE", "", ""),
    "factorreset": ("SM", "", "SM", "SM", "", ""),
    # A person is deactivated, never deleted.
    "user": ("SM", "SM", "SM", "SM", "", ""),
    "group": ("S", "S", "S", "S", "S", "S"),
}
PEOPLE = {
    "superuser": "S",
    "analyst": "A",
    "reviewer": "R",
    "editor": "E",
    "administrator": "M",
}
LANGUAGES = {"en": "", "ja": "/ja"}
# The same queries in another language.
IN_JAPANESE = pytest.mark.run_once
IN_EACH = ["en", pytest.param("ja", marks=IN_JAPANESE)]
UNDER_EACH = ["", pytest.param("/ja", marks=IN_JAPANESE)]


@pytest.fixture
def person(
    request: pytest.FixtureRequest, staff_member: Callable[[str, str], User]
) -> Callable[[str], User]:
    def make(name: str) -> User:
        if name == "superuser":
            return User.objects.create_superuser(name, password="secret")
        return staff_member(name, name.capitalize())

    return make


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(model: str, page: str = "", *, prefix: str = "") -> str:
    app = "auth" if model in {"user", "group"} else "recommendations"
    return f"{prefix}/admin/{app}/{model}/{page}"


def in_use() -> dict[str, int]:
    """One row a model, each part of the public record or used by it."""
    area, body = PolicyAreaFactory(), BodyFactory(party=PartyFactory(slug="japan"))
    action = published_action(parties=["japan"])
    recommendation = action.recommendation
    recommendation.areas.add(area)
    ActionBodyFactory(action=action, body=body)
    DeadlineFactory(action=action)
    update = published_update(action)
    return {
        "report": recommendation.report_id,
        "section": recommendation.section_id,
        "recommendation": recommendation.pk,
        "action": action.pk,
        "assignment": AssignmentFactory(action=action).pk,
        "policyarea": area.pk,
        "contextevent": ContextEventFactory().pk,
        "knownhost": KnownHostFactory().pk,
        "listedhost": ListedHostFactory().pk,
        "feed": FeedFactory().pk,
        "source": update.evidence.all()[0].source_id,
        "capture": CaptureFactory().pk,
        "captureremoval": CaptureRemovalFactory().pk,
        "searchalias": SearchAliasFactory().pk,
        "addresseealias": AddresseeAliasFactory().pk,
        "tablemapping": TableMappingFactory().pk,
        "delivery": DeliveryFactory().pk,
        "site": 1,
        "topic": TopicFactory().pk,
        "addresseegroup": AddresseeGroupFactory().pk,
        "fiscalyear": FiscalYearFactory().pk,
        "party": body.party_id,
        "body": body.pk,
        "statusupdate": update.pk,
        "coding": CodingFactory(action=action).pk,
        "edition": update.edition_id,
        "act": ActFactory().pk,
        "retractionrequest": RetractionRequestFactory(update=update).pk,
        "structurerequest": StructureRequestFactory(actions=[action]).pk,
        "factorreset": FactorResetFactory().pk,
        "user": update.author_id,
        "group": Group.objects.get(name="Editor").pk,
    }


def unused(drafter: User) -> dict[str, int]:
    """One row a model that no visitor has ever seen; an update is the drafter's own."""
    section = SectionFactory()
    draft = draft_update(published_action(), by=drafter)
    return {
        "report": ReportFactory().pk,
        "section": section.pk,
        "recommendation": RecommendationFactory(report=section.report, section=SectionFactory()).pk,
        "action": ActionFactory(parties=[]).pk,
        "assignment": AssignmentFactory(action=None, area=PolicyAreaFactory()).pk,
        "policyarea": PolicyAreaFactory().pk,
        "contextevent": ContextEventFactory().pk,
        "knownhost": KnownHostFactory().pk,
        "listedhost": ListedHostFactory().pk,
        "feed": FeedFactory().pk,
        "source": SourceFactory().pk,
        "capture": CaptureFactory().pk,
        "captureremoval": CaptureRemovalFactory().pk,
        "searchalias": SearchAliasFactory().pk,
        "addresseealias": AddresseeAliasFactory().pk,
        "tablemapping": TableMappingFactory().pk,
        "delivery": DeliveryFactory().pk,
        "site": 1,
        "topic": TopicFactory().pk,
        "addresseegroup": AddresseeGroupFactory().pk,
        "fiscalyear": FiscalYearFactory().pk,
        "party": PartyFactory().pk,
        "body": BodyFactory().pk,
        "statusupdate": draft.pk,
        "coding": CodingFactory(action=published_action()).pk,
        "edition": Edition.objects.earliest("number").pk,
        "act": ActFactory().pk,
        "retractionrequest": RetractionRequestFactory(
            update=published_update(published_action())
        ).pk,
        "structurerequest": StructureRequest.objects.earliest("pk").pk,
        "factorreset": FactorResetFactory().pk,
        "user": UserFactory().pk,
        "group": Group.objects.create(name=f"Readers {draft.pk}").pk,
    }


def pages_of(model: str, used: dict[str, int], rest: dict[str, int]) -> dict[str, str]:
    return {
        "changelist": "",
        "add": "add/",
        "change": f"{used[model]}/change/",
        "history": f"{used[model]}/history/",
        "delete": f"{used[model]}/delete/",
        "delete unused": f"{rest[model]}/delete/",
    }


def test_table_names_every_model_of_the_admin() -> None:
    # Whoever loads the addresses takes out the library's page of background work.
    assert reverse("admin:background_work")
    assert {model._meta.model_name for model in admin.site._registry} == set(OPEN_TO)


@pytest.mark.parametrize("language", IN_EACH)
@pytest.mark.parametrize("name", PEOPLE)
def test_page_answers_as_the_permissions_say(
    person: Callable[[str], User],
    staff_member: Callable[[str, str], User],
    name: str,
    language: str,
) -> None:
    user = person(name)
    drafter = user if name == "analyst" else staff_member("drafter", "Analyst")
    client = signed_in(user)
    used, rest = in_use(), unused(drafter)
    answers = {
        (model, page): client.get(address(model, path, prefix=LANGUAGES[language])).status_code
        for model in OPEN_TO
        for page, path in pages_of(model, used, rest).items()
    }
    assert answers == {
        (model, page): 200 if PEOPLE[name] in letters else 403
        for model, columns in OPEN_TO.items()
        for page, letters in zip(COLUMNS, columns, strict=True)
    }


@pytest.mark.parametrize("prefix", UNDER_EACH)
def test_visitor_is_sent_to_sign_in(client: Client, prefix: str) -> None:
    synchronise_roles()
    used, rest = in_use(), unused(UserFactory())
    for model in OPEN_TO:
        for path in pages_of(model, used, rest).values():
            here = address(model, path, prefix=prefix)
            response = client.get(here)
            assert response.status_code == 302, here
            assert response["Location"] == f"{prefix}/admin/login/?next={here}"


@pytest.mark.parametrize("prefix", UNDER_EACH)
@pytest.mark.parametrize("page", ["change", "history"])
def test_what_does_not_exist_leads_back_to_the_index(
    admin_client: Client, prefix: str, page: str
) -> None:
    for model in OPEN_TO:
        for key in ("999999", "nothing"):
            response = admin_client.get(address(model, f"{key}/{page}/", prefix=prefix))
            assert response.status_code == 302, model
            assert response["Location"] == f"{prefix}/admin/"


@pytest.mark.parametrize("prefix", UNDER_EACH)
@pytest.mark.parametrize("path", ["nothing/", "recommendations/nothing/", "auth/permission/"])
def test_unknown_address_of_the_admin_is_not_found(
    admin_client: Client, prefix: str, path: str
) -> None:
    assert admin_client.get(f"{prefix}/admin/{path}").status_code == 404


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("prefix", UNDER_EACH)
def test_index_lists_what_a_person_may_open(
    person: Callable[[str], User], name: str, prefix: str
) -> None:
    html = signed_in(person(name)).get(f"{prefix}/admin/").content.decode()
    for model, (readers, *_rest) in OPEN_TO.items():
        assert (f'href="{address(model, prefix=prefix)}"' in html) == (PEOPLE[name] in readers)


def test_person_who_is_no_staff_is_sent_to_sign_in() -> None:
    response = signed_in(UserFactory(is_staff=False)).get("/admin/recommendations/report/")
    assert response.status_code == 302


# What a changelist costs -------------------------------------------------------------------------


def queries_of(client: Client, path: str) -> tuple[int, int]:
    """Return how many queries a changelist took, and how many rows it has."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    return len(queries), response.context["cl"].result_count


def test_queries_of_a_changelist_do_not_grow_with_its_rows(admin_client: Client) -> None:
    synchronise_roles()
    in_use()
    unused(UserFactory())
    # There is one site alone.
    lists = set(OPEN_TO) - {"site"}
    few = {model: queries_of(admin_client, address(model)) for model in lists}
    for _n in range(4):
        in_use()
        unused(UserFactory())
    for model, (queries, rows) in few.items():
        more_queries, more_rows = queries_of(admin_client, address(model))
        assert more_rows > rows, model
        assert more_queries == queries, model


def test_queries_of_the_choice_of_an_action_do_not_grow_with_its_rows(
    admin_client: Client,
) -> None:
    path = (
        "/admin/autocomplete/?app_label=recommendations&model_name=statusupdate&field_name=action"
    )
    taken = []
    for _n in range(2):
        ActionFactory(), ActionFactory()
        with CaptureQueriesContext(connection) as queries:
            rows = admin_client.get(path).json()["results"]
        taken.append(len(queries))
    assert len(rows) == 4
    assert taken[0] == taken[1]


def test_queries_of_a_recommendation_do_not_grow_with_its_actions(admin_client: Client) -> None:
    recommendation = published_action().recommendation
    path = address("recommendation", f"{recommendation.pk}/change/")
    taken = []
    for _n in range(2):
        ActionFactory.create_batch(2, recommendation=recommendation)
        admin_client.get(path)
        with CaptureQueriesContext(connection) as queries:
            admin_client.get(path)
        taken.append(len(queries))
    assert taken[0] == taken[1]


# What no text contains ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "report/?publisher=%00",
        "report/?q=%00",
        "recommendation/?headline=%00",
        "statusupdate/?review_state__exact=%00",
        "statusupdate/?q=a%00b",
        "party/?kind__exact=a&kind__exact=%00",
        "edition/?kind__exact=%00",
        "../auth/user/?username=%00",
    ],
)
def test_nul_in_a_filter_of_a_changelist_is_no_server_error(
    admin_client: Client, path: str
) -> None:
    whole = f"/admin/{path[3:]}" if path.startswith("../") else f"/admin/recommendations/{path}"
    response = admin_client.get(whole, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [(f"{whole.partition('?')[0]}?e=1", 302)]


def test_nul_in_the_choice_of_an_action_finds_nothing(admin_client: Client) -> None:
    published_action()
    path = "/admin/autocomplete/?app_label=recommendations&model_name=statusupdate"
    response = admin_client.get(f"{path}&field_name=action&term=%00")
    assert response.json()["results"] == []
