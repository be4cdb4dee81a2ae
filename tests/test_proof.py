"""Readers can check the record without us: by a file an edition, a checkpoint and a program."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from recommendations import triggers
from recommendations.digests import notes
from recommendations.models import Edition, EditionDigest, EditionItem, StatusUpdate

from .conftest import snapshots
from .factories import corrected, draft_update, published_action, published_update, retracted

pytestmark = pytest.mark.django_db
CHECK = Path("recommendations/static/recommendations/verify_record.py")


def make_record() -> None:
    action = published_action()
    published_update(action, note="The bill — 法案 — passed.")
    retracted(corrected(published_update(action, "partly")))
    draft_update(action, note="A draft.")


@pytest.fixture
def record() -> StatusUpdate:
    """The first update of a record, which has others and a draft."""
    snapshots.begin_with("to be proved", make_record)
    return StatusUpdate.objects.earliest("pk")


def body_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode()


@pytest.fixture
def downloaded(record: StatusUpdate, tmp_path: Path) -> list[Path]:
    paths = []
    for number in Edition.objects.order_by("number").values_list("number", flat=True):
        path = tmp_path / f"record-{number}.json"
        path.write_text(body_of(Client().get(f"/editions/{number}/record.json")), "utf-8")
        paths.append(path)
    return paths


def alone(*arguments: object) -> tuple[int, str]:
    """The exit code and the words of the program, with Python alone."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(CHECK.resolve()), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def verify(*arguments: object, **options: Any) -> str:
    out = StringIO()
    try:
        call_command("verify_record", *map(str, arguments), stdout=out, **options)
    except CommandError as error:
        return f"{out.getvalue()}{error}"
    return out.getvalue()


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> notes.Signer:
    return make_key(tmp_path / "record.key", settings)


def make_key(path: Path, settings: Any) -> notes.Signer:
    call_command("make_record_key", str(path), name="tracker.example.org", stdout=StringIO())
    settings.RECORD_KEY_FILES = [*getattr(settings, "RECORD_KEY_FILES", []), str(path)]
    return notes.read_signer(path.read_text())


@pytest.fixture
def checkpoint(record: StatusUpdate, key: notes.Signer, tmp_path: Path) -> Path:
    path = tmp_path / "checkpoint"
    path.write_text(body_of(Client().get("/checkpoint")), "utf-8")
    return path


# The file of an edition --------------------------------------------------------------------------


def test_the_file_of_an_edition_has_all_that_hashes_to_its_digest(record: StatusUpdate) -> None:
    response = Client().get(f"/editions/{record.edition_id}/record.json")
    said = json.loads(body_of(response))
    row = EditionDigest.objects.get(edition=record.edition_id)
    assert (said["digest"], said["previous"]) == (row.digest, row.previous)
    assert [one["key"] for one in said["items"]] == [f"update/{record.slug}"]
    assert said["items"][0]["content"]["note"] == record.note
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-cache"
    assert response["ETag"]


def test_the_file_names_no_person_and_no_draft(downloaded: list[Path], record: Any) -> None:
    whole = "".join(path.read_text("utf-8") for path in downloaded)
    assert "A draft." not in whole
    assert record.reviewer.username not in whole
    assert record.author.username not in whole


def test_an_older_edition_knows_no_file_of_a_later_one(record: StatusUpdate) -> None:
    newest = Edition.objects.count()
    assert Client().get(f"/editions/{newest}/record.json?edition=1").status_code == 404
    assert Client().get("/editions/1/record.json?edition=1").status_code == 200
    assert Client().get(f"/editions/{newest + 1}/record.json").status_code == 404


# The program of one file -------------------------------------------------------------------------


def test_the_program_is_served_and_passes_its_own_test() -> None:
    assert body_of(Client().get("/verify_record.py")) == CHECK.read_text("utf-8")
    assert alone("--self-test") == (0, "self-test: passed\n")


