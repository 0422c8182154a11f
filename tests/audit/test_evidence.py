"""A bundle proves itself to an outsider: in a clean interpreter, whatever it is of, packed or unpacked."""

import contextvars
import json
import threading
import zipfile

import pytest
from django.db import connection

from audit import erasing
from audit.evidence import bundle
from history import checkpoints, keys, log
from nominations.models import Nomination
from nominations.states import DecisionState, State
from permissions import delegations
from tests import world as w
from tests.audit import bundles
from tests.holding import elsewhere

pytestmark = pytest.mark.usefixtures("in_2024")


@pytest.fixture
def verdict(tmp_path):
    """What an outsider is told of a bundle by the program in it."""
    folder = tmp_path / "outside"
    folder.mkdir()

    def ask(data, *arguments):
        (folder / "chung-cu.zip").write_bytes(data)
        (folder / "verify.py").write_bytes(bundles.unpacked(data)["verify.py"])
        done = bundles.run(folder, "chung-cu.zip", "--json", *arguments)
        assert done.stderr == b"", done.stderr.decode()
        told = json.loads(done.stdout)
        assert done.returncode == (not told["sound"])
        return told

    return ask


def test_a_file_is_proven(world, verdict):
    file = w.walk(world, bundles.draft(world, nominees=3), State.APPRAISE)
    told = verdict(bundles.bundle(file))
    assert told["faults"] == []
    assert (told["attachments"], told["contents"], told["pinned"]) == (2, 1, "")
    assert told["subject"] == {"about": "nomination", "reference": file.reference, "stream": file.stream}


def test_a_draft_that_was_never_submitted_is_proven(world, verdict):
    assert verdict(bundles.bundle(bundles.draft(world)))["faults"] == []


def test_a_decision_is_proven_with_the_files_behind_it(published, verdict):
    data = bundles.bundle(published)
    told = verdict(data)
    assert told["faults"] == []
    assert (told["attachments"], told["contents"]) == (4, 4)  # two files, the list as presented and as signed
    streams = {line["event"]["stream"] for line in bundles.lines(bundles.unpacked(data))}
    files = {
        f"nomination:{uid}" for uid in published.lines.values_list("nominee__nomination__uid", flat=True)
    }
    assert files < streams and published.stream in streams


def test_everything_is_proven_by_the_log_itself(published, verdict):
    data = bundles.bundle()
    told = verdict(data)
    assert told["faults"] == []
    assert told["events"] == told["checkpoint"]["size"]
    assert not any("proof" in line for line in bundles.lines(bundles.unpacked(data)))


def test_acts_under_a_delegation_come_with_it(world, verdict):
    file = w.walk(world, bundles.draft(world), State.CONFIRM)
    post = world.post("head_of_division@home")
    delegations.give(
        post, world.post("clerk@home"), ["confirm"], valid_from=w.D2024, valid_to=w.D2024.replace(day=9),
        reason="Đi công tác", document="GUQ 5", by=post.officer,
    )  # fmt: skip
    w.act(file, "confirm", world["clerk@home"])
    data = bundles.bundle(file)
    assert verdict(data)["faults"] == []
    posts = {line["event"]["post"] for line in bundles.lines(bundles.unpacked(data))}
    assert {str(post.uid), str(world.post("clerk@home").uid)} <= posts


def test_an_erased_text_stays_proven(world, verdict):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    erasing.erase(file.stream, 2, basis="Quyết định 12/QĐ", by="console")
    erasing.erase("erasures", 1, basis="Quyết định 13/QĐ", by="console")  # even that of the erasure
    told = verdict(bundles.bundle(file))
    assert told["faults"] == []
    assert told["erased"] == 2


def test_a_bundle_without_documents_is_proven_by_their_digests(world, verdict):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    data = bundles.bundle(file, attachments=False)
    told = verdict(data)
    assert told["faults"] == []
    assert (told["with_attachments"], told["attachments"]) == (False, 0)
    assert not any(name.startswith("attachments/") for name in bundles.unpacked(data))


def test_a_key_that_was_handed_over(world, verdict, django_capture_on_commit_callbacks):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    checkpoints.make()
    with django_capture_on_commit_callbacks(execute=True):
        keys.rotate(by="console")
    w.walk(world, file, State.INTAKE)
    old, new = keys.introduced()
    told = verdict(bundles.bundle(file), "--key", old.key)  # known from before: it vouches for the new one
    assert told["faults"] == []
    assert (told["keys"], told["checkpoint"]["key"]) == ([old.key, new.key], new.key)


def test_the_same_state_has_the_same_bytes(published):
    assert bundles.bundle(published) == bundles.bundle(published)
    assert bundles.bundle() == bundles.bundle()


def test_what_came_after_the_checkpoint_is_left_for_the_next_bundle(world, verdict):
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    before = verdict(bundles.bundle(file))
    w.walk(world, file, State.ENDORSE)
    after = verdict(bundles.bundle(file))
    assert before["checkpoint"]["number"] + 1 == after["checkpoint"]["number"]
    assert before["sound"] and after["sound"] and before["events"] < after["events"]


