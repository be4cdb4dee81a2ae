from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import links
from recommendations.management.base import TerminalCommand

MINUTES = 50


class Command(TerminalCommand):
    help = gettext_noop(
        "Ask whether the pages of sources are still there, each once a week and one host after the "
        "other. To be run by a timer, each hour."
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
            raise CommandError(
                _("Pages are not fetched here: set CAPTURE=1 to have links checked.")
            )
        found = links.check_links(minutes=options["minutes"])
        told = _("There: %(alive)d. Gone: %(dead)d. Could not be checked: %(unknown)d.")
        self.stdout.write(told % {key: found[key] for key in ("alive", "dead", "unknown")})
