"""The editions: what each told of the whole record, what it changed, and what it did not know."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import Phase, given
from hypothesis import strategies as st

from recommendations.figures.counts import Counts
from recommendations.figures.editions import counts_told_by, status_changes
from recommendations.index import keeping
from recommendations.models import Action, Edition
from recommendations.record import Record
from recommendations.text import revisions
from recommendations.viewpoint import Viewpoint

from .factories import (
    PUBLISHED_ON,
    ActionFactory,
    EditionFactory,
    PolicyAreaFactory,
    RecommendationFactory,
    ReportFactory,
    UserFactory,
    corrected,
    correction_of,
    include,
    merge,
    noon,
    publish,
    published_action,
    published_actions,
    published_update,
    retracted,
    rewrite,
    set_verifiable,
    split,
    submitted_update,
    withdraw,
)
from .lengths import examples
from .reading import links_of, text_of
from .test_random_publishing import PUBLISH, STEPS, Publisher, undone

pytestmark = [pytest.mark.django_db, pytest.mark.run_once]


def page(client, address: str, **query) -> str:
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.content.decode()


def text(client, address: str, **query) -> str:
    return text_of(page(client, address, **query)).split("Cite this page")[0]


# Figures ----------------------------------------------------------------------------------------


@examples(short=5, long=60, derandomize=True, phases=[Phase.generate])
@given(PUBLISH, st.lists(st.tuples(STEPS, st.integers(0, 40)), min_size=5, max_size=9))
def test_figures_are_those_that_the_page_of_the_edition_tells(first: tuple, others: list) -> None:
    with undone():
        publisher = Publisher()
        publisher.start()
        for step, days in [(first, 0), *others]:
            publisher.take(step, days=days)
        editions = list(Edition.objects.all())
        told = counts_told_by(Record(Viewpoint.present()), editions)
        for edition in editions:
            seen = Viewpoint(on=edition.published_on, edition=edition)
            actions = Action.objects.seen_from(seen).counted()
            expected = Counter(actions.values_list("status", flat=True))
            assert {k: n for k, n in told[edition.number].by_status.items() if n} == expected


def test_figures_take_two_queries_for_any_number_of_editions(db, django_assert_num_queries) -> None:
    action = published_action()
    for status in ("partly", "implemented"):
        published_update(action, status, on=date(2025, 3, 1 + Edition.objects.count()))
    editions = list(Edition.objects.all())
    assert len(editions) == 3
    seen = Viewpoint(on=editions[0].published_on, edition=editions[0])
    with keeping.opened_at(seen), django_assert_num_queries(2):
        told = counts_told_by(Record(Viewpoint.present()), editions)
    assert [told[e.number].implemented for e in editions] == [1, 0, 0]


def test_a_report_that_was_not_out_on_the_day_of_an_edition_is_not_counted() -> None:
    report = ReportFactory(published_on=date(2026, 12, 1))
    action = published_action(recommendation=RecommendationFactory(report=report))
    [edition] = Edition.objects.filter(pk=action.from_edition_id)
    assert not counts_told_by(Record(Viewpoint.present()), [edition])[edition.number]


def test_changes_of_status_leave_out_what_neither_edition_told() -> None:
    changes = status_changes(Counts({"partly": 2}), Counts({"partly": 1, "implemented": 1}))
    assert [(c.status, c.before, c.n, c.difference) for c in changes] == [
        ("implemented", 0, 1, 1),
        ("partly", 2, 1, -1),
    ]


# The list ---------------------------------------------------------------------------------------


def test_list_tells_of_each_edition_what_it_did_and_the_numbers_then(client) -> None:
    action = published_actions(2)[0]
    update = published_update(action, "implemented")
    corrected(update, status="partly")
    entries = page(client, "/editions/").split('<ol class="entries"')[1].split("<li>")
    newest, middle, first = [text_of(entry) for entry in entries[1:4]]
    assert "Edition 3 Updates · 1 update published · 1 corrected" in newest
    assert "0 of 2 verifiable actions are implemented" in newest
    assert "1 of 2 verifiable actions is implemented" in middle
    assert "Edition 1 Structure" in first
    assert "update published" not in first


def test_list_of_an_edition_knows_no_later_one(client) -> None:
    published_update(published_action(), "implemented")
    assert "Edition 2" in text(client, "/editions/")
    assert "Edition 2" not in text(client, "/editions/", edition=1)


def test_list_does_not_depend_on_the_date_shown(client) -> None:
    published_update(published_action(), "implemented", on=date(2026, 6, 1))
    then = text(client, "/editions/", as_of="2024-06-01")
    assert "Edition 2 Updates · 1 update published 1 of 1 verifiable actions is" in then


def test_list_has_pages_and_refuses_others(client, monkeypatch) -> None:
    monkeypatch.setattr("recommendations.views.editions.EDITIONS_A_PAGE", 2)
    for _n in range(3):
        published_action()
    assert "Edition 1 " not in text(client, "/editions/")
    assert "Edition 1 " in text(client, "/editions/", page=2)
    assert client.get("/editions/?page=3").status_code == 400


def test_empty_tracker_has_no_edition(client) -> None:
    assert "there is no edition" in text(client, "/editions/")
    assert client.get("/editions/1/").status_code == 404


# One edition ------------------------------------------------------------------------------------


def test_edition_tells_numbers_and_the_change_against_the_one_before(client) -> None:
    actions = published_actions(3)
    published_update(actions[0], "implemented")
    published_update(actions[1], "implemented")
    shown = text(client, "/editions/3/")
    assert "2 of 3 verifiable actions are implemented" in shown
    assert "Status Edition 2 Edition 3 Change Implemented 1 2 +1" in shown
    assert "Not assessed 2 1 −1" in shown
    assert "Status Edition 1 Not assessed 3 " in text(client, "/editions/1/")


def test_edition_shows_its_updates_as_it_knew_them(client) -> None:
    action = published_action(title="Sign the act")
    update = published_update(action, "implemented", note="It was signed.")
    corrected(update, status="partly", note="It was drafted.")
    html = page(client, "/editions/2/")
    assert "1 update that it published" in html
    assert "It was signed." in html
    assert "It was drafted." not in html
    assert 'class="ended"' not in html
    assert "1 of them was corrected or retracted since." in text_of(html)
    assert "corrected or retracted since" not in text(client, "/editions/2/", edition=2)


def test_edition_shows_what_it_ended_why_and_what_replaces_it(client) -> None:
    update = published_update(published_action(), "implemented", note="It was signed.")
    correction = corrected(update, status="partly", note="It was drafted.")
    html = page(client, "/editions/3/")
    assert "1 update that it corrected or retracted" in html
    assert 'class="ended"' in html
    assert "Corrected, edition 3: The source was misread." in text_of(html)
    assert (correction.get_absolute_url(), "Partly implemented, 1 Mar 2025") in links_of(html)


def test_edition_tells_a_retraction_with_its_reason(client) -> None:
    update = published_update(published_action(), "implemented")
    number = retracted(update).number
    shown = text(client, f"/editions/{number}/")
    assert "Retracted, edition 3: It names the wrong law." in shown
    assert "Implemented 1 0 −1" in shown
    assert "that it published" not in shown


def test_edition_shows_what_it_published_and_what_it_ended_page_by_page(
    client, monkeypatch
) -> None:
    monkeypatch.setattr("recommendations.views.editions.UPDATES_A_PAGE", 3)
    monkeypatch.setattr("recommendations.views.editions.ENDED_A_PAGE", 2)
    updates = [submitted_update(action, "implemented") for action in published_actions(5)]
    publish(*updates)
    corrections = [correction_of(update, status="partly") for update in updates]
    number = publish(*corrections).number
    shown = [page(client, f"/editions/{number}/", page=n) for n in (1, 2, 3)]
    found = [(html.count('<li class="ended"'), html.count('<h3 class="what"')) for html in shown]
    assert found == [(2, 5), (2, 4), (1, 1)]
    assert "5 updates that it corrected or retracted This page has 3 to 4." in text_of(shown[1])
    assert "5 updates that it published This page has 4 to 5." in text_of(shown[1])
    assert "that it published" not in shown[2]
    addresses = {address for html in shown for address, _name in links_of(html)}
    assert {one.get_absolute_url() for one in updates + corrections} <= addresses
    assert client.get(f"/editions/{number}/?page=4").status_code == 400


def test_edition_leads_to_the_tracker_as_it_told_it_and_to_its_neighbours(client) -> None:
    for _n in range(3):
        published_action()
    links = dict((text, href) for href, text in links_of(page(client, "/editions/2/")))
    assert links["See the tracker as edition 2 told it"] == "/?edition=2"
    assert (links["Previous: Edition 1"], links["Next: Edition 3"]) == (
        "/editions/1/",
        "/editions/3/",
    )
    seen = dict((text, href) for href, text in links_of(page(client, "/editions/2/", edition=2)))
    assert "Next: Edition 3" not in seen
    first = dict((t, href) for href, t in links_of(page(client, "/editions/1/", edition=2)))
    assert first["See the tracker as edition 1 told it"] == "/?edition=1"


def test_edition_that_is_none_or_came_later_is_not_found(client) -> None:
    published_action(), published_action()
    for address in (
        "/editions/0/",
        "/editions/3/",
        "/editions/99999999999999999999/",
        "/editions/2/?edition=1",
    ):
        assert client.get(address).status_code == 404, address
    assert client.get("/editions/x/").status_code == 404
    assert client.get("/editions/1/?edition=9").status_code == 400
    assert client.get("/editions/1/?page=2").status_code == 400


# What is counted --------------------------------------------------------------------------------


def test_edition_names_a_report_that_it_added_with_how_much_of_it(client) -> None:
    action = published_actions(2)[0]
    shown = text(client, "/editions/1/")
    assert f"Report added: {action.recommendation.report.title}" in shown
    assert "(1 recommendation, 2 actions)" in shown
    assert "Recommendation added" not in shown
    assert "Action added" not in shown


def test_edition_names_what_it_added_to_a_report(client) -> None:
    report = published_action().recommendation.report
    recommendation = RecommendationFactory(report=report, number="9.9")
    published = ActionFactory(recommendation=recommendation)
    include(recommendations=[recommendation])
    published_action(recommendation=recommendation, title="Do another thing")
    assert f"Recommendation added: {recommendation} (1 action)" in text(client, "/editions/2/")
    assert published.title not in text(client, "/editions/2/")
    assert "Action added: 9.9" in text(client, "/editions/3/")
    assert "Do another thing" in text(client, "/editions/3/")


def test_edition_names_what_it_withdrew_and_why(client) -> None:
    actions = published_actions(2)
    withdraw(actions[0], reason="Counted twice.")
    shown = text(client, "/editions/2/")
    assert f"Withdrawn from every count: {actions[0]} . Counted twice." in shown
    assert str(actions[1]) not in shown
    assert "Withdrawn" not in text(client, "/editions/1/")


def test_edition_names_what_it_split_and_merged(client) -> None:
    action = published_action()
    parts = ActionFactory.create_batch(2, recommendation=action.recommendation)
    split(action, into=parts, reason="Two laws, two actions.")
    whole = ActionFactory(recommendation=action.recommendation)
    merge(parts, into=whole, reason="One law after all.")
    parted, merged = text(client, "/editions/2/"), text(client, "/editions/3/")
    assert f"Split: {action} . Two laws, two actions. Split into: {parts[0]} ; {parts[1]}" in parted
    assert f"Merged: {parts[0]} ; {parts[1]} . One law after all. Merged into: {whole}" in merged
    assert "Action added" not in parted + merged
    assert "Withdrawn" not in parted + merged


def test_edition_names_what_is_no_longer_verifiable(client) -> None:
    action = published_action()
    set_verifiable(action, is_verifiable=False, reason="Nobody could tell.")
    set_verifiable(action, is_verifiable=True, reason="A register was opened.")
    assert f"not verifiable: {action}" in text(client, "/editions/2/")
    assert f"Counted as verifiable from here on: {action}" in text(client, "/editions/3/")
    assert "verifiable:" not in text(client, "/editions/1/")


# Wording ----------------------------------------------------------------------------------------


@pytest.fixture
def every_save_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "ONE_SAVE", timedelta(0))


def edit(instance, on: datetime, **fields) -> None:
    for name, value in fields.items():
        setattr(instance, name, value)
    instance.save()
    newest = instance.history.order_by("-history_id").first()
    rewrite(lambda: instance.history.filter(pk=newest.pk).update(history_date=on))


@pytest.fixture
def written(every_save_apart: None) -> Action:
    """An action whose text is older than the edition that it came in."""
    action = published_action(title="Sign the act", on=PUBLISHED_ON)
    recommendation = action.recommendation
    before = datetime(2026, 1, 1, tzinfo=UTC)
    for instance in (action, recommendation, recommendation.report, recommendation.section):
        rewrite(lambda instance=instance: instance.history.update(history_date=before))
    return action


def test_edition_says_how_many_texts_read_otherwise_now(client, written) -> None:
    assert "edited since" not in text(client, "/editions/1/")
    edit(written, noon(PUBLISHED_ON + timedelta(days=3)), title="Sign the new act")
    shown = text(client, "/editions/1/")
    assert "The wording or grouping of 1 text was edited since. It shows as now." in shown
    assert "Text history" not in shown
    assert f"{written.label} Sign the new act" in shown
    assert "Title Sign the Added: new (end of what was added) act" in shown


def test_an_edit_before_the_edition_and_one_taken_back_count_for_nothing(client, written) -> None:
    edit(written, noon(PUBLISHED_ON - timedelta(days=3)), title="Sign the new act")
    assert "edited since" not in text(client, "/editions/1/")
    edit(written, noon(PUBLISHED_ON + timedelta(days=3)), title="Sign it")
    edit(written, noon(PUBLISHED_ON + timedelta(days=4)), title="Sign the new act")
    assert "edited since" not in text(client, "/editions/1/")


def test_grouping_counts_as_wording(client, written) -> None:
    written.recommendation.areas.add(PolicyAreaFactory())
    assert "grouping of 1 text was" in text(client, "/editions/1/")


def test_a_text_that_came_later_is_none_of_the_edition(client, written) -> None:
    later = published_action(recommendation=written.recommendation)
    edit(later, datetime(2026, 12, 1, tzinfo=UTC), title="Another title")
    assert "edited since" not in text(client, "/editions/1/")


@pytest.mark.parametrize(("role", "is_told"), [("Editor", True), (None, False)])
def test_staff_are_led_to_the_history_of_the_text(
    client, written, staff_member, role, is_told
) -> None:
    edit(written, noon(PUBLISHED_ON + timedelta(days=3)), title="Sign the new act")
    if role:
        client.force_login(staff_member("person", role))
    history = f"/admin/recommendations/action/{written.pk}/history/"
    links = links_of(page(client, "/editions/1/"))
    assert ((history, "Text history") in links) is is_told
    if is_told:
        assert client.get(history).status_code == 200


# Queries ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "limit"), [("/editions/", 13), ("/editions/2/", 37)])
def test_queries_do_not_grow_with_what_an_edition_did(client, address, limit) -> None:
    taken = []
    actions = published_actions(8)
    publish_all(actions[:2])
    for some in (actions[2:3], actions[3:]):
        for action in some:
            corrected(published_update(action, "implemented"), status="partly")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        taken.append(len(queries))
    assert taken[0] == taken[1] <= limit


def test_queries_do_not_grow_with_the_updates_of_an_edition(client) -> None:
    taken = []
    # From the second report on, the page says what it told of each: a query, however many.
    published_action()
    for n in (2, 6):
        edition = publish_all(published_actions(n))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/editions/{edition.number}/?edition={edition.number}")
        taken.append(len(queries))
    assert taken[0] == taken[1]


def publish_all(actions) -> Edition:
    return publish(*[submitted_update(action, "partly") for action in actions])


# Who made it -----------------------------------------------------------------------------------


def test_page_says_how_an_edition_was_made_and_names_nobody(client) -> None:
    action = published_action()
    reviewer = UserFactory(username="hidden-name")
    published = published_update(action, reviewer=reviewer)
    gone = retracted(published)
    for edition, words in (
        (action.from_edition, "Asked for by an editor, confirmed by another person."),
        (published.edition, "Published by a reviewer."),
        (gone, "Asked for by one person, confirmed by another."),
        (EditionFactory(number=4, kind="updates"), "Who made it is not recorded."),
    ):
        shown = text(client, f"/editions/{edition.number}/")
        assert words in shown
        assert "hidden-name" not in shown
    assert published.edition.made_by == reviewer


def test_edition_of_a_baseline_was_made_from_a_file(client, baseline) -> None:
    assert "Made from a file, not by a person." in text(client, "/editions/1/")
    assert Edition.objects.get(number=1).made_by is None


def test_staff_see_who_made_an_edition_and_who_asked_for_it(client, editor) -> None:
    published_action()
    edition = Edition.objects.get()
    client.force_login(editor)
    for page in (
        reverse("admin:recommendations_edition_changelist"),
        reverse("admin:recommendations_edition_change", args=[edition.pk]),
    ):
        shown = client.get(page).content.decode()
        assert edition.made_by.username in shown
        assert edition.structure_request.requested_by.username in shown
