"""The dashboard: the tables of the report, live over the journal of this node, for analysts. Nothing is hidden here."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vigie.exchange.report_files import csv_files, workbook
from vigie.observe.edition import Edition
from vigie.observe.report.annex import moment
from vigie.observe.report.content import Content, intervals
from vigie.observe.report.front import KEYS
from vigie.observe.report.statistics import over
from vigie.observe.report.texts import definition, say
from vigie.observe.tables import TABLES
from vigie.observe.vocabulary import label, vocabulary
from vigie.web import clock, desk
from vigie.web.accounts import trace
from vigie.web.observatory import live, pages
from vigie.web.observatory.asked import LEGAL_TIME, Asked, asked, choices, said
from vigie.web.observatory.live import Known

KEY_TABLES = tuple(dict.fromkeys(name for name, _, _ in KEYS))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX, "json": "application/json"}


class Counted(NamedTuple):
    """What an address asks, counted: the content that pages are made of, and what it rests on."""

    asked: Asked
    content: Content
    known: Known

    @property
    def key(self) -> tuple[Any, ...]:
        """What the pages made of it depend on, besides the table and the language."""
        edition = self.content.edition
        whole = over(edition)  # a year that is not over is said with the moment as of which it is known
        return (self.known.generation, self.asked.slice, edition.year, whole or edition.as_known_on.date())


def overview(request: HttpRequest) -> HttpResponse:
    """The key figures, and every table by chapter."""
    counted = _counted(request, KEY_TABLES)
    tongue = language()

    def made() -> tuple[Any, Any]:
        return pages.keys(counted.content, tongue)

    items, notes = pages.remembered(("keys", *counted.key, tongue), made)
    context = {"keys": items, "notes": notes, "chapters": pages.titles(tongue), "elsewhere": _elsewhere(counted)}
    return _page(request, "observatory/overview.html", counted, reverse("observatory:overview"), context)


def _elsewhere(counted: Counted) -> list[tuple[str, str]]:
    """Where there is nothing to count, the other realms that hold declarations: (realm, its name)."""
    if counted.known.years:
        return []
    others = [realm for realm in vocabulary()["realms"] if realm != counted.asked.slice.realm]
    return [(realm, label("realms", realm, language())) for realm in others if live.known(realm).years]


def table(request: HttpRequest, name: str) -> HttpResponse:
    """One table."""
    _exists(name)
    counted = _counted(request, (name,))
    tongue = language()
    sheet = pages.remembered(("sheet", *counted.key, name, tongue), lambda: pages.sheet(counted.content, name, tongue))
    edition = counted.content.edition
    unfinished = not over(edition) and counted.known.years
    context = {
        "sheet": sheet, "chapters": pages.titles(tongue), "chapter": TABLES[name].chapter,
        "files": [(form.upper(), reverse("observatory:download", args=[name, form])) for form in FORMS],
        "unfinished": say(tongue, "year_not_over", year=edition.year, day=_moment(counted)) if unfinished else "",
    }  # fmt: skip
    return _page(request, "observatory/table.html", counted, reverse("observatory:table", args=[name]), context)


def download(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """The table shown, as a file, with all its years. It hides nothing, so that the register says who took it."""
    _exists(name)
    if form not in FORMS:
        raise Http404
    counted = _counted(request, (name,))
    if counted.asked.refused:
        return HttpResponse(" ".join(counted.asked.refused), status=400, content_type="text/plain; charset=utf-8")
    tongue = language()
    made = {"csv": _csv, "xlsx": _workbook, "json": _json}[form](counted, name, tongue)
    text = _("Export du tableau {table} ({form}), chiffres internes, jusqu'à l'entrée {seq}.")
    trace.record(request.acting, text.format(table=name, form=form.upper(), seq=counted.known.seq))  # type: ignore[attr-defined]
    realm = counted.asked.slice.realm
    mark = "" if realm == "real" else f"{realm}-"
    file = f"{mark}{name}-{timezone.localtime(clock.now()):%Y-%m-%d-%Hh%M}.{form}"
    headers = {
        "Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    return HttpResponse(made, content_type=FORMS[form], headers=headers)


def _counted(request: HttpRequest, names: Collection[str]) -> Counted:
    """Count what the address asks. The year is the last one there is unless it says another."""
    wanted = asked(request.GET)
    figures, known = live.figures(wanted.slice, names)
    now = clock.now()
    year = wanted.year or (known.years[-1] if known.years else now.astimezone(LEGAL_TIME).year)
    at = min(wanted.slice.at or now, now)
    day = now.astimezone(LEGAL_TIME).date()
    edition = Edition(year, day, at.astimezone(UTC), "internal", wanted.slice.realm, ("fr", "en"), wanted.slice.sector)
    return Counted(wanted, Content(edition, {name: TABLES[name] for name in figures}, figures), known)


def _page(request: HttpRequest, template: str, counted: Counted, path: str, context: dict[str, Any]) -> HttpResponse:
    tongue, edition = language(), counted.content.edition
    checkpoint = desk.checkpoint()
    years = sorted({*counted.known.years, edition.year})
    frame = {
        "asked": counted.asked, "path": path, "query": counted.asked.query(), "year": edition.year,
        "choices": choices(counted.asked, years, edition.year, tongue), "limits": said(counted.asked, tongue),
        "cleared": counted.asked.query(sector="", region="", group="", malicious="", known=""),
        "moment": _moment(counted), "seq": counted.known.seq, "checkpoint": checkpoint, "empty": not counted.known.years,
        "band": say(tongue, f"realm_{edition.realm}"), "may_publish": "figures:publish" in request.acting.permissions,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, template, frame | context, status=400 if counted.asked.refused else 200)


def _moment(counted: Counted) -> str:
    """As of when things are known, in words."""
    return moment(counted.content.edition.as_known_on, language())


def _csv(counted: Counted, name: str, tongue: str) -> bytes:
    return csv_files(counted.content, tongue)[f"{name}.csv"]


def _workbook(counted: Counted, name: str, tongue: str) -> bytes:
    return workbook(counted.content, tongue)


def _json(counted: Counted, name: str, tongue: str) -> bytes:
    """Columns and rows as `vigie observe tables --format json` gives them, with what they mean and rest on."""
    content, asked_for = counted.content, counted.asked.slice
    figures, edition = content.figures[name], content.edition
    checkpoint = desk.checkpoint()
    plain = {
        "table": name,
        "title": TABLES[name].title[tongue],
        "definition": definition(TABLES[name], tongue),
        "audience": edition.audience,
        "as_known_on": edition.as_known_on.isoformat(),
        "filters": {part: value for part, value in asked_for._asdict().items() if part != "at" and value},
        "journal": {"entries": counted.known.seq, "checkpoint": checkpoint.fingerprint if checkpoint else None},
        "columns": list(figures.columns),
        "rows": [list(row) for row in figures.rows],
        "intervals": intervals(TABLES[name], figures),
    }
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode()


def _exists(name: str) -> None:
    if name not in TABLES:
        raise Http404


def language() -> str:
    """That of the page: fr or en."""
    return "en" if (translation.get_language() or "fr").startswith("en") else "fr"
