"""Evidence is taken by those who audit the unit, and that it was taken is in the ledger first."""

import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from audit import sight
from audit.evidence.choosing import ACCOUNT, POST, PROPOSAL
from audit.evidence.offline.checking import verify
from audit.models import Entry
from audit.replay import replay
from audit.wording import EVIDENCE
from history import ledger
from nominations.models import Nomination
from nominations.states import State
from permissions import accounts, appointing, delegations, grants
from permissions.models import Officer, UnitClosure
from tests import world as w
from tests.audit import bundles
from tests.audit.desk import DESK, indexed, names
from tests.pages import enter

pytestmark = pytest.mark.usefixtures("in_2024")
BUTTON = "chung-cu.zip"


def taken(client, row, **fields):
    """Ask for the evidence of a file, a decision, or (None) of everything."""
    name = "nomination" if isinstance(row, Nomination) else "decision"
    url = reverse(f"audit:evidence_{name}", kwargs={"uid": row.uid}) if row else reverse("audit:evidence_all")
    response = client.post(url, fields)
    return response, b"".join(response.streaming_content) if response.streaming else b""


def appointed(world, place, role="auditor"):
    officer = Officer.objects.create_user(f"{role}2.{place}", "Lê Thị Kiểm")
    grants.appoint(officer, role, world.units[place], position="x", document="y", valid_from=w.OLD)
    return officer


def exports(officer="console"):
    found = ledger.of_stream(f"readings:{getattr(officer, 'uid', officer)}")
    return [(event, text) for event, text in found if event.kind == "ledger.exported"]


@pytest.fixture
def sound(tmp_path):
    def ask(data):
        (tmp_path / "taken.zip").write_bytes(data)
        verdict, _notes = verify(str(tmp_path / "taken.zip"))
        return verdict.sound

    return ask


def test_the_auditor_takes_what_proves_a_file(world, sound):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    officer = world["auditor@province"]
    response, data = taken(enter(officer), file)
    assert response.status_code == 200 and sound(data)
    assert response["Content-Type"] == "application/zip"
    assert f"chung-cu-{file.reference}.zip" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    ((event, text),) = exports(officer)
    assert event.data == {
        "subject": file.stream,
        "checkpoint": json.loads(bundles.unpacked(data)["manifest.json"])["checkpoint"],
        "attachments": True,
        "sha256": hashlib.sha256(data).hexdigest(),  # the very bytes that left
    }
    assert text["actor"] == officer.full_name and text["subject"] == file.reference


def test_the_auditor_takes_what_proves_a_decision_without_its_documents(world, published, sound):
    officer = world["auditor@province"]
    response, data = taken(enter(officer), published, digests_only="1")
    assert response.status_code == 200 and sound(data)
    assert not any(name.startswith("attachments/") for name in bundles.unpacked(data))
    ((event, _text),) = exports(officer)
    assert (event.data["subject"], event.data["attachments"]) == (published.stream, False)
    behind = published.lines.values_list("nominee__nomination__uid", flat=True)
    assert event.data["files"] == sorted({f"nomination:{uid}" for uid in behind})


def test_who_audits_the_province_takes_everything(world, sound):
    officer = world["auditor@province"]
    bundles.draft(world)
    response, data = taken(enter(officer), None)
    assert response.status_code == 200 and sound(data)
    assert exports(officer)[0][0].data["subject"] == "all"


@pytest.fixture
def told_on(world):
    """A file of a commune whose officers were suspended, proposed elsewhere and refused; one lent a post."""
    file = w.walk(world, bundles.draft(world), State.CONFIRM)
    post, admin = world.post("head_of_division@home"), world["system_administrator@province"]
    delegations.give(
        post, world.post("clerk@home"), ["confirm"], valid_from=w.D2024, valid_to=w.D2024.replace(day=9),
        reason="Đi công tác", document="GUQ 5", by=post.officer,
    )  # fmt: skip
    w.act(file, "confirm", world["clerk@home"])
    head, another = world["unit_head@commune"], appointed(world, "province", "system_administrator")
    for place in ("commune", "commune2"):
        proposed = appointing.propose(
            head, "unit_head", world.units[place], position="x", document="y", valid_from=w.D2024, by=admin
        )
        appointing.refuse(proposed, reason="Chưa đủ hồ sơ", by=another)
    accounts.suspend(world["body_head@district"], reason="Đang bị xem xét kỷ luật", by=admin)
    accounts.restore(world["body_head@district"], reason="Đã kết luận", by=admin)
    return file


