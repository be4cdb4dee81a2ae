"""A long address or word widens no page: neither a phone's nor a printed one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models
from django.urls import reverse
from playwright.sync_api import Page

from recommendations import publishing, triggers
from recommendations.models import (
    Action,
    ContentChange,
    EditionDigest,
    EditionItem,
    Pseudonym,
    Recommendation,
    Report,
    StatusUpdate,
)
from tests.factories import (
    ActionBodyFactory,
    ActionFactory,
    ContextEventFactory,
    DeadlineFactory,
    MarkFactory,
    PartyFactory,
    PassageFactory,
    PolicyAreaFactory,
    ReaderReportFactory,
    RecommendationFactory,
    RecommendationRelationFactory,
    ReportFactory,
    ReportTextFactory,
    SectionFactory,
    UserFactory,
    corrected,
    draft_update,
    include,
    published_update,
    retracted,
    submitted_update,
    withdraw,
)
from tests.public_pages import PAGES as SHOWN
from tests.public_pages import addresses

LONG = "Unbreakable" * 40
WIDTH = 320
SLUG = "us-japan-alliance-2024"
# Codes, keys and marks of places, which no person types.
CODES = {"number", "query", "checksum", "digest", "page", "key", "html", "text", "kind"}


def texts_of(model: type[models.Model]) -> dict[str, str]:
    """Return each field of the model that holds words of people, with a word that has no end."""
    return {
        field.name: _long(field)[: field.max_length]
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.SlugField)
        and not field.choices
        and field.name not in CODES
    }


def _long(field: models.Field) -> str:
    if isinstance(field, models.EmailField):
        return "somebody@example.org"
    return f"https://example.org/{LONG}" if isinstance(field, models.URLField) else LONG


def everything() -> None:
    """One row of all that a page shows, in the record and in work."""
    PolicyAreaFactory(slug="taiwan")
    before = ReportFactory(slug="before", is_bibliographic=True, published_on=date(2018, 10, 3))
    earlier = RecommendationFactory(report=before)
    report = ReportFactory(slug=SLUG, is_featured=True, text_rights="full")
    report.predecessors.add(before)
    asked = RecommendationFactory(
        report=report, section=SectionFactory(report=report), number="1.1"
    )
    asked.areas.add(PolicyAreaFactory(slug="taiwan"))
    RecommendationRelationFactory(recommendation=asked, earlier=earlier)
    PartyFactory(slug="japan")
    steps = [
        ActionFactory(recommendation=asked, number=n, parties=["japan", "australia"])
        for n in (1, 2, 3, 4)
    ]
    for step in steps:
        ActionBodyFactory(action=step)
        DeadlineFactory(action=step, on=date(2026, 12, 31))
    DeadlineFactory(
        action=steps[0],
        origin="official",
        on=date(2027, 3, 31),
        stated_on=date(2026, 1, 5),
        url="https://example.org/plan",
    )
    ActionFactory(
        recommendation=asked, number=5, is_verifiable=False, verifiability_note="It is an attitude."
    )
    passage = PassageFactory(report_text=ReportTextFactory(report=report))
    MarkFactory(passage=passage, action=steps[0])
    ContextEventFactory(report=report)
    include(reports=[report])
    first = published_update(steps[0], "partly")
    corrected(first, status="in_progress")
    retracted(published_update(steps[1], "implemented"))
    published_update(steps[2], "no_action")
    submitted_update(steps[2], "partly")
    draft_update(steps[3], "partly", author=UserFactory())
    ReaderReportFactory(recommendation=asked, action=steps[0], url="https://example.org/x")
    withdraw(steps[3], reason="It was counted twice.")


# Nobody types their texts: an index, codes of people, and the content of digests.
MADE_BY_CODE = {ContentChange, Pseudonym, EditionDigest, EditionItem}


@pytest.fixture
def long_words(transactional_db: None) -> Iterator[None]:
    """The record with a long word in every text of every row, however it came there."""
    everything()
    triggers.remove(connection)
    for model in apps.get_app_config("recommendations").get_models():
        if hasattr(model, "history_id") or model in MADE_BY_CODE:
            continue
        # Several rows cannot have the same word where each has one of its own.
        texts = {
            name: text
            for name, text in texts_of(model).items()
            if not model._meta.get_field(name).unique
        }
        if "names" in texts:
            # A name alone says nothing.
            texts["names"] += f"\n{texts['names']}"
        for name, text in texts.items():
            model._base_manager.exclude(**{name: ""}).update(**{name: text})
        if model._meta.model_name in ("evidence", "report", "recommendation", "statusupdate"):
            keep = {"correction_reason", "end_note", "return_note", "withdrawal_reason"}
            model._base_manager.update(**{k: v for k, v in texts.items() if k not in keep})
    from recommendations.models import Passage

    Passage.objects.update(text=LONG, html=LONG)
    publishing.touch(None)
    yield
    triggers.install(connection)


def too_wide(page: Page, where: Iterable[str]) -> list[str]:
    """Return which of these pages are wider than the window, on a screen or in print."""
    found = []
    for address in where:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        for medium in ("screen", "print"):
            page.emulate_media(media=medium)  # type: ignore[arg-type]  # One of the two.
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > WIDTH:
                found.append(f"{address} ({medium}): {width}")
        page.emulate_media(media="screen")
    return found


def test_every_text_of_the_record_is_tried() -> None:
    """What a person types is in the trial, but for names that the code lists as codes."""
    tried = {
        name for model in (Report, Recommendation, Action, StatusUpdate) for name in texts_of(model)
    }
    assert {"title", "subtitle", "publisher", "url", "headline", "note", "search_note"} <= tried


PUBLIC = [
    *addresses(SHOWN),
    "/recommendations/?unit=recommendations",
    "/changes/compare/?from=2024-06-01",
]


@pytest.mark.parametrize("language", ["", "/ja"], ids=["English", "Japanese"])
def test_a_long_word_widens_no_public_page(
    long_words: None, open_page: Callable[..., Page], language: str
) -> None:
    page = open_page(viewport={"width": WIDTH, "height": 800})
    assert too_wide(page, [f"{language}{address}" for address in PUBLIC]) == []


def staff_pages() -> list[str]:
    waiting = StatusUpdate.objects.get(review_state="submitted")
    draft = StatusUpdate.objects.filter(review_state="draft").latest("pk")
    action = Action.objects.get(number=1, recommendation__number="1.1")
    rows = [action, action.recommendation, action.recommendation.report, waiting]
    return [
        reverse("admin:index"),
        f"{reverse('admin:log_update')}?action={action.pk}",
        reverse("admin:log_update_draft", args=[draft.slug]),
        reverse("admin:confirm_status", args=[action.pk]),
        reverse("admin:review_queue"),
        reverse("admin:review", args=[waiting.slug]),
        reverse("admin:breakdown", args=[SLUG]),
        "/admin/translations/?state=missing",
        *(reverse(f"admin:recommendations_{row._meta.model_name}_changelist") for row in rows),
        *(
            reverse(f"admin:recommendations_{row._meta.model_name}_change", args=[row.pk])
            for row in rows
        ),
    ]


@pytest.mark.parametrize("language", ["", "/ja"], ids=["English", "Japanese"])
def test_a_long_word_widens_no_page_of_staff(
    long_words: None,
    open_page: Callable[..., Page],
    sign_in: Callable[[Page, User], Page],
    language: str,
) -> None:
    page = open_page(viewport={"width": WIDTH, "height": 800})
    sign_in(page, User.objects.create_superuser("root", password="secret"))
    assert too_wide(page, [f"{language}{address}" for address in staff_pages()]) == []
