from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class SharedCacheEntry(models.Model):
    """A row of Django's database cache, in which the processes count attempts together.

    The cache reads and writes it by SQL of its own. As a model it is made by `migrate`.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "alliance_shared_cache"
        default_permissions = ()

    def __str__(self) -> str:
        return self.cache_key


class SignedInSession(AbstractBaseSession):
    """A session, with what its person needs to recognise it."""

    person_id = models.IntegerField(null=True, db_index=True)
    begun_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):  # type: ignore[name-defined]
        default_permissions = ()

    @classmethod
    def get_session_store_class(cls):
        from alliance.session_store import SessionStore

        return SessionStore

    @property
    def mark(self) -> str:
        """Name it on a page. The key itself would let whoever reads the page in."""
        return salted_hmac("session", self.session_key, algorithm="sha256").hexdigest()[:20]


class Job(models.Model):
    """What the library's row of a task does not say: its key, who is at it, and how often it was.

    `alliance.background.queue` alone writes it, together with that row.
    """

    task = models.OneToOneField(
        "django_tasks_database.DBTaskResult",
        models.CASCADE,
        primary_key=True,
        related_name="job",
        verbose_name=_("task"),
    )
    key = models.CharField(_("key"), max_length=64)
    is_open = models.BooleanField(_("to be done"), default=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    holder = models.CharField(_("held by"), max_length=32, blank=True)
    leased_until = models.DateTimeField(_("held until"), null=True)

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(is_open=True), name="alliance_job_open_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SeenWorker(models.Model):
    """When a machine's worker last said that it is there."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