def test_an_unpacked_bundle_is_read_in_place(world, tmp_path):
    data = bundles.bundle(w.walk(world, bundles.draft(world), State.REVIEW))
    folder = tmp_path / "unpacked"
    (tmp_path / "chung-cu.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "chung-cu.zip") as archive:
        archive.extractall(folder)
    done = bundles.run(folder)
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "BẰNG CHỨNG KHỚP" in said and "EVIDENCE SOUND" in said
    assert "CHƯA đối chiếu" in said and "NOT compared" in said


class TestComparing:
    """With what came from outside: the code on paper, a line kept elsewhere, the key made known."""

    @pytest.fixture
    def data(self, world):
        file = w.walk(world, bundles.draft(world), State.REVIEW)
        self.printed = checkpoints.make()
        w.walk(world, file, State.APPRAISE)
        return bundles.bundle(file)

    def test_the_code_printed_at_the_time(self, data, verdict):
        told = verdict(data, "--checkpoint", checkpoints.short_code(self.printed.root).lower())
        assert told["sound"] and told["pinned_size"] == self.printed.size < told["checkpoint"]["size"]
        told = verdict(data, "--checkpoint", checkpoints.short_code(checkpoints.latest().root))
        assert told["sound"] and told["pinned_size"] == told["checkpoint"]["size"]

    def test_another_code_is_no_code_of_this_log(self, data, verdict):
        told = verdict(data, "--checkpoint", "AAAA-BBBB-CCCC")
        assert [fault["code"] for fault in told["faults"]] == ["pin_unknown"]

    def test_the_lines_that_a_witness_kept(self, data, verdict, settings, tmp_path):
        told = verdict(data, "--checkpoint", str(settings.LEDGER_WITNESS_FILE))
        assert told["sound"] and told["pinned_size"] == told["checkpoint"]["size"]
        other = settings.LEDGER_WITNESS_FILE.read_text().replace(self.printed.root, "0" * 64)
        (tmp_path / "other.jsonl").write_text(other)
        told = verdict(data, "--checkpoint", str(tmp_path / "other.jsonl"))
        assert [fault["code"] for fault in told["faults"]] == ["pin_other"]
        assert told["faults"][0]["where"] == f"checkpoint {self.printed.number}"
        told = verdict(data, "--checkpoint", str(tmp_path / "nowhere"))
        assert [fault["code"] for fault in told["faults"]] == ["pin_unknown"]

    def test_the_fingerprint_of_the_key(self, data, verdict):
        key = keys.introduced()[-1].key
        assert verdict(data, "--key", key[:16])["pinned_key"]
        for wrong in ("0" * 64, key[:8], ""):
            told = verdict(data, "--key", wrong)
            assert (told["sound"], told["pinned_key"]) == (not wrong, False)


def test_a_decision_still_in_draft_is_proven(world, verdict):
    w.walk(world, bundles.draft(world, nominees=2), State.AWAIT_DECISION)
    decision = w.decision(world, DecisionState.COMPILE)
    line = decision.lines.order_by("rank").first()
    w.act(
        decision, "leave_off", world["head_of_division@home"], line=str(line.nominee.uid), note="Chờ xác minh"
    )
    assert verdict(bundles.bundle(decision))["faults"] == []


def test_a_bundle_is_whole_while_others_write(cloned_db, verdict):
    """With real transactions: whatever comes in between is left for the next bundle, and nothing is half in it."""
    world, stop = w.build(), threading.Event()
    file = w.walk(world, bundles.draft(world), State.REVIEW)

    def claim_and_release():
        try:
            for number in range(200):
                if stop.is_set():
                    break
                action = "release" if number % 2 else "claim"
                w.act(Nomination.objects.get(pk=file.pk), action, world["reviewer@district"])
                log.seal(3)
        finally:
            connection.close()

    thread = threading.Thread(target=contextvars.copy_context().run, args=(claim_and_release,))
    thread.start()
    found = [bundles.bundle(file) for _ in range(6)]
    stop.set()
    thread.join()
    counts = [told["events"] for told in map(verdict, found) if told["sound"]]
    assert len(counts) == 6 and counts == sorted(counts) and counts[-1] > counts[0]


def sealing_held():
    """Another sealer is at work for as long as the block says: nothing gets its place in the log."""

    def hold():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('history.log'))")

    return elsewhere(hold)


@pytest.mark.parametrize("whole", [False, True])
def test_a_text_that_is_erased_meanwhile_is_not_found_missing(cloned_db, verdict, whole):
    """Its event stands beyond the last checkpoint: the bundle waits for the next one, which covers both."""
    world = w.build()
    file = w.walk(world, bundles.draft(world), State.REVIEW)
    subject = [] if whole else [file]
    covered = verdict(bundles.bundle(*subject))["checkpoint"]["size"]
    with sealing_held() as let_go:
        erasing.erase(file.stream, 2, basis="Quyết định 12/QĐ", by="console")
        threading.Timer(0.5, let_go).start()
        told = verdict(bundles.bundle(*subject))
    assert (told["faults"], told["erased"]) == ([], 1) and told["checkpoint"]["size"] > covered


def test_an_erasure_that_never_gets_its_place_ends_in_a_refusal(cloned_db, monkeypatch):
    monkeypatch.setattr(bundle, "TRIES", 2)
    monkeypatch.setattr(checkpoints, "PATIENCE", 0.1)
    world = w.build()
    file, other = (w.walk(world, bundles.draft(world, unit), State.REVIEW) for unit in ("commune", "school"))
    bundles.bundle(file)
    with sealing_held():
        erasing.erase(file.stream, 2, basis="Quyết định 12/QĐ", by="console")
        with pytest.raises(RuntimeError):
            bundles.bundle(file)
        assert bundles.bundle(other)  # of which nothing was erased
