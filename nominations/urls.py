"""Pages over nominations and their rules: reading and drafting. Acting is in `workflows`."""

from django.urls import path

from nominations.views import drafts, evidence
from nominations.views import list as listing

app_name = "nominations"

urlpatterns = [
    path("", listing.nominations, name="list"),
    path("<uuid:uid>/draft", drafts.draft, name="draft"),
    path("<uuid:uid>/evidence", evidence.add, name="evidence_add"),
    path("evidence/<uuid:uid>", evidence.download, name="evidence"),
    path("evidence/<uuid:uid>/remove", evidence.remove, name="evidence_remove"),
]
