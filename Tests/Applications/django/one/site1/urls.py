from django.http import HttpResponse
from django.urls import path

from notes.models import Note
from notes.tasks import keep
from notes.version import VERSION


def version(request):
    return HttpResponse(VERSION + "\n", content_type="text/plain")


def items(request):
    if request.method == "POST":
        keep.delay(request.body.decode())
        return HttpResponse(status=201)
    texts = Note.objects.order_by("id").values_list("text", flat=True)
    return HttpResponse("".join(f"{text}\n" for text in texts), content_type="text/plain")


urlpatterns = [path("", version), path("items", items)]
