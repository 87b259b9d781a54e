"""First start: no default account; a link that works once makes the administrator."""

from __future__ import annotations

from vigie.web import node
from vigie.web.accounts import services
from vigie.web.accounts.models import Link, Membership, Person

ANSWERS = {
    "name": "Claire Martin",
    "username": "c.martin",
    "password": "une vigie veille la nuit",
    "again": "une vigie veille la nuit",
    "organisation_name": "Centre hospitalier de Valmont",
    "organisation": "valmont",
    "role": "hospital",
    "cell": "on",
}


def _link() -> str:
    return services.set_up_link("") or ""


def test_there_is_no_account_before_set_up(bare_site, client):
    assert not Person.objects.exists()
    assert "setup-link" in client.get("/").content.decode()


def test_the_link_makes_an_administrator_who_is_signed_in(bare_site, client):
    link = _link()
    assert client.get(link).status_code == 200
    assert client.post(link, ANSWERS).status_code == 302
    person = Person.objects.get()
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "director"}
    assert person.check_password(ANSWERS["password"])
    assert client.get("/persons").status_code == 200
    assert node.load(bare_site).organisation == "valmont"
    assert (bare_site / "node.json").stat().st_mode & 0o077 == 0


def test_the_link_works_once(bare_site, client):
    link = _link()
    client.post(link, ANSWERS)
    assert client.get(link).status_code == 404
    assert client.post(link, {**ANSWERS, "username": "mallory"}).status_code == 404
    assert Person.objects.count() == 1
    assert services.set_up_link("") is None


def test_a_later_link_replaces_the_one_before(bare_site, client):
    first, second = _link(), _link()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_only_the_hash_of_the_link_is_stored(bare_site):
    token = _link().rpartition("/")[2]
    assert token not in str(list(Link.objects.values()))


def test_a_bad_answer_changes_nothing(bare_site, client):
    link = _link()
    for bad in ({"username": "Claire Martin"}, {"again": "autre chose"}, {"password": "court", "again": "court"},
                {"organisation": "Valmont !"}, {"role": "emperor"}):  # fmt: skip
        answer = client.post(link, {**ANSWERS, **bad})
        assert answer.status_code == 200
        assert 'class="errorlist' in answer.content.decode()
    assert not Person.objects.exists()
    assert node.load(bare_site) is None
    assert client.get(link).status_code == 200


def test_an_observatory_s_first_person_is_an_analyst(bare_site, client):
    client.post(_link(), {**ANSWERS, "role": "observatory"})
    assert set(Membership.objects.values_list("role", flat=True)) == {"administrator", "analyst"}
