"""Copies of sources are only added, and removed by two; hash and reason stay."""

from __future__ import annotations

import io
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from alliance.private_storage import PrivateStorage
from recommendations import integrity, publishing, sources, triggers
from recommendations.models import Act, Capture, CaptureRemoval, Source
from recommendations.models.act import Event
from recommendations.models.capture import Way
from recommendations.sources.removals import forget_removed
from recommendations.sources.storage import copies, name_of

from .factories import UserFactory, draft_update, published_action, published_update

pytestmark = pytest.mark.django_db

PAGE = "https://example.org/law/7"
CONTENT = "<p>第7条</p>".encode()
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    store = PrivateStorage(location=tmp_path)
    for module in ("captures", "removals"):
        monkeypatch.setattr(f"recommendations.sources.{module}.copies", lambda: store)
    return tmp_path


@pytest.fixture
def source() -> Source:
    return sources.source_for(PAGE, title="The law")


def add(source: Source, content: bytes = CONTENT, **said: Any) -> Capture:
    return sources.add_capture(source, content=content, media_type="text/html", **said)


def lines() -> list[tuple[str, str]]:
    acts = Act.objects.filter(event=Event.SOURCE).exclude(detail__startswith="added")
    return list(acts.order_by("pk").values_list("outcome", "detail"))


def test_a_copy_is_kept_with_its_hash_and_when_it_was_made(source: Source, folder: Path) -> None:
    capture = add(source, by=UserFactory(), fetched_url=f"{PAGE}/ja", text="第7条")
    assert (capture.sha256, capture.size) == (DIGEST, len(CONTENT))
    assert (folder / name_of(DIGEST)).read_bytes() == CONTENT
    assert (folder / name_of(DIGEST)).stat().st_mode & 0o077 == 0
    assert sources.is_whole(capture)
    assert lines() == [("done", f"copy added: fetched, {len(CONTENT)} bytes, SHA-256 {DIGEST}")]


def test_a_file_is_kept_as_bytes_are(source: Source, folder: Path) -> None:
    file = io.BytesIO(CONTENT * 100_000)
    capture = sources.add_capture(
        source, content=file, media_type="application/pdf", way=Way.UPLOADED
    )
    assert (folder / capture.name).read_bytes() == file.getvalue()
    assert capture.size == len(CONTENT) * 100_000


def test_equal_copies_are_one_file_and_half_a_file_is_written_anew(
    source: Source, folder: Path
) -> None:
    path = folder / name_of(DIGEST)
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT[:3])
    first, second = add(source), add(sources.source_for("https://example.org/copy"))
    assert first.name == second.name
    assert path.read_bytes() == CONTENT
    assert [one for one in folder.rglob("*") if one.is_file()] == [path]


def test_what_cannot_be_stored_leaves_nothing(source: Source, folder: Path) -> None:
    with pytest.raises(ValidationError):
        add(source, fetched_url="file:///etc/passwd")
    assert not Capture.objects.exists()
    assert not [one for one in folder.rglob("*") if one.is_file()]


