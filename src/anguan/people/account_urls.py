"""Log-in, log-out, password and second factor by allauth: only what we use of it."""

from allauth.account import views
from django.urls import include, path

from anguan.people.views import set_password

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/first/", set_password, name="account_set_password"),
    # allauth asks for this name; sign-up itself is closed by our adapter.
    path("signup/", views.signup, name="account_signup"),
    path("second-factor/", include("allauth.mfa.urls")),
]