def told(data):
    return [line["event"] for line in bundles.lines(bundles.unpacked(data))]


def test_an_auditor_of_a_unit_gets_nothing_that_the_desk_keeps_from_them_but_what_the_acts_need(
    world, told_on, sound
):
    officer = appointed(world, "commune")
    _response, data = taken(enter(officer), told_on)
    assert sound(data)
    indexed()
    seen = set(names(Entry.objects.filter(sight.of(officer).entries)))
    outside = [event for event in told(data) if f"{event['stream']} {event['sequence']}" not in seen]
    acts = [event for event in told(data) if event["stream"] == told_on.stream]
    posts = {event["post"] for event in acts} | {str(world.post("clerk@home").uid)}
    lent = {f"delegation:{event['data'].get('delegation')}" for event in acts}
    laws = {"ledger", "procedure", "separation", "programme", "round", "unit"}
    assert {event["kind"] for event in outside} > set(POST[:1]) and lent - {"delegation:None"}
    for event in outside:
        needed = event["post"] in posts if event["kind"] in POST else event["stream"] in lent
        assert needed or event["stream"].partition(":")[0] in laws, event
    assert not {event["kind"] for event in told(data)} & {*ACCOUNT, *PROPOSAL}


def test_who_audits_the_province_also_gets_how_the_officers_came_to_their_roles(world, told_on, sound):
    _response, data = taken(enter(world["auditor@province"]), told_on)
    assert sound(data)
    kinds = {event["kind"] for event in told(data)}
    assert {*ACCOUNT, "appointment.proposed", "appointment.refused"} <= kinds


def test_everything_is_for_whoever_audits_all_units(world):
    officer, apart = world["auditor@province"], world.units["commune2"]
    url = reverse("audit:evidence_all")
    assert f'action="{url}"' in enter(officer).get(DESK).content.decode()
    UnitClosure.objects.filter(unit=apart).exclude(ancestor=apart).delete()  # no unit above it any more
    assert taken(enter(officer), None)[0].status_code == 404
    assert f'action="{url}"' not in enter(officer).get(DESK).content.decode()
    assert exports(officer) == []


def test_an_auditor_of_a_unit_takes_the_files_of_that_unit_and_no_more(world, published, sound):
    officer = appointed(world, "commune")
    client = enter(officer)
    mine, other = w.complete_draft(world, "commune"), w.complete_draft(world, "commune2")
    response, data = taken(client, mine)
    assert response.status_code == 200 and data
    for row in (other, published, None):
        response, data = taken(client, row)
        assert (response.status_code, data) == (404, b"")
    assert [event.data["subject"] for event, _text in exports(officer)] == [mine.stream]


@pytest.mark.parametrize(
    "who", ["clerk@commune", "unit_head@commune", "reviewer@district", "system_administrator@province", "chairman@province"]
)  # fmt: skip
def test_nobody_else_takes_anything(world, published, who):
    file = published.lines.first().nominee.nomination
    client = enter(world[who])
    for row in (file, published, None):
        assert taken(client, row)[0].status_code == 404
    assert exports(world[who]) == []


def test_a_post_that_has_ended_takes_nothing(world):
    file, officer = w.complete_draft(world), appointed(world, "province")
    grants.end_appointment(officer.appointments.get(), on=w.D2024)
    assert taken(enter(officer), file)[0].status_code == 404


def test_a_ledger_that_cannot_be_signed_gives_none_and_says_so(world, settings):
    file, client = w.walk(world, bundles.draft(world), State.REVIEW), enter(world["auditor@province"])
    assert taken(client, file)[0].status_code == 200
    settings.LEDGER_KEY_FILE.unlink()
    url = reverse("audit:evidence_nomination", kwargs={"uid": file.uid})
    response = client.post(url, follow=True)
    assert response.redirect_chain == [(reverse("workflows:nomination", kwargs={"uid": file.uid}), 302)]
    assert [message.level_tag for message in response.context["messages"]] == ["error"]
    assert len(exports(world["auditor@province"])) == 1


def test_it_is_asked_for_by_a_form_alone(world):
    file, client = w.complete_draft(world), enter(world["auditor@province"])
    assert client.get(reverse("audit:evidence_nomination", kwargs={"uid": file.uid})).status_code == 405
    assert exports(world["auditor@province"]) == []


