"""The bill of materials names each package of the lock file, with its digests."""

from django.conf import settings

from alliance.sbom import bill

LOCK = (settings.BASE_DIR / "requirements.lock").read_text(encoding="utf-8")


def test_each_pinned_package_is_named_with_version_and_digests() -> None:
    said = bill(LOCK, {"name": "tracker", "version": "1"})
    pinned = [line for line in LOCK.splitlines() if "==" in line and not line.startswith(" ")]
    assert len(said["components"]) == len(pinned)
    django = next(one for one in said["components"] if one["name"] == "django")
    assert django["purl"].startswith("pkg:pypi/django@5.2")
    assert all(len(one["content"]) == 64 for one in django["hashes"])
    assert django["licenses"]
