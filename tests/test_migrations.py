import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_models_have_no_change_without_a_migration() -> None:
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    except SystemExit:
        pytest.fail(
            "The models have changed: manage.py makemigrations, named by hand, and wrapped in "
            "triggers.around([...]) where it alters a table of triggers.GUARDED_TABLES."
        )
