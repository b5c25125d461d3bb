"""A record that is typed in versions: each sealed by a digest, none ever changed. A change is the next version (C-32)."""

import hashlib
import hmac
import json

from django.conf import settings
from django.db import models

PERSON = {"on_delete": models.PROTECT, "related_name": "+"}


class Version(models.Model):
    """A record as typed at one moment. Never changed: a change is the next version."""

    number = models.PositiveIntegerField()
    content = models.JSONField()
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, **PERSON)
    typed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ("number",)
        indexes = [models.Index(fields=["digest"], opclasses=["varchar_pattern_ops"], name="%(class)s_by_digest")]

    def __str__(self):
        return f"Version {self.number}"

    def save(self, *args, **kwargs):
        """Seal the version: the digest covers what it says and whose record it is."""
        self.digest = self.seal()
        super().save(*args, **kwargs)

    def seal(self):
        """The keyed digest of the content, to which signatures are bound."""
        sealed = json.dumps([*self.belongs_to, self.number, self.content], sort_keys=True, ensure_ascii=False)
        return hmac.new(settings.EVENT_KEY.encode(), sealed.encode(), hashlib.sha256).hexdigest()

    @property
    def digest_in_groups(self):
        """The digest as people compare it: in groups of eight."""
        return " ".join(self.digest[n : n + 8] for n in range(0, len(self.digest), 8))

    @property
    def is_intact(self):
        """Does the content still fit its digest?"""
        return hmac.compare_digest(self.seal(), self.digest)

    @property
    def parts(self):
        """The parts that were asked, in their order, each with its answer."""
        return [(part, self.content.get(part.name, "")) for part in self.asks if part.is_asked(self.content)]
