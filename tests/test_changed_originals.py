"""A text that is mended keeps its translation: marked, unconfirmed, offered with what changed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import reverse

from recommendations.models import Action, PolicyArea, Translation
from recommendations.translating.po_files import load_catalogue
from recommendations.translating.record_texts import carry_over, translate

from .factories import DeadlineFactory, PolicyAreaFactory, published_action
from .reading import text_of

pytestmark = pytest.mark.django_db

OLD, NEW, JAPANESE = "Estabish the office", "Establish the office", "事務所を設ける"
MARK = "（翻訳後に原文変更）"
NOW = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def action(editor: User) -> Action:
    made = published_action(title=OLD)
    translate(OLD, "action.title", "ja", JAPANESE, by=editor, at=NOW)
    return made


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def save(desk: Client, row: models.Model, **changes: object) -> str:
    """Send a change form back as it came, but for what changes."""
    address = reverse(f"admin:recommendations_{row._meta.model_name}_change", args=[row.pk])
    shown = desk.get(address).context
    form = shown["adminform"].form
    data = {"seen_version": shown["seen_version"]}
    data |= {name: value for name, value in form.initial.items() if value is not None}
    lists = {field.name for field in row._meta.many_to_many} & set(data)
    data |= {name: [one.pk for one in data[name]] for name in lists}
    for inline in shown["inline_admin_formsets"]:
        management = inline.formset.management_form
        data |= {f"{management.prefix}-{name}": value for name, value in management.initial.items()}
    answer = desk.post(address, {**data, **changes}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def save_title(desk: Client, action: Action, title: str) -> str:
    return save(desk, action, title=title)


def test_mended_title_keeps_its_translation_marked_and_unconfirmed(desk, action) -> None:
    said = save_title(desk, action, NEW)
    action.refresh_from_db()
    assert action.title == NEW
    assert "1 translation stays as it is, marked “original changed since”." in text_of(said)
    row = Translation.objects.get(original=NEW)
    assert (row.text, row.is_confirmed, row.changed_from) == (JAPANESE, False, OLD)
    page = desk.get(f"/ja{action.recommendation.get_absolute_url()}").content.decode()
    assert JAPANESE in page
    assert MARK in page
    assert NEW not in text_of(page)


def test_old_wording_keeps_its_own_confirmed_translation(desk, action) -> None:
    save_title(desk, action, NEW)
    old = Translation.objects.get(original=OLD)
    assert (old.text, old.is_confirmed, old.changed_from) == (JAPANESE, True, "")


def test_queue_offers_the_old_words_and_says_what_changed(desk, action) -> None:
    save_title(desk, action, NEW)
    address = reverse("admin:translations")
    report = action.recommendation.report.slug
    page = desk.get(address, {"report": report, "language": "ja", "state": "drafted"})
    html = page.content.decode()
    assert JAPANESE in html
    assert "The original changed since this was translated:" in html
    assert "<del>" in html
    assert "Estabish" in html


def test_confirming_it_takes_the_mark_off(desk, action, editor) -> None:
    save_title(desk, action, NEW)
    translate(NEW, "action.title", "ja", JAPANESE, by=editor, at=NOW)
    row = Translation.objects.get(original=NEW)
    assert (row.is_confirmed, row.changed_from) == (True, "")
    page = desk.get(f"/ja{action.recommendation.get_absolute_url()}").content.decode()
    assert MARK not in page


def test_title_changed_in_the_breakdown_is_no_exception(desk, action) -> None:
    report = action.recommendation.report
    answer = desk.post(
        reverse("admin:breakdown_title", args=[report.slug]),
        {"kind": "action", "pk": action.pk, "was": OLD, "title": NEW},
    )
    assert answer.status_code in (200, 302)
    assert Translation.objects.get(original=NEW).changed_from == OLD


def test_names_and_notes_of_rows_beside_it_are_no_exception(desk, editor) -> None:
    area = PolicyAreaFactory(name="Intelligense")
    translate("Intelligense", "policyarea.name", "ja", "情報", by=editor, at=NOW)
    save(desk, area, name="Intelligence")
    assert PolicyArea.objects.get().name == "Intelligence"
    assert Translation.objects.get(original="Intelligence").changed_from == "Intelligense"


def test_inline_rows_carry_theirs_over(desk, editor) -> None:
    action = published_action()
    deadline = DeadlineFactory(action=action, note="By spirng.")
    translate("By spirng.", "deadline.note", "ja", "春まで", by=editor, at=NOW)
    carried = carry_over({"deadline.note": "By spirng."}, {"deadline.note": "By spring."})
    assert carried == 1
    assert Translation.objects.get(original="By spring.").text == "春まで"
    assert deadline.pk


def test_new_wording_with_a_translation_of_its_own_keeps_that(action, editor) -> None:
    translate(NEW, "action.title", "ja", "新しい訳", by=editor, at=NOW)
    assert carry_over({"action.title": OLD}, {"action.title": NEW}) == 0
    assert Translation.objects.get(original=NEW).text == "新しい訳"


@pytest.mark.parametrize(("old", "new"), [("", NEW), (OLD, ""), (OLD, OLD), ("Unknown", NEW)])
def test_nothing_is_carried_over_where_there_is_nothing_to_carry(action, old, new) -> None:
    before = Translation.objects.count()
    assert carry_over({"action.title": old}, {"action.title": new}) == 0
    assert Translation.objects.count() == before


def test_second_edit_still_names_the_wording_that_was_translated(action) -> None:
    carry_over({"action.title": OLD}, {"action.title": NEW})
    carry_over({"action.title": NEW}, {"action.title": "Establish an office"})
    assert Translation.objects.get(original="Establish an office").changed_from == OLD


def test_translation_from_a_file_takes_the_place_of_one_that_stands_in(action) -> None:
    carry_over({"action.title": OLD}, {"action.title": NEW})
    file = (
        'msgid ""\nmsgstr "Language: ja\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        f'msgctxt "action.title"\nmsgid "{NEW}"\nmsgstr "新しい訳"\n'
    )
    assert load_catalogue(file.encode(), now=NOW).added == 1
    row = Translation.objects.get(original=NEW)
    assert (row.text, row.changed_from, row.is_confirmed) == ("新しい訳", "", True)