def test_the_button_is_shown_to_auditors_alone(world, published):
    file = published.lines.first().nominee.nomination
    for row, name in ((file, "nomination"), (published, "decision")):
        url = reverse(f"workflows:{name}", kwargs={"uid": row.uid})
        button = reverse(f"audit:evidence_{name}", kwargs={"uid": row.uid})
        for who, shown in (
            ("auditor@province", True),
            ("director@home", False),
            ("chairman@province", False),
        ):
            response = enter(world[who]).get(url)
            assert response.status_code == 200
            assert (f'action="{button}"' in response.content.decode()) == shown, who


def test_who_took_a_file_along_is_told_at_the_file(world, published):
    """Also in the bundle of its decision, or of everything; to whoever audits its unit alone, too."""
    client, looker = enter(world["auditor@province"]), appointed(world, "commune")
    mine = published.lines.get(nominee__nomination__unit=world.units["commune"], rank=1).nominee.nomination
    beside = w.complete_draft(world, "commune")
    for row in (mine, published, None):
        assert taken(client, row)[0].status_code == 200
    indexed()

    def logged(row, name="nomination"):
        response = enter(looker if name == "nomination" else world["auditor@province"]).get(
            reverse(f"audit:{name}_readings", kwargs={"uid": row.uid})
        )
        return [str(cells[2].text) for cells in response.context["table"].rows]

    everything, of_decision, of_file = (str(EVIDENCE[about]) for about in ("all", "decision", "nomination"))
    assert logged(mine) == [everything, of_decision, of_file]
    assert logged(beside) == [everything]
    assert logged(published, "decision") == [everything, of_decision]


def test_the_replay_knows_who_may_take_it(world):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    taken(enter(world["auditor@province"]), file)
    assert [str(item) for item in replay(walked=True).illegal] == []
    intruder = world["clerk@commune"]
    stream = f"readings:{intruder.uid}"
    ledger.record(
        ledger.Entry(stream=stream, kind="ledger.exported", actor=str(intruder.uid), data={"subject": "all"})
    )
    assert [item.event for item in replay(walked=True).illegal] == [f"{stream} 1"]


class TestTheCommand:
    def take(self, tmp_path, *arguments):
        out = io.StringIO()
        call_command("export_evidence", *arguments, "--out", str(tmp_path / "out.zip"), stdout=out)
        return out.getvalue(), (tmp_path / "out.zip").read_bytes()

    def test_by_identity_or_by_number(self, world, published, tmp_path, sound):
        file = published.lines.first().nominee.nomination
        cited = f"{published.register_number.number:02}/{published.register_number.year}/QĐ-UBND"
        for text, row in (
            (str(file.uid), file), (file.reference, file), (str(published.uid), published),
            (published.reference, published), (cited, published), (str(file.pk), file),
        ):  # fmt: skip
            said, data = self.take(tmp_path, text)
            assert sound(data)
            assert json.loads(bundles.unpacked(data)["manifest.json"])["subject"]["stream"] == row.stream
            assert hashlib.sha256(data).hexdigest() in said
        assert len(exports()) == 6
        assert [str(item) for item in replay(walked=True).illegal] == []

    def test_it_is_its_owners_alone_and_whole_or_not_there(self, world, tmp_path, settings):
        file = w.walk(world, bundles.draft(world), State.REVIEW)
        self.take(tmp_path, file.reference)
        assert (tmp_path / "out.zip").stat().st_mode & 0o777 == 0o600
        (tmp_path / "out.zip").unlink()
        settings.LEDGER_KEY_FILE.unlink()  # another key does not sign
        with pytest.raises(CommandError, match="is missing"):
            self.take(tmp_path, file.reference)
        assert not list(tmp_path.glob("out.zip*")) and len(exports()) == 1

    def test_everything_without_documents(self, published, tmp_path, sound):
        _said, data = self.take(tmp_path, "all", "--digests-only")
        assert sound(data)
        assert exports()[0][0].data["subject"] == "all"

    @pytest.mark.parametrize(
        "text", ["x", "HS-2024-99999", "DT-2024-999", "99/2024", "00000000-0000-4000-8000-000000000000"]
    )
    def test_what_does_not_exist(self, world, tmp_path, text):
        with pytest.raises(CommandError, match=text):
            self.take(tmp_path, text)
        assert not (tmp_path / "out.zip").exists() and exports() == []
