from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac


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
