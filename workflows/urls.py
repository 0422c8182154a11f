"""Pages on which one acts, and the inbox."""

from django.urls import path

from workflows.views import nominations

app_name = "workflows"

urlpatterns = [
    path("nominations/new", nominations.new_nomination, name="new_nomination"),
    path("nominations/<uuid:uid>", nominations.nomination, name="nomination"),
    path("nominations/<uuid:uid>/act", nominations.act, name="act_nomination"),
]
