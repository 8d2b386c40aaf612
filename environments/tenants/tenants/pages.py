"""The page, and whether this release is able to serve."""

from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import JsonResponse
from django.shortcuts import render

from tenants.models import Plan


@cache
def needed():
    """The last migration of this release; that later ones were applied too is no matter."""
    return MigrationLoader(None).graph.leaf_nodes("tenants")[0][1]


def front(request):
    words = {"plans": Plan.objects.order_by("monthly_cents"), "environment": settings.ENVIRONMENT, "release": settings.RELEASE}
    return render(request, "front.html", words)


def health(_):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations WHERE app = 'tenants' AND name = %s", [needed()])
            is_well = cursor.fetchone() is not None
    except DatabaseError:
        is_well = False
    value = {"ok": is_well, "release": settings.RELEASE, "environment": settings.ENVIRONMENT}
    return JsonResponse(value, status=200 if is_well else 503)
