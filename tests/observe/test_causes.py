"""What several declarations share is found by kind; who is the cause, a person says."""

from __future__ import annotations

from datetime import datetime, timedelta

from vigie.observe.causes import Signs, causes, sign
from vigie.observe.likeness import stems

AT = datetime(2026, 11, 20, 3, 0)
NONE: frozenset[str] = frozenset()


def signs(id: str, **changes: object) -> Signs:
    base = Signs(id, id, AT, "unknown", NONE, NONE, NONE, NONE)
    return base._replace(**{name: frozenset(v) if isinstance(v, list) else v for name, v in changes.items()})  # type: ignore[arg-type]


def test_each_kind_of_cause_is_found_with_who_shares_it():
    one = signs("a", suppliers=["heberg"], products=["CVE-2026-1000"], indicators=["203.0.113.7"])
    others = [
        one,
        signs("b", suppliers=["heberg"]),
        signs("c", suppliers=["heberg"], indicators=["203.0.113.7"]),
        signs("d", products=["CVE-2026-1000"]),
        signs("e"),
    ]
    assert causes(one, others) == (
        ("supplier", "heberg", ("b", "c")),
        ("product", "CVE-2026-1000", ("d",)),
        ("indicator", "203.0.113.7", ("c",)),
    )


def test_a_campaign_is_one_malicious_origin_in_few_days_told_alike_elsewhere():
    text = stems("Faux courriel de l'assurance maladie avec une pièce jointe")
    one = signs("a", origin="phishing", stems=text)
    near = signs("b", origin="phishing", stems=text, at=AT + timedelta(days=3))
    assert causes(one, [near]) == (("campaign", "", ("b",)),)
    for other in (
        near._replace(at=AT + timedelta(days=30)),
        near._replace(at=None),
        near._replace(declarant="a"),
        near._replace(origin="fraud"),
        near._replace(stems=stems("Panne de climatisation")),
    ):
        assert causes(one, [other]) == ()
    outage = one._replace(origin="infrastructure_failure")
    assert causes(outage, [outage._replace(id="z", declarant="z")]) == ()


def test_a_defanged_address_is_the_address():
    assert sign("hxxps://Mauvais[.]example/x ") == "https://mauvais.example/x"
