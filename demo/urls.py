"""The addresses of the demo; there are none outside it."""

from django.urls import path

from demo import views

urlpatterns = [
    path("sign-in", views.demo_login, name="demo_login"),
    path("thu", views.mailbox, name="demo_mailbox"),
    path("thu/<int:pk>", views.letter, name="demo_letter"),
]
