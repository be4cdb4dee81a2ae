"""All tables of the record: what each is called, what a row says, and how rows are read.

source = Source(record, root="https://tracker.example")
table = TABLES["actions"]
rows = table.rows(source, table.all_keys(source)[:100])
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.index.keeping import of_one_state

from . import actions, history, rows, sources, structure, translations, vocabularies
from .source import Keys, Source, keys_of


@dataclass(frozen=True)
class Table:
    """`keys` gives the keys of all rows in a lasting order, `read` the rows of some in theirs.

    Both are of one state of the record only if it does not change meanwhile: `all_keys` and
    `rows` see to that, and to the language of the texts.
    """

    name: str
    title: Promise
    description: Promise
    row: type[rows.Row]
    keys: Callable[[Source], array[int]]
    read: Callable[[Source, Keys], Sequence[Any]]

    def all_keys(self, source: Source) -> array[int]:
        return of_one_state(source.record.viewpoint, lambda _index: self.keys(source))

    def rows(self, source: Source, keys: Keys) -> Sequence[Any]:
        """Return rows by a fixed number of queries; what is gone meanwhile is left out."""
        with translation.override(source.language):
            return of_one_state(source.record.viewpoint, lambda _index: self.read(source, keys))


def _term_keys(source: Source) -> array[int]:
    return keys_of(range(len(_terms(source))))


def _read_terms(source: Source, keys: Keys) -> list[rows.Term]:
    """Return them by their places, since most are in no table of the database."""
    found = _terms(source)
    return [found[place] for place in keys if place < len(found)]


def _terms(source: Source) -> list[rows.Term]:
    return source.once("terms", lambda: vocabularies.terms(source))


_ALL = [
    Table(
        "reports",
        _("Reports"),
        _("The reports that are tracked, and earlier ones that are named here alone."),
        rows.Report,
        structure.report_keys,
        structure.read_reports,
    ),
    Table(
        "sections",
        _("Sections"),
        _("The sections of the reports."),
        rows.Section,
        structure.section_keys,
        structure.read_sections,
    ),
    Table(
        "recommendations",
        _("Recommendations"),
        _("What the reports recommend, each with the status that follows from its actions."),
        rows.Recommendation,
        structure.recommendation_keys,
        structure.read_recommendations,
    ),
    Table(
        "actions",
        _("Actions"),
        _(
            "The single steps that were asked for and their status, those too that are not "
            "verifiable or were withdrawn, which no count has."
        ),
        rows.Action,
        actions.action_keys,
        actions.read_actions,
    ),
    Table(
        "deadlines",
        _("Deadlines"),
        _("The dates by which actions are to be done, and who set them."),
        rows.Deadline,
        actions.deadline_keys,
        actions.read_deadlines,
    ),
    Table(
        "updates",
        _("Status updates"),
        _("Each dated claim that an action has a status, corrected and retracted ones included."),
        rows.Update,
        history.update_keys,
        history.read_updates,
    ),
    Table(
        "evidence",
        _("Evidence"),
        _("The sources that the updates cite."),
        rows.Evidence,
        history.evidence_keys,
        history.read_evidence,
    ),
    Table(
        "sources",
        _("Sources"),
        _("What the evidence cites: each document at one address once."),
        rows.Source,
        sources.source_keys,
        sources.read_sources,
    ),
    Table(
        "captures",
        _("Copies of sources"),
        _("The copies that are or were kept of the sources, with the hash of each."),
        rows.Capture,
        sources.capture_keys,
        sources.read_captures,
    ),
    Table(
        "editions",
        _("Editions"),
        _("The numbered publications of the tracker, with their digests."),
        rows.Edition,
        history.edition_keys,
        history.read_editions,
    ),
    Table(
        "codings",
        _("Codings"),
        _("What each coder found, before and after two codings of an action were compared."),
        rows.Coding,
        history.coding_keys,
        history.read_codings,
    ),
    Table(
        "relations",
        _("Relations between reports"),
        _("How recommendations stand to those of earlier reports, as a source shows it."),
        rows.Relation,
        history.relation_keys,
        history.read_relations,
    ),
    Table(
        "terms",
        _("Vocabularies"),
        _("What the codes of the other tables mean."),
        rows.Term,
        _term_keys,
        _read_terms,
    ),
    Table(
        "translations",
        _("Translations"),
        _("Texts of the other tables in another language, beside the words of the original."),
        rows.Translation,
        translations.translation_keys,
        translations.read_translations,
    ),
]
TABLES: dict[str, Table] = {table.name: table for table in _ALL}
