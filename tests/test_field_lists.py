"""Lists of fields that stand beside a model are complete: who adds a field is told which forgot it.

What a list leaves out is named here, with the reason. A new field belongs in the list that a
failure names, or in the one of what it leaves out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.test import Client
from django.urls import reverse

from recommendations import publishing
from recommendations.accounts.roles import VIEW_ALL
from recommendations.admin.log.forms import TYPED, DraftForm, EvidenceForm
from recommendations.admin.status_update import DRAFTED, RECORD
from recommendations.index import documents
from recommendations.loading.report_file import LOADED
from recommendations.models import Evidence, StatusUpdate
from recommendations.models.evidence import SOURCE_FIELDS
from recommendations.models.fields import PlainCharField, PlainTextField, typed_fields
from recommendations.text.tokens import tokens_of
from recommendations.translating.record_texts import KINDS, SEARCHED_AT, TRANSLATED
from recommendations.translating.texts import REPORT_OF

from .factories import (
    ActionBodyFactory,
    ActionFactory,
    BodyFactory,
    DeadlineFactory,
    PartyFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    UserFactory,
    draft_update,
    include,
    publish,
    published_action,
    published_update,
)

MODELS = [
    model
    for model in apps.get_app_config("recommendations").get_models()
    if not hasattr(model, "history_id")
]


def texts_of(model: type[models.Model]) -> list[str]:
    """Return the fields that hold words of people."""
    kinds = (PlainCharField, PlainTextField)
    return [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]


def kinds_of(chosen: Iterable[type[models.Model]]) -> set[str]:
    return {f"{model._meta.model_name}.{name}" for model in chosen for name in texts_of(model)}


def names_of(model: type[models.Model]) -> set[str]:
    fields = (*model._meta.concrete_fields, *model._meta.many_to_many)
    return {field.name for field in fields if not field.primary_key}


def typed_by_people(model: type[models.Model]) -> set[str]:
    lists = {field.name for field in model._meta.many_to_many if field.editable}
    return {*typed_fields(model), *lists}


def assert_complete(found: Collection[str], wanted: Collection[str], *, where: str) -> None:
    found, wanted = set(found), set(wanted)
    assert not wanted - found, f"Add to {where}, or leave out by name: {sorted(wanted - found)}"
    assert not found - wanted, f"In {where}, and not in the model: {sorted(found - wanted)}"


def test_a_field_that_is_left_out_by_name_exists():
    with pytest.raises(FieldDoesNotExist, match="colour"):
        typed_fields(Evidence, without=("update", "colour"))


# What analysts type -----------------------------------------------------------------------------


def test_the_form_of_a_source_has_every_field():
    assert_complete(EvidenceForm._meta.fields, SOURCE_FIELDS, where="EvidenceForm (admin/log)")


# Filled in beforehand, or by a choice, so that they alone make no source.
NO_SIGN_OF_A_SOURCE = {
    "kind",
    "published_on",
    "published_precision",
    "accessed_on",
    "language",
    "is_state_media",
    # A copy is that of an address.
    "capture_sha256",
}


def test_every_field_of_a_source_is_a_sign_of_one_or_known_to_be_none():
    assert_complete({*TYPED, *NO_SIGN_OF_A_SOURCE}, SOURCE_FIELDS, where="TYPED (admin/log/forms)")


def test_the_form_of_a_draft_has_every_field_that_people_fill_in():
    wanted = typed_by_people(StatusUpdate) - {"action"}
    assert_complete(DraftForm._meta.fields, wanted, where="DraftForm (admin/log/forms)")


@pytest.mark.django_db
def test_the_page_of_a_draft_shows_every_field_of_its_forms(client: Client, analyst):
    action = published_action()
    published_update(action)
    client.force_login(analyst)
    page = client.get(reverse("admin:log_update"), {"action": action.pk}).content.decode()
    wanted = {*DraftForm.base_fields} - {"correction_reason"}
    wanted |= {f"evidence-0-{name}" for name in EvidenceForm.base_fields}
    missing = [name for name in sorted(wanted) if f'name="{name}"' not in page]
    assert not missing, "Add to templates/admin/log_form.html or components/evidence_form.html"


# Shown nowhere on the page of a stored update: a key, a counter, and what follows from others.
NOT_SHOWN = {"slug", "revision", "is_baseline", "editors", "created_at", "submitted_at"}


def test_the_page_of_a_stored_update_shows_every_field():
    wanted = names_of(StatusUpdate) - NOT_SHOWN
    assert_complete([*DRAFTED, *RECORD], wanted, where="DRAFTED or RECORD (admin/status_update)")
    assert set(DRAFTED) == typed_by_people(StatusUpdate)


# What is copied ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_successor_has_every_field_of_the_action_but_its_own():
    action = ActionFactory(
        place="Page 3",
        kind="diplomacy",
        ask_strength="implied",
        is_verifiable=False,
        verifiability_note="Nobody could tell.",
    )
    DeadlineFactory(action=action, publisher="The Gazette", url="https://x.example", note="Mind.")
    ActionBodyFactory(action=action, body=BodyFactory(party=None), basis="implied")
    draft = publishing.draft_successor(
        action, title="Another", parties=action.parties.all(), by=UserFactory()
    )
    own = ("recommendation", "number", "slug", "title")
    assert typed_in(draft, without=own) == typed_in(action, without=own)
    for name in ("deadlines", "leads"):
        [old], [new] = getattr(action, name).all(), getattr(draft, name).all()
        assert typed_in(new, without=("action",)) == typed_in(old, without=("action",))


def typed_in(row: models.Model, *, without: Collection[str]) -> dict[str, object]:
    """Return what people typed: the rest is derived, or written by publishing."""
    return {name: getattr(row, name) for name in typed_fields(type(row), without=without)}


# What is translated -----------------------------------------------------------------------------

# Texts of visitors, of the staff among themselves, and of the machine are shown to no reader.
NOT_FOR_READERS = {
    "statusupdate.note_to_reviewer",
    "statusupdate.return_note",
    "readerreport.message",
    "readerreport.outcome_note",
    "retractionrequest.reason",
    # Once confirmed, it is the note of the edition.
    "structurerequest.reason",
    "structurerequest.note",
    "returnedversion.note",
    "savedfilter.name",
    "savedfilter.page",
    "savedfilter.query",
    "notice.key",
    *("feed.name", "feeditem.title"),
    "discardeddraft.slug",
    "act.name",
    "act.subject",
    "act.detail",
    "reporttext.file_name",
    "filetoread.file_name",
    "reportimport.file_name",
    "tableimport.file_name",
    "tablemapping.name",
    # The words of a source stay as they are, and the staff alone read these.
    "delivery.title",
    "delivery.publisher",
    "delivery.file_name",
    "delivery.sheet",
    "deliveryrow.number",
    "addresseealias.name",
    "addresseealias.key",
    # The staff read why a host is listed; pages say what it is listed as.
    "listedhost.host",
    "listedhost.reason",
    # Not yet evidence, and read by the staff alone.
    "inboxitem.title",
    "inboxitem.publisher",
    "inboxitem.quotation",
    "inboxitem.text",
    "inboxitem.reason",
    "inboxitem.problem",
    "knownhost.host",
    "knownhost.publisher",
    # Words of sources, and what only the staff read of them and of their copies.
    "source.title",
    "source.note",
    "capture.media_type",
    "captureremoval.reason",
    # Names in whichever language, each searched as it is.
    "searchalias.names",
    # An authority of ids, and addresses.
    "site.feed_name",
    # Colours, and codes of languages.
    "site.accent",
    "site.accent_dark",
    "site.languages",
    # The filters that a topic stands for: codes.
    "topic.query",
    "factorreset.reason",
    # The names under which a file may know them.
    "party.aliases",
    "body.aliases",
}
# The words of a source stay as they are.
OF_SOURCES = {"evidence.title", "evidence.quotation", "evidence.page"}
# They have the names that evidence gives the same publishers.
NAMED_AS_IN_EVIDENCE = {
    "deadline.publisher",
    "source.publisher",
    "recommendationrelation.publisher",
}
# Said once, by the edition that ended something; and the number of a recommendation.
AS_WRITTEN = {
    "recommendation.number",
    # Why a copy was removed, once.
    "capture.removal_reason",
    # Translations themselves.
    "translation.changed_from",
    "translation.original",
    "translation.text",
}


# Why a file words an action anew stands in the history of its text.
REASONS_OF_EDITS = {"historicalaction.history_change_reason"}


def test_every_text_is_translated_or_known_to_stay_as_it_is():
    left_out = NOT_FOR_READERS | OF_SOURCES | NAMED_AS_IN_EVIDENCE | AS_WRITTEN
    wanted = kinds_of(MODELS) | REASONS_OF_EDITS
    assert_complete({*KINDS, *left_out}, wanted, where="TRANSLATED (translating/record_texts)")
    assert not left_out & set(KINDS)


# Their rows belong to no report: vocabularies, and events that may stand in all charts.
OF_NO_REPORT = {
    *("policyarea", "party", "addresseegroup", "body", "contextevent", "site", "topic"),
}


def test_every_translated_model_hangs_on_its_report_or_belongs_to_none():
    assert_complete({*REPORT_OF, *OF_NO_REPORT}, TRANSLATED, where="REPORT_OF (translating/texts)")


# What search looks through ----------------------------------------------------------------------

NOT_SEARCHED = {
    # Never public.
    "statusupdate.note_to_reviewer",
    "statusupdate.return_note",
    # About the record or its making, and not about the matter.
    "statusupdate.search_note",
    "statusupdate.correction_reason",
    "statusupdate.end_note",
    "recommendation.withdrawal_reason",
    "action.withdrawal_reason",
    "action.verifiability_note",
    "action.place",
    "policyarea.description",
    "party.aliases",
    "body.aliases",
    # The words of others.
    "evidence.quotation",
    "evidence.page",
}
SEARCHED = (
    "recommendation",
    "section",
    "policyarea",
    "action",
    "party",
    "body",
    "statusupdate",
    "evidence",
)


def word_of(kind: str) -> str:
    """Return a word that stands in this text alone."""
    number = "recommendation.number"
    return "4321" if kind == number else "zz" + kind.replace(".", "").replace("_", "")


def words_for(name: str) -> dict[str, str]:
    model = apps.get_model("recommendations", name)
    return {field: word_of(f"{name}.{field}") for field in texts_of(model)}


@pytest.fixture
def searched(db: None) -> list[str]:
    """All that search looks through, of a record with a word of its own in every text."""
    recommendation = RecommendationFactory(
        section__title=word_of("section.title"), **words_for("recommendation")
    )
    recommendation.areas.set([PolicyAreaFactory(**words_for("policyarea"))])
    action = ActionFactory(recommendation=recommendation, **words_for("action"))
    action.parties.set([PartyFactory(**words_for("party"))])
    ActionBodyFactory(action=action, body=BodyFactory(**words_for("body")))
    include(reports=[recommendation.report])
    draft = draft_update(action, evidence=[words_for("evidence")], **words_for("statusupdate"))
    publishing.submit(draft, by=draft.author)
    publish(draft)
    texts: list[str] = []
    for rows in documents.of([recommendation.pk]):
        for _pk, *words in rows:
            texts += words
    return " ".join(texts).split()


def test_search_finds_every_text_or_is_known_to_pass_it_by(searched):
    of_models = kinds_of(apps.get_model("recommendations", name) for name in SEARCHED)
    found = {kind for kind in of_models if tokens_of(word_of(kind))[0] in searched}
    assert_complete({*found, *NOT_SEARCHED}, of_models, where="index/documents.py")
    assert not found & NOT_SEARCHED


def test_search_knows_where_each_translated_text_stands(searched):
    found = {kind for kind in KINDS if tokens_of(word_of(kind))[0] in searched}
    assert_complete(SEARCHED_AT, found, where="SEARCHED_AT (translating/record_texts.py)")


# What files say --------------------------------------------------------------------------------


def test_every_model_with_a_natural_key_is_loaded_from_files():
    keyed = {model._meta.label for model in MODELS if hasattr(model, "natural_key")}
    loaded = {model._meta.label for model in LOADED}
    assert_complete(loaded, keyed, where="LOADED (loading/report_file)")


# The history of texts ---------------------------------------------------------------------------

# When to look again is a plan, no wording, and lead bodies have rows of their own.
NO_WORDING = {"action.review_due_on", "action.bodies"}


@pytest.mark.parametrize("model", [one for one in MODELS if hasattr(one, "history")])
def test_the_history_keeps_what_people_type_and_nothing_that_is_derived(model):
    history = model.history.model
    kept = {field.name for field in (*history.tracked_fields, *history._history_m2m_fields)}
    # The key itself, and the moment of a row, are kept beside the words.
    kept -= {model._meta.pk.name, "recorded_at"}
    wanted = {
        name
        for name in typed_by_people(model)
        if f"{model._meta.model_name}.{name}" not in NO_WORDING
    }
    assert_complete(kept, wanted, where=f"the history of {model.__name__} (excluded_fields)")


# Who may see what ------------------------------------------------------------------------------

# Kept for one person, or by the machine, or seen on pages of the text of a report alone.
SEEN_BY_NO_ROLE = {
    # On the page of the submission.
    "returnedversion",
    # Shown to everybody.
    "sitelogo",
    "trackerstate",
    "verifiabilityperiod",
    "evidenceperiod",
    "contentchange",
    "savedfilter",
    "preference",
    "discardeddraft",
    # On the pages of sources, of dead links and of what is watched.
    "capturerequest",
    *("checkedlink", "linkcheck", "feeditem", "loweredhost"),
    "notice",
    # By editors and administrators alone, and by administrators alone.
    "act",
    "factorreset",
    "reporttext",
    "passage",
    "mark",
    "filetoread",
    "reportimport",
    "tableimport",
    "tablemapping",
    # On the page of the delivery.
    "deliveryrow",
    # Read through the page of an edition and its record.json.
    "editiondigest",
    "editionitem",
    "pseudonym",
}


def test_every_model_is_seen_by_the_roles_or_known_to_be_kept_from_them():
    names = {model._meta.model_name or "" for model in MODELS}
    assert_complete({*VIEW_ALL, *SEEN_BY_NO_ROLE}, names, where="VIEW_ALL (accounts/roles)")
