"""One mail a day with what is new for a person, and nothing in it twice."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from recommendations import publishing
from recommendations.accounts import digest
from recommendations.models import Action, Notice, Preference, StatusUpdate
from recommendations.models.staff import deadline_key
from recommendations.viewpoint import today

from .factories import (
    ActionFactory,
    AssignmentFactory,
    DeadlineFactory,
    draft_update,
    include,
    published_action,
    published_actions,
    rewrite,
    submitted_update,
)

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://tracker.example.org"


def with_address(person: User) -> User:
    person.email = f"{person.username}@example.org"
    person.save()
    return person


@pytest.fixture
def ana(staff_member) -> User:
    return with_address(staff_member("ana", "Analyst"))


@pytest.fixture
def rob(staff_member) -> User:
    return with_address(staff_member("rob", "Reviewer"))


@pytest.fixture
def action() -> Action:
    return published_action(title="Sign the treaty", review_due_on=today() + timedelta(days=90))


def submitted(action: Action, ana: User) -> StatusUpdate:
    return submitted_update(action, by=ana, published_on=today())


def told() -> list[tuple[str, str]]:
    return sorted((one.recipient.username, one.kind) for one in Notice.objects.all())


def run(*arguments: str) -> list[mail.EmailMessage]:
    """Run the command and return the mails of this run alone."""
    mail.outbox.clear()
    call_command("send_digest", *arguments)
    return list(mail.outbox)


# Events -----------------------------------------------------------------------------------------


def test_a_submission_is_news_for_reviewers(action, ana, rob, editor):
    submitted(action, ana)
    assert told() == [("rob", "submitted")]


def test_a_confirmation_is_news_for_reviewers_too(ana, rob):
    action = published_action()
    publishing.publish([submitted(action, ana)], reviewer=rob)
    Notice.objects.all().delete()
    action.refresh_from_db()
    publishing.confirm(action, by=ana, search_note="Two archives.", searched_on=today())
    assert told() == [("rob", "submitted")]


def test_who_ever_saved_the_draft_is_not_asked_to_review_it(action, ana, rob):
    draft = draft_update(action, by=ana)
    publishing.record_save(draft, by=rob)
    publishing.submit(draft, by=ana)
    assert told() == []


def test_inactive_reviewers_are_not_told(action, ana, rob):
    User.objects.filter(pk=rob.pk).update(is_active=False)
    submitted(action, ana)
    assert told() == []


def test_a_return_is_news_for_all_its_authors(action, ana, rob, analyst):
    update = submitted(action, ana)
    update.editors.add(analyst)
    Notice.objects.all().delete()
    publishing.return_(update, reviewer=rob, note="Which law?")
    assert told() == [("ana", "returned"), ("analyst", "returned")]


def test_a_publication_is_news_for_its_authors(action, ana, rob):
    publishing.publish([submitted(action, ana)], reviewer=rob)
    assert ("ana", "published") in told()


def test_each_submission_is_an_event_of_its_own(action, ana, rob):
    update = submitted(action, ana)
    for _n in range(2):
        publishing.return_(update, reviewer=rob, note="Which law?")
        publishing.submit(update, by=ana)
    assert told() == [("ana", "returned")] * 2 + [("rob", "submitted")] * 3


def test_what_is_refused_tells_nobody(action, ana, rob):
    update = submitted(action, ana)
    Notice.objects.all().delete()
    with pytest.raises(publishing.Refused):
        publishing.publish([update], reviewer=ana)
    assert told() == []


def test_the_baseline_is_no_news(baseline, ana, rob):
    assert told() == []


def test_publishing_many_takes_no_query_for_each_notice(ana, rob):
    actions = published_actions(6)
    updates = [submitted(action, ana) for action in actions]

    def notice_queries(batch: list[StatusUpdate]) -> int:
        with CaptureQueriesContext(connection) as queries:
            publishing.publish(batch, reviewer=rob)
        return sum("recommendations_notice" in query["sql"] for query in queries)

    assert notice_queries(updates[:1]) == notice_queries(updates[1:]) == 1


# Mails ------------------------------------------------------------------------------------------


def test_the_mail_says_what_is_new_with_links(action, ana, rob):
    update = submitted(action, ana)
    [message] = run()
    assert message.to == ["rob@example.org"]
    assert message.subject == "Integrated Alliance Tracker: 1 piece of news"
    assert "Hello rob," in message.body
    assert f"{action}: In progress" in message.body
    address = f"https://tracker.example.org/admin/review/{update.slug}/"
    assert address in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_mail_is_in_the_language_of_its_reader(client, action, ana, rob, reviewer):
    with_address(reviewer)
    User.objects.filter(pk=rob.pk).update(first_name="太郎", last_name="山田")
    Preference.objects.create(person=rob, mail_language="ja")
    update = submitted(action, ana)
    english, japanese = sorted(run(), key=lambda one: one.to == ["rob@example.org"])
    assert "Hello reviewer," in english.body
    assert "Hello" not in japanese.body and "山田 太郎" in japanese.body
    assert f"{action}：措置中" in japanese.body
    assert f"https://tracker.example.org/ja/admin/review/{update.slug}/" in japanese.body
    assert "1" in japanese.subject and "news" not in japanese.subject


def test_a_language_that_is_gone_is_that_of_the_site(action, ana, rob):
    Preference.objects.create(person=rob, mail_language="fr")
    submitted(action, ana)
    assert "Hello rob," in run()[0].body


def test_staff_choose_the_language_of_their_mails(client, analyst, rob):
    client.force_login(analyst)
    for chosen in ("ja", "en", "ja"):
        response = client.post("/ja/admin/preference/", {"mail_language": chosen}, follow=True)
        assert response.redirect_chain == [("/ja/accounts/2fa/", 302)]
        assert f'<option value="{chosen}" lang="{chosen}" selected>' in response.text
    client.post("/admin/preference/", {"mail_language": "zz"})
    assert [(one.person, one.mail_language) for one in Preference.objects.all()] == [
        (analyst, "ja")
    ]
    assert client.get("/admin/preference/").status_code == 405


def test_links_of_each_kind_lead_to_their_pages(client, action, ana, rob):
    publishing.return_(submitted(action, ana), reviewer=rob, note="Which law?")
    publishing.publish([submitted(published_action(), ana)], reviewer=rob)
    late = published_action(review_due_on=today() - timedelta(days=1))
    AssignmentFactory(analyst=ana, action=late)
    [message] = [one for one in run() if one.to == ["ana@example.org"]]
    client.force_login(ana)
    links = [word for word in message.body.split() if word.startswith("https://")]
    assert len(links) == 4
    for link in links:
        path = link.removeprefix("https://tracker.example.org")
        assert client.get(path).status_code == 200, path


def test_nothing_is_mailed_twice(action, ana, rob):
    submitted(action, ana)
    assert len(run()) == 1
    assert run() == []


def test_all_of_a_day_is_one_mail(ana, rob):
    for action in published_actions(3):
        submitted(action, ana)
    [message] = run()
    assert message.subject.endswith("3 pieces of news")


def test_text_is_not_escaped(ana, rob):
    submitted(published_action(title="Sign & “seal” <it>"), ana)
    assert "Sign & “seal” <it>" in run()[0].body


def test_a_long_digest_is_cut_and_says_so(ana, rob, monkeypatch):
    monkeypatch.setattr(digest, "LINES", 2)
    for action in published_actions(5):
        submitted(action, ana)
    [message] = run()
    assert message.body.count("/admin/review/") == 2
    assert "- and 3 more" in message.body


@pytest.mark.parametrize("fields", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_people_who_left_or_have_no_address_get_nothing(action, ana, rob, fields):
    submitted(action, ana)
    User.objects.filter(pk=rob.pk).update(**fields)
    assert run() == []


def test_what_a_colleague_has_reviewed_needs_no_reminder(action, ana, rob, reviewer):
    publishing.publish([submitted(action, ana)], reviewer=reviewer)
    assert [message.to for message in run()] == [["ana@example.org"]]


def test_a_submission_that_came_back_is_told_once(action, ana, rob, reviewer):
    update = submitted(action, ana)
    publishing.return_(update, reviewer=reviewer, note="Which law?")
    publishing.submit(update, by=ana)
    [message] = run()
    assert message.to == ["rob@example.org"]
    assert message.subject.endswith("1 piece of news")


def test_old_news_is_not_mailed(action, ana, rob):
    submitted(action, ana)
    Notice.objects.update(created_at=timezone.now() - timedelta(days=15))
    assert run() == []


# Past their review date ---------------------------------------------------------------------------


@pytest.fixture
def late(ana) -> Action:
    action = published_action(title="Open the office", review_due_on=today() - timedelta(days=1))
    AssignmentFactory(analyst=ana, action=action)
    return action


def test_an_action_past_its_review_date_is_told_to_who_looks_after_it(late, ana, analyst):
    with_address(analyst)
    [message] = run()
    assert message.to == ["ana@example.org"]
    assert "Open the office: due on" in message.body
    assert f"https://tracker.example.org/admin/log/?action={late.pk}" in message.body
    assert run() == []


def test_a_section_is_looked_after_whole(ana):
    late = published_action(review_due_on=today() - timedelta(days=1))
    AssignmentFactory(analyst=ana, action=None, section=late.recommendation.section)
    assert len(run()) == 1


def test_the_day_of_the_review_itself_is_not_past(ana):
    AssignmentFactory(analyst=ana, action=published_action(review_due_on=today()))
    assert run() == []


def test_an_action_that_falls_due_again_is_told_again(late):
    run()
    Action.objects.filter(pk=late.pk).update(review_due_on=today() - timedelta(days=10))
    assert len(run()) == 1


def test_drafts_are_not_due(ana, late):
    rewrite(lambda: Action.objects.filter(pk=late.pk).update(from_edition=None))
    assert run() == []


# Failures ---------------------------------------------------------------------------------------


def failing(monkeypatch, error: Exception, *, step: str = "send_messages") -> None:
    def fail(self, *args):
        raise error

    monkeypatch.setattr(EmailBackend, step, fail)


def test_a_server_that_is_away_costs_nothing(action, ana, rob, monkeypatch, capsys):
    submitted(action, ana)
    with monkeypatch.context() as patch:
        failing(patch, ConnectionRefusedError("nobody answers"), step="open")
        with pytest.raises(CommandError, match="Mails that failed: 1."):
            run()
    assert "rob: nobody answers" in capsys.readouterr().err
    assert len(run()) == 1


def test_what_the_server_refused_is_mailed_later(action, ana, rob, monkeypatch):
    submitted(action, ana)
    with monkeypatch.context() as patch:
        failing(patch, smtplib.SMTPDataError(451, b"Try again later"))
        with pytest.raises(CommandError):
            run()
    assert len(run()) == 1


@pytest.mark.parametrize("error", [smtplib.SMTPServerDisconnected("gone"), TimeoutError()])
def test_what_may_have_gone_out_is_not_sent_again(action, ana, rob, monkeypatch, error):
    submitted(action, ana)
    with monkeypatch.context() as patch:
        failing(patch, error)
        with pytest.raises(CommandError):
            run()
    assert run() == []


def test_a_run_that_dies_after_sending_sends_nothing_twice(action, ana, rob, monkeypatch):
    submitted(action, ana)
    with monkeypatch.context() as patch:
        failing(patch, KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            run()
    assert run() == []


def test_one_bad_address_does_not_keep_the_others_from_their_mail(action, ana, rob, reviewer):
    User.objects.filter(pk=rob.pk).update(email="rob@example.org\nBcc: all@example.org")
    with_address(reviewer)
    submitted(action, ana)
    with pytest.raises(CommandError, match="Mails that failed: 1."):
        run()
    assert [message.to for message in mail.outbox] == [["reviewer@example.org"]]


def test_a_dry_run_tells_and_changes_nothing(action, ana, rob, late, capsys):
    submitted(action, ana)
    assert run("--dry-run") == []
    told = capsys.readouterr().out
    assert "rob: 1 submitted\n" in told
    assert "ana: 1 overdue\n" in told
    assert not Notice.objects.exclude(sent_at=None).exists()
    assert len(run()) == 2


def test_the_summary_counts(action, ana, rob, capsys):
    submitted(action, ana)
    run()
    assert capsys.readouterr().out == "Mails sent: 1. Pieces of news: 1.\n"


def test_without_an_address_of_the_site_nothing_is_sent(action, ana, rob, settings):
    settings.SITE_URL = ""
    submitted(action, ana)
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        run()
    assert not Notice.objects.exclude(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_one_mail(action, ana, rob, late):
    submitted(action, ana)
    mail.outbox.clear()
    barrier = Barrier(2, timeout=600)

    def start() -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            call_command("send_digest", verbosity=0)
        finally:
            connection.close()

    threads = [Thread(target=start) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    assert sorted(message.to for message in mail.outbox) == [
        ["ana@example.org"],
        ["rob@example.org"],
    ]


# Deadlines ---------------------------------------------------------------------------------------


def due_in(days: int, ana: User, **fields) -> Action:
    """An action of ana's whose deadline is so many days ahead, or behind."""
    action = ActionFactory(title="Sign the treaty", **fields)
    DeadlineFactory(action=action, on=today() + timedelta(days=days))
    include(reports=[action.recommendation.report])
    AssignmentFactory(analyst=ana, action=action)
    Action.objects.filter(pk=action.pk).update(review_due_on=today() + timedelta(days=90))
    action.refresh_from_db()
    return action


