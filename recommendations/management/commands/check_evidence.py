from itertools import groupby

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from recommendations import evidence_watch
from recommendations.management.base import TerminalCommand
from recommendations.models import ListedHost
from recommendations.text.punctuation import colon
from recommendations.viewpoint import today


class Command(TerminalCommand):
    help = gettext_noop(
        "Name the actions whose evidence is weak, old or badly recorded, grouped by what is the "
        "matter. None of it is damage: `check_integrity` looks for that."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--strict", action="store_true", help=_("Fail if anything is named, for scripts.")
        )

    def handle(self, *args, **options) -> None:
        found = evidence_watch.findings_of(
            evidence_watch.watched_actions(), on=today(), hosts=ListedHost.objects.as_list()
        )
        for kind, of_kind in groupby(found, key=lambda finding: finding.kind):
            findings = list(of_kind)
            self.stdout.write(f"{kind.label}{colon()}{len(findings)}")
            for finding in findings:
                self.stdout.write(f"  {finding.action.name}{colon()}{finding.detail}")
                self.stdout.write(f"    {finding.action.address}")
        n = len({finding.action.pk for finding in found})
        sentence = ngettext("%(n)d action is named.", "%(n)d actions are named.", n) % {"n": n}
        if found and options["strict"]:
            raise CommandError(sentence)
        self.stdout.write(sentence)
