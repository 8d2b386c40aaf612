from django.contrib import admin
from django.urls import path

from tenants import pages, views

urlpatterns = [
    path("", pages.front),
    path("admin/", admin.site.urls),
    path("api/health", pages.health),
    path("api/plans", views.plans),
    path("api/tenants", views.sign_up),
    path("api/login", views.log_in),
    path("api/password", views.set_password),
    path("api/overview", views.overview),
    path("api/t/<slug:slug>", views.home),
    path("api/t/<slug:slug>/plan", views.change_plan),
    path("api/t/<slug:slug>/members", views.members),
    path("api/t/<slug:slug>/projects", views.projects),
    path("api/t/<slug:slug>/tasks", views.tasks),
    path("api/t/<slug:slug>/tasks/<int:task_id>/done", views.finish),
]
