"""Addresses are ones that a reader can follow without harm, and texts have a greatest length."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from recommendations import publishing
from recommendations.admin.log.forms import EvidenceForm
from recommendations.admin.structure import StructureReasonForm
from recommendations.models import Action, ContextEvent, Evidence, Report, StatusUpdate
from recommendations.models.fields import AddressField, PlainTextField
from recommendations.text.web_addresses import LONGEST, comparable, refuse_bad_address

from .factories import ContextEventFactory, draft_update, published_action
from .test_loading import found, refusal, small
from .test_log_update import item, send, typed

MODELS = [
    model
    for model in apps.get_app_config("recommendations").get_models()
    if not hasattr(model, "history_id")
]
ADDRESSES = [
    (model, field)
    for model in MODELS
    for field in model._meta.concrete_fields
    if isinstance(field, models.URLField)
]
NAMES = [f"{model.__name__}.{field.name}" for model, field in ADDRESSES]
BAD = {
    "scheme": ("ftp://example.org/act", "begins with https://"),
    "script": ("javascript:alert(1)", "begins with https://"),
    "data": ("data:text/html,hello", "begins with https://"),
    "none": ("example.org/act", "begins with https://"),
    "reversed": ("https://example.org/\u202egnp.exe", "invisible"),
    "isolated": ("https://example.org/\u2066act", "invisible"),
    "marked": ("https://example.org/\u200fact", "invisible"),
    "zero width": ("https://exam\u200bple.org/act", "invisible"),
    "control": ("https://example.org/\x07act", "invisible"),
    "password": ("https://www.mod.go.jp:pass@evil.example/", "before the @"),
    "name": ("https://www.mod.go.jp@evil.example/", "before the @"),
    "long": (f"https://example.org/{'a' * LONGEST}", "at most"),
}
GOOD = [
    "https://www.mod.go.jp/en/",
    "http://example.org:8080/a?b=c@d#e",
    "https://ja.wikipedia.org/wiki/\u65e5\u7c73\u540c\u76df",
    "https://\u65e5\u672c.jp/",
]


def test_every_address_of_the_record_is_judged():
    assert len(ADDRESSES) == 20, NAMES
    assert [type(field) for _model, field in ADDRESSES] == [AddressField] * len(ADDRESSES)


@pytest.mark.parametrize(("address", "sentence"), BAD.values(), ids=BAD)
@pytest.mark.parametrize(("model", "field"), ADDRESSES, ids=NAMES)
def test_an_address_that_nobody_should_follow_is_refused(model, field, address, sentence):
    with pytest.raises(ValidationError, match=sentence):
        field.clean(address, model())


@pytest.mark.parametrize("address", GOOD)
def test_an_address_of_the_web_is_taken(address):
    refuse_bad_address(address)


@pytest.mark.parametrize(("model", "field"), ADDRESSES, ids=NAMES)
def test_an_address_is_as_long_as_its_column_at_most(model, field):
    address = f"https://example.org/{'a' * field.max_length}"
    with pytest.raises(ValidationError, match=f"at most {field.max_length}"):
        field.clean(address, model())


def test_a_form_cuts_no_address_off():
    assert "maxlength" not in EvidenceForm().fields["url"].widget.attrs


@pytest.mark.django_db
def test_what_is_stored_already_can_be_handed_back():
    event = ContextEventFactory(url="ftp://example.org/old")
    event.title = "A newer government"
    event.full_clean()
    event.url = "ftp://example.org/new"
    with pytest.raises(ValidationError):
        event.full_clean()
    assert ContextEvent.objects.get().url == "ftp://example.org/old"


# A form field takes it for an address of https.
TYPED = {name: case for name, case in BAD.items() if name != "none"}


@pytest.mark.parametrize(("address", "sentence"), TYPED.values(), ids=TYPED)
def test_the_form_of_a_source_refuses_them(client, analyst, address, sentence):
    client.force_login(analyst)
    page = send(client, typed(published_action(), item(url=address))).content.decode()
    assert sentence in page
    assert not StatusUpdate.objects.exists()


@pytest.mark.django_db
def test_what_was_saved_before_the_rule_is_not_submitted():
    draft = draft_update(
        published_action(),
        note="a" * 2001,
        evidence=[{"kind": "press", "url": "ftp://example.org/", "quotation": "q" * 601}],
    )
    with pytest.raises(publishing.Refused) as refused:
        publishing.submit(draft, by=draft.author)
    reasons = "\n".join(refused.value.messages)
    for words in ("address: An address begins", "short quotation: Ensure", "what happened: Ensure"):
        assert words in reasons, reasons


@pytest.mark.parametrize("address", ["ftp://example.org/act", "https://a:b@example.org/"])
@pytest.mark.django_db(transaction=True)
def test_a_file_with_such_an_address_is_not_loaded(address):
    entries = small()
    found(entries, "evidence")["url"] = address
    assert "url" in refusal(entries)


LENGTHS = {
    "StatusUpdate.note": 2000,
    "StatusUpdate.search_note": 2000,
    "StatusUpdate.note_to_reviewer": 2000,
    "StatusUpdate.correction_reason": 1000,
    "StatusUpdate.return_note": 1000,
    "StatusUpdate.end_note": 1000,
    "Evidence.quotation": 600,
    "Evidence.supports": 600,
    "RetractionRequest.reason": 1000,
    "ReaderReport.outcome_note": 1000,
    "RecommendationRelation.note": 2000,
    "Action.verifiability_note": 1000,
    "ListedHost.reason": 1000,
    "SearchAlias.names": 1000,
    "Site.operator_address": 400,
    "Site.analysts": 2000,
    "Site.funding": 2000,
    "Site.disputes": 2000,
    "Source.note": 2000,
    "Capture.removal_reason": 1000,
    "CaptureRemoval.reason": 1000,
    "InboxItem.reason": 1000,
    "InboxItem.quotation": 600,
    "Coding.reason": 1000,
    "StructureRequest.reason": 1000,
    "StructureRequest.note": 1000,
    "FactorReset.reason": 1000,
    **{f"{name}.withdrawal_reason": 1000 for name in ("Action", "Recommendation", "Report")},
}


def test_notes_quotations_and_reasons_have_a_greatest_length():
    known = {
        f"{model.__name__}.{field.name}": field.greatest_length
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, PlainTextField) and field.greatest_length
    }
    assert known == LENGTHS


def test_a_text_of_the_greatest_length_is_taken_and_one_more_letter_is_not():
    field = Evidence._meta.get_field("quotation")
    assert field.clean("q" * 600, Evidence()) == "q" * 600
    with pytest.raises(ValidationError, match="at most 600 characters"):
        field.clean("q" * 601, Evidence())


def test_a_public_reason_has_a_greatest_length():
    assert StructureReasonForm({"reason": "r" * 1000}).is_valid()
    assert "reason" in StructureReasonForm({"reason": "r" * 1001}).errors


def test_the_columns_are_what_they_were():
    for model, name in ((Report, "url"), (Action, "review_due_on")):
        assert model._meta.get_field(name).deconstruct()[1].startswith("django.db.models.")


SAME = [
    "https://law.example/act",
    "http://law.example/act",
    "https://LAW.Example/act/",
    "https://law.example:443/act#article-2",
    "http://law.example:80/act//",
    " https://law.example./act? ",
]
OTHERS = [
    "https://law.example/Act",
    "https://law.example/act?year=2026",
    "https://law.example/act/2",
    "https://law.example:8443/act",
    "https://www.law.example/act",
]


@pytest.mark.parametrize("address", SAME)
def test_two_spellings_of_a_page_are_one(address: str) -> None:
    assert comparable(address) == "law.example/act"


@pytest.mark.parametrize("address", OTHERS)
def test_another_page_is_another(address: str) -> None:
    assert comparable(address) != "law.example/act"


def test_an_address_with_letters_written_with_percent_is_the_same_page() -> None:
    typed_out = comparable("https://例え.jp/法?年=1")
    assert typed_out == comparable("https://xn--r8jz45g.jp/%E6%B3%95?%E5%B9%B4=1")


@pytest.mark.parametrize(
    "address", ["", "law.example", "https://[broken", "https://x.example:99999"]
)
def test_what_is_no_address_is_compared_as_it_is_typed(address: str) -> None:
    assert comparable(address) == address
