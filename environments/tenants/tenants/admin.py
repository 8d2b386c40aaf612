"""What the super-admin sees: every tenant's rows, which nobody else does."""

from django.contrib import admin

from tenants.models import Letter, Member, Plan, Project, Task, Tenant


@admin.register(Plan)
class PlanAdmin(admin.ModelAdmin):
    list_display = ["name", "monthly_cents", "most_members", "most_projects"]


@admin.register(Tenant)
class TenantAdmin(admin.ModelAdmin):
    list_display, list_filter, search_fields = ["name", "slug", "plan", "created_at"], ["plan"], ["name", "slug"]


for model in (Member, Project, Task, Letter):
    @admin.register(model)
    class OwnedAdmin(admin.ModelAdmin):
        list_display, list_filter = ["__str__", "tenant"], ["tenant__plan"]
        raw_id_fields = ["tenant"]
