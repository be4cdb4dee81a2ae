from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.loading import Loaded, LoadError, load
from recommendations.management.base import TerminalCommand, unreadable
from recommendations.models.act import Event
from recommendations.planner import analyze


class Command(TerminalCommand):
    help = gettext_noop(
        "Load a report with its baseline from a YAML fixture, and files of later research in their "
        "order. Loading them twice changes nothing; a file with more adds what is missing; one "
        "that contradicts the record stops with a list, and those before it stay loaded. "
        "Translations in NAME.LANGUAGE.po beside a file are loaded with it."
    )
    act = Event.IMPORT

    def subject(self, options: Mapping[str, Any]) -> str:
        return " ".join(file.name for file in options["files"])

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", metavar="file")
        parser.add_argument(
            "--keep-edits",
            action="store_true",
            help=_(
                "Keep wording that was edited here where the file says something else. Of several "
                "files it holds for all but the last in any case."
            ),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = options["files"]
        for number, path in enumerate(files, start=1):
            if len(files) > 1:
                self.stdout.write(f"{path}")
            self._load(path, keep_edits=options["keep_edits"] or number < len(files))
        analyze()

    def _load(self, path: Path, *, keep_edits: bool) -> None:
        try:
            loaded = load(read_file(path), keep_edits=keep_edits)
        except LoadError as error:
            told = _("%(path)s was not loaded.") % {"path": path}
            raise CommandError(f"{told}\n{error}") from error
        self._report(loaded)
        for code, _name in settings.LANGUAGES:
            if (catalogue := path.with_suffix(f".{code}.po")).exists():
                call_command("load_translations", str(catalogue), stdout=self.stdout)

    def _report(self, loaded: Loaded) -> None:
        for model, number in sorted(loaded.added.items()):
            label = _("%(model)s added") % {"model": model}
            self.stdout.write(f"{number:5d} {label}")
        label = _("entries were there already")
        self.stdout.write(f"{loaded.unchanged:5d} {label}")
        for line in (*loaded.left_out, *loaded.overtaken):
            self.stdout.write(self.style.WARNING(line))
        for number in loaded.editions:
            told = _("Edition %(number)d is published.") % {"number": number}
            self.stdout.write(self.style.SUCCESS(told))


def read_file(path: Path) -> str:
    if path.suffix not in {".yaml", ".yml"}:
        raise CommandError(
            _("%(path)s is no YAML fixture: its name ends neither in .yaml nor .yml.")
            % {"path": path}
        )
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise CommandError(
            _("%(path)s is not UTF-8: save it in that encoding.") % {"path": path}
        ) from error