def test_the_program_accepts_the_downloaded_record(
    downloaded: list[Path], checkpoint: Path, key: notes.Signer
) -> None:
    code, said = alone(*downloaded, "--checkpoint", checkpoint, "--key", key.verifier.text)
    assert code == 0, said
    digest = EditionDigest.objects.order_by("-edition_id")[0].digest
    assert f"The newest of them is edition {len(downloaded)}: {digest}" in said
    assert f"signs edition {len(downloaded)} as it is here" in said


def test_the_program_refuses_one_changed_letter_and_names_edition_and_update(
    downloaded: list[Path], record: StatusUpdate
) -> None:
    path = downloaded[record.edition_id - 1]
    path.write_text(path.read_text("utf-8").replace("passed", "pasSed"), "utf-8")
    code, said = alone(*downloaded)
    assert code == 1
    where = f"edition {record.edition_id}: update/{record.slug}"
    assert said == f"{where}: its content is not what was digested\n"
    for path in downloaded:
        path.unlink()


def test_the_program_notices_an_edition_that_was_digested_anew(
    downloaded: list[Path], record: StatusUpdate, checkpoint: Path, key: notes.Signer
) -> None:
    """An owner rewrites an edition and all digests of it, but not those that came after."""
    path = downloaded[record.edition_id - 1]
    said = json.loads(path.read_text("utf-8"))
    forge(said)
    path.write_text(json.dumps(said), "utf-8")
    code, words = alone(*downloaded)
    assert code == 1
    assert f"edition {record.edition_id + 1}: it does not follow from this edition" in words
    code, words = alone(path, "--checkpoint", checkpoint, "--key", key.verifier.text)
    assert code == 1
    assert "which the checkpoint signs, is not among the files" in words


