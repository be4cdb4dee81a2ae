from __future__ import annotations

import json
import sys

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.index.keeping import BeingMade
from recommendations.management.base import TerminalCommand
from recommendations.suggesting import Suggestion, suggest
from recommendations.text.languages import plain


class Command(TerminalCommand):
    help = gettext_noop(
        "Suggest the actions that a piece of news is about, the best first: a text on standard "
        "input, or addresses of sources that the record knows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("addresses", nargs="*", metavar="ADDRESS")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args, **options) -> None:
        text = "\n".join(options["addresses"]) or _read()
        try:
            found = suggest(text)
        except BeingMade as error:
            raise CommandError(
                _("The index is being made: try again in a few minutes (`manage.py update_index`).")
            ) from error
        if options["format"] == "json":
            rows = [_row(one) for one in found]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        elif not found:
            self.stdout.write(
                _(
                    "Nothing fits. Of an address that the record does not cite, give the title of "
                    "the source instead, or what it says."
                )
            )
        else:
            for one in found:
                self.stdout.write(_line(one))


def _read() -> str:
    return sys.stdin.buffer.read().decode("utf-8", errors="replace").replace("\0", " ")


def _row(one: Suggestion) -> dict[str, object]:
    return {
        "report": one.report,
        "action": one.action.label,
        "score": round(one.score, 4),
        "reasons": one.reasons,
    }


def _line(one: Suggestion) -> str:
    title = plain(one.action.title, "action.title")
    return f"{one.score:.2f}  {one.report}  {one.action.label}  {title}\n      " + ", ".join(
        one.reasons
    )
