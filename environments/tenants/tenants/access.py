"""Who asks, what for, and whether they may: every answer of the API comes through here."""

import json
from functools import wraps

from django.contrib.auth import get_user_model
from django.core import signing
from django.db import transaction
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from tenants import scope
from tenants.models import ROLES, Member, Tenant

LIFE = 12 * 3600


class Refused(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status = status


def session(user):
    return signing.dumps(user.pk, salt="session")


def signed_in(request):
    given = request.headers.get("Authorization", "")
    try:
        number = signing.loads(given.removeprefix("Bearer "), salt="session", max_age=LIFE)
    except signing.BadSignature:
        raise Refused(401, "nobody is signed in") from None
    user = get_user_model().objects.filter(pk=number, is_active=True).first()
    if not user:
        raise Refused(401, "nobody is signed in")
    return user


class Asked:
    """A request's body, looked at as it is read."""

    def __init__(self, request):
        self.request, self.method = request, request.method
        try:
            self.body = json.loads(request.body or b"{}")
        except ValueError:
            self.body = None
        if not isinstance(self.body, dict):
            raise Refused(400, "the body is a JSON object")

    def text(self, name, longest, least=1):
        value = self.body.get(name)
        if not isinstance(value, str) or not least <= len(value.strip()) <= longest or "\0" in value:
            raise Refused(400, f"{name} is a text of {least} to {longest} characters")
        return value.strip()


def answers(*methods):
    """Makes a function of what was asked a view: JSON or a refusal, one transaction each."""
    def made(view):
        @csrf_exempt
        @wraps(view)
        def answer(request, **words):
            try:
                if request.method not in methods:
                    raise Refused(405, "not like this")
                with transaction.atomic():
                    value = view(Asked(request), **words)
            except Refused as refused:
                return JsonResponse({"error": str(refused)}, status=refused.status)
            status, value = value if isinstance(value, tuple) else (200, value)
            return JsonResponse(value, status=status, safe=False)
        return answer
    return made


def member(*methods, read="viewer", write="member"):
    """For members of the tenant that the address names, from these roles on. To everybody else there is no such tenant."""
    def made(view):
        @answers(*methods)
        @wraps(view)
        def answer(asked, slug, **words):
            user = signed_in(asked.request)
            tenant = Tenant.objects.select_related("plan").filter(slug=slug).first()
            with scope.of(tenant):
                found = Member.objects.filter(user=user).first() if tenant else None
                if not found:
                    raise Refused(404, "there is no such tenant")
                least = read if asked.method == "GET" else write
                if ROLES.index(found.role) < ROLES.index(least):
                    raise Refused(403, f"this takes a {least}, and you are a {found.role}")
                asked.tenant, asked.member, asked.user = tenant, found, user
                return view(asked, **words)
        return answer
    return made
