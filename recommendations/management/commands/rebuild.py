from django.core.management.base import BaseCommand

from recommendations import integrity


class Command(BaseCommand):
    help = "Derive periods, status columns and the search table again from the published updates."

    def handle(self, *args, **options) -> None:
        integrity.rebuild()
        self.stdout.write(self.style.SUCCESS("Rebuilt."))
