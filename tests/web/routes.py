"""The table of routes: what each answers to each persona. A route that is not here fails the test.

Each answer is one sign a persona, in this order:

    bob      member of valmont's crisis cell        agnes    analyst of the observatory
    alice    its director                           admin    administrator of valmont
    charlie  director of another hospital, rivage   nobody   nobody is signed in

    o  done or shown (also a redirect to somewhere else than the sign-in page)
    -  403: not with this role           s  the sign-in page, or 401
    0  404: does not exist for them      m  405: not with this method
    ?  400: allowed, but this test sends nothing sensible

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
    noted: bool = False  # asking leaves a note in the register: a log that leaves the house is told


def _of(prefix: str, **more: str) -> dict[str, str]:
    """The path of an incident: valmont's, or rivage's with the prefix `rivage_`."""
    return {"owner": f"{{{prefix}organisation}}", "name": f"{{{prefix}slug}}", **more}


# The commonest answers: to all, to none, to whoever is signed in.
ALL, NONE, SIGNED = "oooooo", "mmmmmm", "ooooos"

# A declaration: what leaves the house is noted; the number that came back.
ONE, TAKEN = {"declaration": "d1"}, ("receipt-pdf", "view-text", "view-pdf")
NUMBER = {"addressee": "cert-sante", "stage": "notification", "receipt": "2026-1"}

ROWS: tuple[Row, ...] = (
    # anybody
    Row("home", get=SIGNED, post=NONE),
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
    # incidents: one's own, and those of another hospital
    Row("incidents:list", get="oooo-s", post="mmmm-s"),
    Row("incidents:open", get="ooo--s", post="ooo--s"),
    *(
        row
        for incident, seen, wrote in (("", "oo0o-s", "oo0--s"), ("rivage_", "00oo-s", "00o--s"))
        for row in (
            Row("incidents:log", _of(incident), get=seen, post="mmmm-s"),
            Row("incidents:news", _of(incident), get=seen, post="mmmm-s", query="?after=0"),
            Row("incidents:seal", _of(incident), get=seen, post="mmmm-s"),
            Row("incidents:vocabulary", _of(incident), get=seen, post="mmmm-s"),
            Row("incidents:situation", _of(incident), get=seen, post="mmmm-s"),
            *(
                Row(f"restart:{name}", _of(incident), get=seen, post="mmmm-s")
                for name in ("board", "lines", "what-if", "forecast", "xlsx", "ics", "pdf")
            ),
            Row("restart:publish", _of(incident), get="mmmm-s", post=wrote),
            Row("incidents:print", _of(incident), get=seen, post="mmmm-s"),
            Row("incidents:print-log", _of(incident), get=seen, post="mmmm-s"),
            *(
                Row(f"declaring:{name}", _of(incident, **more), get=seen, post="mmmm-s", noted=name in TAKEN)
                for name, more in (
                    ("list", {}),
                    ("one", ONE),
                    ("receipt", {**ONE, "seq": f"{{{incident}declared_seq}}"}),
                    ("receipt-pdf", {**ONE, "seq": f"{{{incident}declared_seq}}"}),
                    ("view", {**ONE, "addressee": "cnil"}),
                    ("view-text", {**ONE, "addressee": "cnil"}),
                    ("view-pdf", {**ONE, "addressee": "cnil"}),
                )
            ),
            Row("declaring:draft", _of(incident, **ONE), get=wrote, post=wrote),
            Row("declaring:keep", _of(incident, **ONE), get="mmmm-s", post=wrote),
            Row("declaring:discard", _of(incident, **ONE), get="mmmm-s", post=wrote),
            Row("declaring:check", _of(incident, **ONE), get=wrote, post=wrote),
            Row("declaring:sent", _of(incident, **ONE), get="mmmm-s", post=wrote, data=NUMBER),
            Row("incidents:understand", _of(incident), get="mmmm-s", post=seen, data={"line": "! on coupe"}),
            Row("incidents:quick", _of(incident), get="mmmm-s", post=seen, data={"line": "Écran noir"}),
            Row("incidents:kinds", _of(incident), get=seen, post="mmmm-s"),
            Row("incidents:typed", _of(incident, kind="note"), get=seen, post=seen, data={"text": "Écran noir"}),
            Row("incidents:entry", _of(incident, seq=f"{{{incident}seq}}"), get=seen, post="mmmm-s"),
            Row("incidents:correct", _of(incident, seq=f"{{{incident}seq}}"), get=wrote, post=wrote.replace("o", "?")),
            Row("incidents:file", _of(incident, seq=f"{{{incident}file_seq}}"), get=seen, post="mmmm-s"),
        )
    ),
    *(
        Row(f"exports:{form}", _of(incident), get=seen, post="mmmm-s", noted=True)
        for incident, seen in (("", "oo0o-s"), ("rivage_", "00oo-s"))
        for form in ("csv", "xlsx", "bundle", "pdf")
    ),
    # the observatory's figures: for analysts, and the published edition for anybody
    Row("observatory:overview", get="---o-s", post="---m-s"),
    Row("observatory:table", {"table": "by_region"}, get="---o-s", post="---m-s"),
    Row("observatory:table", {"table": "by_hospital"}, get="---0-s", post="---m-s"),
    Row("observatory:download", {"table": "by_region", "form": "csv"}, get="---o-s", post="---m-s", noted=True),
    Row("observatory:publish", get="---o-s", post="---?-s"),
    Row("observatory:withdraw", get="---m-s", post="---o-s"),
    Row("observatory:public", get=ALL, post=NONE),
    Row("observatory:public-figures", get="000000", post=NONE),
    Row("observatory:public-table", {"table": "by_region"}, get="000000", post=NONE),
    Row("observatory:public-csv", {"table": "by_region"}, get="000000", post=NONE),
    # the observatory's intake, and the declarant's side of it
    Row("intake:queue", get="---o-s", post="---m-s"),
    Row("intake:news", get="---o-s", post="---m-s", query="?after=0"),
    Row("intake:causes", get="---o-s", post="---m-s"),
    Row("intake:cause", {"group": "{cause}"}, get="---o-s", post="---m-s"),
    Row("intake:cause", {"group": "aucune"}, get="---0-s", post="---m-s"),
    Row("intake:helps", get="---o-s", post="---m-s"),
    Row("intake:exchanges", get="ooo--s", post="mmm--s"),
    *(
        row
        for incident, answered in (("", "oo0--s"), ("rivage_", "00o--s"))
        for row in (
            Row("intake:declaration", _of(incident, declaration="d1"), get="---o-s", post="---m-s"),
            Row("intake:qualify", _of(incident, declaration="d1"), get="---o-s", post="---?-s"),
            *(
                Row("intake:act", _of(incident, declaration="d1", verb=verb), get="---m-s", post="---?-s")
                for verb in ("ask", "route", "help", "compare", "link")
            ),
            Row("intake:act", _of(incident, declaration="d1", verb="other"), get="---m-s", post="---0-s"),
            Row("intake:thread", _of(incident, declaration="d1"), get=answered, post=answered, data={"text": "Douze"}),
        )
    ),
    Row("intake:thread", _of("", declaration="d9"), get="000--s", post="000--s"),
    # the cartography of one's own organisation
    Row("cartography", get="oooo-s", post="mmmm-s"),
    Row("cartography-adopt", get="-mm--s", post="-??--s"),
    Row("cartography-template", get="oooo-s", post="mmmm-s"),
    Row("cartography-yaml", get="0000-s", post="mmmm-s"),
    Row("cartography-xlsx", get="0000-s", post="mmmm-s"),
    # a declaration for a hospital that lost its network; one of another incident, asked for through one's own
    Row("declaring:on-behalf", get="oooo-s", post="????-s"),
    Row("declaring:receipt", _of("", **ONE, seq="{rivage_declared_seq}"), get="0000-s"),
    Row("declaring:one", _of("", declaration="d7"), get="0000-s"),
    # an entry of another incident, asked for through one's own
    Row("incidents:entry", _of("", seq="{rivage_seq}"), get="0000-s"),
    Row("incidents:correct", _of("", seq="{rivage_seq}"), get="000--s", post="000--s"),
    Row("incidents:file", _of("", seq="{rivage_file_seq}"), get="0000-s"),
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
