"""The auditor's addresses."""

from django.urls import path

from audit.views import desk, evidence, file, findings, readings, saved

app_name = "audit"
NOMINATION, DECISION = {"kind": "nomination"}, {"kind": "decision"}

urlpatterns = [
    path("", desk.desk, name="desk"),
    path("xuat/", desk.export, name="export"),
    path("da-luu/", saved.save, name="search_save"),
    path("da-luu/<int:pk>/bo/", saved.forget, name="search_forget"),
    path("luot-xem/ho-so/<uuid:uid>/", readings.of_nomination, name="nomination_readings"),
    path("luot-xem/quyet-dinh/<uuid:uid>/", readings.of_decision, name="decision_readings"),
    path("luot-xem/can-bo/<uuid:uid>/", readings.of_officer, name="officer_readings"),
    path("dau-hieu/", findings.index, name="findings"),
    path("dau-hieu/<slug:name>/", findings.finding, name="finding"),
    path("ho-so/<uuid:uid>/", file.file_timeline, NOMINATION, name="file_timeline"),
    path("quyet-dinh/<uuid:uid>/", file.file_timeline, DECISION, name="file_timeline"),
    path("ho-so/<uuid:uid>/luc-do/", file.file_at, NOMINATION, name="file_at"),
    path("quyet-dinh/<uuid:uid>/luc-do/", file.file_at, DECISION, name="file_at"),
    path("ho-so/<uuid:uid>/so-sanh/", file.file_compare, NOMINATION, name="file_compare"),
    path("quyet-dinh/<uuid:uid>/so-sanh/", file.file_compare, DECISION, name="file_compare"),
    path("ho-so/<uuid:uid>/da-ky/", file.file_signed, NOMINATION, name="file_signed"),
    path("quyet-dinh/<uuid:uid>/da-ky/", file.file_signed, DECISION, name="file_signed"),
    path("chung-cu.zip", evidence.everything, name="evidence_all"),
    path("ho-so/<uuid:uid>/chung-cu.zip", evidence.nomination, name="evidence_nomination"),
    path("quyet-dinh/<uuid:uid>/chung-cu.zip", evidence.decision, name="evidence_decision"),
]
