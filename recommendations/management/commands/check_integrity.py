from contextlib import suppress

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import acts, integrity
from recommendations.index import checking
from recommendations.management.base import TerminalCommand
from recommendations.models.act import CHECKED, Event


class Command(TerminalCommand):
    help = gettext_noop(
        "Recompute everything that is derived from the published updates and name every "
        "difference. Silent when there is none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--copies",
            action="store_true",
            help=_("also read every kept copy of a source and compare its SHA-256"),
        )

    def handle(self, *args, **options) -> None:
        found = 0
        of_files = integrity.copies.damaged_files(are_read=options["copies"])
        for difference in (*integrity.differences(), *checking.differences(), *of_files):
            self.stdout.write(str(difference))
            found += 1
        # A copy that is only to be read is checked too.
        with suppress(DatabaseError):
            acts.note(Event.UPKEEP, subject=CHECKED, detail=str(found))
        if found:
            raise CommandError(
                _(
                    "%(n)d found. `manage.py rebuild` repairs what is derived; damage to the "
                    "record itself or to a copy of a source needs a backup, and an index is made "
                    "anew by `manage.py update_index --anew`."
                )
                % {"n": found}
            )
