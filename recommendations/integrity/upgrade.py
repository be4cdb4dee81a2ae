"""What a new release does to an older database by itself, after its last migration."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from recommendations import acts, triggers
from recommendations.models.act import Event

from . import damage, derived


def after_migrate(
    *,
    using: str = DEFAULT_DB_ALIAS,
    verbosity: int = 1,
    plan: Any = None,
    stdout: TextIO | None = None,
    **kwargs: Any,
) -> None:
    """Receive post_migrate. A flush sends it too, without a plan, and has nothing to bring up."""
    if plan is None or using != DEFAULT_DB_ALIAS or not _is_newest():
        return
    with acts.occasion(command="manage.py migrate"):
        said = bring_up(may_differ=any(_may_change_what_is_derived(one) for one, _back in plan))
        if said:
            acts.note(Event.UPKEEP, subject="guards and derived rows", detail="; ".join(said))
    if verbosity >= 1:
        (stdout or sys.stdout).writelines(f"  {line}\n" for line in said)


def _is_newest() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _may_change_what_is_derived(migration: Migration) -> bool:
    """Whether a migration may have changed the record, or how something is derived from it."""
    is_ours = migration.app_label == "recommendations"
    return is_ours and not getattr(migration, "leaves_the_record", False)


def bring_up(*, may_differ: bool = True) -> list[str]:
    """Install the guards and derive again what differs; return what was done and what was not.

    To compare all that is derived takes an hour where there are a million actions: it is done where
    something may differ, after a migration or while a guard was missing. Nothing is derived again
    while the record itself is in doubt: that would hide what was done to it.
    """
    said = [
        _("Guard installed: %(name)s, which %(fault)s") % {"name": name, "fault": fault}
        for name, fault in triggers.faults(connection)
    ]
    if said:
        triggers.install(connection)
    changes = list(derived.differences()) if may_differ or said else []
    if not changes:
        return said
    if doubts := list(damage()):
        said += [_("Not as it should be: %(what)s") % {"what": one} for one in doubts]
        said.append(_("Nothing was derived again. Run check_integrity."))
        return said
    derived.rebuild()
    return said + [_("Derived again: %(what)s") % {"what": one} for one in changes]
