"""Tries every address of the API as everybody who has no business there, on this very release and database.

Two tenants are made, with a person of each role and rows of each table that belongs to a tenant. Whatever is asked, the
other one's rows must neither be shown nor change, and whoever is nobody's member must be told nothing. Addresses come
from the list the application serves by, so that a new one is tried without anybody thinking of it. All of it happens in
one transaction that is taken back, and no letter is sent.
"""

import itertools
import json
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import CharField, ForeignKey, TextField
from django.test import Client
from django.urls import get_resolver

from tenants import scope
from tenants.access import session
from tenants.models import ROLES, Member, Plan, Tenant

METHODS = ["GET", "POST", "PUT", "DELETE"]


class Command(BaseCommand):
    help = __doc__

    def handle(self, **_):
        with transaction.atomic():
            ours, theirs = Party(), Party()
            leaks, tried = [], 0
            for address in addresses():
                ways = [(theirs, theirs), (theirs, ours), (ours, theirs)]
                for method, (who, token), (party, ids) in itertools.product(METHODS, strangers(ours), ways):
                    leaks += theirs.leaks(address, method, who, token, party, ids)
                    tried += 1
            transaction.set_rollback(True)
        for leak in sorted(set(leaks)):
            self.stderr.write(leak)
        if leaks:
            raise CommandError(f"{len(set(leaks))} leaks from tenant to tenant")
        self.stdout.write(f"{tried} requests, nothing of another tenant was shown or changed")


def addresses():
    """The patterns that name a tenant, such as api/t/<slug:slug>/tasks/<int:task_id>/done."""
    found = [str(entry.pattern) for entry in get_resolver().url_patterns if "<slug:slug>" in str(entry.pattern)]
    if not found:
        raise CommandError("no address names a tenant")
    return found


def strangers(ours):
    yield "nobody", None
    for role in ROLES:
        yield f"the other tenant's {role}", ours.tokens[role]


class Party:
    """A tenant whose every text holds a word that stands nowhere else."""

    def __init__(self):
        self.word = secrets.token_hex(8)
        self.tenant = Tenant.objects.create(
            slug=self.word, name=self.word, key=self.word, plan=Plan.objects.order_by("-monthly_cents").first())
        self.rows, self.tokens = {}, {}
        with scope.of(self.tenant):
            for role in ROLES:
                address = f"{role}@{self.word}.example"
                user = get_user_model().objects.create(username=address, email=address)
                Member.objects.create(user=user, role=role)
                self.tokens[role] = session(user)
            for model in owned():
                self.rows[model] = self.row(model)
        self.before = self.state()

    def row(self, model):
        values = {}
        for field in model._meta.concrete_fields:
            if field.name == "tenant" or field.primary_key:
                continue
            if isinstance(field, ForeignKey):
                values[field.name] = self.rows.get(field.related_model) or get_user_model().objects.get(username=f"viewer@{self.word}.example")
            elif isinstance(field, (CharField, TextField)) and not field.has_default() and not field.choices:
                values[field.name] = f"{self.word}@example.org" if field.name == "to" else self.word
        return model.objects.create(**values)

    def state(self):
        """Every row of the tenant in every table, to be compared."""
        found = []
        for model in [Tenant, *owned(), Member]:
            key = "pk" if model is Tenant else "tenant"
            manager = model.objects if model is Tenant else model.everywhere
            found.append(sorted(map(repr, manager.filter(**{key: self.tenant.pk}).values())))
        return found

    def leaks(self, address, method, who, token, party, ids):
        """What this request to an address of `party`, with the numbers of `ids`, shows or changes of mine."""
        undo = transaction.savepoint()
        path, answer = self.ask(address, method, token, party, ids)
        what = f"{method} {address} as {who}, {'this' if party is self else 'their own'} tenant's address: "
        if self.word in answer.content.decode(errors="replace").replace(path, ""):
            yield what + "shows what is another's"
        if answer.status_code >= 500:
            yield what + f"fails with {answer.status_code}"
        elif answer.status_code < 400 and (party is self or "_id>" in address):
            yield what + f"is answered with {answer.status_code}"
        if answer.status_code not in (401, 405) and self.state() != self.before:
            yield what + "changes what is another's"
        transaction.savepoint_rollback(undo)

    def ask(self, address, method, token, party, ids):
        path = "/" + address.replace("<slug:slug>", party.word)
        body = {"key": "tried", "name": "tried", "title": "tried", "text": "tried", "plan": "free", "role": "viewer", "email": "tried@example.org"}
        for model, row in ids.rows.items():
            body[model.__name__.lower()] = row.pk
            path = path.replace(f"<int:{model.__name__.lower()}_id>", str(row.pk))
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token}"} if token else {})
        content = "" if method == "GET" else json.dumps(body)
        return path, client.generic(method, path, content, "application/json", secure=True, SERVER_NAME=settings.ALLOWED_HOSTS[0])


def owned():
    """Tables that belong to a tenant, those that others point to first."""
    models = [model for model in scope.Owned.__subclasses__() if model is not Member]
    return sorted(models, key=lambda model: sum(isinstance(field, ForeignKey) for field in model._meta.concrete_fields))