def forge(said: dict[str, Any]) -> None:
    from recommendations.digests.canonical import canonical, edition_digest, item_digest

    item = said["items"][0]
    item["content"]["note"] = "Nothing passed."
    item["digest"] = item_digest(item["key"], canonical(item["content"]))
    digests = [one["digest"] for one in said["items"]]
    said["digest"] = edition_digest(
        canonical(said["header"]), digests, said["previous"], format=said["format"]
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "no record of an edition"),
        ("not json", "no record of an edition"),
        ('{"format":9,"header":{"number":1},"items":[],"previous":"","digest":""}', "format 9"),
        ('{"format":1,"format":1}', "given twice"),
        (
            '{"format":1,"header":{"number":1,"x":0.5},"items":[],"previous":"","digest":""}',
            "fraction",
        ),
    ],
)
def test_the_program_says_what_it_cannot_read(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "record.json"
    path.write_text(text)
    code, said = alone(path)
    assert (code, words in said) == (2, True), said


# Checkpoints -------------------------------------------------------------------------------------


def test_a_checkpoint_is_a_signed_note_of_the_newest_digest(
    checkpoint: Path, key: notes.Signer
) -> None:
    newest = EditionDigest.objects.order_by("-edition_id")[0]
    lines = checkpoint.read_text("utf-8").split("\n")
    assert lines[:2] == ["tracker.example.org", str(newest.edition_id)]
    assert base64.b64decode(lines[2]).hex() == newest.digest
    assert lines[3] == ""
    assert lines[4].startswith("— tracker.example.org ")
    assert lines[5:] == [""]
    assert notes.open_note(checkpoint.read_text("utf-8"), [key.verifier]).digest == newest.digest


def test_without_a_key_there_is_no_checkpoint_and_a_sentence(record: Any, settings: Any) -> None:
    settings.RECORD_KEY_FILES = []
    for address in ("/checkpoint", "/checkpoint/keys"):
        response = Client().get(address)
        assert response.status_code == 404
        assert response.content == b"This tracker signs no checkpoints: it has no key.\n"


def test_two_keys_are_valid_at_once_while_one_follows_another(
    record: StatusUpdate, key: notes.Signer, tmp_path: Path, settings: Any
) -> None:
    following = make_key(tmp_path / "next.key", settings)
    text = body_of(Client().get("/checkpoint"))
    for one in (key, following):
        assert notes.open_note(text, [one.verifier]).origin == "tracker.example.org"
    keys = body_of(Client().get("/checkpoint/keys"))
    assert keys == f"{key.verifier.text}\n{following.verifier.text}\n"


def test_a_key_is_for_its_owner_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "record.key"
    call_command("make_record_key", str(path), name="a.example", stdout=StringIO())
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("make_record_key", str(path), name="a.example", stdout=StringIO())
    with pytest.raises(CommandError, match="neither spaces"):
        call_command("make_record_key", str(tmp_path / "b"), name="a b", stdout=StringIO())


def test_the_form_of_keys_is_that_of_signed_notes() -> None:
    """The example of Go's golang.org/x/mod/sumdb/note, which the form comes from."""
    private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    signer = notes.read_signer(private)
    assert signer.verifier.text == public
    assert signer.text == private
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    assert signer.line(text) == (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXg"
        "KvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )


# The command -------------------------------------------------------------------------------------


def test_the_honest_record_passes_with_files_and_checkpoint(
    downloaded: list[Path], checkpoint: Path
) -> None:
    assert "The record is what was digested." in verify(*downloaded, against=checkpoint)


@pytest.mark.usefixtures("unguarded")
def test_a_record_that_was_digested_anew_differs_from_what_was_kept(
    downloaded: list[Path], checkpoint: Path, record: StatusUpdate
) -> None:
    """The strongest forgery: rows, items and every digest since agree with each other."""
    StatusUpdate.objects.filter(pk=record.pk).update(note="Nothing passed.")
    digest_anew(record.edition_id)
    assert "The record is what was digested." in verify()
    said = verify(*downloaded, against=checkpoint)
    where = f"Edition {record.edition_id}: update/{record.slug}: note was"
    assert where in said.splitlines()[0]
    newest = EditionDigest.objects.order_by("-edition_id")[0]
    assert f"Edition {newest.edition_id}: its digest is {newest.digest}, and the checkpoint" in said


def digest_anew(first: int) -> None:
    """Do as an owner of the database would, from an edition on."""
    from recommendations.digests import sealing

    marks = dict(EditionDigest.objects.values_list("edition_id", "made_at"))
    texts = list(EditionItem.objects.filter(edition__gte=first, key__startswith="text/"))
    EditionDigest.objects.filter(edition__gte=first).delete()
    EditionItem.objects.filter(edition__gte=first).delete()
    for number in sorted(number for number in marks if number >= first):
        for text in texts:
            if text.edition_id == number:
                EditionItem.objects.create(
                    edition_id=number,
                    key=text.key,
                    content=text.content,
                    nonce=text.nonce,
                    digest=text.digest,
                )
        sealing.seal(number)


def test_a_checkpoint_of_another_key_is_refused(
    checkpoint: Path, tmp_path: Path, settings: Any
) -> None:
    settings.RECORD_KEY_FILES = []
    make_key(tmp_path / "other.key", settings)
    assert "none of the keys has signed it" in verify(against=checkpoint)


def test_a_checkpoint_that_was_changed_is_refused(checkpoint: Path, key: notes.Signer) -> None:
    checkpoint.write_text(checkpoint.read_text("utf-8").replace("tracker.", "trocker.", 1), "utf-8")
    assert "the signature of tracker.example.org does not fit" in verify(against=checkpoint)
    code, said = alone(checkpoint)
    assert code == 2, said


def test_a_damaged_file_is_named(downloaded: list[Path], record: StatusUpdate) -> None:
    path = downloaded[record.edition_id - 1]
    path.write_text(path.read_text("utf-8").replace("passed", "pasSed"), "utf-8")
    assert f"update/{record.slug}: the file is damaged" in verify(path)


def test_the_guards_are_back(record: StatusUpdate) -> None:
    assert list(triggers.faults(connection)) == []
