"""The people whom the checks of the definition log in as: a tenant of the smallest plan with each role, and a neighbour."""

import os

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from tenants import scope
from tenants.models import Member, Plan, Project, Tenant


class Command(BaseCommand):
    help = __doc__

    @transaction.atomic
    def handle(self, **_):
        plan = Plan.objects.order_by("monthly_cents").first()
        for slug, roles in (("check", ["owner", "viewer"]), ("neighbour", ["owner"])):
            tenant, _ = Tenant.objects.get_or_create(slug=slug, defaults={"name": slug, "plan": plan, "key": f"of the checks: {slug}"})
            with scope.of(tenant):
                for role in roles:
                    Member.objects.get_or_create(role=role, defaults={"user": self.person(f"{role}@{slug}.example")})
                for number in range(plan.most_projects):
                    Project.objects.get_or_create(name=f"Project {number + 1}")

    def person(self, address):
        user, is_new = get_user_model().objects.get_or_create(username=address, defaults={"email": address})
        if is_new:
            user.set_password(os.environ["CHECK_PASSWORD"])
            user.save()
        return user
