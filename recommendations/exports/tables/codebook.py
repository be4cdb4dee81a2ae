"""What every field of every table means, as CSV and as Markdown, in the active language."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alliance.site_name import site_name
from recommendations.exports.csv_export import LINE_END, mark_of
from recommendations.exports.csv_rows import cell_of

from .fields import WRITTEN, Field, fields_of
from .licence import licence_sentence
from .registry import TABLES, Table
from .vocabularies import FIXED, OF_RECORD

COLUMNS = ("table", "field", "type", "may_be_null", "description", "id_of", "vocabulary")


def codebook_csv() -> str:
    lines = [",".join(COLUMNS)]
    lines += [",".join(map(cell_of, _row(table, one))) for table, one in _fields()]
    return mark_of(get_language()) + "".join(f"{line}{LINE_END}" for line in lines)


def _fields() -> Iterator[tuple[Table, Field]]:
    for table in TABLES.values():
        for one in fields_of(table.row):
            yield table, one


def _row(table: Table, one: Field) -> tuple[str, ...]:
    null = "true" if one.may_be_null else "false"
    return (table.name, one.name, one.kind, null, one.description, one.table, one.vocabulary)


def codebook_markdown() -> str:
    title = _("Codebook of %(site)s") % {"site": site_name()}
    parts = [f"# {title}", licence_sentence(), *_notation()]
    for table in TABLES.values():
        parts += _table(table)
    parts.append("## " + _("Vocabularies"))
    intro = _("Their codes with labels and definitions are the table %(name)s.")
    parts.append(intro % {"name": "`terms`"})
    names = {**{name: one.title for name, one in FIXED.items()}, **OF_RECORD}
    parts.append("\n".join(f"- `{name}`: {title}" for name, title in names.items()))
    return "\n\n".join(parts) + "\n"


def _notation() -> Iterator[str]:
    yield "## " + _("How values are written")
    yield "\n".join(f"- `{kind}`: " + _(sentence) for kind, sentence in WRITTEN.items())
    yield _(
        "In CSV, a text that a spreadsheet would take for a formula has an apostrophe before it; "
        "so has one that begins with apostrophes and then with such a sign. Take one off, and it "
        "is the text. JSON Lines and XLSX have every text as it is."
    )


def _table(table: Table) -> Iterator[str]:
    yield f"## {table.title}: `{table.name}`"
    yield str(table.description)
    head = [_("Field"), _("Type"), _("Meaning")]
    rows = [head, ["---"] * len(head), *(_cells(one) for one in fields_of(table.row))]
    yield "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(one: Field) -> list[str]:
    kind = _("%(kind)s or null") % {"kind": one.kind} if one.may_be_null else one.kind
    meaning = one.description
    if one.table:
        meaning += " " + _("The id of a row of %(table)s.") % {"table": f"`{one.table}`"}
    if one.vocabulary:
        meaning += " " + _("A code of the vocabulary %(name)s.") % {"name": f"`{one.vocabulary}`"}
    return [f"`{one.name}`", kind, meaning]
