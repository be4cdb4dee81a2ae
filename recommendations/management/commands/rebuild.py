from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import integrity
from recommendations.management.base import TerminalCommand


class Command(TerminalCommand):
    help = gettext_noop(
        "Derive periods, status columns and the search table again from the published updates."
    )

    def handle(self, *args, **options) -> None:
        integrity.rebuild()
        self.stdout.write(self.style.SUCCESS(_("Rebuilt.")))
