from django.db import migrations

PLANS = [("free", "Free", 0, 3, 2), ("team", "Team", 1900, 15, 20), ("business", "Business", 9900, None, None)]

# A task cannot stand in another tenant's project, whatever the application has wrong.
APART = [
    "ALTER TABLE tenants_project ADD CONSTRAINT project_of_tenant UNIQUE (tenant_id, id)",
    "ALTER TABLE tenants_task ADD CONSTRAINT task_in_project_of_tenant FOREIGN KEY (tenant_id, project_id)"
    " REFERENCES tenants_project (tenant_id, id)",
]


def fill(apps, editor):
    names = ["code", "name", "monthly_cents", "most_members", "most_projects"]
    for plan in PLANS:
        apps.get_model("tenants", "Plan").objects.create(**dict(zip(names, plan)))


def part(apps, editor):
    if editor.connection.vendor == "postgresql":
        for statement in APART:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]
    operations = [migrations.RunPython(fill), migrations.RunPython(part)]
