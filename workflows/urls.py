"""Pages on which one acts, and the inbox."""

from django.urls import path

from workflows.views import nominations

app_name = "workflows"

urlpatterns = [
    path("ho-so/moi", nominations.new_nomination, name="new_nomination"),
    path("ho-so/<uuid:uid>", nominations.nomination, name="nomination"),
    path("ho-so/<uuid:uid>/xu-ly", nominations.act, name="act_nomination"),
]