def points() -> list[str]:
    return [one.key.rpartition(":")[2] for one in Notice.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("days", "told_at"),
    [(31, []), (30, ["30"]), (8, ["30"]), (7, ["7"]), (0, ["7"]), (-1, ["0"]), (-15, [])],
)
def test_a_deadline_is_told_30_and_7_days_before_and_when_it_has_passed(ana, days, told_at):
    due_in(days, ana)
    assert len(run()) == len(told_at)
    assert points() == told_at
    # Never twice.
    assert run() == []


def test_each_point_of_a_deadline_is_told_once_as_it_comes(ana):
    due_in(30, ana)
    now = timezone.now()
    for day in (0, 1, 10, 23, 24, 29, 30, 31, 32, 40):
        digest.send(ana, now=now + timedelta(days=day))
    deadlines = Notice.objects.filter(kind="deadline").order_by("pk")
    assert [one.key.rpartition(":")[2] for one in deadlines] == ["30", "7", "0"]


def test_the_mail_says_the_deadline_and_leads_to_the_form(ana):
    action, late = due_in(5, ana), due_in(-2, ana)
    [message] = run()
    assert "Deadlines that near or have passed" in message.body
    # Of several reports each number stands with its own.
    for one, said in ((action, "its deadline is"), (late, "its deadline passed on")):
        name = f"{one}, {one.recommendation.report.known_as}"
        assert f"{name}: {said} " in message.body
    assert f"https://tracker.example.org/admin/log/?action={action.pk}" in message.body


