"""The commands of the operator on a history that stands: verify, and erase."""

import pytest
from django.core.management import CommandError

from history.ledger import Entry, of_stream, record
from history.models import Event
from history.verifying import verify
from tests.audit.campaigns.attacker import sql, undone
from tests.audit.campaigns.commands import told, told_and_ended


class TestVerifyHistory:
    @pytest.mark.parametrize("options", [[], ["--replay"], ["--incremental"]])
    def test_what_is_sound_ends_with_0(self, honest, options, settings):
        settings.LEDGER_WITNESS_FILE.with_name("verified.json").unlink(missing_ok=True)
        with undone():
            assert f"{Event.objects.count()}" in told("verify_history", *options)

    def test_what_was_changed_is_named_and_ends_with_1(self, honest):
        file = honest.files["published"]
        with undone():
            sql("UPDATE history_event SET actor = 'x' WHERE stream = %s AND sequence = 2", file.stream)
            said, code = told_and_ended("verify_history")
        assert code == 1
        assert said.startswith(f"{file.stream} 2: nội dung không khớp mã băm")

    def test_an_illegal_act_is_found_by_the_replay_alone(self, honest):
        file = honest.files["near"]
        with undone():
            stranger = {"actor": str(honest.world["clerk@base"].uid), "step": "review", "action": "reject"}
            states = {"from_state": "review", "to_state": "review"}
            event = record(Entry(stream=file.stream, kind="nomination.acted", **stranger, **states))
            sql("INSERT INTO history_unsealed VALUES (%s)", event.pk)
            assert verify().sound
            said, code = told_and_ended("verify_history", "--replay")
        assert code == 1
        assert f"{file.stream} {event.sequence}: " in said


class TestEraseText:
    def test_the_names_go_and_the_proofs_stay(self, honest):
        stream = honest.files["published"].stream
        with undone():
            sql("SET LOCAL session_replication_role = DEFAULT")
            told("erase_text", stream, "2", basis="QĐ 12")
            assert verify().sound
            [_opened, (event, text), *_more] = of_stream(stream)
            assert event.actor and text == {}
            with pytest.raises(CommandError):
                told("erase_text", stream, "2", basis="QĐ 12")  # it is empty

    @pytest.mark.parametrize(("sequence", "basis"), [("999", "QĐ 12"), ("2", " ")])
    def test_nothing_is_erased_without_a_basis_or_an_event(self, honest, sequence, basis):
        with undone(), pytest.raises(CommandError):
            told("erase_text", honest.files["published"].stream, sequence, basis=basis)