def test_a_write_that_fails_leaves_no_half_file(folder: Path, source: Source) -> None:
    class Torn(io.BytesIO):
        def read(self, *size: int) -> bytes:
            if self.torn and self.tell():
                raise OSError("torn")
            return super().read(*size)

        torn = False

    content = Torn(b"x" * 200_000)

    class Late(PrivateStorage):
        def _save(self, name: str, file: Any) -> str:
            content.torn = True
            return super()._save(name, file)

    store = Late(location=folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommendations.sources.captures.copies", lambda: store)
        with pytest.raises(OSError, match="torn"):
            sources.add_capture(source, content=content, media_type="text/html")
    assert not Capture.objects.exists()
    assert not [one for one in folder.rglob("*") if one.is_file()]


def test_a_copy_is_never_edited_or_deleted(source: Source) -> None:
    capture = add(source, text="第7条")
    rows = Capture.objects.filter(pk=capture.pk)
    refused = [
        lambda: rows.update(sha256="0" * 64),
        lambda: rows.update(text="another"),
        lambda: rows.update(archived_url=PAGE),
        lambda: rows.delete(),
    ]
    for step in refused:
        with pytest.raises(IntegrityError, match="never edited or deleted"), transaction.atomic():
            step()


@pytest.mark.django_db(transaction=True)
def test_a_copy_goes_by_two_and_hash_and_reason_stay(source: Source, folder: Path) -> None:
    capture, twin = add(source, text="第7条"), add(sources.source_for("https://example.org/copy"))
    other = add(source, b"another")
    ana, rob = UserFactory(), UserFactory()
    asked = sources.ask_removal(capture, by=ana, reason="The publisher demands it.")
    assert (folder / name_of(DIGEST)).exists()
    with pytest.raises(ValidationError, match="Another person"):
        sources.confirm_removal(asked, by=ana)
    assert (folder / name_of(DIGEST)).exists()
    sources.confirm_removal(asked, by=rob)
    assert not (folder / name_of(DIGEST)).exists()
    for row in (capture, twin):
        row.refresh_from_db()
        assert (row.sha256, row.removal_reason) == (DIGEST, "The publisher demands it.")
        assert (row.name, row.text, row.is_kept) == ("", "", False)
    other.refresh_from_db()
    assert other.is_kept and (folder / other.name).exists()
    steps = [(outcome, detail.partition(",")[0]) for outcome, detail in lines()[3:]]
    assert steps == [
        ("done", "removal of a copy: asked for"),
        ("refused", "removal of a copy: confirmed"),
        ("done", "removal of a copy: confirmed"),
    ]
    # A new copy of the same bytes is another one, and keeps its file.
    again = add(source)
    assert forget_removed() == 0
    assert sources.is_whole(again)


def test_a_file_that_should_be_gone_is_found(source: Source, folder: Path) -> None:
    """As where a server dies between the decision and the file."""
    capture = add(source)
    asked = sources.ask_removal(capture, by=UserFactory(), reason="Demanded.")
    # The test's transaction never commits.
    sources.confirm_removal(asked, by=UserFactory())
    assert (folder / name_of(DIGEST)).exists()
    assert forget_removed() == 1
    assert not (folder / name_of(DIGEST)).exists()


def test_a_decided_removal_stays_as_it_is(source: Source) -> None:
    asked = sources.ask_removal(add(source), by=UserFactory(), reason="Demanded.")
    sources.decline_removal(asked, by=UserFactory())
    assert Capture.objects.get().is_kept
    with pytest.raises(ValidationError, match="decided already"):
        sources.confirm_removal(asked, by=UserFactory())
    rows = CaptureRemoval.objects.filter(pk=asked.pk)
    for step in (lambda: rows.update(reason="x"), lambda: rows.delete()):
        with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
            step()
    forged = CaptureRemoval(
        capture=asked.capture,
        reason="x",
        requested_by=asked.requested_by,
        requested_at=asked.requested_at,
        outcome="confirmed",
        decided_by=User.objects.exclude(pk=asked.requested_by_id).first(),
        decided_at=asked.requested_at,
    )
    with pytest.raises(IntegrityError, match="asked for first"), transaction.atomic():
        forged.save()


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_removal_says_why(source: Source, reason: str) -> None:
    with pytest.raises(ValidationError):
        sources.ask_removal(add(source), by=UserFactory(), reason=reason)
    assert not CaptureRemoval.objects.exists()


def test_an_item_names_a_copy_of_its_own_address_alone(source: Source) -> None:
    add(source)
    item = {"url": f"{PAGE}#3", "capture_sha256": DIGEST}
    update = published_update(published_action(), evidence=[item])
    assert update.evidence.get().capture_sha256 == DIGEST
    wrong = [
        {"url": "https://example.org/other", "capture_sha256": DIGEST},
        {"url": PAGE, "capture_sha256": "0" * 64},
    ]
    for one in wrong:
        draft = draft_update(published_action(), evidence=[one])
        with pytest.raises(publishing.Refused, match="no such copy"):
            publishing.submit(draft, by=draft.author)


def test_a_correction_keeps_the_copy_that_was_read(source: Source) -> None:
    add(source)
    item = {"url": PAGE, "capture_sha256": DIGEST}
    update = published_update(published_action(), evidence=[item])
    draft = publishing.correct(update, by=UserFactory(), reason="A typo.")
    assert draft.evidence.get().capture_sha256 == DIGEST


def test_the_store_of_the_site_is_private(settings: Any) -> None:
    store = copies()
    assert isinstance(store, PrivateStorage)
    assert Path(store.base_location) == settings.DATA_DIR / "captures"
    with pytest.raises(ValueError, match="URL"):
        store.url(name_of(DIGEST))


# What check_integrity says of them --------------------------------------------------------------


def named_by_check(*args: str) -> str:
    out = StringIO()
    try:
        call_command("check_integrity", *args, stdout=out)
    except CommandError:
        assert out.getvalue()
    return out.getvalue()


def test_a_file_that_is_lost_cut_or_changed_is_named(source: Source, folder: Path) -> None:
    capture = add(source)
    file = folder / capture.name
    assert named_by_check("--copies") == ""
    file.write_bytes(CONTENT[::-1])
    # Who does not read it cannot tell.
    assert named_by_check() == ""
    assert f"{DIGEST}: its file is not what was taken in" in named_by_check("--copies")
    file.write_bytes(CONTENT[:3])
    assert f"{DIGEST}: its file is not there, or of another size" in named_by_check()
    file.unlink()
    assert f"{DIGEST}: its file is not there, or of another size" in named_by_check()


def test_a_copy_that_was_removed_is_not_missed(source: Source) -> None:
    asked = sources.ask_removal(add(source), by=UserFactory(), reason="A name.")
    sources.confirm_removal(asked, by=UserFactory())
    assert named_by_check("--copies") == ""


def test_evidence_that_names_a_copy_which_is_gone_is_named(source: Source) -> None:
    add(source)
    item = {"url": PAGE, "capture_sha256": DIGEST}
    update = published_update(published_action(), evidence=[item])
    assert list(integrity.differences()) == []
    with transaction.atomic():
        triggers.remove(connection)
        Capture.objects.all().delete()
        said = [str(one) for one in integrity.copies.differences()]
        transaction.set_rollback(True)
    n = update.evidence.get().position
    assert said == [f"copy of a source: {update.slug}: item {n} names a copy that is not recorded"]
