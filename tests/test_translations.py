"""Texts of the record in another language: said, marked, searched, loaded, confirmed."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from recommendations.index.conditions import matching
from recommendations.models import Action, Recommendation, Report, StatusUpdate, Translation
from recommendations.models.translation import digest_of
from recommendations.text.languages import say
from recommendations.text.scripts import language_of
from recommendations.translating.po_files import load_catalogue
from recommendations.translating.record_texts import translate
from recommendations.translating.texts import Text, as_read, texts_of

from .factories import published_action, published_update
from .reading import text_of

pytestmark = pytest.mark.django_db

FIXTURE = settings.BASE_DIR / "fixtures" / "us_japan_alliance_2024.yaml"
CATALOGUE = FIXTURE.with_suffix(".ja.po")


@pytest.fixture(autouse=True)
def without_that_of_the_site(request, db):
    """Where there is no record, there is no translation either."""
    if not {"baseline", "record"} & set(request.fixturenames):
        Translation.objects.filter(kind="site.name").delete()


def in_japanese(
    text: str, words: str, *, kind: str = "action.title", is_confirmed: bool = False
) -> Translation:
    at = timezone.now() if is_confirmed else None
    return translate(text, kind, "ja", words, by=None, at=at)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Restructure command", "en"),
        ("指揮統制を再編する", "ja"),
        ("統合作戦司令部（JJOC）をCPTPPとG7の枠外で設ける", "ja"),
        ("The Ministry of Defense (防衛省) announced the plan in a statement", "en"),
        ("ｶﾙｺﾝ", "ja"),
        ("Café policy", "en"),
        ("2024", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_that_of_its_script(text, language):
    assert language_of(text) == language


def test_a_text_is_said_in_the_language_of_the_reader():
    in_japanese("Train", "訓練する")
    with translation.override("ja"):
        assert say("Train", "action.title").text == "訓練する"
        assert say("訓練する", "action.title").is_original
    with translation.override("en"):
        assert say("Train", "action.title").text == "Train"


def test_no_language_is_the_master():
    translate("港を深くする", "action.title", "en", "Dredge the port", by=None, at=timezone.now())
    with translation.override("en"):
        assert say("港を深くする", "action.title").text == "Dredge the port"
    with translation.override("ja"):
        assert say("港を深くする", "action.title").text == "港を深くする"


def test_words_of_another_kind_serve_where_there_are_none_of_this():
    in_japanese("Japan", "日本", kind="party.name")
    in_japanese("Japan", "ジャパン", kind="section.title")
    with translation.override("ja"):
        assert say("Japan", "section.title").text == "ジャパン"
        assert say("Japan", "party.name").text == "日本"
        assert say("Japan", "action.title").text in ("日本", "ジャパン")


def test_a_text_that_is_worded_anew_has_no_translation():
    in_japanese("Train", "訓練する")
    with translation.override("ja"):
        assert say("Train more", "action.title").language == "en"


# Pages ------------------------------------------------------------------------------------------


def page(client: Client, action: Action, prefix: str = "/ja") -> str:
    with translation.override("en"):
        address = action.recommendation.get_absolute_url()
    response = client.get(f"{prefix}{address}")
    assert response.status_code == 200
    return response.content.decode()


def test_what_nobody_confirmed_is_marked(client):
    action = published_action()
    in_japanese(action.title, "港を深くする")
    html = page(client, action)
    assert '<span class="drafted">港を深くする</span>' in html
    assert "drafted-note" in html


def test_what_is_confirmed_stands_bare(client):
    action = published_action()
    in_japanese(action.title, "港を深くする", is_confirmed=True)
    html = page(client, action)
    assert "港を深くする" in html
    assert '<span class="drafted">港' not in html
    assert "drafted-note" not in html


def test_what_is_missing_is_shown_as_it_is_with_its_language_and_a_word(client):
    action = published_action()
    html = page(client, action)
    assert f'<span lang="en">{action.title}</span> <span class="in-language">' in html


def test_an_english_page_of_english_texts_asks_for_no_translation(client):
    action = published_action()
    page(client, action, "")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page(client, action, "")
    assert not [query for query in queries if "recommendations_translation" in query["sql"]]


def test_a_japanese_page_asks_for_them_once(client):
    action = published_action()
    in_japanese(action.title, "港を深くする")
    page(client, action)
    with CaptureQueriesContext(connection) as queries:
        page(client, action)
    asked = [query for query in queries if "recommendations_translation" in query["sql"]]
    assert len(asked) == 1


def test_a_changed_translation_is_on_the_next_page(client):
    action = published_action()
    in_japanese(action.title, "港を深くする")
    page(client, action)
    in_japanese(action.title, "港を浚渫する")
    assert "港を浚渫する" in page(client, action)


def test_markup_in_a_translation_is_text(client):
    action = published_action()
    in_japanese(action.title, "<script>alert(1)</script>港を深くする")
    assert "<script>alert" not in page(client, action)


def test_the_reader_with_the_page_gets_the_new_translation(client):
    action = published_action()
    url = f"/ja{action.recommendation.get_absolute_url()}"
    tag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    in_japanese(action.title, "港を深くする")
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


# Search -----------------------------------------------------------------------------------------


def test_search_finds_a_translation():
    action = published_action()
    in_japanese(action.title, "同盟の指揮統制を再編する")
    assert list(matching(Action.objects.all(), "指揮統制")) == [action]
    in_japanese(action.title, "港を深くする")
    assert not matching(Action.objects.all(), "指揮統制").exists()


# The record ------------------------------------------------------------------------------------


def test_the_record_itself_is_not_touched():
    update = published_update(published_action(), "implemented")
    before = StatusUpdate.objects.values().get(pk=update.pk)
    translate(update.note or "x", "statusupdate.note", "ja", "注記", by=None, at=None)
    assert StatusUpdate.objects.values().get(pk=update.pk) == before


@pytest.mark.parametrize("words", ["", "  \n", "a\x07b"])
def test_words_that_are_none_are_refused(words):
    with pytest.raises(ValidationError):
        in_japanese("Train", words)
    assert not Translation.objects.exists()


# Files ------------------------------------------------------------------------------------------


@pytest.fixture
def record(baseline: None) -> Report:
    return Report.objects.get(slug="us-japan-alliance-2024")


def test_each_text_of_the_baseline_has_its_pair(record):
    texts = list(texts_of(record))
    assert len(texts) > 400
    there = set(Translation.objects.filter(language="ja").values_list("digest", flat=True))
    english = [text for text in texts if text.language == "en"]
    assert [
        f"{text.kind}: {text.words}"
        for text in english
        if digest_of(text.kind, text.words, "ja") not in there
    ] == []


def test_no_pair_of_the_baseline_is_of_another_text(record):
    texts = {(text.kind, text.words) for text in texts_of(record)}
    pairs = set(Translation.objects.values_list("kind", "original"))
    assert pairs - texts == set()


def test_a_file_that_was_written_says_the_same_when_it_is_loaded(record, tmp_path):
    rows = list(Translation.objects.values_list("kind", "original", "text", "confirmed_at"))
    out = StringIO()
    call_command("dump_translations", record.slug, "ja", stdout=out)
    Translation.objects.all().delete()
    path = tmp_path / "back.po"
    path.write_text(out.getvalue(), encoding="utf-8")
    call_command("load_translations", str(path), stdout=StringIO())
    again = Translation.objects.values_list("kind", "original", "text", "confirmed_at")
    assert sorted(map(str, again)) == sorted(map(str, rows))


def test_what_an_editor_did_is_not_undone_by_a_file(record, editor):
    row = Translation.objects.filter(kind="action.title").first()
    translate(row.original, row.kind, "ja", "編集者の言葉", by=editor, at=timezone.now())
    loaded = load_catalogue(CATALOGUE.read_bytes(), now=timezone.now())
    assert (loaded.kept, loaded.added) == (1, 0)
    row.refresh_from_db()
    assert (row.text, row.confirmed_by) == ("編集者の言葉", editor)


def test_a_draft_that_nobody_touched_follows_a_better_one_of_the_file(record):
    row = Translation.objects.filter(kind="action.title", confirmed_at__isnull=True).first()
    better = CATALOGUE.read_text(encoding="utf-8").replace(f'"{row.text}"', '"より良い訳"')
    loaded = load_catalogue(better.encode(), now=timezone.now())
    row.refresh_from_db()
    assert (row.text, row.confirmed_at, loaded.kept) == ("より良い訳", None, 0)
    # It is still nobody's, and follows again.
    load_catalogue(CATALOGUE.read_bytes(), now=timezone.now())
    row.refresh_from_db()
    assert row.text != "より良い訳"


def po(*lines: str, language: str = "ja") -> bytes:
    header = f'msgid ""\nmsgstr "Language: {language}\\n"\n\n'
    return (header + "\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no catalogue", "no PO file"),
        (po(language="fr"), "none of these: en, ja"),
        (po('msgctxt "a.b"', 'msgid "x"', 'msgstr "y"'), "“a.b” is no kind of text"),
        (
            po('msgctxt "action.title"', 'msgid "x"', 'msgid_plural "xs"', 'msgstr[0] "y"'),
            "have no plural",
        ),
        (po('msgctxt "action.title"', 'msgid "x"', 'msgstr "y\x07"'), "control characters"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(tmp_path, data, words):
    path = tmp_path / "ja.po"
    path.write_bytes(data)
    with pytest.raises(CommandError, match=words):
        call_command("load_translations", str(path))
    assert not Translation.objects.exists()


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_translations", str(tmp_path / "no.po"))


# The editor's page ------------------------------------------------------------------------------

LIST = "/admin/translations/"


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def fields(action: Action, words: str, **more: str) -> dict[str, str]:
    said = {"kind": "action.title", "original": action.title, "language": "ja", "words": words}
    return {**said, "keep": "state=missing&page=1", **more}


def test_missing_texts_are_listed_and_translated(desk):
    action = published_action()
    assert action.title in desk.get(f"{LIST}?state=missing").content.decode()
    response = desk.post(f"{LIST}save/", fields(action, "港を深くする"))
    assert response["Location"] == f"{LIST}?state=missing&page=1"
    row = Translation.objects.get()
    assert (row.text, row.is_confirmed) == ("港を深くする", False)
    assert action.title not in text_of(desk.get(f"{LIST}?state=missing").content.decode())
    assert "港を深くする" in desk.get(f"{LIST}?state=drafted").content.decode()


def test_confirming_says_who_did(desk, editor):
    action = published_action()
    desk.post(f"{LIST}save/", fields(action, "港を深くする", confirm="1"))
    row = Translation.objects.get()
    assert (row.is_confirmed, row.confirmed_by) == (True, editor)
    assert "港を深くする" in desk.get(f"{LIST}?state=confirmed").content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"original": "Nowhere"}, "Your translation was: “港を深くする”"),
        ({"original": "No\0where"}, "not in the record any more"),
        ({"kind": "action.status"}, "not in the record any more"),
        ({"language": "fr"}, "not in the record any more"),
    ],
)
def test_what_cannot_be_saved_is_said(desk, changed, words):
    action = published_action()
    data = fields(action, "港を深くする") | changed
    response = desk.post(f"{LIST}save/", data, follow=True)
    assert words in response.content.decode()
    assert not Translation.objects.exists()


@pytest.mark.parametrize("state", ["missing", "drafted", "confirmed"])
def test_what_a_colleague_saved_meanwhile_is_not_overwritten(desk, editor, state):
    action = published_action()
    if state != "missing":
        at = timezone.now() if state == "confirmed" else None
        translate(action.title, "action.title", "ja", "港", by=editor, at=at)
    opened = f"{LIST}?state={state}"
    html = desk.get(opened).content.decode()
    before = html.split(f"\n{action.title}</textarea>")[0]
    version = re.findall(r'name="seen" value="(\w+)"', before)[-1]
    translate(action.title, "action.title", "ja", "彼の訳", by=editor, at=timezone.now())
    data = fields(action, "私の訳", seen=version, keep=f"state={state}&page=1")
    answer = desk.post(f"{LIST}save/", data)
    assert answer.status_code == 409
    row = Translation.objects.get()
    assert (row.text, row.is_confirmed) == ("彼の訳", True)
    html = answer.content.decode()
    assert "彼の訳" in html and "私の訳" in html
    data["seen"] = answer.context["overtaken_version"]
    assert desk.post(f"{LIST}save/", data).status_code == 302
    row.refresh_from_db()
    assert (row.text, row.is_confirmed) == ("私の訳", False)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "Write the translation."), ("港を\x07深くする" * 500, "control characters")],
)
def test_words_that_are_refused_come_back(desk, words, sentence):
    action = published_action()
    response = desk.post(f"{LIST}save/", fields(action, words))
    assert response.status_code == 400
    html = response.content.decode()
    assert sentence in html
    assert words in html
    assert not Translation.objects.exists()


@pytest.mark.parametrize("query", ["report=nothing", "language=fr", "state=odd", "page=9", "x=1"])
def test_a_wrong_address_is_refused(desk, query):
    published_action()
    assert desk.get(f"{LIST}?{query}").status_code == 400


def test_the_workspace_counts_what_is_to_be_confirmed(desk):
    action = published_action()
    in_japanese(action.title, "港を深くする")
    assert "1 Translations to confirm" in text_of(desk.get("/admin/").content.decode())


def test_analysts_do_not_confirm(client, analyst):
    client.force_login(analyst)
    published_action()
    assert client.get(LIST).status_code == 403


def test_drafts_of_updates_wait_until_they_are_published(record):
    texts = {text.words for text in texts_of(record)}
    assert Recommendation.objects.filter(report=record).first().headline in texts


# Search in Japanese, over the baseline -----------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("指揮統制", "1.1"),
        ("同盟の指揮統制", "1.1"),
        ("統合作戦司令部", "1.1"),
        ("カルコン", "T7"),
        ("ｶﾙｺﾝ", "T7"),
        ("かるこん", "T7"),
        ("ＬＮＧ", "3.5"),
        ("LNG 輸出", "3.5"),
        ("「液化天然ガス」", "3.5"),
        ("Ｇ７拡大", "3.7"),
        ("防衛省 -台湾", "1.1"),
    ],
)
def test_search_finds_japanese_however_it_is_typed(record, query, number):
    found = matching(Recommendation.objects.filter(report=record), query)
    assert number in found.values_list("number", flat=True)


def test_two_characters_are_enough(record):
    found = matching(Recommendation.objects.filter(report=record), "同盟")
    assert 0 < found.count() < Recommendation.objects.filter(report=record).count()


def test_both_languages_find_the_same(record):
    rows = Recommendation.objects.filter(report=record)
    assert set(matching(rows, "LNG export")) & set(matching(rows, "LNG 輸出"))


def test_the_list_opens_on_the_language_with_most_to_confirm(desk):
    action = published_action()
    in_japanese(action.title, "港を深くする")
    for address in (LIST, f"/ja{LIST}"):
        html = desk.get(address).content.decode()
        assert '<option value="ja" selected' in html
        assert "港を深くする" in html


def test_texts_come_in_the_order_in_which_readers_meet_them(desk):
    action = published_action()
    found = [row.text for row in desk.get(f"{LIST}?state=missing").context["page"]]
    kinds = [text.kind for text in found]
    assert kinds.index("report.title") < kinds.index("recommendation.headline")
    assert kinds.index("recommendation.headline") < kinds.index("action.title")
    assert action.title in {text.words for text in found}


def test_what_many_rows_say_is_translated_first():
    texts = [Text("body.name", "Rare", "", 1), Text("body.name", "Often", "", 9)]
    assert [text.words for text in as_read(texts)] == ["Often", "Rare"]


def test_the_list_takes_as_many_queries_however_many_texts_there_are(desk, editor):
    counts = []
    for _n in range(2):
        action = published_action()
        translate(action.title, "action.title", "ja", "港", by=editor, at=timezone.now())
        with CaptureQueriesContext(connection) as asked:
            response = desk.get(f"{LIST}?state=confirmed")
        assert response.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize(("confirms", "state"), [("1", "confirmed"), ("", "drafted")])
def test_a_text_is_saved_in_place(desk, confirms, state):
    action = published_action()
    data = fields(action, "港を深くする") | ({"confirm": "1"} if confirms else {})
    answer = desk.post(f"{LIST}save/", data, headers={"Accept": "application/json"})
    row = Translation.objects.get(kind="action.title")
    assert row.is_confirmed == (state == "confirmed")
    assert answer.json()["state"] == state
    assert "港を深くする" in answer.json()["said"]
    # With the version that came back it can be changed again.
    again = data | {"seen": answer.json()["seen"], "words": "港を掘る"}
    desk.post(f"{LIST}save/", again, headers={"Accept": "application/json"})
    row.refresh_from_db()
    assert row.text == "港を掘る"


def test_what_is_refused_in_place_is_said(desk, editor):
    action = published_action()
    asked = {"Accept": "application/json"}
    empty = desk.post(f"{LIST}save/", fields(action, ""), headers=asked)
    assert (empty.status_code, empty.json()["problems"]) == (400, ["Write the translation."])
    gone = desk.post(f"{LIST}save/", fields(action, "港", original="Nowhere"), headers=asked)
    assert gone.status_code == 400
    assert "not in the record any more" in gone.json()["problems"][0]
    translate(action.title, "action.title", "ja", "彼の訳", by=editor, at=timezone.now())
    late = desk.post(f"{LIST}save/", fields(action, "私の訳", seen="none"), headers=asked)
    assert (late.status_code, late.json()["theirs"]) == (409, "彼の訳")
    sent_again = fields(action, "私の訳", seen=late.json()["seen"])
    assert desk.post(f"{LIST}save/", sent_again, headers=asked).status_code == 200
