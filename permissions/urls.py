"""The addresses of ties and of the administrators' screens."""

from django.urls import path

from permissions.views import imports, landing, officers, posts, rights, ties, units

app_name = "permissions"

urlpatterns = [
    path("", landing.landing, name="landing"),
    path("can-bo/", officers.index, name="officers"),
    path("can-bo/moi", officers.new, name="officer_new"),
    path("can-bo/<uuid:uid>", officers.officer, name="officer"),
    path("can-bo/<uuid:uid>/duong-dan", officers.invite, name="invite"),
    path("can-bo/<uuid:uid>/mo-khoa", officers.unlock, name="unlock"),
    path("can-bo/<uuid:uid>/trang-thai", officers.set_active, name="set_active"),
    path("can-bo/<uuid:uid>/chuc-vu", posts.new, name="post_new"),
    path("chuc-vu/<uuid:uid>/ket-thuc", posts.end, name="post_end"),
    path("xac-nhan/", posts.pending, name="pending"),
    path("xac-nhan/<uuid:uid>/dong-y", posts.confirm, name="confirm_post"),
    path("xac-nhan/<uuid:uid>/tu-choi", posts.refuse, name="refuse_post"),
    path("quyen/", rights.grants_in_force, name="audit"),
    path("ai-xu-ly/", rights.holders, name="holders"),
    path("nhap-excel/", imports.upload, name="import"),
    path("nhap-excel/mau", imports.template, name="import_template"),
    path("nhap-excel/thuc-hien", imports.carry_out, name="import_carry_out"),
    path("nhap-excel/can-sua", imports.annotated, name="import_annotated"),
    path("don-vi/", units.tree, name="units"),
    path("don-vi/<int:pk>", units.unit, name="unit"),
    path("don-vi/<int:pk>/ke-thua", units.add_successor, name="add_successor"),
    path("don-vi/<int:pk>/ket-thuc", units.end, name="unit_end"),
    path("quan-he/", ties.index, name="ties"),
    path("quan-he/<uuid:uid>/ket-thuc", ties.end, name="tie_end"),
]
