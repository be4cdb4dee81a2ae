from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = _("Recommendations")

    def ready(self) -> None:
        from . import addressee_groups, site_row
        from .accounts.roles import synchronise_roles
        from .inbox import reading
        from .integrity.upgrade import after_migrate
        from .text import languages

        post_migrate.connect(synchronise_roles, sender=self)
        post_migrate.connect(after_migrate, sender=self)
        languages.connect()
        site_row.connect()
        addressee_groups.connect()
        reading.connect()
