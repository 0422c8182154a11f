"""Pages on which one acts, and the inbox."""

from django.urls import path

from workflows.views import (
    assignment,
    batches,
    decisions,
    delegations,
    delivery,
    explaining,
    feed,
    my_work,
    nominations,
    notices,
    preferences,
    register,
    rerouting,
    rounds_close,
)

app_name = "workflows"

urlpatterns = [
    path("ho-so/moi", nominations.new_nomination, name="new_nomination"),
    path("ho-so/<uuid:uid>", nominations.nomination, name="nomination"),
    path("ho-so/<uuid:uid>/xu-ly", nominations.act, name="act_nomination"),
    path("ho-so/<uuid:uid>/y-kien", nominations.tick, name="tick_nomination"),
    path("ho-so/<uuid:uid>/vi-sao", explaining.nomination, name="explain_nomination"),
    path("ho-so/<uuid:uid>/tu-choi", explaining.recuse_nomination, name="recuse_nomination"),
    path("xu-ly-nhieu/", batches.begin, name="batches"),
    path("xu-ly-nhieu/<uuid:uid>", batches.batch, name="batch"),
    path("xu-ly-nhieu/<uuid:uid>/tiep", batches.go_on, name="batch_go"),
    path("phan-cong/", assignment.assignment, name="assignment"),
    path("", my_work.my_work, name="my_work"),
    path("quyet-dinh/", decisions.decisions, name="decisions"),
    path("quyet-dinh/moi", decisions.open_decision, name="open_decision"),
    path("quyet-dinh/<uuid:uid>", decisions.decision, name="decision"),
    path("quyet-dinh/<uuid:uid>/xu-ly", decisions.act, name="act_decision"),
    path("quyet-dinh/<uuid:uid>/y-kien", decisions.tick, name="tick_decision"),
    path("quyet-dinh/<uuid:uid>/vi-sao", explaining.decision, name="explain_decision"),
    path("quyet-dinh/<uuid:uid>/tu-choi", explaining.recuse_decision, name="recuse_decision"),
    path("chuyen-tuyen/", rerouting.reroute_all, name="reroute_all"),
    path("so-van-ban/", register.register, name="register"),
    path("dot-xet/<int:pk>/ket-thuc", rounds_close.close_round, name="close_round"),
    path("uy-quyen/", delegations.index, name="delegations"),
    path("uy-quyen/tu/<uuid:uid>", delegations.give, name="delegate"),
    path("uy-quyen/<uuid:uid>", delegations.delegation, name="delegation"),
    path("uy-quyen/<uuid:uid>/ket-thuc", delegations.end, name="delegation_end"),
    path("gui-tin/", delivery.state, name="delivery"),
    path("gui-tin/<uuid:uid>/gui-lai", delivery.retry, name="delivery_retry"),
    path("lich-cua-toi/", feed.address, name="calendar_feed"),
    path("lich/<slug:secret>.ics", feed.calendar, name="calendar_file"),
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc", notices.read, name="notices_read"),
    path("thong-bao/tuy-chon", preferences.edit, name="preferences"),
    path("thong-bao/<int:pk>", notices.notice, name="notice"),
]
