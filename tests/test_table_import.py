"""The editor's way from a spreadsheet to drafts."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from recommendations.models import (
    Act,
    Action,
    AddresseeAlias,
    Delivery,
    DeliveryRow,
    KnownHost,
    Recommendation,
    Report,
    StatusUpdate,
    TableImport,
    TableMapping,
)

from .factories import BodyFactory, PartyFactory, PolicyAreaFactory
from .reading import text_of
from .report_files import archive
from .table_desk import (
    HEADS,
    PAGE,
    REPORT,
    SOURCE,
    accepted,
    check,
    csv_bytes,
    names,
    plan,
    upload,
    uploaded,
    words,
)

ROWS = [
    HEADS,
    ["1", "Dredge the harbour", "Harbour Office", "2027-03-31", "Done", "2026-01-15"],
    ["2", "Lower the fares", "Harbour Office; Fareland", "2026", "Ongoing", ""],
]


@pytest.fixture
def desk(client: Client, editor) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def fareland(db):
    return PartyFactory(slug="fareland", name="Fareland", kind="government")


def test_a_table_becomes_a_draft_report_with_its_actions(desk, fareland, editor):
    kept = uploaded(desk, csv_bytes(ROWS))
    delivery = accepted(
        desk,
        kept,
        **REPORT,
        **names(**{"Harbour Office": "new-body:fareland"}),
        **words(done="implemented", ongoing="in_progress"),
    )
    report = Report.objects.get()
    assert report.is_draft
    assert [(one.number, one.headline) for one in report.recommendations.all()] == [
        ("1", "Dredge the harbour"),
        ("2", "Lower the fares"),
    ]
    first, second = Action.objects.order_by("recommendation__position")
    assert [str(body) for body in first.bodies.all()] == ["Harbour Office"]
    assert list(first.parties.all()) == list(second.parties.all()) == [fareland]
    assert first.place == "Tracker of the Ferry Commission, row 2, no. 1"
    deadlines = [(d.on, d.precision) for a in (first, second) for d in a.deadlines.all()]
    assert deadlines == [(date(2027, 3, 31), "day"), (date(2026, 1, 1), "year")]
    assert delivery.imported_by == editor
    assert not TableImport.objects.exists()
    # The first line of its history says the same.
    line = first.history.get()
    assert line.title == "Dredge the harbour"
    assert [one.party for one in line.parties.all()] == [fareland]
    assert line.history_user == editor


def test_a_status_becomes_a_draft_and_one_without_a_date_waits(desk, fareland, editor):
    kept = uploaded(desk, csv_bytes(ROWS))
    delivery = accepted(
        desk,
        kept,
        **REPORT,
        **names(**{"Harbour Office": "none"}),
        **words(done="implemented", ongoing="in_progress"),
    )
    update = StatusUpdate.objects.get()
    assert (update.status, update.review_state) == ("implemented", "draft")
    assert update.effective_on == date(2026, 1, 15)
    assert list(update.editors.all()) == [editor]
    item = update.evidence.get()
    assert (item.url, item.kind, item.page) == (
        "https://ferries.example/tracker.csv",
        "official",
        "row 2",
    )
    waiting = delivery.rows.get(row=3)
    assert (waiting.status, waiting.effective_on, waiting.update) == ("in_progress", None, None)
    text = text_of(desk.get(f"/admin/deliveries/{delivery.pk}/").content.decode())
    assert "1 without a date of effect" in text
    assert "1 drafts, not submitted" in text
    assert Action.objects.filter(status="not_assessed").count() == 2


def test_the_columns_are_shown_as_they_would_be_read(desk):
    kept = uploaded(desk, csv_bytes(ROWS, encoding="cp932"))
    text = text_of(desk.get(f"{PAGE}{kept.pk}/").content.decode())
    assert "2 rows below the heads." in text
    assert "Read as UTF-8, cells parted by “,”." in text
    assert "2 a recommendation 1 Dredge the harbour" in text


def columns(client: Client, kept: TableImport, *roles: str, **fields: str):
    form = client.get(f"{PAGE}{kept.pk}/").context["form"]
    said = {name: form[name].value() or "" for name in form.fields}
    said |= {f"column-{n}": role for n, role in enumerate(roles)}
    return client.post(f"{PAGE}{kept.pk}/", {**said, **fields})


def test_what_columns_mean_is_kept_under_a_name_and_known_again(desk):
    kept = uploaded(desk, csv_bytes(ROWS))
    roles = ("number", "recommendation", "owner", "due", "", "note")
    response = columns(desk, kept, *roles, name="Ferry tracker", owner_mark=";", go="check")
    assert response["Location"] == f"{PAGE}{kept.pk}/check/"
    assert TableMapping.objects.get().name == "Ferry tracker"
    # The columns stand in another order, below a title.
    moved = [["Tracker of 2027"], *(row[::-1] for row in ROWS)]
    again = uploaded(desk, csv_bytes(moved))
    assert again.mapping["columns"] == TableImport.objects.get(pk=kept.pk).mapping["columns"]
    assert again.mapping["head_row"] == 2
    response = upload(
        desk, csv_bytes([["x", "y"], ["1", "2"]]), kept_mapping=str(TableMapping.objects.get().pk)
    )
    assert "none of the columns" in text_of(response.content.decode())


@pytest.mark.parametrize(
    ("roles", "fields", "words_said"),
    [
        (("number", "", "owner"), {}, "Say which column has the text"),
        (("number", "recommendation"), {"levels": "column"}, "Level: recommendation or action"),
        (("number", "recommendation"), {"reports": "column"}, "Say which column is “Report”."),
        (("number", "number", "recommendation"), {}, "Two columns are “Number”."),
    ],
)
def test_columns_that_cannot_be_read_say_why(desk, roles, fields, words_said):
    kept = uploaded(desk, csv_bytes(ROWS))
    response = columns(desk, kept, *roles, go="check", **fields)
    assert response.status_code == 400
    assert words_said in text_of(response.content.decode())


def test_wrong_rows_are_named_by_row_and_cell_and_nothing_is_imported(desk, fareland):
    rows = [
        HEADS,
        ["1", "Dredge the harbour", "Fareland", "in due course", "", ""],
        ["1", "Lower the fares", "Fareland", "2026", "", ""],
        ["3", "", "Fareland", "", "", ""],
    ]
    kept = uploaded(desk, csv_bytes(rows))
    response = check(desk, kept, go="accept", **REPORT)
    text = text_of(response.content.decode())
    assert response.status_code == 400
    assert "Row 2, cell D2: “in due course”" in text
    assert "Row 3, cell A3: “1”" in text
    assert "Row 4" in text
    assert not Report.objects.exists()
    # Left out, group by group, the rest is imported.
    groups = {"shown-group": ["3:no_date", "0:twice", ":no_text"]}
    groups["group"] = groups["shown-group"]
    delivery = accepted(desk, kept, **REPORT, **groups)
    (row,) = delivery.rows.all()
    assert (row.row, row.said["due"], row.said["due_words"]) == (2, [], "in due course")
    assert [one.headline for one in Recommendation.objects.all()] == ["Dredge the harbour"]


def test_rows_are_left_out_by_their_numbers(desk, fareland):
    kept = uploaded(desk, csv_bytes([HEADS, *([str(n), f"Ask {n}"] for n in range(1, 9))]))
    accepted(desk, kept, rows="3, 5-7", **REPORT)
    assert [one.number for one in Recommendation.objects.all()] == ["1", "3", "7", "8"]


def test_a_name_is_never_guessed_across_countries(desk, fareland):
    other = PartyFactory(slug="elsewhere", name="Elsewhere", kind="government")
    BodyFactory(slug="harbour-office-elsewhere", name="Harbour Office", party=other)
    kept = uploaded(desk, csv_bytes(ROWS))
    check(desk, kept, **REPORT)
    assert [name.spelling for name in plan(kept).open_names] == ["Harbour Office"]
    # The name of a country is that of no other; an office is known where its party is chosen.
    check(desk, kept, party=["elsewhere"], **REPORT)
    assert plan(kept).open_names == []
    check(desk, kept, party=["fareland"], **REPORT)
    assert [name.spelling for name in plan(kept).open_names] == ["Harbour Office"]


def test_what_is_said_of_names_is_kept_for_the_report_alone(desk, fareland):
    kept = uploaded(desk, csv_bytes(ROWS))
    statuses = words(done="none", ongoing="none")
    meant = names(**{"Harbour Office": "new-body:fareland"})
    accepted(desk, kept, **REPORT, **meant, **statuses)
    alias = AddresseeAlias.objects.get()
    assert (alias.name, str(alias.body), alias.report.slug) == (
        "Harbour Office",
        "Harbour Office",
        "ferries",
    )
    again = uploaded(desk, csv_bytes(ROWS[:2]), report="ferries")
    assert plan(again).open_names == []
    assert [name.meaning for name in plan(again).names] == [f"body:{alias.body.slug}"]


def test_one_choice_is_for_all_names_that_nothing_is_chosen_for(desk, fareland):
    rows = [HEADS, *([str(n), f"Ask {n}", f"Office {n}"] for n in range(1, 5))]
    kept = uploaded(desk, csv_bytes(rows))
    each = names(**{f"Office {n}": "" for n in range(1, 5)})
    each |= names(**{"Office 2": "none"})
    accepted(desk, kept, **{"owner-rest": "new-body:fareland"}, **each, **REPORT)
    bodies = {str(body) for action in Action.objects.all() for body in action.bodies.all()}
    assert bodies == {"Office 1", "Office 3", "Office 4"}


def test_several_reports_are_asked_about_by_their_names(desk, fareland):
    rows = [
        ["Report", "No.", "Recommendation"],
        ["On Quays", "1", "Mend the quay"],
        ["On Fares", "1", "Lower the fares"],
    ]
    kept = uploaded(desk, csv_bytes(rows))
    facts = {
        f"report-{n}-{name}": value
        for n, (title, slug) in enumerate((("On Quays", "quays"), ("On Fares", "fares")))
        for name, value in (("title", title), ("new_slug", slug), ("published_on", "2024-05-01"))
    }
    response = check(desk, kept, go="accept")
    assert response.status_code == 400
    assert "A new report needs it." in text_of(response.content.decode())
    accepted(desk, kept, **facts)
    assert {(one.report.slug, one.headline) for one in Recommendation.objects.all()} == {
        ("quays", "Mend the quay"),
        ("fares", "Lower the fares"),
    }
    # They are known by their titles from now on.
    assert all(one.report for one in plan(uploaded(desk, csv_bytes(rows))).reports)


def test_numbers_that_fit_no_address_get_the_next_free_one(desk, fareland):
    rows = [
        ["No.", "Recommendation"],
        ["037/23", "Mend the quay"],
        ["2", "Lower the fares"],
        ["", "Open the harbour"],
    ]
    accepted(desk, uploaded(desk, csv_bytes(rows)), **REPORT)
    found = [(one.number, one.headline) for one in Recommendation.objects.all()]
    assert found == [("1", "Mend the quay"), ("2", "Lower the fares"), ("3", "Open the harbour")]
    place = Action.objects.get(recommendation__number="1").place
    assert place == "Tracker of the Ferry Commission, row 2, no. 037/23"


def test_a_text_that_is_longer_than_a_title_is_kept_whole_with_its_row(desk, fareland):
    long = "Mend the quay " * 40
    kept = uploaded(desk, csv_bytes([["Recommendation"], [long]]))
    # It is never shortened unasked: the row is named until somebody says what becomes of it.
    assert list(plan(kept).open_groups) == ["0:long_title"]
    response = check(desk, kept, go="accept", **REPORT)
    assert response.status_code == 400
    text = text_of(response.content.decode())
    assert "Row 2, cell A2: “Mend the quay Mend" in text
    assert "longer than the 300 characters that a headline or a title has here" in text
    group = {"shown-group": "0:long_title", "group": "0:long_title"}
    delivery = accepted(desk, kept, **REPORT, **group)
    action = Action.objects.get()
    assert len(action.title) <= 300
    assert action.title.endswith("…")
    assert delivery.rows.get().said["text"] == long.strip()
    shown = text_of(desk.get(f"/admin/deliveries/{delivery.pk}/").content.decode())
    assert long.strip() in shown
    # What is here already is not asked about again.
    again = uploaded(desk, csv_bytes([["Recommendation"], [long], ["New"]]), report="ferries")
    assert plan(again).open_groups == {}


def test_a_long_headline_of_several_actions_is_named_once_and_kept_whole(desk, fareland):
    long = "Mend the quay " * 40
    rows = [["Recommendation", "Action"], [long, "Dredge it"], ["", "Light it"]]
    kept = uploaded(desk, csv_bytes(rows))
    [problems] = plan(kept).open_groups.values()
    assert [(one.row, one.column) for one in problems] == [(2, 0)]
    group = {"shown-group": "0:long_title", "group": "0:long_title"}
    delivery = accepted(desk, kept, **REPORT, **group)
    assert [row.said["text"] for row in delivery.rows.order_by("row")] == [long.strip()] * 2


# Areas, kinds and sources -----------------------------------------------------------------------

LABELLED = [
    ["No.", "Recommendation", "Status", "As of", "Policy areas", "Kind of action", "Source URL"],
    [
        *("1", "Dredge the harbour", "Done", "2026-01-15", "Boats; harbours", "Legislation"),
        "https://gazette.example/1 https://news.example/2",
    ],
    ["2", "Lower the fares", "", "", "BOATS", "事業", ""],
]


@pytest.fixture
def areas(db):
    return [
        PolicyAreaFactory(slug="boats", name="Boats"),
        PolicyAreaFactory(slug="harbours", name="Harbours and quays"),
    ]


def test_areas_kinds_and_sources_of_rows_are_read(desk, fareland, areas):
    KnownHost.objects.create(host="gazette.example", publisher="Gazette", kind="primary")
    kept = uploaded(desk, csv_bytes(LABELLED))
    assert plan(kept).open_groups == {}
    accepted(desk, kept, **REPORT, **words(done="implemented"))
    first, second = Recommendation.objects.order_by("position")
    assert set(first.areas.all()) == set(areas)
    assert list(second.areas.all()) == areas[:1]
    assert [one.kind for one in Action.objects.order_by("pk")] == ["legislation", "programme"]
    items = StatusUpdate.objects.get().evidence.order_by("position")
    assert [(one.url, one.publisher, one.kind) for one in items] == [
        ("https://ferries.example/tracker.csv", "Ferry Commission", "official"),
        ("https://gazette.example/1", "Gazette", "primary"),
        # Of whom nobody knows more, it carries no status by itself.
        ("https://news.example/2", "news.example", "announcement"),
    ]
    # The first line of its history says the same.
    assert {one.policyarea for one in first.history.get().areas.all()} == set(areas)


def test_areas_kinds_and_addresses_that_are_none_are_named_by_row_and_cell(desk, fareland, areas):
    rows = [*LABELLED, ["3", "Open a school", "", "", "Schools; Boats", "Wish", "see page 4"]]
    kept = uploaded(desk, csv_bytes(rows))
    found = plan(kept).open_groups
    assert {(one.row, one.column, one.kind) for ones in found.values() for one in ones} == {
        (4, 4, "unknown_area"),
        (4, 5, "unknown_kind"),
        (4, 6, "no_address"),
    }
    assert [one.shown for one in found["6:no_address"]] == ["see page 4"]
    text = text_of(desk.get(f"{PAGE}{kept.pk}/check/").content.decode())
    assert "Row 4, cell E4: “Schools”" in text
    assert "No policy area here has this name." in text
    groups = {"shown-group": list(found), "group": list(found)}
    delivery = accepted(desk, kept, **REPORT, **words(done="none"), **groups)
    third = delivery.rows.get(row=4).action
    assert [area.slug for area in third.recommendation.areas.all()] == ["boats"]
    assert third.kind == "policy"


def test_a_second_delivery_changes_areas_and_kinds_of_drafts_alone(desk, fareland, areas):
    rows = [row[:2] + row[4:6] for row in LABELLED]
    accepted(desk, uploaded(desk, csv_bytes(rows)), **REPORT)
    edited = Action.objects.get(recommendation__number="2")
    edited.kind = "diplomacy"
    edited.save()
    rows[1][2:] = ["Boats", "Policy"]
    rows[2][3] = "Agreement"
    kept = uploaded(desk, csv_bytes(rows), report="ferries")
    assert [(one.name, one.is_others) for one in plan(kept).changes] == [
        ("areas", False),
        ("kind", False),
        ("kind", True),
    ]
    text = text_of(desk.get(f"{PAGE}{kept.pk}/check/").content.decode())
    assert "Boats, Harbours and quays Boats Yes" in text
    assert "Legislation Policy" in text
    accepted(desk, kept)
    assert list(Recommendation.objects.get(number="1").areas.all()) == areas[:1]
    assert Action.objects.get(recommendation__number="1").kind == "policy"
    assert Action.objects.get(recommendation__number="2").kind == "diplomacy"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"No,Text\n" + b"1,x\n" * 1_000_000, "more than 50,000 rows"),
        (archive({"xl/workbook.xml": "<x/>", "xl/media/a": bytes(201 * 2**20)}), "than 200 MB"),
        (archive({"xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "x"}), "macros"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
    ids=["a million rows", "zip bomb", "macros", "broken"],
)
def test_a_file_that_is_refused_leaves_nothing(desk, data, told):
    response = upload(desk, data)
    assert response.status_code == 400
    assert told in text_of(response.content.decode())
    assert not TableImport.objects.exists()
    assert not Report.objects.exists()


def test_rows_in_another_encoding_are_named_and_nothing_of_them_is_written(desk, fareland):
    rows = [["No.", "提言"], *([str(n), f"第{n}の桟橋を直すこと。"] for n in range(1, 9))]
    data = csv_bytes(rows, encoding="cp932") + "9,桟橋を直すこと。\n".encode()
    kept = uploaded(desk, data)
    assert list(plan(kept).open_groups) == ["1:undecodable"]
    response = check(desk, kept, go="accept", **REPORT)
    assert response.status_code == 400
    assert "Row 10, cell B10" in text_of(response.content.decode())
    assert not Report.objects.exists()
    group = {"shown-group": "1:undecodable", "group": "1:undecodable"}
    accepted(desk, kept, **REPORT, **group)
    assert Recommendation.objects.count() == 8


def test_sent_twice_it_is_imported_once(desk, fareland):
    data = csv_bytes(ROWS)
    kept = uploaded(desk, data)
    assert uploaded(desk, data).pk == kept.pk
    said = {**REPORT, **names(**{"Harbour Office": "none"}), **words(done="none", ongoing="none")}
    accepted(desk, kept, **said)
    page = f"{PAGE}{kept.pk}/check/"
    response = desk.post(page, {"go": "accept", **SOURCE, **said}, follow=True)
    assert "This import is not here any more" in text_of(response.content.decode())
    assert Delivery.objects.count() == Report.objects.count() == 1
    response = desk.get(f"{PAGE}{uploaded(desk, data).pk}/")
    assert "This very file was imported" in text_of(response.content.decode())


def test_nothing_is_written_where_something_was_changed_meanwhile(desk, fareland):
    kept = uploaded(desk, csv_bytes([["No.", "Recommendation"], ["1", "Mend the quay"]]))
    check(desk, kept, **REPORT)
    response = desk.post(
        f"{PAGE}{kept.pk}/check/", {"go": "accept", "seen": "another", **SOURCE, **REPORT}
    )
    assert response.status_code == 409
    assert not Report.objects.exists()


def test_given_up_nothing_of_it_is_kept(desk):
    kept = uploaded(desk, csv_bytes(ROWS))
    desk.post(f"{PAGE}{kept.pk}/", {"give_up": "1"})
    assert not TableImport.objects.exists()


def test_nobody_opens_the_upload_of_another(desk, staff_member):
    kept = uploaded(desk, csv_bytes(ROWS))
    desk.force_login(staff_member("other", "Editor"))
    for page in (f"{PAGE}{kept.pk}/", f"{PAGE}{kept.pk}/check/"):
        assert desk.get(page)["Location"] == PAGE
        assert desk.post(page, {"give_up": "1"})["Location"] == PAGE
    assert TableImport.objects.exists()


@pytest.mark.parametrize("name", ["analyst", "reviewer", "administrator"])
def test_only_editors_import(client, request, name):
    client.force_login(request.getfixturevalue(name))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}template.csv").status_code == 403


def test_markup_of_the_table_is_shown_as_text(desk):
    rows = [["No.", "Recommendation", "Owner"], ["1", "<script>x</script>", "<b>Who</b>"]]
    kept = uploaded(desk, csv_bytes(rows))
    for page in ("", "check/"):
        html = desk.get(f"{PAGE}{kept.pk}/{page}").content.decode()
        assert "<script>x" not in html
        assert "<b>Who" not in html


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "This is an old XLS file"),
        (b"No.,Recommendation\n", "There is no row below the heads."),
    ],
)
def test_what_cannot_be_read_comes_back_with_what_to_do(desk, data, said):
    response = upload(desk, data)
    if response.status_code == 302:
        response = columns(desk, TableImport.objects.get(), "number", "recommendation", go="check")
    assert response.status_code == 400
    assert said in text_of(response.content.decode())
    assert not Report.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["", "/ja"])
def test_the_template_is_known_when_it_comes_back(desk, kind, language):
    data = desk.get(f"{language}{PAGE}template.{kind}").content
    kept = uploaded(desk, data, f"template.{kind}")
    assert sorted(kept.mapping["columns"].values()) == sorted(
        ["number", "section", "recommendation", "action_number", "action", "owner"]
        + ["due", "status", "since", "response", "area", "kind", "source", "note"]
    )


def test_an_import_leaves_its_line_in_the_log(desk, fareland, editor):
    accepted(desk, uploaded(desk, csv_bytes([["Recommendation"], ["Mend the quay"]])), **REPORT)
    line = Act.objects.filter(event="import", subject__startswith="delivery").get()
    assert line.person == editor
    assert "1 recommendations, 1 actions" in line.detail


def test_no_row_is_written_where_one_cannot_be(desk, fareland, monkeypatch):
    from recommendations.drafting.deliveries import acceptance

    kept = uploaded(desk, csv_bytes(ROWS))
    said = {**REPORT, **names(**{"Harbour Office": "new-body:fareland"})}
    said |= words(done="implemented", ongoing="none")
    check(desk, kept, **said)

    def fail(*args, **kwargs):
        raise acceptance.ImportProblem("It stops here.")

    monkeypatch.setattr(acceptance, "draft_updates", fail)
    response = check(desk, kept, go="accept", **said)
    assert response.status_code == 409
    assert "It stops here." in text_of(response.content.decode())
    for model in (Report, Recommendation, Action, Delivery, DeliveryRow, AddresseeAlias):
        assert not model.objects.exists()
    assert TableImport.objects.exists()
