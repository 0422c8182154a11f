"""The addresses of the demo; there are none outside it."""

from django.urls import path

from demo import views

urlpatterns = [path("sign-in", views.demo_login, name="demo_login")]
