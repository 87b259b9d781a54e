"""Privileged and TLP:RED versions: a draft is shared and leaves the house, so nothing of them is taken over into it."""

from __future__ import annotations

import pytest

from vigie.web import desk
from vigie.web.desk.models import LogLine

AMBER = {"kind": "declaration", "declaration": "d1", "establishment": "CH Valmont", "description": "texte commun"}
GUARDED = {**AMBER, "description": "SECRET négocié", "supplier": "SECRET fournisseur"}
SAID = "Elles ne sont pas reprises ici"


def nowhere(*texts: str) -> bool:
    return not [text for text in texts if "SECRET" in text]


@pytest.mark.parametrize("marking", [{"privileged": True}, {"tlp": "red"}])
def test_a_guarded_version_is_not_taken_over_and_the_page_says_so(crisis, page, second, marking):
    crisis.write(AMBER)
    crisis.write(GUARDED, **marking)
    assert "SECRET" in page.text(), "its reader sees it where it belongs"
    draft = page.text("draft")
    assert nowhere(draft) and SAID in draft and "texte commun" in draft
    assert page.browser.post(page.path + "draft/keep", {**page.opened(), "measures": "réseau coupé"}).status_code == 200
    assert page.save("check").status_code == 302
    check = page.text("draft/check")
    assert nowhere(check, second.text("draft")) and SAID in check
    assert page.send().status_code == 302
    desk.follow()
    last = LogLine.objects.filter(kind="declaration").latest("seq")
    assert not last.guarded and nowhere(page.text("for/cert-sante/text"), page.text("for/cnil/text"))


def test_a_guarded_correction_is_not_taken_over(crisis, page, second):
    first = crisis.write(AMBER)
    mend = {"kind": "correction", "of": first.digest, "why": "SECRET", "replacement": GUARDED}
    crisis.write(mend, privileged=True)
    draft = page.text("draft")
    assert nowhere(draft, second.text("draft")) and SAID in draft and SAID not in second.text("draft")


def test_a_declaration_that_is_guarded_throughout_begins_anew(crisis, page, second):
    crisis.write(GUARDED, privileged=True)
    assert nowhere(page.text("draft")) and SAID in page.text("draft")
    page.declare(description="texte commun")
    assert nowhere(second.text(), second.text("for/cert-sante"))


def test_nothing_is_said_where_nothing_is_guarded(crisis, page):
    crisis.write(AMBER)
    assert SAID not in page.text("draft")
