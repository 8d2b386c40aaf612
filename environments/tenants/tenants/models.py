from django.conf import settings
from django.db import models

from tenants.scope import Owned

# From the least to the most.
ROLES = ["viewer", "member", "manager", "owner"]


class Plan(models.Model):
    """A tariff; None is as many as one likes."""

    code = models.SlugField(primary_key=True)
    name = models.CharField(max_length=40)
    monthly_cents = models.PositiveIntegerField()
    most_members = models.PositiveIntegerField(null=True)
    most_projects = models.PositiveIntegerField(null=True)

    def __str__(self):
        return self.name


class Tenant(models.Model):
    slug = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=80)
    plan = models.ForeignKey(Plan, models.PROTECT)
    # Whoever signed up knows it: the same sign-up sent twice makes one tenant.
    key = models.CharField(max_length=80, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.name


class Member(Owned):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    role = models.CharField(max_length=10, choices=[(role, role) for role in ROLES])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "user"], name="one_role_each")]


class Project(Owned):
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="one_project_of_a_name")]


class Task(Owned):
    project = models.ForeignKey(Project, models.CASCADE)
    key = models.CharField(max_length=150)
    title = models.CharField(max_length=200)
    is_done = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="one_task_of_a_key")]


class Letter(Owned):
    """An e-mail that is owed: written with what it tells of, sent by a worker."""

    key = models.CharField(max_length=200)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="one_letter_of_a_key")]
        indexes = [models.Index("created_at", condition=models.Q(sent_at=None), name="letters_owed")]
