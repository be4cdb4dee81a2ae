"""One-time links: an invitation, and a new password for who forgot theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alliance.models import SignedInSession
from alliance.one_time_links import INVITATIONS, PASSWORD_RESETS
from recommendations.accounts.people import begin_invitation
from recommendations.models import Act, Preference

from .test_acts import lines_of
from .test_concurrency import at_once
from .test_second_factor import enrol
from .test_sign_in import is_signed_in, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
ASK, SENT = "/accounts/password/forgotten/", "/accounts/password/forgotten/sent/"
NEW = "a wholly other phrase 17"
ROOT = "https://tracker.example.org"


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"
    settings.SITE_URL = ROOT


@pytest.fixture
def ada(staff_member: Callable[[str, str], User]) -> User:
    user = staff_member("ada", "Analyst")
    user.email = "ada@example.org"
    user.save()
    return user


@pytest.fixture
def ida(ada: User) -> User:
    """Invited, and without a password so far."""
    begin_invitation(ada)
    return ada


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def forward(**passed: float) -> None:
        at = datetime.now() + timedelta(**passed)
        for links in (INVITATIONS, PASSWORD_RESETS):
            monkeypatch.setattr(links, "_now", lambda: at)

    return forward


def ask(client: Client, address: str = "ada@example.org", **extra: Any) -> Any:
    return client.post(ASK, {"email": address}, **extra)


def mailed_link() -> str:
    [found] = re.findall(rf"{ROOT}(\S+)", str(mail.outbox[-1].body))
    return found


def choose(client: Client, link: str, password: str = NEW, again: str = "") -> Any:
    """Open a link and choose a password, as the page leads."""
    opened = client.get(link)
    page = opened["Location"] if opened.status_code == 302 else link
    return client.post(page, {"password1": password, "password2": again or password})


def is_taken(response: Any) -> bool:
    return response.status_code == 302 and response["Location"].endswith("/accounts/login/")


# Asking ----------------------------------------------------------------------------------------


def test_without_mail_there_is_no_way_to_ask(client: Client, ada: User) -> None:
    assert client.get(ASK).status_code == 404
    assert ask(client).status_code == 404
    assert client.get(SENT).status_code == 404
    assert "Forgotten your password" not in client.get("/accounts/login/").content.decode()


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_sign_in_page_leads_to_it(client: Client, prefix: str) -> None:
    assert f'href="{prefix}{ASK}"' in client.get(f"{prefix}/accounts/login/").content.decode()
    assert client.get(f"{prefix}{ASK}").status_code == 200
    assert client.get(f"{prefix}{SENT}").status_code == 200


@pytest.mark.usefixtures("with_mail")
def test_new_password_is_chosen_by_link_and_ends_all_sessions(ada: User) -> None:
    there, here = Client(), Client()
    sign_in(there)
    assert ask(here, "Ada@Example.org")["Location"] == SENT
    [message] = mail.outbox
    assert message.to == ["ada@example.org"] and "ada" in message.body
    assert is_taken(choose(here, mailed_link()))
    assert "was chosen anew" in str(mail.outbox[-1].body)
    assert there.get("/admin/").status_code == 302
    assert not SignedInSession.objects.filter(person_id=ada.pk).exists()
    assert not is_signed_in(here)
    sign_in(here, password="secret")
    assert not is_signed_in(here)
    sign_in(here, password=NEW)
    assert is_signed_in(here)


@pytest.mark.usefixtures("with_mail")
def test_address_of_the_link_is_clear_of_its_token(client: Client, ada: User) -> None:
    ask(client)
    link = mailed_link()
    token = link.rstrip("/").rpartition("/")[2]
    page = client.get(link)["Location"]
    assert token not in page
    assert token not in client.get(page).content.decode()


@pytest.mark.usefixtures("with_mail")
def test_answer_is_the_same_whether_there_is_an_account(client: Client, ada: User) -> None:
    known, unknown = ask(client), ask(client, "nobody@example.org")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert known.headers.keys() == unknown.headers.keys()
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("with_mail")
def test_mail_goes_out_after_the_answer(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alliance import password_links

    close, sent_before = password_links.AnswerFirst.close, []

    def look(answer: Any) -> None:
        sent_before.append(len(mail.outbox))
        close(answer)

    monkeypatch.setattr(password_links.AnswerFirst, "close", look)
    ask(client)
    assert (sent_before, len(mail.outbox)) == ([0], 1)


@pytest.mark.usefixtures("with_mail")
def test_as_many_queries_are_made_where_there_is_no_account(client: Client, ada: User) -> None:
    client.get(ASK)
    taken = []
    for address, place in (("ada@example.org", "10.0.0.1"), ("bob@example.org", "10.0.0.2")):
        with CaptureQueriesContext(connection) as queries:
            ask(client, address, REMOTE_ADDR=place)
        taken.append(len(queries))
    assert abs(taken[0] - taken[1]) <= 1


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize(
    "change",
    [{"is_active": False}, {"is_staff": False}, {"password": "!"}],
    ids=["deactivated", "no staff", "invited"],
)
def test_only_active_staff_with_a_password_get_a_link(
    client: Client, ada: User, change: dict[str, Any]
) -> None:
    User.objects.update(**change)
    assert ask(client)["Location"] == SENT
    assert not mail.outbox


@pytest.mark.usefixtures("with_mail")
def test_each_account_of_an_address_gets_its_own_link(client: Client, ada: User) -> None:
    User.objects.create_user("bob", "ADA@example.org", "secret", is_staff=True)
    ask(client)
    greetings = [str(one.body).splitlines()[0] for one in mail.outbox]
    assert greetings == ["Hello ada,", "Hello bob,"]


@pytest.mark.usefixtures("with_mail")
def test_mail_is_in_the_language_of_its_reader(client: Client, ada: User) -> None:
    Preference.objects.create(person=ada, mail_language="ja")
    ask(client)
    [message] = mail.outbox
    assert "パスワード" in message.subject
    assert mailed_link().startswith("/ja/accounts/password/reset/")


@pytest.mark.usefixtures("with_mail")
def test_mail_that_fails_is_told_to_nobody_but_the_log(
    client: Client, ada: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.test_password_links.Away"
    assert ask(client)["Location"] == SENT
    assert "ConnectionRefusedError" in caplog.text
    assert "/reset/" not in caplog.text


class Away:
    def __init__(self, **options: Any) -> None:
        pass

    def send_messages(self, messages: Any) -> None:
        raise ConnectionRefusedError


@pytest.mark.usefixtures("with_mail")
def test_one_account_is_mailed_three_links_an_hour_and_the_answer_stays_the_same(
    client: Client, ada: User
) -> None:
    answers = {ask(client, REMOTE_ADDR=f"10.0.0.{n}")["Location"] for n in range(5)}
    assert answers == {SENT}
    assert len(mail.outbox) == 3


@pytest.mark.usefixtures("with_mail")
def test_one_place_asks_ten_times_an_hour(client: Client, ada: User) -> None:
    codes = [ask(client, f"name{n}@example.org").status_code for n in range(11)]
    assert codes == [302] * 10 + [429]
    assert ask(client)["Retry-After"]
    assert not mail.outbox
    assert ask(client, REMOTE_ADDR="10.0.0.99").status_code == 302


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("address", ["", "no address", "a\x00@example.org"])
def test_what_is_no_address_is_not_taken(client: Client, address: str) -> None:
    assert ask(client, address).status_code == 200


# What a link is good for -----------------------------------------------------------------------


def link_of(person: User) -> str:
    links = PASSWORD_RESETS if person.has_usable_password() else INVITATIONS
    return links.address_for(person, root="")


@pytest.mark.about_databases
def test_link_works_once(client: Client, ada: User) -> None:
    link = link_of(ada)
    assert is_taken(choose(client, link))
    again = Client()
    assert "works no more" in again.get(link).content.decode()
    assert not is_taken(choose(again, link, "yet another phrase 18"))
    assert User.objects.get().check_password(NEW)


def test_page_that_is_open_twice_takes_one_password(ada: User) -> None:
    one, other, link = Client(), Client(), link_of(ada)
    pages = [client.get(link)["Location"] for client in (one, other)]
    fields = [{"password1": word, "password2": word} for word in (NEW, f"{NEW} too")]
    assert is_taken(one.post(pages[0], fields[0]))
    assert not is_taken(other.post(pages[1], fields[1]))
    assert User.objects.get().check_password(NEW)


@pytest.mark.about_databases
@pytest.mark.django_db(transaction=True)
def test_link_that_is_used_twice_at_once_takes_one_password(ada: User) -> None:
    link, words = link_of(ada), (NEW, f"{NEW} too")
    clients = [Client(), Client()]
    pages = [client.get(link)["Location"] for client in clients]

    def post(n: int) -> bool:
        return is_taken(clients[n].post(pages[n], {f"password{m}": words[n] for m in (1, 2)}))

    taken = at_once(lambda: post(0), lambda: post(1))
    assert sorted(taken) == [False, True]
    assert User.objects.get().check_password(words[taken.index(True)])


@pytest.mark.parametrize("hours", [(0.98, True), (1.02, False)])
def test_reset_lasts_an_hour(
    client: Client, ada: User, later: Callable[..., None], hours: tuple[float, bool]
) -> None:
    link = link_of(ada)
    later(hours=hours[0])
    assert is_taken(choose(client, link)) is hours[1]


@pytest.mark.parametrize("hours", [(71.9, True), (72.1, False)])
def test_invitation_lasts_three_days(
    client: Client, ida: User, later: Callable[..., None], hours: tuple[float, bool]
) -> None:
    link = link_of(ida)
    later(hours=hours[0])
    assert is_taken(choose(client, link)) is hours[1]


def test_new_invitation_voids_the_one_before(client: Client, ida: User) -> None:
    first = link_of(ida)
    begin_invitation(ida)
    assert not is_taken(choose(client, first))
    assert is_taken(choose(client, link_of(ida)))


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_link_of_an_account_that_is_out_of_use_is_void(
    client: Client, ida: User, change: dict[str, Any]
) -> None:
    link = link_of(ida)
    User.objects.update(**change)
    assert not is_taken(choose(client, link))
    assert not User.objects.get().has_usable_password()


def test_link_is_void_once_the_address_or_the_sign_in_is_another(client: Client, ada: User) -> None:
    link = link_of(ada)
    sign_in(Client())
    assert not is_taken(choose(client, link))
    ada.refresh_from_db()
    link = link_of(ada)
    User.objects.update(email="other@example.org")
    assert not is_taken(choose(client, link))


def test_link_of_one_kind_or_person_is_none_of_another(
    client: Client, ada: User, analyst: User
) -> None:
    reset = link_of(ada)
    assert not is_taken(choose(client, reset.replace("password/reset", "invitation")))
    theirs = PASSWORD_RESETS.address_for(analyst, root="").split("/")
    mixed = reset.split("/")
    mixed[-3] = theirs[-3]
    assert not is_taken(choose(client, "/".join(mixed)))


@pytest.mark.parametrize("key", ["AAAA", "MQ", "%00", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_made_up_link_is_answered(client: Client, key: str) -> None:
    for kind in ("invitation", "password/reset"):
        response = client.get(f"/accounts/{kind}/{key}/c1-abc/")
        assert "works no more" in response.content.decode()


@pytest.mark.parametrize("password", ["short", "password1234", "ada-ada-ada-ada", "123456789012"])
def test_validators_judge_what_is_chosen(client: Client, ida: User, password: str) -> None:
    assert not is_taken(choose(client, link_of(ida), password))
    assert not is_taken(choose(client, link_of(ida), NEW, "not the same at all"))
    assert not User.objects.get().has_usable_password()


def test_invited_person_chooses_a_password_and_signs_in(client: Client, ida: User) -> None:
    sign_in(client)
    assert not is_signed_in(client)
    assert is_taken(choose(client, link_of(ida)))
    assert not is_signed_in(client)
    sign_in(client, password=NEW)
    assert is_signed_in(client)


def test_link_signs_out_whoever_else_is_signed_in_there(
    client: Client, ada: User, editor: User
) -> None:
    sign_in(client, "editor")
    assert is_taken(choose(client, link_of(ada)))
    assert not is_signed_in(client)
    assert User.objects.get(username="editor").check_password("secret")


def test_new_password_does_not_get_around_the_second_factor(service: Any, ada: User) -> None:
    enrolled = Client()
    sign_in(enrolled)
    enrol(enrolled)
    ada.refresh_from_db()
    client = Client()
    assert is_taken(choose(client, link_of(ada)))
    response = sign_in(client, password=NEW)
    assert response["Location"].endswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(client)


# The log of acts -------------------------------------------------------------------------------


@pytest.mark.usefixtures("with_mail")
def test_each_act_leaves_one_line_without_link_or_password(client: Client, ada: User) -> None:
    assert lines_of(lambda: ask(client)) == [("password", "done", "ada")]
    assert lines_of(lambda: ask(client, "nobody@example.org")) == [("password", "refused", "")]
    link = mailed_link()
    assert lines_of(lambda: choose(client, link)) == [("password", "done", "ada")]
    assert lines_of(lambda: Client().get(link)) == [("password", "refused", "ada")]
    said = str(list(Act.objects.values_list("subject", "detail")))
    token = link.rstrip("/").rpartition("/")[2]
    for secret in (token, NEW, "nobody@example.org", "ada@example.org"):
        assert secret not in said


@pytest.mark.usefixtures("with_mail")
def test_flood_leaves_few_lines(client: Client, ada: User) -> None:
    for n in range(10):
        ask(client, f"name{n}@example.org")
    assert lines_of(lambda: [ask(client) for _n in range(3)]) == [("lock_out", "refused", "")]
    void = lines_of(lambda: [client.get("/accounts/invitation/OTk5OTk5/c1-a/") for _n in range(9)])
    assert void == [("password", "refused", "")] * 5
