"""`manage.py load_report FILE`: all of a file, or nothing and the reasons."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation

from recommendations import integrity, loading
from recommendations.loading import LABELS, LoadError, load
from recommendations.management.commands import tryout
from recommendations.models import (
    Action,
    Deadline,
    Edition,
    Evidence,
    Party,
    Recommendation,
    Report,
    StatusUpdate,
    TrackerState,
)
from tests.factories import ActionFactory, noon, withdraw

FIXTURE = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
LOADED_AT = noon(date(2026, 6, 20))
AGAIN_AT = noon(date(2026, 6, 21))
NOTE = "desk research by one analyst, evidence to 17 June 2026, awaiting second review"
ACTION_KEY = ["small", "first", "act"]
SMALL = f"""
- model: recommendations.report
  fields:
    {{slug: small, title: Small report, published_on: '2024-04-04', baseline_note: {NOTE!r}}}
- model: recommendations.section
  fields: {{report: [small], slug: one, title: One, position: 1}}
- model: recommendations.policyarea
  fields: {{slug: trade, name: Trade}}
- model: recommendations.party
  fields: {{slug: japan, name: Japan, kind: government}}
- model: recommendations.body
  fields: {{slug: ministry, name: Ministry, party: [japan]}}
- model: recommendations.recommendation
  fields:
    report: [small]
    section: [small, one]
    number: '1.1'
    slug: first
    position: 1
    headline: Do the first thing
    areas: [[trade]]
- model: recommendations.action
  fields:
    recommendation: [small, first]
    number: 1
    slug: act
    title: Act on it
    kind: policy
    review_due_on: '2026-12-14'
    parties: [[japan]]
- model: recommendations.statusupdate
  fields:
    slug: act-2025-03-01
    action: [small, first, act]
    status: in_progress
    effective_on: '2025-03-01'
    note: Talks opened.
    is_baseline: true
- model: recommendations.evidence
  fields:
    update: [act-2025-03-01]
    position: 1
    kind: press
    publisher: Jiji Press
    url: https://example.org/talks
