"""A Django project in one module: one view, and the settings that it needs."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from twilio.rest import Client

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"], SECRET_KEY="tests only")


def should_mail(request: HttpRequest, identity: str) -> JsonResponse:
    """Mail only who is known to be offline."""
    user = Client().conversations.v1.users(identity).fetch()
    return JsonResponse({"mail": user.is_online is False})


urlpatterns = [path("should-mail/<identity>", should_mail)]
