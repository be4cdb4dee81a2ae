from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.management.base import TerminalCommand
from recommendations.models import Report
from recommendations.models.act import Event
from recommendations.translating.po_files import catalogue_of
from recommendations.translating.texts import texts_of


class Command(TerminalCommand):
    help = gettext_noop(
        "Write the translations of a report as a PO file, with an empty one for each text that has "
        "none. Translators' programs read it; load_translations brings it back."
    )
    act = Event.EXPORT

    def subject(self, options: Mapping[str, Any]) -> str:
        return f"{options['report']} {options['language']}"

    def add_arguments(self, parser) -> None:
        parser.add_argument("report", metavar="SLUG")
        parser.add_argument("language", choices=[code for code, _name in settings.LANGUAGES])

    def handle(self, *args, **options) -> None:
        report = Report.objects.filter(slug=options["report"]).first()
        if report is None:
            raise CommandError(_("There is no report “%(slug)s”.") % {"slug": options["report"]})
        texts = [
            text for text in texts_of(report) if text.language not in ("", options["language"])
        ]
        self.stdout.write(catalogue_of(texts, options["language"]).decode(), ending="")
