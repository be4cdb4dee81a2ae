from django.db import models


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
