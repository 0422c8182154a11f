"""The matrix of the ways in which one may stand to a file: role × relation × step × action, by rule, list, button and HTTP."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from history.models import Event
from nominations.content import seen_digest
from nominations.models import AwardDecision, Handling
from permissions.models import Officer
from tests.pages import enter
from tests.permissions.relations import EXPECTED, Someone, expected, mark, people, some
from tests.permissions.test_matrix import (
    BLOCKED,
    NOTHING_TO_CHOOSE,
    alike,
    by_button,
    by_list,
    payload,
    subjects,
)
from workflows import asking, engine, explaining

pytestmark = pytest.mark.usefixtures("in_2024")


def ground(world, each):
    """Files and decisions in every state, everybody in every relation, and every question."""
    found = subjects(world, "commune")
    mark(found, world)
    everybody = people(world, found, each)
    questions = [(subject, action.name) for subject in found for action in asking.actions_from(subject.state)]
    return found, everybody, questions


def compare(who: Someone, found, questions, groups) -> int:
    """Ask by list (and so by rule) and by button and explanation; return the number of cells."""
    wanted = {(subject, name) for subject, name in questions if expected(who, subject, name, BLOCKED)}
    listed = by_list(who.officer, found, groups)
    assert listed == wanted, (who.role, who.relation, listed ^ wanted)
    return len(questions)


def explained(who: Someone, found, wanted) -> None:
    """Button, reason and explanation say the same as the list: allowed and "no condition unmet" are one set."""
    button, _mine = by_button(who.officer, found)
    assert button == wanted, (who.role, who.relation)
    for subject in found:
        told = explaining.explain_all(who.officer, subject)
        met = {(subject, one.action.name) for one in told if not one.unmet}
        assert met == {(one, name) for one, name in wanted if one == subject}, (
            who.role,
            who.relation,
            subject,
        )
        assert all(one.allowed == (not one.unmet) for one in told)


def by_http(world, who: Someone, subject, name) -> None:
    """One cell as a person meets it: the page, its button, and the click; whatever it did is undone."""
    wanted = expected(who, subject, name, BLOCKED)
    kind = "decision" if isinstance(subject, AwardDecision) else "nomination"
    client, at = enter(who.officer), {"uid": subject.uid}
    point = transaction.savepoint()
    page = client.get(reverse(f"workflows:{kind}", kwargs=at))
    if page.status_code == 200:
        offered = {item.name for item in page.context["items"] if item.allowed}
        if name not in NOTHING_TO_CHOOSE:
            assert (name in offered) == wanted, ("button", who, subject, name)
    else:
        assert page.status_code in (302, 404) and not wanted, ("page", who, subject, name)
    before = written()
    subject.refresh_from_db()
    fields = form(world, subject, name)
    response = client.post(reverse(f"workflows:act_{kind}", kwargs=at), fields)
    if wanted:
        accepted = (302, 422) if name in NOTHING_TO_CHOOSE else (302,)
        assert response.status_code in accepted, ("click", who, subject, name, response.status_code)
    else:
        assert response.status_code in (302, 401, 403, 404), (
            "click",
            who,
            subject,
            name,
            response.status_code,
        )
        assert written() == before, ("written", who, subject, name)
    transaction.savepoint_rollback(point)
    subject.refresh_from_db()


def written() -> tuple[int, int]:
    """How much has been done; readings by auditors are no acts."""
    return Handling.objects.count(), Event.objects.exclude(kind__endswith=".read").count()


def form(world, subject, name) -> dict:
    """What the form of the act sends."""
    fields = {"task": engine.task_of(subject).pk, "seen": seen_digest(subject), "action": name}
    asked = payload(world, subject, name)
    for number, remark in enumerate(asked.pop("remarks", [])):
        fields |= {f"remark_text-{number}": remark["text"], f"remark_about-{number}": ""}
    conclusions = asked.pop("nominees", {})
    fields |= {"nominee": list(conclusions)} if conclusions else {}
    for uid, conclusion in conclusions.items():
        fields[f"assessment-{uid}"] = conclusion["assessment"]
        fields |= {f"points-{uid}-{code}": points for code, points in conclusion["points"].items()}
    return fields | asked


def run(world, capsys, each: int | None, http: int) -> None:
    """Ask everybody, or `each` so many people of every relation, some for the reasons; and `http` cells by HTTP."""
    found, everybody, questions = ground(world, each)
    groups = alike(world["clerk@commune"])
    cells = sum(compare(who, found, questions, groups) for who in everybody)
    for number, who in enumerate(everybody):
        if number % (41 if each else 19) == 0:
            explained(who, found, {q for q in questions if expected(who, *q, BLOCKED)})
    chosen = some(everybody, questions, http)
    for who, (subject, name) in chosen:
        by_http(world, who, subject, name)
    met = {who.relation for who, _question in chosen}
    assert {who.relation for who in everybody} == set(EXPECTED) == met
    with capsys.disabled():
        print(
            f"\nmatrix of relations: {cells} cells by rule and list, {len(chosen)} by button and HTTP, 0 disagree",
            end="",
        )


def test_a_fair_sample_of_the_relations(world, capsys):
    run(world, capsys, each=1, http=22)


@pytest.mark.proof
def test_every_role_in_every_relation(world, capsys):
    run(world, capsys, each=None, http=1200)


def test_anonymous_is_led_to_sign_in_and_does_nothing(world, client):
    found = subjects(world, "commune")[:3]
    before = written()
    for subject in found:
        kind = "decision" if isinstance(subject, AwardDecision) else "nomination"
        assert client.get(reverse(f"workflows:{kind}", kwargs={"uid": subject.uid})).status_code == 302
        url = reverse(f"workflows:act_{kind}", kwargs={"uid": subject.uid})
        assert client.post(url, {"action": "propose"}).status_code == 401
    assert written() == before


def test_there_is_no_superuser_to_be_made(db):
    assert not {"is_superuser", "is_staff"} & {field.name for field in Officer._meta.get_fields()}
    with pytest.raises(AttributeError):  # the manager cannot make one
        call_command("createsuperuser", interactive=False, username="root", full_name="Root", verbosity=0)
    assert not Officer.objects.exists()
