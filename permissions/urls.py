"""The address at which one signs in."""

from django.urls import path

from permissions import views

urlpatterns = [path("", views.SignIn.as_view(), name="login")]