"""


def small() -> list[dict[str, Any]]:
    return yaml.safe_load(SMALL)


def entry(model: str, **fields: Any) -> dict[str, Any]:
    return {"model": f"recommendations.{model}", "fields": fields}


def text_of(entries: Any) -> str:
    return yaml.safe_dump(entries, allow_unicode=True)


def found(entries: list[dict[str, Any]], model: str) -> dict[str, Any]:
    """Fields of the first entry of a model."""
    return next(e["fields"] for e in entries if e["model"] == f"recommendations.{model}")


def new_action(slug: str = "second-act", number: int = 2, **fields: Any) -> dict[str, Any]:
    return entry(
        "action",
        **{
            "recommendation": ["small", "first"],
            "number": number,
            "slug": slug,
            "title": "Act again",
            "kind": "policy",
            "review_due_on": "2026-12-14",
            "parties": [["japan"]],
            **fields,
        },
    )


def new_update(slug: str = "act-2026-01-05", **fields: Any) -> dict[str, Any]:
    return entry(
        "statusupdate",
        **{
            "slug": slug,
            "action": ACTION_KEY,
            "status": "partly",
            "effective_on": "2026-01-05",
            "is_baseline": True,
            **fields,
        },
    )


def new_evidence(update: str = "act-2026-01-05", position: int = 1, **fields: Any):
    return entry(
        "evidence",
        **{
            "update": [update],
            "position": position,
            "kind": "press",
            "publisher": "Kyodo News",
            "url": "https://example.org/part",
            **fields,
        },
    )


def contents() -> dict[str, list[dict[str, Any]]]:
    """Every row that a load could write, column by column."""
    models = [*LABELS.values(), Edition, TrackerState]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def refusal(entries: Any, **options: Any) -> str:
    """The reasons why these entries are not loaded. Nothing may have changed."""
    before = contents()
    text = entries if isinstance(entries, str) else text_of(entries)
    with pytest.raises(LoadError) as refused:
        load(text, now=AGAIN_AT, **options)
    assert contents() == before
    return str(refused.value)


@pytest.fixture
def loaded_small(db: None) -> None:
    load(SMALL, now=LOADED_AT)


# The shipped fixture --------------------------------------------------------------------------


@pytest.mark.django_db
def test_shipped_fixture_becomes_edition_1_of_kind_baseline_and_loads_once(capsys) -> None:
    call_command("load_report", str(FIXTURE))
    assert "Edition 1 is published." in capsys.readouterr().out
    edition = Edition.objects.get()
    assert (edition.number, edition.kind, edition.note) == (1, "baseline", NOTE)
    assert edition.report == Report.objects.get(is_bibliographic=False)
    assert Report.objects.get(is_bibliographic=True).is_draft
    entries = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))
    for label, model in LABELS.items():
        assert model.objects.count() == sum(e["model"] == label for e in entries), label
    assert not StatusUpdate.objects.exclude(edition=edition, author=None, reviewer=None).exists()
    assert not list(integrity.differences())

    before = contents()
    call_command("load_report", str(FIXTURE))
    output = capsys.readouterr().out
    assert contents() == before
    assert "added" not in output
    assert "Edition" not in output
    assert f"{len(entries)} entries were there already" in output


# A file with more -----------------------------------------------------------------------------


@pytest.mark.usefixtures("loaded_small")
def test_file_with_more_adds_what_is_missing_in_a_new_edition() -> None:
    more = [
        *small(),
        entry("party", slug="taiwan", name="Taiwan", kind="authority"),
        new_action(parties=[["japan"], ["taiwan"]]),
        new_update(),
        new_evidence(),
    ]
    loaded = load(text_of(more), now=AGAIN_AT)
    assert loaded.added == {
        f"recommendations.{model}": 1 for model in ("party", "action", "statusupdate", "evidence")
    }
    assert loaded.unchanged == len(small())
    assert loaded.editions == [2]
    edition = Edition.objects.get(number=2)
    assert edition.kind == "structure"
    assert "0 recommendations, 1 action, 1 update." in edition.note
    added = Action.objects.get(slug="second-act")
    assert (added.from_edition_id, added.addressee, added.status) == (
        2,
        "with_others",
        "not_assessed",
    )
    acted = Action.objects.get(slug="act")
    assert (acted.status, acted.status_since) == ("partly", date(2026, 1, 5))
    assert StatusUpdate.objects.get(slug="act-2025-03-01").edition_id == 1
    assert not list(integrity.differences())
    before = contents()
    assert not load(text_of(more)).added
    assert contents() == before


@pytest.mark.usefixtures("loaded_small")
def test_note_of_an_edition_is_in_the_language_of_the_site() -> None:
    with translation.override("ja"):
        load(text_of([*small(), new_action()]), now=AGAIN_AT)
    note = Edition.objects.get(number=2).note
    assert note == "A newer file of the baseline added 0 recommendations, 1 action, 0 updates."


@pytest.mark.usefixtures("loaded_small")
def test_update_alone_opens_an_edition_of_updates() -> None:
    load(text_of([*small(), new_update(), new_evidence()]), now=AGAIN_AT)
    assert Edition.objects.get(number=2).kind == "updates"


@pytest.mark.usefixtures("loaded_small")
def test_update_may_rely_on_one_of_an_earlier_load() -> None:
    update = new_update(
        relies_on=[["act-2025-03-01"]],
        status="in_progress",
        search_note="Two archives.",
        searched_on="2026-06-17",
    )
    load(text_of([*small(), update]), now=AGAIN_AT)
    [relied_on] = StatusUpdate.objects.get(slug="act-2026-01-05").relies_on.all()
    assert relied_on.slug == "act-2025-03-01"


@pytest.mark.usefixtures("loaded_small")
def test_deadline_and_lead_of_a_published_action_reach_what_is_derived() -> None:
    revision = TrackerState.objects.get().content_revision
    more = [
        *small(),
        entry("deadline", action=ACTION_KEY, origin="report", on="2025-03-31", precision="month"),
        entry("actionbody", action=ACTION_KEY, body=["ministry"], basis="named"),
    ]
    assert load(text_of(more), now=AGAIN_AT).editions == []
    assert Action.objects.get(slug="act").due_on == date(2025, 3, 31)
    assert TrackerState.objects.get().content_revision > revision
    assert not list(integrity.differences())
    before = contents()
    load(text_of(more))
    assert contents() == before


@pytest.mark.usefixtures("loaded_small")
def test_two_official_targets_of_one_date_are_told_apart_by_when_they_were_stated() -> None:
    targets = [
        entry(
            "deadline",
            action=ACTION_KEY,
            origin="official",
            on="2027-12-31",
            stated_on=stated_on,
            url="https://example.org/target",
        )
        for stated_on in ("2024-06-13", "2025-06-13")
    ]
    load(text_of([*small(), *targets]), now=AGAIN_AT)
    load(text_of([*small(), *targets]), now=AGAIN_AT)
    assert Deadline.objects.count() == 2


@pytest.mark.usefixtures("loaded_small")
def test_drafts_of_editors_stay_drafts_when_the_file_is_loaded_again() -> None:
    draft = ActionFactory(recommendation=Recommendation.objects.get(), number=7)
    before = contents()
    load(SMALL, now=AGAIN_AT)
    assert contents() == before
    load(text_of([*small(), new_action()]), now=AGAIN_AT)
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.usefixtures("loaded_small")
def test_second_report_gets_a_baseline_edition_of_its_own() -> None:
    other = yaml.safe_load(SMALL.replace("small", "other").replace("act-2025", "other-2025"))
    load(text_of(other), now=AGAIN_AT)
    kinds = Edition.objects.order_by("number").values_list("kind", "report__slug")
    assert list(kinds) == [("baseline", "small"), ("baseline", "other")]


# A file that differs --------------------------------------------------------------------------


@pytest.mark.usefixtures("loaded_small")
def test_file_that_differs_stops_with_every_difference() -> None:
    entries = small()
    found(entries, "party")["name"] = "Nippon"
    found(entries, "section")["title"] = "Two"
    found(entries, "statusupdate")["status"] = "stalled"
    found(entries, "evidence")["publisher"] = "Kyodo News"
    entries += [new_action(), new_evidence("act-2025-03-01", 2)]
    first, *lines = refusal(entries).splitlines()
    assert first == "These entries differ from what is recorded:"
    assert [line.split(": ", 1)[0] for line in lines] == [
        "Entry 2 (recommendations.section) small/one",
        "Entry 4 (recommendations.party) japan",
        "Entry 8 (recommendations.statusupdate) act-2025-03-01",
        "Entry 9 (recommendations.evidence) act-2025-03-01/1",
        "Entry 11 (recommendations.evidence) act-2025-03-01/2",
    ]
    assert "name is “Japan” here and “Nippon” in the file" in lines[1]
    assert "never edited" in lines[4]


@pytest.mark.usefixtures("loaded_small")
def test_differences_name_what_is_related_by_its_key() -> None:
    entries = small()
    entries.insert(2, entry("section", report=["small"], slug="two", title="Two", position=2))
    entries.insert(2, entry("policyarea", slug="energy", name="Energy"))
    recommendation = found(entries, "recommendation")
    recommendation["areas"] = [["trade"], ["energy"]]
    recommendation["section"] = ["small", "two"]
    text = refusal(entries)
    assert "section is “small/one” here and “small/two” in the file" in text
    assert "areas is “trade” here and “energy, trade” in the file" in text


@pytest.mark.usefixtures("loaded_small")
def test_wording_that_was_edited_here_survives_with_keep_edits(tmp_path: Path, capsys) -> None:
    Recommendation.objects.update(headline="An edited headline", summary="An edited summary.")
    Party.objects.update(name="State of Japan")
    entries = small()
    found(entries, "recommendation")["summary"] = "The summary of the file."
    assert "summary is “An edited summary.” here" in refusal(entries)
    path = tmp_path / "small.yaml"
    path.write_text(text_of(entries), encoding="utf-8")
    before = contents()
    call_command("load_report", str(path), "--keep-edits")
    assert contents() == before
    assert f"{len(entries) - 2} entries were there already" in capsys.readouterr().out


@pytest.mark.usefixtures("loaded_small")
def test_keep_edits_adds_what_is_new_beside_an_edit() -> None:
    Recommendation.objects.update(headline="An edited headline")
    loaded = load(text_of([*small(), new_action()]), keep_edits=True, now=AGAIN_AT)
    assert loaded.editions == [2]
    assert Recommendation.objects.get().headline == "An edited headline"


@pytest.mark.django_db
def test_make_run_loads_the_report_once_so_that_edits_survive(monkeypatch) -> None:
    called = []
    monkeypatch.setattr(tryout, "call_command", lambda name, *args, **options: called.append(name))
    tryout.Command()._prepare(is_empty=False)
    assert "load_report" in called
    load(SMALL, now=LOADED_AT)
    called.clear()
    tryout.Command()._prepare(is_empty=False)
    assert called == ["migrate", "collectstatic"]


@pytest.mark.usefixtures("loaded_small")
@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        ("statusupdate", "note", "Talks closed."),
        ("statusupdate", "effective_on", "2025-03-02"),
        ("evidence", "url", "https://example.org/other"),
    ],
)
def test_keep_edits_never_passes_over_a_difference_of_the_record(model, field, value) -> None:
    entries = small()
    found(entries, model)[field] = value
    text = refusal(entries, keep_edits=True)
    assert f"{field} is “" in text
    assert f"and “{value}” in the file" in text


@pytest.mark.usefixtures("loaded_small")
def test_date_that_a_publication_moves_is_no_difference() -> None:
    Action.objects.update(review_due_on=date(2027, 6, 1))
    assert load(SMALL).unchanged == len(small())
    assert Action.objects.get().review_due_on == date(2027, 6, 1)


# What a file must not say ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- model: [", "This is not YAML"),
        ("- !!python/object/apply:os.getcwd []", "This is not YAML"),
        ("published_on: 2024-02-31", "This is not YAML: day is out of range for month"),
        ("- title: a\0b", "This is not YAML"),
        ("[" * 5000, "This is not YAML"),
        ("", "The file has no list of entries"),
        ("[]", "The file has no list of entries"),
        ("model: recommendations.report", "The file has no list of entries"),
        ("just words", "The file has no list of entries"),
    ],
)
@pytest.mark.django_db
def test_text_that_is_no_list_of_entries_is_refused(text: str, reason: str) -> None:
    assert refusal(text).startswith(reason)


@pytest.mark.django_db
def test_every_entry_of_a_wrong_form_is_named_at_once() -> None:
    entries = [
        "words",
        {"model": "recommendations.report"},
        {"model": "recommendations.report", "fields": ["slug"]},
        {"model": "auth.user", "fields": {}},
        {"model": ["recommendations.report"], "fields": {}},
        {"model": "recommendations.edition", "fields": {"number": 9}},
        {"model": "recommendations.report", "pk": 5, "fields": {"slug": "small"}},
        entry("report", id=5),
        entry("report", colour="red"),
        entry("report", recommendations=[["small", "first"]]),
        {"model": "recommendations.deadline", "fields": {True: "2025-03-31"}},
        entry("action", status="implemented", recommendation=5, parties=[5]),
        entry("statusupdate", author=["ada"], review_state="published"),
    ]
    assert refusal(entries).splitlines() == [
        "Entry 1: It needs `model` and `fields`.",
        "Entry 2: It needs `model` and `fields`.",
        "Entry 3: It needs `model` and `fields`.",
        "Entry 4: “auth.user” is not loaded from files.",
        "Entry 5: “['recommendations.report']” is not loaded from files.",
        "Entry 6: “recommendations.edition” is not loaded from files.",
        "Entry 7: Leave out `pk`, entries are known by their natural keys.",
        "Entry 8: “id” is no field of recommendations.report.",
        "Entry 9: “colour” is no field of recommendations.report.",
        "Entry 10: “recommendations” is no field of recommendations.report.",
        "Entry 11: “True” is no field of recommendations.deadline.",
        "Entry 12: “parties” needs natural keys, such as [ministry], no numbers.",
        "Entry 12: “recommendation” needs natural keys, such as [ministry], no numbers.",
        "Entry 12: “status” is set by publishing, not by a file.",
        "Entry 13: An update needs a `slug`, by which it is known when the file is loaded again.",
        "Entry 13: “author” is set by publishing, not by a file.",
        "Entry 13: “review_state” is set by publishing, not by a file.",
    ]


CHANGES = [
    ("section", {"report": ["missing"]}, "Entry 2 (recommendations.section): Report matching"),
    ("section", {"report": ["small", "one"]}, "Entry 2 (recommendations.section): "),
    ("section", {"report": None}, "Entry 2 (recommendations.section): Section has no report."),
    ("section", {"slug": "Not a slug"}, "Entry 2 (recommendations.section) small/Not a slug: slug"),
    ("section", {"slug": "a\0b"}, "Entry 2 (recommendations.section)"),
    ("section", {"title": "a\0b"}, "small/one: title: Remove the invisible control characters"),
    ("section", {"title": "x" * 301}, "small/one: title: Ensure this value has at most 300"),
    ("section", {"position": "third"}, "Entry 2 (recommendations.section): "),
    ("report", {"published_on": "last spring"}, "Entry 1 (recommendations.report): "),
    ("report", {"url": "ftp//nowhere"}, "Entry 1 (recommendations.report) small: url: Enter"),
    ("report", {"is_featured": "perhaps"}, "Entry 1 (recommendations.report): "),
    ("party", {"kind": "empire"}, "japan: kind: Value 'empire' is not a valid choice."),
    ("recommendation", {"number": "first"}, "small/first: number: A number reads like 3"),
    ("recommendation", {"areas": [["war"]]}, "recommendations.recommendation): PolicyArea"),
    ("action", {"ask_strength": "loud"}, "ask_strength: Value 'loud' is not a valid choice."),
    ("action", {"is_verifiable": False}, "Say why the action is not verifiable."),
    ("action", {"parties": []}, "“1.1a Act on it” names no responsible party."),
    ("statusupdate", {"status": "done"}, "status: Value 'done' is not a valid choice."),
    ("statusupdate", {"effective_precision": "quarter"}, "effective_precision: Value 'quarter'"),
    ("statusupdate", {"is_baseline": False}, "Only updates of a baseline are loaded"),
    ("statusupdate", {"effective_on": None}, "effective_on: This field cannot be null."),
    (
        "statusupdate",
        {"effective_on": "2026-06-22"},
        "act-2025-03-01: The date of effect lies after the day of publication.",
    ),
    (
        "statusupdate",
        {"searched_on": "2026-06-22"},
        "act-2025-03-01: The date of the search lies in the future.",
    ),
    (
        "statusupdate",
        {"status": "no_action"},
        "act-2025-03-01: “No action found” needs a note of where was searched",
    ),
    (
        "statusupdate",
        {"status": "implemented"},
        "act-2025-03-01: “Implemented” rests on one publisher so far",
    ),
    (
        "evidence",
        {"kind": "announcement"},
        "act-2025-03-01: “In progress” cannot rest on announcements alone",
    ),
    ("evidence", {"kind": "rumour"}, "act-2025-03-01/1: kind: Value 'rumour'"),
    ("evidence", {"publisher": ""}, "act-2025-03-01/1: publisher: This field cannot be blank."),
    ("evidence", {"url": "talks.html"}, "act-2025-03-01/1: url: Enter a valid URL."),
    ("evidence", {"accessed_on": "2026-06-22"}, "Evidence 1 was accessed in the future."),
    ("evidence", {"update": ["missing"]}, "Entry 9 (recommendations.evidence): StatusUpdate"),
]


@pytest.mark.parametrize(("model", "fields", "reason"), CHANGES)
@pytest.mark.django_db(transaction=True)
def test_rule_that_is_broken_stops_the_load_with_the_entry_and_the_reason(
    model: str, fields: dict[str, Any], reason: str
) -> None:
    entries = small()
    found(entries, model).update(fields)
    assert reason in refusal(entries)


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ([small()[3]], "Entry 10 (recommendations.party) japan: It is entry 4 once more."),
        ([entry("party", slug="japan", name="Nippon")], "japan: It is entry 4 once more."),
        ([small()[8]], "act-2025-03-01/1: It is entry 9 once more."),
        ([new_action(number=1)], "This recommendation has an action with this number."),
        ([entry("deadline", action=ACTION_KEY, origin="report")], "on: This field cannot be null."),
        (
            [entry("deadline", action=ACTION_KEY, origin="official", on="2027-12-31")],
            "An official target needs the date when it was stated and its address.",
        ),
        ([new_update(slug="other", effective_on="2025-03-01"), new_evidence("other")], "small: "),
        ([new_action("other"), new_update(relies_on=[["other"]])], "StatusUpdate matching"),
        (
            [new_action("other"), new_update("other-1", action=["small", "first", "other"])]
            + [new_evidence("other-1"), new_update(relies_on=[["other-1"]])],
            "act-2026-01-05: It relies on an update of another action.",
        ),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_entry_that_does_not_fit_the_others_stops_the_load(
    added: list[dict[str, Any]], reason: str
) -> None:
    assert reason in refusal([*small(), *copy.deepcopy(added)])


@pytest.mark.usefixtures("loaded_small")
def test_new_update_of_a_withdrawn_action_is_refused() -> None:
    withdraw(Action.objects.get(), reason="It was counted twice.", now=LOADED_AT)
    text = refusal([*small(), new_update(), new_evidence()])
    assert text == "act-2026-01-05: The action is not part of the public record."


@pytest.mark.django_db(transaction=True)
def test_failure_while_publishing_leaves_nothing_behind(monkeypatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(loading, "_settle_breakdown", fail)
    before = contents()
    with pytest.raises(DatabaseError):
        load(SMALL, now=LOADED_AT)
    assert contents() == before
    assert not Evidence.objects.exists()


# The file itself ------------------------------------------------------------------------------


def refused_file(path: Path) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("load_report", str(path))
    return str(refused.value)


def test_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    text = refused_file(tmp_path / "missing.yaml")
    assert text.endswith("missing.yaml cannot be read: No such file or directory.")


def test_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    text = refused_file(tmp_path / "folder.yaml")
    assert text.endswith("folder.yaml cannot be read: Is a directory.")


def test_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    assert refused_file(path).endswith("binary.yaml is not UTF-8: save it in that encoding.")


@pytest.mark.parametrize("name", ["report.json", "report.docx", "report"])
def test_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SMALL, encoding="utf-8")
    assert "is no YAML fixture: its name ends neither in .yaml" in refused_file(tmp_path / name)


@pytest.mark.django_db
def test_reasons_are_printed_below_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text("- model: auth.user\n  fields: {}\n", encoding="utf-8")
    assert refused_file(path).splitlines() == [
        f"{path} was not loaded.",
        "Entry 1: “auth.user” is not loaded from files.",
    ]
