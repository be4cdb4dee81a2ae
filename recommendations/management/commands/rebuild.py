from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations import integrity
from recommendations.management.base import TerminalCommand
from recommendations.models.act import Event


class Command(TerminalCommand):
    help = gettext_noop(
        "Derive periods and status columns again from the published updates. "
        "Says first what changes by it, and refuses while the record itself, its guards or its "
        "texts are not as they should be: a rebuild would take away the trace."
    )
    act = Event.UPKEEP

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--despite-differences",
            action="store_true",
            help=_("Rebuild although check_integrity names what a rebuild cannot repair."),
        )

    def handle(self, *args, despite_differences: bool, **options) -> None:
        damage = list(integrity.damage())
        changes = [one for one in integrity.derived.differences() if one not in damage]
        for difference in changes:
            self.stdout.write(_("To be derived again: %(what)s") % {"what": difference})
        for difference in damage:
            self.stdout.write(_("Not as it should be: %(what)s") % {"what": difference})
        if damage and not despite_differences:
            raise CommandError(
                _(
                    "%(n)d found, and nothing rebuilt. Find out who wrote past the program first; "
                    "then --despite-differences rebuilds all the same."
                )
                % {"n": len(damage)}
            )
        integrity.rebuild()
        self.stdout.write(self.style.SUCCESS(_("Rebuilt.")))
