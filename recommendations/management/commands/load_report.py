from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from recommendations.loading import LoadError, load


class Command(BaseCommand):
    help = (
        "Load a report with its baseline from a YAML fixture. Loading it twice changes nothing; "
        "a file with more adds what is missing; one that contradicts the record stops with a list. "
        "Translations in NAME.LANGUAGE.po beside it are loaded with it."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--keep-edits",
            action="store_true",
            help="Keep wording that was edited here where the file says something else.",
        )

    def handle(self, *args, **options) -> None:
        path = options["file"]
        if path.suffix not in {".yaml", ".yml"}:
            raise CommandError(
                f"{path} is no YAML fixture: its name ends neither in .yaml nor .yml."
            )
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8: save it in that encoding.") from error
        try:
            loaded = load(text, keep_edits=options["keep_edits"])
        except LoadError as error:
            raise CommandError(f"{path} was not loaded.\n{error}") from error
        for model, number in sorted(loaded.added.items()):
            self.stdout.write(f"{number:5d} {model} added")
        self.stdout.write(f"{loaded.unchanged:5d} entries were there already")
        for number in loaded.editions:
            self.stdout.write(self.style.SUCCESS(f"Edition {number} is published."))
        for code, _name in settings.LANGUAGES:
            if (catalogue := path.with_suffix(f".{code}.po")).exists():
                call_command("load_translations", str(catalogue), stdout=self.stdout)
