"""Pages over nominations and their rules: reading and drafting. Acting is in `workflows`."""

from django.urls import path

from nominations.views import drafts, evidence
from nominations.views import list as listing

app_name = "nominations"

urlpatterns = [
    path("ho-so/", listing.nominations, name="list"),
    path("ho-so/<uuid:uid>/du-thao", drafts.draft, name="draft"),
    path("ho-so/<uuid:uid>/tai-lieu", evidence.add, name="evidence_add"),
    path("tai-lieu/<uuid:uid>", evidence.download, name="evidence"),
    path("tai-lieu/<uuid:uid>/bo", evidence.remove, name="evidence_remove"),
]
