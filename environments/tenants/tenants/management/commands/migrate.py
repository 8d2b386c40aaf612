"""Django's own `migrate`, which changes nothing where the settings are a laptop's.

A deployment rehearses it on a copy first, with the .env and the secrets it is going to serve with: so DEBUG or SQLite in
production end it before anything has changed.
"""

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate


class Command(migrate.Command):
    def handle(self, *words, **options):
        if settings.ENVIRONMENT != "laptop" and not options["check_unapplied"]:
            call_command("check", deploy=True, fail_level="ERROR", stdout=self.stdout)
        super().handle(*words, **options)
