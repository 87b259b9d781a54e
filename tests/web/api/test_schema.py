"""What the API says of itself is true, whatever a program sends: schemathesis makes the requests up."""

from __future__ import annotations

from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.web.api.conftest import Program
from vigie.journal.facts import Declaration
from vigie.web import desk

EXAMPLES = 25
BOUNDED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described():
    from tools.api_page import described as description

    return schemathesis.openapi.from_dict(description())


OPERATIONS = [
    ("GET", "/api/incidents"), ("GET", "/api/incidents/{owner}/{name}/entries"),
    ("POST", "/api/incidents/{owner}/{name}/entries"), ("GET", "/api/incidents/{owner}/{name}/situation"),
    ("GET", "/api/incidents/{owner}/{name}/restart"), ("GET", "/api/checkpoint"), ("POST", "/api/bundle"),
    ("POST", "/api/incidents/{owner}/{name}/declarations"),
    ("GET", "/api/incidents/{owner}/{name}/declarations/{declaration}"), ("GET", "/api/intake"),
    ("POST", "/api/incidents/{owner}/{name}/declarations/{declaration}/qualification"),
]  # fmt: skip


def test_every_operation_is_tried():
    schema = described()
    assert sorted(
        (operation.ok().method.upper(), operation.ok().path) for operation in schema.get_all_operations()
    ) == sorted(OPERATIONS)


@pytest.mark.parametrize("ours", [True, False], ids=["our incident", "any incident"])
@pytest.mark.parametrize(("verb", "path"), OPERATIONS)
def test_whatever_is_sent_the_answer_is_one_of_those_described(crisis, site, program, verb, path, ours):
    operation = described()[path][verb]
    answers = operation.definition.raw["responses"]
    caller: Program = program(site.alice)
    if path.endswith(("intake", "qualification")):
        crisis.write(Declaration(declaration="d1"))
        caller = program(site.agnes, organisation="observatoire")

    @BOUNDED
    @given(case=operation.as_strategy())
    def send(case):
        if ours and case.path_parameters:
            case.path_parameters.update(owner="valmont", name="crise")
            if "qualification" in path:
                case.path_parameters.update(declaration="d1")
        before = desk.store().last_seq()
        answer = _sent(caller, case)
        assert str(answer.status_code) in answers, (answer.status_code, answer.content)
        assert answer.status_code < 500, answer.content
        if answer.status_code >= 400:
            assert set(answer.json()) == {"error", "where", "mend"}
            assert desk.store().last_seq() == before

    send()


def _sent(program: Program, case):
    path = case.path.format(
        **{name: quote(str(value), safe="") for name, value in (case.path_parameters or {}).items()}
    )
    path = path.removeprefix("/api")
    if case.method.upper() == "GET":
        return program.get(path, **{name: value for name, value in (case.query or {}).items() if value is not None})
    key = (case.headers or {}).get("Idempotency-Key")
    body = case.body if isinstance(case.body, (dict, list, str, bytes)) else b""
    if case.media_type == "application/octet-stream":
        return program.post(path, body if isinstance(body, bytes) else b"x", content_type="application/octet-stream")
    return program.post(path, body, key=key if isinstance(key, str) and key.isprintable() else None)
