from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.loading import LoadError, load
from recommendations.management.base import TerminalCommand, unreadable


class Command(TerminalCommand):
    help = gettext_noop(
        "Load a report with its baseline from a YAML fixture. Loading it twice changes nothing; "
        "a file with more adds what is missing; one that contradicts the record stops with a list. "
        "Translations in NAME.LANGUAGE.po beside it are loaded with it."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--keep-edits",
            action="store_true",
            help=_("Keep wording that was edited here where the file says something else."),
        )

    def handle(self, *args, **options) -> None:
        path = options["file"]
        if path.suffix not in {".yaml", ".yml"}:
            raise CommandError(
                _("%(path)s is no YAML fixture: its name ends neither in .yaml nor .yml.")
                % {"path": path}
            )
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise unreadable(path, error) from error
        except UnicodeDecodeError as error:
            raise CommandError(
                _("%(path)s is not UTF-8: save it in that encoding.") % {"path": path}
            ) from error
        try:
            loaded = load(text, keep_edits=options["keep_edits"])
        except LoadError as error:
            told = _("%(path)s was not loaded.") % {"path": path}
            raise CommandError(f"{told}\n{error}") from error
        for model, number in sorted(loaded.added.items()):
            label = _("%(model)s added") % {"model": model}
            self.stdout.write(f"{number:5d} {label}")
        label = _("entries were there already")
        self.stdout.write(f"{loaded.unchanged:5d} {label}")
        for number in loaded.editions:
            told = _("Edition %(number)d is published.") % {"number": number}
            self.stdout.write(self.style.SUCCESS(told))
        for code, _name in settings.LANGUAGES:
            if (catalogue := path.with_suffix(f".{code}.po")).exists():
                call_command("load_translations", str(catalogue), stdout=self.stdout)
