"""In the demo no letter leaves: it lands in the mailbox of whoever it was for, and in nobody else's."""

import pytest
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from demo.models import Letter
from history import clock
from tests import pages
from tests import world as w

BOX = reverse("demo_mailbox")


@pytest.fixture
def world(db):
    with clock.legal_day(w.D2024):
        world = w.build()
        world["clerk@commune"].email = "clerk@demo.invalid"
        world["clerk@commune"].save()
        yield world


@pytest.fixture
def sent(settings, world):
    settings.EMAIL_BACKEND = "demo.mailbox.EmailBackend"
    letter = EmailMultiAlternatives("Thư của văn thư", "http://localhost/x <b>", to=["clerk@demo.invalid"])
    letter.attach_alternative("<p>x</p>", "text/html")
    assert letter.send() == 1
    return Letter.objects.get()


def test_a_letter_lands_in_the_mailbox(world, sent):
    client = pages.enter(world["clerk@commune"])
    assert "Thư của văn thư" in client.get(BOX).content.decode()
    text = client.get(reverse("demo_letter", kwargs={"pk": sent.pk})).content.decode()
    assert 'href="http://localhost/x"' in text and "&lt;b&gt;" in text
    assert sent.html == "<p>x</p>"


def test_nobody_reads_the_letters_of_another(world, sent):
    client = pages.enter(world["unit_head@commune"])
    assert "Thư của văn thư" not in client.get(BOX).content.decode()
    assert client.get(reverse("demo_letter", kwargs={"pk": sent.pk})).status_code == 404
