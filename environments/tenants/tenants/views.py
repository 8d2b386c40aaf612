"""The API: sign-up and log-in for everybody, the rest for members of a tenant, an overview for the super-admin."""

from django.contrib.auth import authenticate, get_user_model, password_validation
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.db.models import Count

from tenants import scope
from tenants.access import Refused, answers, member, session, signed_in
from tenants.features import is_on
from tenants.letters import owe
from tenants.models import ROLES, Member, Plan, Project, Task, Tenant

INVITED = 7 * 24 * 3600


@answers("GET")
def plans(_):
    return list(Plan.objects.order_by("monthly_cents").values())


@answers("POST")
def sign_up(asked):
    key, slug, name = asked.text("key", 80, least=16), asked.text("slug", 40), asked.text("name", 80)
    address = email(asked)
    checked(validate_slug, slug, "slug is letters, digits and dashes")
    plan = Plan.objects.filter(code=asked.text("plan", 40)).first() or refuse(400, "there is no such plan")
    tenant, is_new = Tenant.objects.get_or_create(key=key, defaults={"slug": slug, "name": name, "plan": plan}) \
        if not Tenant.objects.filter(slug=slug).exclude(key=key).exists() else refuse(409, "this name is taken")
    with scope.of(tenant):
        if is_new:
            welcome(tenant, address, "owner")
        owner = Member.objects.select_related("user").filter(role="owner", user__email=address).first()
        if not owner:
            refuse(409, "this key stands for another sign-up")
        # Who had an account before proves that it is theirs; a new one is whoever holds the key.
        mine = not owner.user.has_usable_password()
    return 201, {"slug": tenant.slug, "session": session(owner.user) if mine else None}


def welcome(tenant, address, role):
    # Nobody logs in with an address until its letter was answered: "!" is no password.
    user, _ = get_user_model().objects.get_or_create(username=address, defaults={"email": address, "password": "!"})
    found, is_new = Member.objects.get_or_create(user=user, defaults={"role": role})
    if is_new:
        invitation = signing.dumps(user.pk, salt="invitation")
        owe(f"welcome:{user.pk}", address, f"Welcome to {tenant.name}", f"You are its {role}. Choose a password: /#{invitation}")
    return found


@answers("POST")
def log_in(asked):
    user = authenticate(asked.request, username=asked.text("email", 150), password=asked.text("password", 200))
    if not user:
        refuse(401, "address and password do not belong together")
    slugs = list(Member.everywhere.filter(user=user).order_by("id").values_list("tenant__slug", flat=True)[:50])
    return {"session": session(user), "tenants": slugs}


@answers("POST")
def set_password(asked):
    try:
        number = signing.loads(asked.text("invitation", 200), salt="invitation", max_age=INVITED)
    except signing.BadSignature:
        refuse(401, "this invitation is over")
    user = get_user_model().objects.select_for_update().get(pk=number)
    if user.has_usable_password():
        refuse(409, "a password was chosen before")
    password = asked.text("password", 200)
    checked(lambda it: password_validation.validate_password(it, user), password, "choose a longer password")
    user.set_password(password)
    user.save()
    return {"session": session(user)}


@answers("GET")
def overview(asked):
    """Every tenant, for the super-admin alone."""
    if not signed_in(asked.request).is_superuser:
        refuse(404, "there is nothing here")
    found = Tenant.objects.annotate(members=Count("member")).order_by("-id")
    return [{"slug": it.slug, "plan": it.plan_id, "members": it.members} for it in found[:500]]


@member("GET")
def home(asked, **_):
    plan = asked.tenant.plan
    return {
        "name": asked.tenant.name, "plan": plan.code, "role": asked.member.role, "email": asked.user.email,
        "members": [Member.objects.count(), plan.most_members], "projects": [Project.objects.count(), plan.most_projects],
        "tasks": Task.objects.count(), "board": "compact" if is_on("compact-board", asked.tenant) else "wide"}


@member("POST", write="owner")
def change_plan(asked, **_):
    plan = Plan.objects.filter(code=asked.text("plan", 40)).first() or refuse(400, "there is no such plan")
    asked.tenant.plan = plan
    expect_room(asked.tenant, "members", Member, 0)
    expect_room(asked.tenant, "projects", Project, 0)
    asked.tenant.save(update_fields=["plan"])
    return {"plan": plan.code}


@member("GET", "POST", write="manager")
def members(asked, **_):
    if asked.method == "GET":
        return list(Member.objects.order_by("id").values("id", "user__email", "role"))
    address, role = email(asked), asked.text("role", 10)
    if role not in ROLES or ROLES.index(role) > ROLES.index(asked.member.role):
        refuse(403, "nobody gives a role above their own")
    if not Member.objects.filter(user__username=address).exists():
        expect_room(asked.tenant, "members", Member, 1)
    return 201, {"id": welcome(asked.tenant, address, role).pk}


@member("GET", "POST", write="manager")
def projects(asked, **_):
    if asked.method == "GET":
        return list(Project.objects.order_by("id").values("id", "name"))
    name = asked.text("name", 80)
    if not Project.objects.filter(name=name).exists():
        expect_room(asked.tenant, "projects", Project, 1)
    return 201, {"id": Project.objects.get_or_create(name=name)[0].pk}


@member("GET", "POST")
def tasks(asked, **_):
    if asked.method == "GET":
        return list(Task.objects.order_by("-id").values("id", "project_id", "title", "is_done")[:50])
    project = Project.objects.filter(pk=number(asked, "project")).first() or refuse(404, "there is no such project")
    key = asked.text("key", 150)
    task, _ = Task.objects.get_or_create(key=key, defaults={"project": project, "title": asked.text("title", 200)})
    owe(f"task:{key}", asked.user.email, f"New in {project.name}", task.title)
    return 201, {"id": task.pk}


@member("POST")
def finish(asked, task_id, **_):
    if not Task.objects.filter(pk=task_id).update(is_done=True):
        refuse(404, "there is no such task")
    return {"id": task_id, "is_done": True}


def expect_room(tenant, what, model, more):
    """What a plan allows, counted while nobody else of the tenant adds anything."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    most = getattr(tenant.plan, f"most_{what}")
    if most is not None and model.objects.count() + more > most:
        refuse(402, f"the plan {tenant.plan} has {most} {what}")


def number(asked, name):
    value = asked.body.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and 0 < value < 10**15 else refuse(400, f"{name} is a number")


def email(asked):
    address = asked.text("email", 150).lower()
    checked(validate_email, address, "email is an address")
    return address


def checked(validate, value, otherwise):
    try:
        validate(value)
    except ValidationError:
        refuse(400, otherwise)


def refuse(status, error):
    raise Refused(status, error)
