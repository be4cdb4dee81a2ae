"""Dates that cannot be are refused wherever one is typed; unlikely ones are asked about once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from recommendations import publishing
from recommendations.admin.action_list import ReviewDateForm
from recommendations.admin.importing.preview import AcceptForm
from recommendations.admin.log.forms import ConfirmForm
from recommendations.filters.fields import DayField
from recommendations.models import Action, Evidence, StatusUpdate
from recommendations.models.fields import StatedDateField
from recommendations.viewpoint import today

from .factories import (
    ActionFactory,
    DeadlineFactory,
    ReportFactory,
    draft_update,
    published_action,
)
from .test_loading import found, refusal, small
from .test_log_update import REFERENCE, item, send, typed

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]

DATES = [
    (model, field)
    for model in apps.get_app_config("recommendations").get_models()
    if not hasattr(model, "history_id")
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateField)
    and not isinstance(field, models.DateTimeField)
    and field.editable
]
# Computed by publishing, as are the columns that nobody may edit.
COMPUTED = {
    f"{period}.{day}"
    for period in ("StatusPeriod", "EvidencePeriod")
    for day in ("starts_on", "ends_on")
}
STATED = [
    (model, field) for model, field in DATES if f"{model.__name__}.{field.name}" not in COMPUTED
]
NAMES = [f"{model.__name__}.{field.name}" for model, field in STATED]


@pytest.fixture
def action() -> Action:
    return published_action()


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def test_every_date_that_people_state_is_judged():
    assert len(STATED) == 20, NAMES
    assert [
        name
        for name, (_m, field) in zip(NAMES, STATED, strict=True)
        if not isinstance(field, StatedDateField)
    ] == []


@pytest.mark.parametrize(("model", "field"), STATED, ids=NAMES)
@pytest.mark.parametrize("year", [25, 1899, 2201, 9999])
def test_no_date_lies_outside_the_centuries_of_reports(model, field, year):
    with pytest.raises(ValidationError, match="Check it"):
        field.clean(date(year, 6, 1), model())


@pytest.mark.parametrize(("model", "field"), STATED, ids=NAMES)
def test_what_has_happened_is_not_ahead_and_what_is_ahead_has_not_passed(model, field):
    tomorrow, yesterday = today() + timedelta(days=1), today() - timedelta(days=1)
    for day, is_refused in ((tomorrow, "past"), (yesterday, "coming")):
        if field.tense.value == is_refused:
            with pytest.raises(ValidationError):
                field.clean(day, model())
        else:
            assert field.clean(day, model()) == day
    assert field.clean(today(), model()) == today()


def test_a_month_or_a_year_that_has_begun_can_be_stated():
    field = StatusUpdate._meta.get_field("effective_on")
    end = date(today().year, 12, 31)
    assert field.clean(end, StatusUpdate(effective_precision="year")) == end
    with pytest.raises(ValidationError, match="future"):
        field.clean(end.replace(year=end.year + 1), StatusUpdate(effective_precision="year"))


FORM_DATES = [
    ConfirmForm(today=date(2026, 11, 1)).fields["searched_on"],
    ReviewDateForm().fields["review_due_on"],
    AcceptForm().fields["published_on"],
    DayField(name="changed_since"),
]


@pytest.mark.parametrize("field", FORM_DATES, ids=["search", "review", "import", "filter"])
def test_form_fields_that_are_no_columns_are_judged_too(field: forms.DateField):
    with pytest.raises(forms.ValidationError, match="Check it"):
        field.clean("0025-06-01")


def test_a_source_is_not_published_after_it_was_read():
    item = Evidence(published_on=date(2026, 6, 2), accessed_on=date(2026, 6, 1))
    with pytest.raises(ValidationError, match="Check both dates"):
        item.clean()
    item.published_precision = "month"
    item.clean()


def test_a_deadline_does_not_end_before_its_report():
    action = ActionFactory(recommendation__report=ReportFactory(published_on=date(2024, 4, 4)))
    early = DeadlineFactory.build(action=action, on=date(2023, 12, 31))
    with pytest.raises(ValidationError, match="before the report came out"):
        early.full_clean()
    DeadlineFactory.build(action=action, on=date(2024, 1, 1), precision="year").full_clean()


def test_what_is_stored_already_can_be_handed_back():
    action = ActionFactory(review_due_on=date(2020, 1, 1))
    action.title = "Do another thing"
    action.full_clean()
    action.review_due_on = date(2020, 1, 2)
    with pytest.raises(ValidationError, match="not past"):
        action.full_clean()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"effective_on": "0025-03-01"}, "write all four digits"),
        ({"effective_on": "2062-03-01"}, "future"),
        ({"searched_on": "1850-01-01"}, "write all four digits"),
        ({"next_review_on": "2020-01-01"}, "not past"),
    ],
)
def test_the_form_of_an_update_refuses_them(desk, action, fields, sentence):
    answer = send(desk, typed(action, item(), **fields)).content.decode()
    assert sentence in answer
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"published_on": "2062-03-01"}, "future"),
        ({"accessed_on": "2062-03-01"}, "future"),
        ({"published_on": "0025-03-01"}, "write all four digits"),
        ({"published_on": "2026-03-02", "accessed_on": "2026-03-01"}, "Check both dates"),
    ],
)
def test_the_form_of_a_source_refuses_them(desk, action, fields, sentence):
    answer = send(desk, typed(action, item(**fields))).content.decode()
    assert sentence in answer
    assert not StatusUpdate.objects.exists()


@pytest.mark.parametrize(
    ("own", "of_item", "sentence"),
    [
        ({"on": date(25, 3, 1)}, {}, "took effect on: The year 25 is too early"),
        ({"next_review_on": date(2020, 1, 1)}, {}, "looked at again by: Choose a day"),
        ({}, {"published_on": date(2062, 1, 1)}, "published on: This lies in the future"),
        ({}, {"accessed_on": date(1850, 1, 1)}, "accessed on: The year 1850 is too early"),
    ],
)
def test_what_was_saved_before_the_rule_is_not_submitted(action, own, of_item, sentence):
    draft = draft_update(action, evidence=[{"kind": "press", **of_item}], **own)
    with pytest.raises(publishing.Refused) as refused:
        publishing.submit(draft, by=draft.author)
    assert any(sentence in one for one in refused.value.messages), refused.value.messages


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("report", {"published_on": "0025-04-04"}),
        ("evidence", {"published_on": "2062-03-01"}),
        ("evidence", {"published_on": "2026-03-02", "accessed_on": "2026-03-01"}),
        ("action", {"review_due_on": "0026-03-01"}),
        ("statusupdate", {"effective_on": "1850-03-01"}),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_file_with_such_a_date_is_not_loaded(model, fields):
    entries = small()
    found(entries, model).update(fields)
    reasons = refusal(entries)
    assert "Check" in reasons or "future" in reasons


def ask(desk, action, **fields):
    return send(desk, typed(action, item(), **fields)).content.decode()


def test_a_fact_older_than_its_report_is_asked_about_once(desk, action):
    page = ask(desk, action, effective_on="1999-01-01")
    assert "Is this date right?" in page
    assert not StatusUpdate.objects.exists()
    ask(desk, action, effective_on="1999-01-02", likely="effect 1999-01-01 day")
    assert not StatusUpdate.objects.exists()
    ask(desk, action, effective_on="1999-01-01", likely="effect 1999-01-01 day")
    stored = StatusUpdate.objects.get(slug=REFERENCE)
    assert stored.effective_on == date(1999, 1, 1)
    data = typed(action, item(), effective_on="1999-01-01", revision="1", note="Again.")
    send(desk, data, stored)
    stored.refresh_from_db()
    assert stored.note == "Again."


def test_a_yes_is_kept_while_something_else_is_corrected(desk, action):
    page = ask(desk, action, effective_on="1999-01-01", status="", likely="effect 1999-01-01 day")
    assert 'type="hidden" name="likely" value="effect 1999-01-01 day"' in page


def test_a_source_much_older_than_the_report_is_asked_about(desk, action):
    old = item(published_on="2010-01-01")
    page = send(desk, typed(action, old)).content.decode()
    assert "more than 5 years before the report" in page
    assert not StatusUpdate.objects.exists()


def test_a_source_of_five_years_before_the_report_is_not_asked_about(desk, action):
    send(desk, typed(action, item(published_on="2019-04-04")))
    assert StatusUpdate.objects.exists()