def test_a_deadline_that_moves_is_told_anew(ana):
    action = due_in(5, ana)
    run()
    Action.objects.filter(pk=action.pk).update(due_on=today() + timedelta(days=20))
    assert len(run()) == 1
    assert points() == ["7", "30"]


def test_deadlines_of_others_and_of_what_is_done_are_no_news(ana, rob, staff_member):
    done = due_in(5, ana)
    publishing.publish([submitted_update(done, "implemented", by=rob)], reviewer=ana)
    Notice.objects.all().delete()
    due_in(5, with_address(staff_member("eve", "Analyst")))
    assert {message.to[0] for message in run()} == {"eve@example.org"}


@pytest.mark.parametrize(
    ("chosen", "told_of"), [("all", 3), ("late", 2), ("passed", 1), ("none", 0)]
)
def test_each_person_chooses_which_points_are_told(ana, chosen, told_of):
    for days in (20, 5, -2):
        due_in(days, ana)
    Preference.objects.create(person=ana, mail_language="en", deadline_mails=chosen)
    run()
    assert Notice.objects.filter(kind="deadline").count() == told_of


def test_what_a_server_refused_is_told_only_while_it_holds(ana):
    action = due_in(5, ana)
    notice = Notice(
        recipient=ana,
        kind="deadline",
        action=action,
        key=deadline_key(action, on=today(), points=[7]),
    )
    assert notice.holds(on=today())
    assert not notice.holds(on=today() + timedelta(days=6))
    action.status = "implemented"
    assert not notice.holds(on=today())
