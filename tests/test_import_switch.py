"""The editor's presses that the reading of real reports asks for: the other reading, new bodies."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from recommendations.drafting.draft import new_bodies_in
from recommendations.importing.outline import (
    UnreadableOutline,
    as_json,
    from_json,
    other_reading,
    switched,
)
from recommendations.models import Action, Body, Report, ReportImport

from .factories import BodyFactory
from .importing_reports import proposed
from .reading import text_of

PAGE = "/admin/import/"
# Read by the list under "Recommendations", or by what is bold.
BOTH = """# Wells

June 2022

## Recommendations

- The Well Board should count the wells at the earliest opportunity.
- The Well Board and the Lake Office should clean them.

## Why

**Wells are old.** They should be mended.

**Water is scarce.** It should be saved.

**People are few.** They should be paid.
"""
FACTS = {"title": "Wells", "slug": "wells", "published_on": "2022-06-01"}


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


def uploaded(desk: Client, text: str = BOTH) -> ReportImport:
    response = desk.post(PAGE, {"file": SimpleUploadedFile("wells.md", text.encode())})
    assert response.status_code == 302, text_of(response.content.decode())
    return ReportImport.objects.get()


def headlines(kept: ReportImport) -> list[str]:
    kept.refresh_from_db()
    return [one.headline for one in from_json(kept.outline).recommendations]


def test_the_page_shows_what_the_next_best_rule_finds(desk):
    kept = uploaded(desk)
    text = text_of(desk.get(f"{PAGE}{kept.pk}/").content.decode())
    assert "2 recommendations were found" in text
    assert "Read by the next best rule, the text has 3 recommendations" in text
    assert "Wells are old" in text
    assert "Read it that way" in text


def test_one_press_reads_the_text_the_other_way_and_another_one_back(desk):
    kept = uploaded(desk)
    before = headlines(kept)
    response = desk.post(f"{PAGE}{kept.pk}/switch/", follow=True)
    assert response.redirect_chain == [(f"{PAGE}{kept.pk}/", 302)]
    assert headlines(kept) == ["Wells are old", "Water is scarce", "People are few"]
    assert "3 recommendations were found" in text_of(response.content.decode())
    desk.post(f"{PAGE}{kept.pk}/switch/")
    assert headlines(kept) == before


def test_decisions_stay_with_the_reading_that_they_were_made_of(desk):
    kept = uploaded(desk)
    words = headlines(kept)[0]
    drop = {"proposal": "recommendation-0-0", "decision": "drop", "was": words}
    assert desk.post(f"{PAGE}{kept.pk}/decide/", drop).status_code == 302
    for dropped in (False, True):
        desk.post(f"{PAGE}{kept.pk}/switch/")
        kept.refresh_from_db()
        first = next(iter(from_json(kept.outline).recommendations))
        assert first.dropped is dropped


def test_a_report_that_can_be_read_one_way_only_offers_no_other(desk):
    kept = uploaded(desk, BOTH.partition("## Why")[0])
    assert "next best rule" not in desk.get(f"{PAGE}{kept.pk}/").content.decode()
    before = headlines(kept)
    desk.post(f"{PAGE}{kept.pk}/switch/")
    assert headlines(kept) == before


def test_the_press_needs_the_permission_and_a_post(client, analyst, editor):
    client.force_login(editor)
    kept = uploaded(client)
    assert client.get(f"{PAGE}{kept.pk}/switch/").status_code == 405
    client.force_login(analyst)
    assert client.post(f"{PAGE}{kept.pk}/switch/").status_code in (302, 403)
    assert len(headlines(kept)) == 2


def test_an_other_reading_that_points_at_nothing_is_said_to_be_damaged():
    outline = proposed(BOTH)
    damaged = outline.other.replace('"place":[', '"place":[99', 1)
    kept = as_json(outline) | {"other": damaged}
    with pytest.raises(UnreadableOutline, match="damaged"):
        switched(from_json(kept))
    with pytest.raises(UnreadableOutline, match="damaged"):
        other_reading(from_json(kept | {"other": "{"}))


# New bodies -------------------------------------------------------------------------------------


def test_names_that_the_tracker_lacks_are_offered_those_asked_most_first(desk):
    assert new_bodies_in(proposed(BOTH)) == ["Well Board", "Lake Office"]
    kept = uploaded(desk)
    html = desk.get(f"{PAGE}{kept.pk}/").content.decode()
    assert 'value="Well Board"' in html
    assert "new: Lake Office" in text_of(html)
    assert "at the earliest opportunity" in text_of(html)
    assert not Body.objects.exists()


def test_those_that_are_ticked_become_bodies_of_their_actions(desk):
    kept = uploaded(desk)
    response = desk.post(f"{PAGE}{kept.pk}/", FACTS | {"new_bodies": ["Well Board"]})
    assert response.status_code == 302
    [body] = Body.objects.all()
    assert (body.name, body.slug, body.party) == ("Well Board", "well-board", None)
    assert [list(action.bodies.all()) for action in Action.objects.order_by("pk")] == [
        [body],
        [body],
    ]


def test_a_name_that_the_text_does_not_ask_is_refused(desk):
    kept = uploaded(desk)
    response = desk.post(f"{PAGE}{kept.pk}/", FACTS | {"new_bodies": ["Sand Office"]})
    assert response.status_code == 400
    assert not Report.objects.exists()
    assert not Body.objects.exists()


def test_a_body_that_was_added_meanwhile_is_not_added_twice(desk):
    kept = uploaded(desk)
    body = BodyFactory(name="Well Board", slug="the-board")
    desk.post(f"{PAGE}{kept.pk}/", FACTS | {"new_bodies": ["Well Board"]})
    assert list(Body.objects.all()) == [body]
    assert Action.objects.filter(bodies=body).count() == 2


def test_a_name_in_other_letters_gets_an_address_of_its_own(desk):
    text = "# 井戸\n\n2022年6月1日\n\n## 提言\n\n- 井戸庁は井戸を数えるべきである。\n"
    kept = uploaded(desk, text)
    desk.post(f"{PAGE}{kept.pk}/", FACTS | {"new_bodies": ["井戸庁"]})
    assert Body.objects.get().slug == "body"


def test_a_month_alone_is_kept_as_a_month(desk):
    kept = uploaded(desk)
    html = desk.get(f"{PAGE}{kept.pk}/").content.decode()
    assert '<option value="month" selected>' in html
    desk.post(f"{PAGE}{kept.pk}/", FACTS | {"published_precision": "month"})
    report = Report.objects.get()
    assert (report.published_on, report.published_precision) == (date(2022, 6, 1), "month")
