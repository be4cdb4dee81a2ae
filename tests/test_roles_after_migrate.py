import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command


@pytest.mark.django_db
def test_roles_have_their_permissions_after_one_migrate_of_a_fresh_database() -> None:
    Permission.objects.all().delete()
    Group.objects.all().delete()
    call_command("migrate", verbosity=0)
    counts = {group.name: group.permissions.count() for group in Group.objects.all()}
    assert set(counts) == {"Analyst", "Reviewer", "Editor", "Administrator"}
    assert all(counts.values())
