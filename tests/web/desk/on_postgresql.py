"""A crisis on PostgreSQL, in a process of its own: Django reads its settings once a process."""

from __future__ import annotations

import os
from datetime import timedelta


def main() -> None:
    """Write, read back through every filter, rebuild, compare."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "vigie.web.settings"
    from vigie.web import start

    start.prepare()
    from django.conf import settings

    from tests.web.desk.conftest import NIGHT
    from vigie.journal.facts import Correction, Decision, Declaration, Note, Opened
    from vigie.web import desk, node
    from vigie.web.accounts.acting import Acting
    from vigie.web.desk import Filters, models
    from vigie.web.desk.models import LineSubject, LogLine
    from vigie.web.permissions import permissions_of

    node.create(settings.VIGIE_DATA, node="valmont", role="hospital", organisation="valmont", name="Valmont")
    acting = Acting(
        organisation_id="valmont",
        role="director",
        roles=("director",),
        permissions=permissions_of(["director"]),
        author="a",
    )
    here = desk.open_incident(acting, Opened(title="Crise"), realm="real", now=NIGHT, name="crise").entry.incident
    note = desk.write(
        acting, here, Note(text="Écrans \0 noirs", applications=("ad",)), now=NIGHT + timedelta(minutes=1)
    )
    desk.write(
        acting, here, Decision(text="100 % coupé", decider="A", services=("icu",)), now=NIGHT + timedelta(minutes=2)
    )
    desk.write(acting, here, Correction(of=note.digest, why="relu"), now=NIGHT + timedelta(minutes=3))

    def shown(**filters: object) -> list[int]:
        return [line.seq for line in desk.page(here, Filters(**filters)).lines]

    assert shown() == [5, 4, 3, 2]
    assert shown(text="ecrans") == [3]
    assert shown(text="100 %") == [4]
    assert shown(application="ad") == [3]
    assert shown(service="icu", kind="decision") == [4]
    assert shown(at=NIGHT + timedelta(minutes=1)) == [3, 2]
    assert desk.one(here, 3).is_withdrawn
    assert desk.since(here, 5) is None
    assert desk.situation(here).open is True
    assert desk.verify_now().fault is None

    declared = Declaration(declaration="d1", supplier="Héberg \0", cves=("CVE-2026-1000",), support_asked="yes")
    desk.write(acting, here, declared, now=NIGHT + timedelta(minutes=4))
    desk.follow()

    def content() -> object:
        lines = list(LogLine.objects.order_by("seq").values())
        declarations = list(models.Declaration.objects.values())
        assert [one["id"] for one in declarations] == [f"{here}#d1"]
        assert models.DeclarationSign.objects.filter(kind="product", value="CVE-2026-1000").count() == 1
        assert models.SupportRequest.objects.filter(state="asked").count() == 1
        return lines, declarations, sorted(LineSubject.objects.values_list("line_id", "kind", "subject"))

    before = content()
    list(desk.rebuild())
    assert content() == before
    print("same content")


if __name__ == "__main__":
    main()
