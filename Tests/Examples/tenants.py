"""What the people of tenants do, and what has to be left of it."""

import itertools
import json
import secrets
import urllib.request

from claims import eventually, expect
from traffic import Ask

NAME = "tenants"
PORTS = {"18280": "staging", "18281": "production", "18290": "mail", "18291": "letters", "6379": "queue"}
HOOK = False
GREETING = "/api/health"
# Each of its requests is one of Django's, and most are followed by a letter.
PAUSE = 0.5
REFUSED_BY = "commands"
# What the project's own tool did before it failed is for a person to judge.
MIGRATION_FAILS_WITH = 16

# One row for each key that somebody's acknowledged request left, in the production database.
STORED = """
    SELECT 'task', key, count(*) FROM tenants_task GROUP BY key;
    SELECT 'letter', substr(key, 6), count(*) FROM tenants_letter WHERE key LIKE 'task:%' GROUP BY key;
    SELECT 'letter', 'welcome ' || slug, count(*) FROM tenants_letter l JOIN tenants_tenant t ON t.id = tenant_id WHERE l.key LIKE 'welcome:%' GROUP BY slug;
    SELECT 'tenant', slug, count(*) FROM tenants_tenant GROUP BY slug;
"""

# Each answers with no row, whatever came between.
NEVER = {
    "a task in another tenant's project":
        "SELECT t.id FROM tenants_task t JOIN tenants_project p ON p.id = t.project_id WHERE t.tenant_id <> p.tenant_id",
    "a tenant without an owner": "SELECT slug FROM tenants_tenant t WHERE NOT EXISTS"
        " (SELECT 1 FROM tenants_member m WHERE m.tenant_id = t.id AND role = 'owner')",
    "more projects than the plan has": "SELECT t.slug FROM tenants_tenant t JOIN tenants_plan ON code = plan_id"
        " WHERE (SELECT count(*) FROM tenants_project p WHERE p.tenant_id = t.id) > most_projects",
}

TABLES = {"task": "tenants_task", "letter": "tenants_letter", "tenant": "tenants_tenant"}


def prepare(project):
    example = (project.source / "env.example").read_text()
    project.keep("check-password", secrets.token_urlsafe(16))
    project.keep("production/mail", f"smtp://127.0.0.1:{project.ports['mail']}")
    for number, environment in enumerate(("staging", "production"), 1):
        told = example.replace("6379/1", f"{project.ports['queue']}/{number}").replace("18290", str(project.ports["mail"]))
        project.keep(f"{environment}/env", told.rstrip())
        project.keep(f"{environment}/key", secrets.token_urlsafe(48))
    project.start("stand-ins/mail", "serve", str(project.ports["mail"]), str(project.ports["letters"]))
    project.start("redis-server", "--port", str(project.ports["queue"]), "--bind", "127.0.0.1", "--save", "")
    eventually(lambda: letters(project) == [])


def letters(project):
    """What came to the stand-in for the mail server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{project.ports['letters']}/", timeout=10) as answer:
        return json.load(answer)


def readers(_):
    paths = ["/", "/api/plans", "/static/tenants/page.css", GREETING]
    return [lambda _: (Ask("GET", path) for path in itertools.cycle(paths))] * 2


def writers(_):
    """Two teams at work, and new ones that sign up."""
    return [work("ada"), work("grace"), arrivals]


def work(name):
    def asks(traffic):
        signed = sign_up(traffic, name)
        status, project = traffic.once(Ask("POST", f"/api/t/{name}/projects", {"name": "First"}, signed))
        expect(status == 201, f"{name} begins a project", project)
        for number in itertools.count(1):
            key = f"{name}-{number}"
            body = {"key": key, "project": project["id"], "title": f"Größe {number} 🗂"}
            yield Ask("POST", f"/api/t/{name}/tasks", body, signed, (("task", key), ("letter", key)))
            yield Ask("GET", f"/api/t/{name}/tasks", headers=signed)
    return asks


def sign_up(traffic, name):
    marks = begun(name)
    traffic.model.send(marks)
    status, answer = traffic.once(Ask("POST", "/api/tenants", newcomer(name, "business")))
    expect(status == 201, f"{name} signs up", answer)
    traffic.model.acknowledge(marks)
    return {"Authorization": f"Bearer {answer['session']}"}


def begun(name):
    """What a sign-up leaves."""
    return ("tenant", name), ("letter", f"welcome {name}")


def newcomer(name, plan):
    return {"key": f"the key of {name}, kept by {name}", "slug": name, "name": name, "plan": plan, "email": f"{name}@example.org"}


def arrivals(_):
    for number in itertools.count(1):
        name = f"new-{number}"
        yield Ask("POST", "/api/tenants", newcomer(name, ("free", "team", "business")[number % 3]), {}, begun(name))


def finish(story):
    """What is asked of production beside releases: a backup comes back, a feature is switched, letters came."""
    project = story.project
    drill = project.run("backup", "verify", "production", "--sample", "1")
    expect("restored" in drill, "a backup was restored", drill)
    project.run("feature", "compact-board", "production", "on", "--confirm", "CONFIRM")
    told = project.run("exec", "production", "web", "--", ".venv/bin/python", "manage.py", "send_letters", "--older", "0")
    expect("letters were owed" in told, "letters that were owed are sent", told)
    owed = {f"<{tenant}.{number}@tenants.example>" for tenant, number in project.rows("production", "SELECT tenant_id, id FROM tenants_letter")}
    eventually(lambda: owed <= {letter["id"] for letter in letters(project)}, seconds=300)


def try_outage(story):
    """A laptop's settings in production's .env: the rehearsal ends the deployment, and what serves goes on."""
    project = story.project
    file = project.place / ".secrets" / "production" / "env"
    good = file.read_text()
    file.write_text(good.replace("DEBUG=False", "DEBUG=True"))
    answer = project.attempt("production", "--confirm", "CONFIRM")
    file.write_text(good)
    expect(answer.returncode in (12, 15) and "tenants.E001" in answer.stderr, "DEBUG is refused", (answer.returncode, answer.stderr[-2000:]))
