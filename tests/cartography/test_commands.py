"""`vigie cartography` as a person and as a script call it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from vigie.cartography import load, reference_hospital
from vigie.cli import main


@pytest.fixture
def vigie(capsys, monkeypatch):
    """`vigie("check", "reference")` is (exit code, stdout, stderr) of `vigie cartography check reference`."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vigie", "cartography", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_the_reference_hospital_checks(vigie):
    code, out, err = vigie("check", "reference")
    assert code == 0
    assert "sound, 0 errors" in out and "152 applications" in out
    assert all(line.startswith("warning: reference_hospital.yaml, line ") for line in err.splitlines())


def test_every_fault_is_printed_and_the_exit_is_1(vigie, tmp_path: Path):
    path = tmp_path / "map.yaml"
    path.write_text(
        "name: x\napplications:\n  - {id: a, name: A, kind: b, rto_minutes: c}\n  - {id: a}\n", encoding="utf-8"
    )
    code, out, err = vigie("check", path)
    assert code == 1 and out == ""
    assert len([line for line in err.splitlines() if line.startswith("error: map.yaml, line ")]) == 5
    assert "Mend the errors first" in err
    code, out, _ = vigie("check", path, "--format", "json")
    assert code == 1 and len(json.loads(out)["errors"]) == 5


def test_an_outage_is_readable_and_the_same_in_json(vigie):
    code, out, _ = vigie("outage", "reference", "--down", "ad,network")
    assert code == 0
    assert "Cut: Annuaire Active Directory (ad), Cœur de réseau et distribution (network)" in out
    assert out.index("Radiothérapie") < out.index("Urgences adultes") < out.index("SMUR")
    told = json.loads(vigie("outage", "reference", "--down", "ad", "--down", "network", "--format", "json")[1])
    assert told["cut"] == ["ad", "network"]
    assert told["services"][0]["id"] == "radiotherapy" and told["services"][0]["capacity_left"] == [0, 0]


def test_a_share_or_a_state_may_be_given(vigie):
    told = json.loads(vigie("outage", "reference", "--down", "mail=degraded, lis=0.5", "--format", "json")[1])
    left = {one["id"]: one["share_left"] for one in told["applications"]}
    assert left["mail"] == [0, 1] and left["lis"] == [0.5, 0.5]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["outage", "reference", "--down", "netwrok"],
            'no application "netwrok" in this cartography. Did you mean network',
        ),
        (["outage", "reference", "--down", "ad=brokn"], 'error: "brokn" is not a state'),
        (["outage", "reference", "--down", ","], "--down names nothing"),
        (["check", "nothing.yaml"], "error: nothing.yaml: No such file"),
        (["show", "nothing.yaml"], "error: nothing.yaml: No such file"),
        (["import-mercator", "nothing.json", "-o", "x.yaml"], "No such file"),
    ],
)
def test_a_wrong_call_is_an_error_line(vigie, arguments, said):
    code, _, err = vigie(*arguments)
    assert code == 1
    assert said in err


def test_yaml_and_workbook_are_the_same_map(vigie, tmp_path: Path):
    book, text = tmp_path / "map.xlsx", tmp_path / "map.yaml"
    assert vigie("convert", "reference", "-o", book)[0] == 0
    assert vigie("convert", book, "-o", text)[0] == 0
    assert load(text) == load(book) == reference_hospital()
    code, _, err = vigie("convert", book, "-o", text)
    assert code == 1 and "exists already" in err
    assert vigie("convert", book, "-o", text, "--force")[0] == 0
    assert vigie("convert", book, "-o", tmp_path / "map.ods")[0] == 2


def test_the_template_is_written_and_nowhere_else(vigie, tmp_path: Path):
    assert vigie("template", "-o", tmp_path / "t.xlsx")[0] == 0
    assert vigie("template", "-o", tmp_path / "t.pdf")[0] == 2
    code, _, err = vigie("template", "-o", tmp_path / "no" / "t.xlsx")
    assert code == 1 and "Nothing was written" in err
    assert [path.name for path in tmp_path.iterdir()] == ["t.xlsx"]


def test_show_lists_the_heaviest_first(vigie):
    _, out, _ = vigie("show", "reference")
    assert out.index("power ") < out.index("network ") < out.index("website ")
    rows = json.loads(vigie("show", "reference", "--format", "json")[1])["applications"]
    assert len(rows) == 152 and len(rows[0]["services"]) == 49


def test_mercator_is_imported_with_its_counts(vigie, tmp_path: Path):
    source, target = tmp_path / "mercator.json", tmp_path / "map.yaml"
    source.write_text(
        '{"m_applications": [{"id": 1, "name": "DPI", "rto": 60, "rpo": 0}], "bays": [{"id": 1}]}', encoding="utf-8"
    )
    code, out, err = vigie("import-mercator", source, "-o", target)
    assert code == 0
    assert "no place in the map" in out and "RTO or RPO of 0 taken as unknown" in err
    assert load(target).application["dpi"].rto_minutes == 60
