"""Rows of one tenant at a time: who has chosen none finds none."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

chosen = ContextVar("chosen tenant", default=None)


@contextmanager
def of(tenant):
    token = chosen.set(tenant)
    try:
        yield
    finally:
        chosen.reset(token)


class Scoped(models.Manager):
    def get_queryset(self):
        if (tenant := chosen.get()) is None:
            raise LookupError(f"no tenant is chosen, whose {self.model.__name__} is meant?")
        return super().get_queryset().filter(tenant=tenant)


class Owned(models.Model):
    """What belongs to a tenant: `objects` are the chosen one's, `everywhere` is for the super-admin alone."""

    tenant = models.ForeignKey("tenants.Tenant", models.CASCADE)

    everywhere = models.Manager()
    objects = Scoped()

    class Meta:
        abstract = True

    def save(self, *words, **more):
        if self.tenant_id is None:
            self.tenant = chosen.get()
        super().save(*words, **more)
