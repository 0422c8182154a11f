"""The addresses of signing in and of passwords."""

from django.urls import path

from permissions.views import sign_in

urlpatterns = [
    path("", sign_in.SignIn.as_view(), name="login"),
    path("mat-khau/<uidb64>/<token>/", sign_in.PasswordSet.as_view(), name="password_set"),
    path("mat-khau/doi", sign_in.PasswordChange.as_view(), name="password_change"),
    path("xac-nhan", sign_in.confirm, name="confirm"),
]
