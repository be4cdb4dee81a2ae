from django.core.management.base import BaseCommand, CommandError

from recommendations import integrity


class Command(BaseCommand):
    help = (
        "Recompute everything that is derived from the published updates and name every "
        "difference. Silent when there is none."
    )

    def handle(self, *args, **options) -> None:
        found = 0
        for difference in integrity.differences():
            self.stdout.write(str(difference))
            found += 1
        if found:
            raise CommandError(
                f"{found} found. `manage.py rebuild` repairs what is derived; damage to the "
                "record itself needs a backup."
            )
