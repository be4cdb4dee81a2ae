"""Translations of the record as PO files, the form that translators' programs read and write.

The context of a message is the kind of text. A message that is marked fuzzy was drafted by machine
and is confirmed by nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from recommendations.models import Translation
from recommendations.models.fields import no_control_characters
from recommendations.models.translation import digest_of

from .record_texts import KINDS, settle
from .texts import Text


class CatalogueError(Exception):
    """The file was not loaded, and nothing of it is kept."""


@dataclass
class LoadedTranslations:
    """`kept` are those that say something else here: what an editor did is not undone."""

    added: int = 0
    confirmed: int = 0
    unchanged: int = 0
    kept: int = 0
    empty: int = 0
    changed: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    original: str
    text: str
    is_drafted: bool


@transaction.atomic
def load_catalogue(data: bytes, *, now: datetime) -> LoadedTranslations:
    """Add the translations of a PO file. Raises CatalogueError and ValidationError."""
    catalogue = _parsed(data)
    language = str(catalogue.locale)
    loaded = LoadedTranslations()
    stored = {row.digest: row for row in Translation.objects.filter(language=language)}
    new = []
    for entry in _entries(catalogue):
        digest = digest_of(entry.kind, entry.original, language)
        confirmed_at = None if entry.is_drafted else now
        if not entry.text:
            loaded.empty += 1
            continue
        if row := stored.get(digest):
            if not _confirm(row, entry, confirmed_at, loaded):
                continue
        else:
            row = Translation(
                kind=entry.kind,
                original=entry.original,
                language=language,
                digest=digest,
                text=entry.text,
                confirmed_at=confirmed_at,
            )
            new.append(row)
        loaded.changed.setdefault(entry.kind, []).append(entry.original)
    Translation.objects.bulk_create(new, batch_size=200)
    loaded.added += len(new)
    if loaded.changed:
        settle(loaded.changed)
    return loaded


def _confirm(
    row: Translation, entry: _Entry, at: datetime | None, loaded: LoadedTranslations
) -> bool:
    """Take over from a file that a translation is confirmed, or a better draft of one.

    What a person confirmed or worded stays.
    """
    if row.changed_from:
        # It stands in for a translation of these very words.
        row.text, row.confirmed_at, row.changed_from = entry.text, at, ""
        row.save()
        loaded.added += 1
        return True
    if row.text != entry.text and _is_as_it_was_drafted(row) and entry.is_drafted:
        # Without a line in its history, by which an edit is known.
        same = Translation.objects.filter(pk=row.pk)
        same.update(text=entry.text, changed_at=timezone.now())
        loaded.added += 1
        return True
    if row.text != entry.text:
        loaded.kept += 1
    elif row.is_confirmed or not at:
        loaded.unchanged += 1
    else:
        row.confirmed_at = at
        row.save()
        loaded.confirmed += 1
        return True
    return False


def _is_as_it_was_drafted(row: Translation) -> bool:
    """Whether nobody confirmed or changed it since it came from a file (a query)."""
    return not row.is_confirmed and not row.history.exists()


def _parsed(data: bytes) -> Catalog:
    try:
        catalogue = read_po(BytesIO(data), abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        raise CatalogueError(_("This is no PO file: %(error)s") % {"error": error}) from error
    if str(catalogue.locale) not in dict(settings.LANGUAGES):
        raise CatalogueError(
            _("The header “Language” of the file names none of these: %(languages)s.")
            % {"languages": ", ".join(dict(settings.LANGUAGES))}
        )
    return catalogue


def _entries(catalogue: Catalog) -> Iterator[_Entry]:
    for message in catalogue:
        if not message.id:
            continue
        kind, original, text = message.context or "", message.id, message.string
        if kind not in KINDS:
            raise CatalogueError(
                _("Line %(line)s: msgctxt “%(kind)s” is no kind of text, such as action.title.")
                % {"line": message.lineno, "kind": kind}
            )
        if not isinstance(original, str) or not isinstance(text, str):
            raise CatalogueError(
                _("Line %(line)s: texts of the record have no plural.") % {"line": message.lineno}
            )
        for one in (original, text):
            no_control_characters(one)
        yield _Entry(kind, original, text, message.fuzzy)


def catalogue_of(texts: Iterable[Text], language: str) -> bytes:
    """Return the PO file of texts, with an empty string for each that has no translation yet."""
    catalogue = Catalog(
        locale=language,
        header_comment="# Translations of the record. Fuzzy: machine-drafted, unreviewed.",
        project=settings.SITE_NAME,
        version="1",
        last_translator="-",
        language_team="-",
        msgid_bugs_address="-",
        fuzzy=False,
    )
    rows = {row.digest: row for row in Translation.objects.filter(language=language)}
    for text in texts:
        row = rows.get(digest_of(text.kind, text.words, language))
        flags = ["fuzzy"] if row and not row.is_confirmed else []
        catalogue.add(
            text.words,
            row.text if row else "",
            context=text.kind,
            flags=flags,
            auto_comments=[text.where],
        )
    file = BytesIO()
    write_po(file, catalogue, width=98, omit_header=False)
    return file.getvalue()
