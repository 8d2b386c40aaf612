"""Letters that were owed for a while are given to a worker again: what a broker lost is sent nevertheless."""

from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from tenants.letters import tell_worker
from tenants.models import Letter


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--older", type=int, default=60, metavar="SECONDS")

    def handle(self, older, **_):
        before = timezone.now() - timedelta(seconds=older)
        found = Letter.everywhere.filter(sent_at=None, created_at__lte=before).order_by("created_at").values_list("pk", flat=True)[:1000]
        for number in found:
            tell_worker(number)
        self.stdout.write(f"{len(found)} letters were owed")
