"""The pictures of the guides are taken here, as each person sees the page; `make guide` puts them into the guides."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from nominations.models import Quota
from nominations.states import DecisionState, State
from tests import world as w

PLACE = Path(os.environ.get("GUIDE_PICTURES") or Path(settings.VAR) / "screenshots" / "guide")


def take(someone, username, path, name):
    """One picture of what is on the screen when the page opens."""
    someone.sign_in(username)
    someone.page.set_viewport_size({"width": 1100, "height": 760})
    someone.page.goto(f"{someone.url}{path}")
    PLACE.mkdir(parents=True, exist_ok=True)
    target = PLACE / f"{name}.jpg"
    someone.page.screenshot(path=target, type="jpeg", quality=62)
    assert target.stat().st_size < 150_000, "light enough for a bad line"


@pytest.mark.proof
def test_the_pictures_of_the_guides(in_2024, then):
    Quota.objects.filter(round=then.round).update(count=10)
    draft = w.complete_draft(then, "commune", [{"name": "Néang Sóc Kha"}, {"name": "Trần Thị Ngọc Ánh"}])
    review = [w.walk(then, w.complete_draft(then, "commune"), State.REVIEW) for _ in range(3)]
    appraise = w.walk(then, w.complete_draft(then, "commune"), State.APPRAISE)
    w.confirmed(then, "commune", 3)
    decision = w.decision(then, DecisionState.SIGN)
    take(in_2024, "kb24.clerk", "/", "viec-cua-toi")
    take(in_2024, "kb24.clerk", f"/ho-so/{draft.uid}/du-thao", "du-thao")
    take(in_2024, "ap24.reviewer1", f"/ho-so/{review[0].uid}", "xet-duyet")
    take(in_2024, "ap24.reviewer1", "/xu-ly-nhieu/", "xu-ly-nhieu")
    take(in_2024, "snv.appraiser1", f"/ho-so/{appraise.uid}", "tham-dinh")
    take(in_2024, "snv.division", "/tong-quan/", "tong-quan")
    take(in_2024, "ub.chairman", f"/quyet-dinh/{decision.uid}", "ky")
    take(in_2024, "auditor", "/lich-su/", "lich-su")
    take(in_2024, "admin", "/quan-tri/", "quan-tri")
