"""The addresses of accounts. allauth's own views are taken one by one and marked, so that none arrives unseen."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path

from vigie.web.accounts.views import glass, home, invitation, me, persons, screen, sessions, set_up, tokens
from vigie.web.permissions import Permission, public, requires

mine = requires(Permission.SELF_MANAGE)

own = [
    path("set-up/<str:token>", set_up.set_up, name="set-up"),
    path("invitation/<str:token>", invitation.invitation, name="invitation"),
    path("demo/<str:token>", invitation.demo, name="demo"),
    path("organisation", home.switch_organisation, name="switch-organisation"),
    path("me", me.me, name="me"),
    path("me/sheets", glass.sheets, name="sheets"),
    path("me/sheets/<int:sheet>/revoke", glass.revoke, name="revoke-sheet"),
    path("break-glass", glass.break_glass, name="break-glass"),
    path("screen", screen.screen, name="screen"),
    path("screen/sit", screen.sit, name="sit"),
    path("screen/leave", screen.leave, name="leave"),
    path("screen/lock", screen.lock, name="lock"),
    path("screen/seats/<int:seat>", screen.switch, name="switch"),
    path("persons", persons.persons, name="persons"),
    path("persons/<str:username>", persons.person, name="person"),
    path("persons/<str:username>/invite", persons.invite_again, name="invite-again"),
    path("persons/<str:username>/roles/<int:membership>/withdraw", persons.withdraw, name="withdraw"),
    path("persons/<str:username>/close", persons.close, name="close"),
    path("persons/<str:username>/reopen", persons.reopen, name="reopen"),
    path("organisations", persons.organisations, name="organisations"),
    path("tokens", tokens.manage, name="tokens"),
    path("tokens/<int:token>/revoke", tokens.revoke, name="revoke-token"),
]

urlpatterns = [
    path("", include((own, "accounts"))),
    path("sign-in", public(account.login), name="account_login"),
    path("sign-in/code", public(mfa.authenticate), name="mfa_authenticate"),
    path("sign-out", sessions.sign_out, name="account_logout"),
    path("me/password", mine(account.password_change), name="account_change_password"),
    path("me/password/choose", mine(account.password_set), name="account_set_password"),
    path("me/again", mine(account.reauthenticate), name="account_reauthenticate"),
    path("me/again/code", mine(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("me/second-factor", mine(mfa.index), name="mfa_index"),
    path("me/second-factor/activate", mine(totp.activate_totp), name="mfa_activate_totp"),
    path("me/second-factor/deactivate", mine(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("me/recovery-codes", mine(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("me/recovery-codes/generate", mine(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
