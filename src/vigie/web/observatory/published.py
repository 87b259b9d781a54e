"""The public page: the published edition and nothing else. No journal is read here, nobody is asked who they are.

Filters choose among the cells that the edition prints or withholds (`disclosure.public_views`); nothing is counted again. The
language is in the address, so that what a cache keeps is right for whoever asks the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from vigie.errors import FileError
from vigie.exchange.report_files import csv_files
from vigie.observe.disclosure import narrowed, public_views
from vigie.observe.edition import digest
from vigie.observe.numerals import month
from vigie.observe.report.annex import moment
from vigie.observe.report.content import Content
from vigie.observe.report.texts import dimension_name, say, term
from vigie.observe.table import Dimension, Table
from vigie.web.observatory import editions, pages
from vigie.web.observatory.editions import Shown

MAX_AGE_SECONDS = 300
YEAR = "year"
_log = logging.getLogger(__name__)


class Filter(NamedTuple):
    """A field of the filters of a table: options are (value in the address, words)."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


Answer = Callable[..., HttpResponseBase]


def kept(answer: Answer) -> Answer:
    """Give the view the language of the address and the edition; let caches keep what it answers for a while."""

    @wraps(answer)
    def answered(request: HttpRequest, *args: Any) -> HttpResponseBase:
        language = "en" if request.GET.get("lang") == "en" else "fr"
        with translation.override(language):
            held = _held()
            file = held.digest if held else "none"
            etag = f'"{digest(file, str(held and held.at), request.get_full_path(), pages.CODE)[:32]}"'
            response = get_conditional_response(request, etag=etag)
            if response is None:
                response = answer(request, held, language, *args)
            if response.status_code in (200, 304):
                response.headers["ETag"] = etag
            response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
            response.headers["Content-Language"] = language
        return response

    return answered


@kept
def overview(request: HttpRequest, held: Shown | None, language: str) -> HttpResponse:
    """The key figures, and every table by chapter; where nothing is published, a page that says so."""
    if held is None:
        return _page("observatory/nothing.html", None, language, request.path, {})
    content = held.content
    items, notes = pages.remembered(("public-keys", held.digest, language), lambda: pages.keys(content, language))
    chapters = pages.remembered(("public-list", held.digest, language), lambda: pages.listed(content, language))
    context = {"keys": items, "notes": notes, "chapters": chapters}
    return _page("observatory/public.html", held, language, request.path, context)


@kept
def table(request: HttpRequest, held: Shown | None, language: str, name: str) -> HttpResponse:
    """One table of the edition, or the rows of it that the address chooses. A choice that is not offered does not exist."""
    held, content = _with(held, name)
    chosen = _chosen(content, name, request)
    year = chosen.pop(YEAR, content.edition.year)
    key = ("public-sheet", held.digest, name, year, tuple(sorted(chosen.items(), key=str)), language)

    def made() -> pages.Sheet:
        figures = narrowed(content.tables[name], content.figures[name], chosen) if chosen else content.figures[name]
        seen = replace(content, edition=replace(content.edition, year=year), figures={name: figures})
        return pages.sheet(seen, name, language, whole=not chosen)

    context = {
        "sheet": pages.remembered(key, made), "chapter": content.tables[name].chapter,
        "chapters": pages.remembered(("public-list", held.digest, language), lambda: pages.listed(content, language)),
        "filters": _filters(content, name, {YEAR: year, **chosen}, language), 
    }  # fmt: skip
    return _page("observatory/public_table.html", held, language, request.path, context)


@kept
def csv(request: HttpRequest, held: Shown | None, language: str, name: str) -> HttpResponse:
    """One table of the edition, whole, as CSV; a withheld number is its word."""
    content = _with(held, name)[1]
    one = replace(content, tables={name: content.tables[name]}, figures={name: content.figures[name]})
    file = f"{name}-{content.edition.year}-{content.edition.id}.csv"
    return _file(csv_files(one, language)[f"{name}.csv"], "text/csv; charset=utf-8", _marked(content, file))


@kept
def figures(request: HttpRequest, held: Shown | None, language: str) -> HttpResponse:
    """The edition itself: the file whose SHA-256 the register holds."""
    if held is None:
        raise Http404
    edition = held.content.edition
    return _file(held.raw, "application/json", _marked(held.content, f"figures-{edition.year}-{edition.id}.json"))


def _held() -> Shown | None:
    """What is published; nothing, when its file cannot be read: the page where it was published says so."""
    try:
        return editions.shown()
    except FileError as error:
        _log.error("%s", error)
        return None


def _with(held: Shown | None, name: str) -> tuple[Shown, Content]:
    if held is None or name not in held.content.figures:
        raise Http404
    return held, held.content


def _chosen(content: Content, name: str, request: HttpRequest) -> dict[str, Any]:
    """The terms that the address chooses, among those that may be offered on this edition."""
    chosen: dict[str, Any] = {}
    for offered in public_views({name: content.tables[name]}, {name: content.figures[name]}):
        asked = request.GET.get(offered.dimension, "")
        if asked:
            found = [each for each in offered.terms if str(each) == asked]
            if not found:
                raise Http404
            chosen[offered.dimension] = found[0]
    return chosen


def _filters(content: Content, name: str, chosen: dict[str, Any], language: str) -> list[Filter]:
    table: Table = content.tables[name]
    dimensions = {each.name: each for each in table.dimensions}
    found = []
    for offered in public_views({name: table}, {name: content.figures[name]}):
        dimension = dimensions[offered.dimension]
        options = tuple((str(each), _word(dimension, each, language)) for each in offered.terms if each is not None)
        own = options[::-1] if offered.dimension == YEAR else (("", _("Tout")), *options)
        label = say(language, "year") if offered.dimension == YEAR else dimension_name(offered.dimension, language)
        found.append(Filter(offered.dimension, label, own, str(chosen.get(offered.dimension, ""))))
    return found


def _word(dimension: Dimension, value: Any, language: str) -> str:
    if dimension.name == YEAR:
        return str(value)
    if dimension.name == "month" and isinstance(value, int):
        return month(value, language).capitalize()
    return term(dimension, value, language)


def _page(template: str, held: Shown | None, language: str, path: str, context: dict[str, Any]) -> HttpResponse:
    """A page made without the request: nothing of who asks can be on it."""
    edition = held.content.edition if held else None
    other = "" if language == "en" else "?lang=en"
    frame = {
        "edition": edition, "LANGUAGE_CODE": language, "query": "?lang=en" if language == "en" else "", "other": path + other,
        "band": say(language, f"realm_{edition.realm}") if edition else "",
        "moment": moment(edition.as_known_on, language) if edition else "",
        "publisher": say(language, "observatory"), "title": say(language, "report"),
    }  # fmt: skip
    return HttpResponse(render_to_string(template, frame | context))


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=kind, headers=headers)


def _marked(content: Content, name: str) -> str:
    """A file name that says so when what it holds is not real."""
    return name if content.edition.realm == "real" else f"{content.edition.realm}-{name}"
