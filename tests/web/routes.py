"""The table of routes: what each answers to each persona. A route that is not here fails the test.

Each answer is one sign a persona, in this order:

    bob      member of valmont's crisis cell        agnes    analyst of the observatory
    alice    its director                           admin    administrator of valmont
    charlie  director of another hospital, rivage   nobody   nobody is signed in

    o  done or shown (also a redirect to somewhere else than the sign-in page)
    -  403: not with this role           s  the sign-in page, or 401
    0  404: does not exist for them      m  405: not with this method

`path` and `data` may name things of the world that the test builds (tests/web/world.py), as `{incident}`. To add a route,
add a row; where it reaches an object, add one with an object of rivage too: `{rivage_...}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One route with one set of identifiers. An empty answer is a method that the test does not try."""

    name: str
    path: dict[str, str] = field(default_factory=dict)
    get: str = ""
    post: str = ""
    data: dict[str, object] = field(default_factory=dict)
    query: str = ""


# The commonest answers: to all, to none, to whoever is signed in.
ALL, NONE, SIGNED = "oooooo", "mmmmmm", "ooooos"

ROWS: tuple[Row, ...] = (
    # anybody
    Row("home", get=ALL, post=NONE),
    Row("healthz", get=ALL, post=NONE),
    Row("preferences", get=NONE, post=ALL, data={"language": "en"}),
    Row("account_login", get=ALL, post=ALL, data={"login": "b.roux", "password": "wrong"}),
    Row("mfa_authenticate", get="ooooos", post="ooooos"),
    Row("account_logout", get=NONE, post="oooooo"),
    Row("accounts:break-glass", get=ALL, post=ALL, data={"code": "aaaa-bbbb-cccc-dddd", "username": "b.roux"}),
    Row("accounts:set-up", {"token": "unknown"}, get="000000", post="000000"),
    Row("accounts:invitation", {"token": "unknown"}, get="000000", post="000000"),
    Row("accounts:invitation", {"token": "{invitation}"}, get=ALL, post=ALL),
    Row("accounts:demo", {"token": "unknown"}, get="000000", post="000000"),
    Row("api:api-root", get="000000", post="000000"),
    Row("api:openapi-json", get=ALL, post=ALL),
    Row("api:docs", get=ALL, post=ALL),
    # the shared screen
    Row("accounts:screen", get="ooooos", post=NONE),
    Row("accounts:sit", get="mmmm-s", post="oooo-s", data={"pin": "240817"}),
    Row("accounts:leave", get="mmmmms", post=SIGNED),
    Row("accounts:lock", get=NONE, post=ALL),
    Row("accounts:switch", {"seat": "{seat}"}, get=NONE, post="000000", data={"pin": "240817"}),
    # one's own account
    Row("accounts:me", get=SIGNED, post="mmmmms"),
    Row("accounts:switch-organisation", get="mmmmms", post=SIGNED, data={"organisation": "rivage"}),
    Row("accounts:sheets", get=SIGNED, post=SIGNED),
    Row("accounts:revoke-sheet", {"sheet": "{sheet_of_bob}"}, get="mmmmms", post="o0000s"),
    Row("accounts:revoke-sheet", {"sheet": "{sheet_of_valmont}"}, get="mmmmms", post="0o00os"),
    Row("accounts:revoke-sheet", {"sheet": "{rivage_sheet}"}, get="mmmmms", post="00o00s"),
    Row("account_change_password", get=SIGNED, post=SIGNED),
    Row("account_set_password", get=SIGNED, post=SIGNED),
    Row("account_reauthenticate", get=SIGNED, post=SIGNED, data={"password": "wrong"}),
    Row("mfa_reauthenticate", get=SIGNED, post=SIGNED, data={"code": "000000"}),
    Row("mfa_index", get=SIGNED, post="mmmmms"),
    Row("mfa_activate_totp", get=SIGNED, post=SIGNED),
    Row("mfa_deactivate_totp", get="00000s", post="00000s"),
    Row("mfa_view_recovery_codes", get="00000s", post="mmmmms"),
    Row("mfa_generate_recovery_codes", get=SIGNED, post=SIGNED),
    # administration
    Row("accounts:persons", get="----os", post="----os"),
    Row("accounts:person", {"username": "b.roux"}, get="----os", post="----os"),
    Row("accounts:invite-again", {"username": "b.roux"}, get="----ms", post="----os"),
    Row("accounts:close", {"username": "b.roux"}, get="----ms", post="----os"),
    Row("accounts:reopen", {"username": "b.roux"}, get="----ms", post="----os"),
    Row("accounts:withdraw", {"username": "b.roux", "membership": "{role_of_bob}"}, get="----ms", post="----os"),
    Row("accounts:withdraw", {"username": "b.roux", "membership": "{rivage_role}"}, get="----ms", post="----0s"),
    Row("accounts:organisations", get="----os", post="----os"),
    Row("accounts:tokens", get="----os", post="----os"),
    Row("accounts:revoke-token", {"token": "{token_id}"}, get="----ms", post="----os"),
)
