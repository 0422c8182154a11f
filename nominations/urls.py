"""Pages over nominations and their rules: reading and drafting. Acting is in `workflows`."""

from django.urls import path

from nominations.views import (
    awards,
    calendar,
    drafts,
    evidence,
    finding,
    intake,
    overview,
    procedure,
    rounds,
    rounds_all,
    separation,
    time_limits,
)
from nominations.views import list as listing

app_name = "nominations"

urlpatterns = [
    path("ho-so/", listing.nominations, name="list"),
    path("ho-so/tai-ve", listing.export, name="list_export"),
    path("ho-so/bo-loc", finding.keep, name="filter_keep"),
    path("ho-so/bo-loc/<int:pk>/bo", finding.drop, name="filter_drop"),
    path("tim/", finding.find, name="find"),
    path("ho-so/<uuid:uid>/du-thao", drafts.draft, name="draft"),
    path("ho-so/<uuid:uid>/du-thao/tu-luu", drafts.keep, name="draft_keep"),
    path("ho-so/<uuid:uid>/du-thao/bo-luu", drafts.give_up, name="draft_give_up"),
    path("ho-so/<uuid:uid>/du-thao/danh-sach", intake.add, name="rows_add"),
    path("ho-so/<uuid:uid>/du-thao/danh-sach/can-sua", intake.annotated, name="rows_annotated"),
    path("ho-so/<uuid:uid>/du-thao/danh-sach/mau", intake.template, name="rows_template"),
    path("ho-so/<uuid:uid>/du-thao/nam-truoc", intake.copy, name="rows_copy"),
    path("ho-so/<uuid:uid>/tai-lieu", evidence.add, name="evidence_add"),
    path("tai-lieu/<uuid:uid>", evidence.download, name="evidence"),
    path("tai-lieu/<uuid:uid>/xem", evidence.words, name="evidence_words"),
    path("tai-lieu/<uuid:uid>/bo", evidence.remove, name="evidence_remove"),
    path("tra-cuu/", awards.awards, name="awards"),
    path("tra-cuu/<uuid:uid>", awards.decision, name="award_decision"),
    path("tong-quan/", overview.overview, name="overview"),
    path("tong-quan/<slug:name>.<slug:form>", overview.export, name="overview_export"),
    path("dot-xet/", rounds_all.rounds, name="rounds"),
    path("dot-xet/quy-dinh", procedure.rules_of_procedure, name="procedure"),
    path("dot-xet/lich-lam-viec", calendar.calendar, name="calendar"),
    path("dot-xet/thoi-han", time_limits.limits, name="time_limits"),
    path("dot-xet/thoi-han/het-hieu-luc", time_limits.end, name="time_limit_end"),
    path("dot-xet/tach-bach-nhiem-vu", separation.separation, name="separation"),
    path("dot-xet/<int:pk>", rounds.round_page, name="round"),
    path("dot-xet/<int:pk>/thay-doi", rounds.change, name="round_change"),
    path("dot-xet/<int:pk>/gia-han", rounds.extend, name="round_extend"),
    path("dot-xet/<int:pk>/nam-sau", rounds_all.open_next, name="round_next"),
    path("dot-xet/<int:pk>/tieu-chi/<slug:code>", rounds.change_criterion, name="criterion_change"),
]
