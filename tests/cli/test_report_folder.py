"""A report replaces a report, and never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from vigie.cli.report_folder import check, fill
from vigie.errors import FileError, StorageError


def written(folder: Path) -> list[str]:
    (folder / "csv").mkdir()
    for name in ("figures.json", "report.fr.pdf", "csv/by_region.csv"):
        (folder / name).write_text("new", encoding="utf-8")
    return ["figures.json"]


def test_a_new_folder_is_made_and_a_report_is_replaced(tmp_path):
    out = tmp_path / "deep" / "report"
    assert check(out) is None
    fill(out, written)
    (out / "figures.json").write_text("old", encoding="utf-8")
    assert check(out) == out / "figures.json"
    fill(out, written)
    assert (out / "figures.json").read_text(encoding="utf-8") == "new"
    assert [each.name for each in out.parent.iterdir()] == ["report"], "nothing is left beside it"


@pytest.mark.parametrize("place", [".", "..", "./"])
def test_the_folder_one_works_in_is_never_replaced(tmp_path, monkeypatch, place):
    inside = tmp_path / "work" / "here"
    inside.mkdir(parents=True)
    (inside / "figures.json").write_text("{}", encoding="utf-8")
    (inside / "notes.odt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(inside)
    with pytest.raises(FileError, match="the folder you work in"):
        check(Path(place))
    assert (inside / "notes.odt").exists()


@pytest.mark.parametrize("foreign", ["notes.odt", "data/journal.db", "csv/letter.docx"])
def test_a_folder_with_anything_else_in_it_is_refused(tmp_path, foreign):
    out = tmp_path / "report"
    fill(out, written)
    (out / foreign).parent.mkdir(exist_ok=True)
    (out / foreign).write_text("mine", encoding="utf-8")
    with pytest.raises(FileError, match="something else than a report"):
        check(out)


def test_a_link_and_a_file_are_refused(tmp_path):
    fill(tmp_path / "report", written)
    (tmp_path / "link").symlink_to(tmp_path / "report")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("link", "file"):
        with pytest.raises(FileError):
            check(tmp_path / name)


def test_what_was_there_stays_when_the_disk_refuses(tmp_path):
    out = tmp_path / "report"
    fill(out, written)
    (out / "figures.json").write_text("old", encoding="utf-8")

    def full(folder: Path) -> list[str]:
        (folder / "figures.json").write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match="No space left"):
        fill(out, full)
    assert (out / "figures.json").read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["report"]
