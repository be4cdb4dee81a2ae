"""A lost second factor is removed by two persons, neither of whom lost it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alliance.models import SignedInSession
from recommendations.accounts import factor_resets
from recommendations.models import Act, FactorReset, Preference

from .factories import FactorResetFactory, UserFactory
from .test_accounts_admin import access_of, give_factor
from .test_acts import lines_of, signed_in
from .test_concurrency import at_once
from .test_password_links import with_mail
from .test_sign_in import sign_in

__all__ = ["with_mail"]
pytestmark = [pytest.mark.django_db, pytest.mark.run_once]
REASON = "The phone was stolen; she told me in person."


@pytest.fixture
def ada(reviewer: User) -> User:
    """A reviewer who has lost all of three."""
    for kind in ("totp", "webauthn", "recovery_codes"):
        give_factor(reviewer, kind)
    reviewer.email = "ada@example.org"
    reviewer.save()
    return reviewer


@pytest.fixture
def other(staff_member: Any) -> User:
    return staff_member("other", "Administrator")


@pytest.fixture
def asked(ada: User, administrator: User) -> FactorReset:
    return factor_resets.ask(ada, by=administrator, reason=REASON)


def page_of(asked: FactorReset) -> str:
    return reverse("admin:decide_factor_reset", args=[asked.pk])


def ask(user: User, person: User, reason: str = REASON) -> Any:
    address = reverse("admin:ask_factor_reset", args=[person.pk])
    return signed_in(user).post(address, {"reason": reason})


def decide(user: User, asked: FactorReset, go: str = "confirm") -> Any:
    return signed_in(user).post(page_of(asked), {"go": go})


def n_factors(person: User) -> int:
    return Authenticator.objects.filter(user=person).count()


def test_two_remove_factors_and_codes_and_end_the_sessions(
    ada: User, administrator: User, other: User
) -> None:
    there = Client()
    there.force_login(ada)
    assert there.get("/admin/").status_code == 200
    assert ask(administrator, ada)["Location"] == access_of(ada)
    assert n_factors(ada) == 3
    assert there.get("/admin/").status_code == 200
    asked = FactorReset.objects.get()
    assert decide(other, asked)["Location"] == access_of(ada)
    assert n_factors(ada) == 0
    assert not SignedInSession.objects.filter(person_id=ada.pk).exists()
    assert there.get("/admin/").status_code == 302
    asked.refresh_from_db()
    assert (asked.outcome, asked.requested_by, asked.decided_by) == (
        "confirmed",
        administrator,
        other,
    )


def test_factors_of_others_stay(ada: User, asked: FactorReset, other: User, editor: User) -> None:
    give_factor(editor)
    decide(other, asked)
    assert n_factors(editor) == 1


@pytest.mark.parametrize("go", ["confirm", "decline"])
def test_who_asked_does_not_decide(asked: FactorReset, administrator: User, go: str) -> None:
    assert decide(administrator, asked, go).status_code == 409
    assert n_factors(asked.person) == 3
    asked.refresh_from_db()
    assert asked.is_pending


def test_person_concerned_neither_asks_nor_decides(
    administrator: User, other: User, asked: FactorReset
) -> None:
    give_factor(other)
    assert ask(other, other).status_code == 409
    assert not FactorReset.objects.filter(person=other).exists()
    own = factor_resets.ask(other, by=administrator, reason=REASON)
    assert decide(other, own).status_code == 409
    assert n_factors(other) == 1


@pytest.mark.parametrize("role", ["Analyst", "Reviewer", "Editor"])
def test_nobody_but_administrators_asks_or_decides(
    staff_member: Any, ada: User, asked: FactorReset, role: str
) -> None:
    somebody = staff_member("somebody", role)
    assert decide(somebody, asked).status_code == 403
    asked.delete()
    assert ask(somebody, ada).status_code == 403
    assert n_factors(ada) == 3


def test_superusers_ask_and_decide_too_and_alone_for_each_other(
    ada: User, administrator: User, other: User
) -> None:
    one, two, three = (User.objects.create_superuser(name) for name in ("one", "two", "three"))
    ask(one, ada)
    decide(two, FactorReset.objects.get())
    assert n_factors(ada) == 0
    give_factor(three)
    assert ask(administrator, three).status_code == 403
    ask(one, three)
    assert decide(other, FactorReset.objects.get(person=three)).status_code == 409
    decide(two, FactorReset.objects.get(person=three))
    assert n_factors(three) == 0


def test_request_of_somebody_who_lost_the_role_is_not_confirmed(
    asked: FactorReset, administrator: User, other: User
) -> None:
    administrator.groups.clear()
    assert decide(other, asked).status_code == 409
    assert n_factors(asked.person) == 3
    administrator.is_active = False
    administrator.save()
    assert decide(other, asked).status_code == 409


@pytest.mark.about_databases
def test_declined_and_taken_back_change_nothing(
    ada: User, administrator: User, other: User, asked: FactorReset
) -> None:
    assert decide(other, asked, "recall").status_code == 409
    decide(other, asked, "decline")
    assert n_factors(ada) == 3
    again = factor_resets.ask(ada, by=administrator, reason=REASON)
    decide(administrator, again, "recall")
    assert n_factors(ada) == 3
    outcomes = FactorReset.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["declined", "recalled"]
    assert decide(other, again).status_code == 409
    assert n_factors(ada) == 3


def test_request_says_how_it_was_made_sure_and_waits_once(
    ada: User, administrator: User, other: User
) -> None:
    assert ask(administrator, ada, "").status_code == 200
    assert ask(administrator, ada, " \n").status_code == 200
    assert not FactorReset.objects.exists()
    ask(administrator, ada)
    assert ask(other, ada).status_code == 409
    assert FactorReset.objects.count() == 1


def test_without_a_factor_there_is_nothing_to_ask_for(administrator: User, analyst: User) -> None:
    assert ask(administrator, analyst).status_code == 409
    assert not FactorReset.objects.exists()


@pytest.mark.about_databases
@pytest.mark.django_db(transaction=True)
def test_of_two_who_do_the_same_at_once_one_is_refused(
    ada: User, administrator: User, other: User
) -> None:
    root = User.objects.create_superuser("root")

    def asking(by: User) -> Callable[[], int]:
        return lambda: ask(by, ada).status_code

    assert sorted(at_once(asking(administrator), asking(other))) == [302, 409]
    asked = FactorReset.objects.get()
    third = other if asked.requested_by == administrator else administrator
    codes = at_once(
        lambda: decide(third, asked).status_code, lambda: decide(root, asked, "decline").status_code
    )
    assert sorted(codes) == [302, 409]
    asked.refresh_from_db()
    assert n_factors(ada) == (0 if asked.outcome == "confirmed" else 3)


# The log of acts -------------------------------------------------------------------------------


def test_each_step_leaves_one_line(ada: User, administrator: User, other: User) -> None:
    assert lines_of(lambda: ask(administrator, ada)) == [("account", "done", "administrator")]
    asked = FactorReset.objects.get()
    assert lines_of(lambda: decide(administrator, asked)) == [
        ("factor_removed", "refused", "administrator")
    ]
    assert lines_of(lambda: decide(other, asked, "decline")) == [("account", "done", "other")]
    ask(administrator, ada)
    again = FactorReset.objects.waiting().get()
    assert lines_of(lambda: decide(administrator, again, "recall")) == [
        ("account", "done", "administrator")
    ]
    ask(administrator, ada)
    last = FactorReset.objects.waiting().get()
    assert lines_of(lambda: decide(other, last)) == [("factor_removed", "done", "other")]
    act = Act.objects.latest("pk")
    assert "reviewer" in act.subject and "administrator" in act.detail


# Telling the person ----------------------------------------------------------------------------


@pytest.mark.usefixtures("with_mail")
def test_person_is_told_by_mail_when_it_is_done_and_not_before(
    ada: User, administrator: User, other: User
) -> None:
    ask(administrator, ada)
    assert not mail.outbox
    decide(other, FactorReset.objects.get())
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert "second factor" in message.body


@pytest.mark.usefixtures("with_mail")
def test_person_is_told_in_their_language(ada: User, asked: FactorReset, other: User) -> None:
    Preference.objects.create(person=ada, mail_language="ja")
    factor_resets.confirm(asked, by=other)
    assert "二要素" in mail.outbox[0].subject


@pytest.mark.usefixtures("with_mail")
def test_reset_stands_where_the_mail_fails(asked: FactorReset, other: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = "tests.test_password_links.Away"
    decide(other, asked)
    assert n_factors(asked.person) == 0


def test_person_signs_in_with_the_password_and_has_to_set_up_anew(
    service: Any, client: Client, ada: User, asked: FactorReset, other: User
) -> None:
    sign_in(client, "reviewer")
    assert "_auth_user_id" not in client.session
    factor_resets.confirm(asked, by=other)
    again = Client()
    sign_in(again, "reviewer")
    assert again.get("/admin/")["Location"] == "/accounts/2fa/"


# The table -------------------------------------------------------------------------------------


@pytest.mark.about_databases
@pytest.mark.parametrize(
    "change",
    [
        {"requested_by": "person"},
        {"decided_by": "requested_by", "outcome": "confirmed"},
        {"decided_by": "person", "outcome": "confirmed"},
        {"outcome": "confirmed"},
        {"reason": ""},
        {"outcome": "lost"},
    ],
)
def test_table_refuses_what_is_not_of_two(change: dict[str, str]) -> None:
    asked = FactorResetFactory()
    values: dict[str, Any] = {**change}
    for name in ("requested_by", "decided_by"):
        if name in change:
            values[name] = getattr(asked, change[name])
    if values.get("outcome") == "confirmed" and "decided_by" in values:
        values["decided_at"] = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorReset.objects.filter(pk=asked.pk).update(**values)


@pytest.mark.about_databases
def test_table_takes_one_that_waits_for_each_person() -> None:
    asked = FactorResetFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        FactorResetFactory(person=asked.person)
    FactorReset.objects.update(outcome="recalled", decided_at=timezone.now())
    FactorResetFactory(person=asked.person)


@pytest.mark.about_databases
def test_step_past_the_pages_is_refused_too(ada: User, asked: FactorReset) -> None:
    for by in (ada, asked.requested_by, UserFactory()):
        with pytest.raises(ValidationError):
            factor_resets.confirm(asked, by=by)
    assert n_factors(ada) == 3


# The pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ja"])
def test_pages_open_in_both_languages_and_are_found(
    asked: FactorReset, administrator: User, other: User, prefix: str
) -> None:
    page, access = page_of(asked), access_of(asked.person)
    for user in (administrator, other):
        desk = signed_in(user)
        assert f'href="{prefix}{page}"' in desk.get(f"{prefix}/admin/").content.decode()
        for address in (page, access):
            assert "administrator" in desk.get(f"{prefix}{address}").content.decode()
    assert "The phone was stolen" in signed_in(other).get(f"{prefix}{page}").content.decode()
    decide(other, asked)
    assert signed_in(other).get(f"{prefix}{page}").status_code == 200


def test_queries_of_the_workspace_do_not_grow_with_requests(administrator: User) -> None:
    desk, taken = signed_in(administrator), []
    FactorResetFactory()
    for _n in range(2):
        desk.get("/admin/")
        with CaptureQueriesContext(connection) as queries:
            desk.get("/admin/")
        taken.append(len(queries))
        FactorResetFactory.create_batch(3)
    assert taken[0] == taken[1]
