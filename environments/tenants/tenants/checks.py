"""What `manage.py check --deploy` refuses besides what Django itself does: a laptop's settings anywhere else."""

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def is_fit(app_configs, **_):
    engine = settings.DATABASES["default"]["ENGINE"]
    found = [
        (settings.DEBUG, "E001", "DEBUG shows strangers the source, and keeps every query", "write DEBUG=False into .env"),
        ("sqlite" in engine, "E002", "SQLite is a laptop's database", "give the environment a database server: DATABASE_URL"),
        (len(settings.SECRET_KEY) < 32, "E003", "SECRET_KEY is missing or short", "deployctl secret set ENV SECRET_KEY"),
        ("*" in settings.ALLOWED_HOSTS, "E004", "ALLOWED_HOSTS lets any name in", "write the host's names into .env"),
    ]
    return [Error(said, hint=hint, id=f"tenants.{number}") for wrong, number, said, hint in found if wrong]
