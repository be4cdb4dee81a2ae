from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import watching
from recommendations.index.keeping import BeingMade
from recommendations.management.base import TerminalCommand

MINUTES = 50


class Command(TerminalCommand):
    help = gettext_noop(
        "Fetch the feeds that are on and due, and put what fits an action into the inbox. Nothing "
        "is logged by itself. To be run by a timer, each hour."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--minutes",
            type=int,
            default=MINUTES,
            help=_("end after so many minutes; the next run goes on (default: %(n)d)")
            % {"n": MINUTES},
        )

    def handle(self, *args, **options) -> None:
        if not settings.CAPTURE:
            raise CommandError(_("Pages are not fetched here: set CAPTURE=1 to watch feeds."))
        try:
            found = watching.watch(until=timezone.now() + timedelta(minutes=options["minutes"]))
        except BeingMade as error:
            raise CommandError(
                _("The index is being made: try again in a few minutes (`manage.py update_index`).")
            ) from error
        told = _(
            "Feeds: %(fetched)d fetched, %(failed)d failed. New items: %(new)d. In the inbox: "
            "%(waiting)d. Folded: %(folded)d."
        )
        facts = ("fetched", "failed", "new", "waiting", "folded")
        self.stdout.write(told % {name: getattr(found, name) for name in facts})
