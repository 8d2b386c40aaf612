"""Where Celery looks for them."""

from tenants.letters import send

__all__ = ["send"]
