from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AllianceConfig(AppConfig):
    name = "alliance"

    def ready(self) -> None:
        from alliance import (
            active_language,
            checks,  # noqa: F401  (importing registers them)
            replica,
            sign_in_acts,
            sqlite_file,
        )

        active_language.connect()
        sign_in_acts.connect()
        replica.connect()
        sqlite_file.connect()


class TrackerAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "recommendations.admin_site.TrackerAdminSite"
