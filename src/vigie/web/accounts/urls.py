"""The addresses of accounts. allauth's own views are taken one by one and marked, so that none arrives unseen."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from django.urls import include, path

from vigie.web.accounts.views import home, me, persons, set_up
from vigie.web.permissions import public

own = [
    path("set-up/<str:token>", set_up.set_up, name="set-up"),
    path("me", me.me, name="me"),
    path("persons", persons.persons, name="persons"),
    path("organisation", home.switch_organisation, name="switch-organisation"),
]

urlpatterns = [
    path("sign-in", public(account.login), name="account_login"),
    path("sign-in/code", public(mfa.authenticate), name="mfa_authenticate"),
    path("", include((own, "accounts"))),
]
