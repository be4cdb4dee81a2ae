import hashlib
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import acts, triggers
from recommendations.management.base import TerminalCommand
from recommendations.models import Act
from recommendations.models.act import Event
from recommendations.triggers.growing import ACTS

GUARD = f"{triggers.PREFIX}{ACTS.removeprefix('recommendations_')}_delete"


class Command(TerminalCommand):
    help = gettext_noop(
        "Removes the lines of the log of acts that are older than the stated months, and leaves "
        "one that says how many went and what digest they had. The owner of the tables runs it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, required=True, help=_("1 or more"))

    def handle(self, *args: Any, months: int, **options: Any) -> None:
        if months < 1:
            raise CommandError(_("Keep one month at least."))
        limit = months_before(timezone.now(), months)
        try:
            n, digest = prune(limit)
        except DatabaseError as error:
            raise CommandError(_("Only the owner of the tables may do this.")) from error
        self.stdout.write(
            _("%(n)d lines removed. SHA-256: %(digest)s") % {"n": n, "digest": digest}
        )


def months_before(moment: datetime, months: int) -> datetime:
    """Return the first of a month: whole months go."""
    years, month = divmod(moment.month - 1 - months, 12)
    return datetime(moment.year + years, month + 1, 1, tzinfo=moment.tzinfo)


def prune(limit: datetime) -> tuple[int, str]:
    """Remove what is older, and note how many lines there were and their digest."""
    digest, n = hashlib.sha256(), 0
    with transaction.atomic():
        old = Act.objects.before(limit).order_by("pk")
        for act in old.iterator(chunk_size=2000):
            digest.update(f"{act.pk} {acts.line_of(act)}\n".encode())
            n += 1
        with triggers.lifted(connection, GUARD):
            old.order_by().delete()
        detail = f"{n} lines before {limit:%Y-%m-%d}, SHA-256 {digest.hexdigest()}"
        acts.note(Event.UPKEEP, subject="log of acts pruned", detail=detail)
    return n, digest.hexdigest()
