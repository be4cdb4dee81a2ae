"""Whatever the public sees reaches the rows of the record through `record.Record` alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
# What visitors reach, and the mail that repeats it.
ENTRIES = ["recommendations.urls", "recommendations.accounts.digest"]
ENTRIES += [
    f"recommendations.templatetags.{p.stem}"
    for p in ROOT.glob("recommendations/templatetags/[a-z]*.py")
]
# The gate and what it is made of, and what is below it: none of them answers a visitor.
BELOW = (
    "recommendations.record",
    "recommendations.querysets",
    "recommendations.models",
    "recommendations.periods",
    "recommendations.digests",
    # Made from the rows of the gate and from their wording; it answers with keys alone, and the
    # rows that a page shows come through the gate.
    "recommendations.index",
    # Translations, and former wordings: both show as now.
    "recommendations.text",
    # People, none of the record.
    "recommendations.accounts.people",
    "recommendations.accounts.roles",
)
# Rows that are none of the record: what staff and readers keep here, and its translations.
OTHER_MODELS = {
    "AddresseeAlias",
    "CaptureRequest",
    "Assignment",
    "Delivery",
    "DeliveryRow",
    "DiscardedDraft",
    "FileToRead",
    "InboxItem",
    "KnownHost",
    "Notice",
    "Preference",
    "ReaderReport",
    "ReportImport",
    "RetractionRequest",
    "ReturnedVersion",
    "SavedFilter",
    "ContentChange",
    "StructureRequest",
    "TableImport",
    "TableMapping",
    "TrackerState",
    "Translation",
}
# Wording and grouping show as now, and the evidence of an update never changes.
SHOWN_AS_NOW = {"areas", "bodies", "parties", "evidence"}
QUESTIONS = {
    *("aggregate", "all", "annotate", "count", "earliest", "exclude", "exists", "filter", "first"),
    *("get", "in_bulk", "iterator", "last", "latest", "order_by", "prefetch_related"),
    *("select_related", "values", "values_list"),
}


def record_models() -> set[str]:
    names = {model.__name__ for model in apps.get_app_config("recommendations").get_models()}
    return {name for name in names if not name.startswith("Historical")} - OTHER_MODELS


def related_managers() -> set[str]:
    """The names by which rows of the record lead to others."""
    found = set()
    for name in record_models():
        for field in apps.get_model("recommendations", name)._meta.get_fields():
            if field.many_to_many or field.one_to_many:
                is_reverse = isinstance(field, models.ForeignObjectRel)
                accessor = field.get_accessor_name() if is_reverse else field.name
                found.add(accessor)
    return {name for name in found if name} - SHOWN_AS_NOW


def path_of(module: str) -> Path | None:
    base = ROOT / module.replace(".", "/")
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.exists()), None)


def imported_by(module: str, tree: ast.AST) -> Iterator[str]:
    path = path_of(module)
    package = module if path and path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            origin = ".".join([*parts, node.module or ""]).strip(".") if node.level else node.module
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def public_modules() -> dict[str, ast.AST]:
    """What public pages, exports, feeds, citations and the digest import, directly or not."""
    found: dict[str, ast.AST] = {}
    waiting = list(ENTRIES)
    while waiting:
        module = waiting.pop()
        path = path_of(module)
        if module in found or path is None or module.startswith((*BELOW, "recommendations.admin")):
            continue
        found[module] = ast.parse(path.read_text(encoding="utf-8"))
        waiting += [
            name
            for name in imported_by(module, found[module])
            if name.startswith("recommendations")
        ]
    return found


def ways_past(tree: ast.AST, rows: set[str], managers: set[str]) -> Iterator[str]:
    """Yield what of a module asks for rows of the record without the gate."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if node.attr in {"_default_manager", "_base_manager"}:
                yield f"{ast.unparse(node)}"
            if node.attr == "objects" and not (
                isinstance(owner, ast.Name) and owner.id in OTHER_MODELS | {"User"}
            ):
                yield f"{ast.unparse(node)}"
            if (
                node.attr in QUESTIONS
                and isinstance(owner, ast.Attribute)
                and owner.attr in managers
            ):
                yield f"{ast.unparse(node)}"
        if isinstance(node, ast.Call) and node.args:
            name, first = ast.unparse(node.func), node.args[0]
            is_shortcut = name.endswith(("get_object_or_404", "get_list_or_404"))
            if is_shortcut and isinstance(first, ast.Name) and first.id in rows:
                yield f"{ast.unparse(node)}"


def test_no_public_module_reaches_rows_past_the_gate() -> None:
    modules = public_modules()
    rows, managers = record_models(), related_managers()
    assert {"Action", "StatusUpdate", "Edition", "Deadline"} <= rows
    assert {"updates", "actions", "successors", "deadlines", "passages"} <= managers
    # Both ends of what is looked at: views, and what a template tag uses.
    assert {
        "recommendations.views.dashboards",
        "recommendations.figures.months",
        "recommendations.exports.csv_export",
        "recommendations.filters.vocabularies",
        "recommendations.web.context_processors",
    } <= set(modules)
    found = [
        f"{module}: {way}"
        for module, tree in modules.items()
        for way in ways_past(tree, rows, managers)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "Report.objects.published()",
        "model.objects.filter(pk=1)",
        "Report._default_manager.all()",
        "get_object_or_404(Report, slug=slug)",
        "action.updates.all()",
        "report.texts.first()",
    ],
)
def test_a_way_past_the_gate_is_seen(code: str) -> None:
    assert list(ways_past(ast.parse(code), record_models(), related_managers()))


@pytest.mark.parametrize(
    "code",
    [
        "record.reports().filter(slug=slug)",
        "action.parties.all()",
        "update.evidence.all()",
        "ReaderReport.objects.create()",
        "get_object_or_404(record.reports(), slug=slug)",
    ],
)
def test_ways_through_the_gate_are_let_be(code: str) -> None:
    assert not list(ways_past(ast.parse(code), record_models(), related_managers()))


def test_no_public_template_asks_a_related_manager() -> None:
    managers = "|".join(sorted(related_managers()))
    question = re.compile(rf"\.({managers})\.(all|count|exists|first|last)\b")
    templates = [
        path
        for folder in ("recommendations", "components", "mail")
        for path in (ROOT / "templates" / folder).rglob("*.*")
        if path.name not in STAFF_COMPONENTS
    ]
    assert len(templates) > 80
    found = [
        f"{path.name}: {match[0]}"
        for path in templates
        for match in question.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


# Shown to staff alone, who see the present.
STAFF_COMPONENTS = {"mark_passage.html", "tree_grouping.html", "tree_recommendation.html"}
