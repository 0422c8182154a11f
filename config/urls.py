"""Every address of the site: wiring only."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import health

handler400 = "config.refusals.bad_request"
handler500 = "config.failing.error"
urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("dang-xuat/", login_not_required(auth.LogoutView.as_view()), name="logout"),
    path("dang-nhap/", include("permissions.urls_sign_in")),
    path("quan-tri/", include("permissions.urls")),
    path("lich-su/", include("audit.urls")),
    path("", include("workflows.urls")),
    path("", include("nominations.urls")),
]
if settings.DEMO:
    from demo.views import components

    urlpatterns += [path("demo/", include("demo.urls")), path("_components/", components, name="components")]
