"""An edition made again is the same to the byte; made of other things, it says which."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.observe.report.editions import KNOWN, asked, content, denominators, versions
from vigie.errors import FileError
from vigie.exchange.report_writing import Licence, write_report
from vigie.observe.edition import moved, of_pins, pins, source_of
from vigie.observe.report.content import Content, read, written
from vigie.observe.report.making import Material, make


def test_the_same_pins_give_the_same_figures():
    again = make(
        asked(),
        versions().take(pa.array(range(versions().num_rows - 1, -1, -1))),
        Material(denominators=denominators()),
    )
    assert written(again) == written(content())


def test_what_was_learned_later_changes_nothing():
    known = versions().filter(
        pc.less_equal(versions()["known_from"], pa.scalar(KNOWN.replace(tzinfo=None), pa.timestamp("us")))
    )
    assert known.num_rows < versions().num_rows
    assert written(make(asked(), known, Material(denominators=denominators()))) == written(content())


def test_every_file_is_made_from_the_figures_alone(tmp_path):
    """Pages of the content as made, and of the content as read back, have the same bytes, and hold no time of day."""
    folders = [tmp_path / name for name in ("first", "second")]
    for folder, each in zip(folders, (content(), read(written(content()))), strict=True):
        folder.mkdir()
        write_report(_french(each), folder)
    files = sorted(path.relative_to(folders[0]) for path in folders[0].rglob("*") if path.is_file())
    assert {path.suffix for path in files} == {".html", ".pdf", ".xlsx", ".csv", ".json"}
    for path in files:
        assert (folders[0] / path).read_bytes() == (folders[1] / path).read_bytes(), path


def _french(made: Content) -> Content:
    return replace(made, edition=replace(made.edition, languages=("fr",)))


def test_a_pin_that_moved_is_named():
    other = make(asked(), versions(), Material())
    assert moved(content().edition, other.edition) == ["digests.denominators"]
    later = make(asked(as_known_on=KNOWN + timedelta(days=30)), versions(), Material(denominators=denominators()))
    assert {"as_known_on", "source.digest", "source.rows"} == set(moved(content().edition, later.edition))
    assert later.edition.id != content().edition.id


def test_a_table_left_out_is_pinned_and_nowhere():
    made = make(asked(without=("by_region",)), versions())
    assert "by_region" not in made.tables and "by_region" not in made.figures
    assert "without" in moved(content().edition, made.edition)
    assert of_pins(pins(made.edition)).without == ("by_region",)


def test_pins_come_back_from_json():
    assert of_pins(pins(content().edition)) == content().edition
    with pytest.raises(FileError, match=r"figures\.json"):
        of_pins({"year": 2022})


def test_a_file_that_is_no_figures_is_refused():
    for raw in (b"", b"[]", b"{}", b'{"format": 99}'):
        with pytest.raises(FileError, match=r"figures\.json"):
            read(raw)


def test_the_pin_of_the_source_holds_the_versions_known_and_no_more():
    whole = source_of(versions(), KNOWN)
    assert int(whole["rows"]) < versions().num_rows
    assert source_of(versions().slice(1), KNOWN) != whole or versions()["known_from"][0].as_py() > KNOWN.replace(
        tzinfo=None
    )
    shuffled = versions().sort_by([("region", "descending")])
    assert source_of(shuffled, KNOWN) == whole


def test_open_data_are_written_for_the_public_only(tmp_path):
    write_report(_french(content()), tmp_path, Licence("etalab-2.0", "https://example.org/licence"))
    assert not (tmp_path / "open-data.zip").exists()
