"""Publishing: an analyst gives an edition, sees what it is and what forbids it, and confirms. The register says who did."""

from __future__ import annotations

import threading
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vigie.errors import FileError
from vigie.observe.report.annex import moment
from vigie.observe.report.content import Content, written
from vigie.observe.report.texts import say
from vigie.observe.tables import TABLES
from vigie.web import clock
from vigie.web.accounts import trace
from vigie.web.observatory import editions
from vigie.web.observatory.checking import MAX_BYTES, Fault
from vigie.web.observatory.dashboard import language
from vigie.web.observatory.editions import Shown

SHOWN_FAULTS = 12
_one_at_a_time = threading.Lock()


def publish(request: HttpRequest) -> HttpResponse:
    """The form; what a file that was given is; and, once that is confirmed, the publication."""
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if file is not None:
        return _given(request, file)
    raw = editions.pending(request.POST.get("edition", ""))
    if raw is None:
        return _page(request, refused=_("Choisissez le fichier figures.json d'une édition publique."), status=400)
    with _one_at_a_time:  # two that are checked together would not be compared
        return _confirmed(request, raw)


def withdraw(request: HttpRequest) -> HttpResponse:
    """Show nothing any more; what was told stays told."""
    held, broken = _held()
    if held is not None or broken:
        name = held.content.edition.id if held else _("(illisible)")
        said = _("Édition {edition} retirée de la page publique.").format(edition=name)
        trace.record(request.acting, said)  # type: ignore[attr-defined]
    editions.hide()
    return redirect("observatory:publish")


def _given(request: HttpRequest, file: UploadedFile[Any]) -> HttpResponse:
    """Check a file through and through, and set it aside when nothing forbids to publish it."""
    if (file.size or 0) > MAX_BYTES:
        return _page(request, refused=_("Ce fichier dépasse 20 Mo : une édition en fait vingt fois moins."), status=400)
    raw = file.read()
    try:
        content, found = editions.faults(raw, "figures.json")
    except FileError as error:
        return _page(request, refused=_("Ce fichier n'est pas une édition."), detail=str(error), status=400)
    if found:
        return _page(request, faults=[_said(each) for each in found[:SHOWN_FAULTS]], unseen=len(found) - SHOWN_FAULTS,
                     status=400)  # fmt: skip
    digest = editions.set_aside(written(content))
    return _page(request, given=_summary(content) | {"digest": digest})


def _confirmed(request: HttpRequest, raw: bytes) -> HttpResponse:
    """Check again, since another edition may have been published meanwhile; note it, then show it."""
    content, found = editions.faults(raw, "figures.json")
    if found:
        return _page(request, faults=[_said(each) for each in found[:SHOWN_FAULTS]], unseen=len(found) - SHOWN_FAULTS,
                     status=409)  # fmt: skip
    edition = content.edition
    text = _("Édition {edition} de {year} ({realm}) publiée sur la page publique, fichier SHA-256 {digest}.")
    digest = sha256(raw).hexdigest()
    said = text.format(edition=edition.id, year=edition.year, realm=edition.realm, digest=digest)
    trace.record(request.acting, said)  # type: ignore[attr-defined]
    editions.show(raw, request.acting.author, clock.now())  # type: ignore[attr-defined]
    return redirect("observatory:publish")


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    held, broken = _held()
    context: dict[str, Any] = {
        "broken": broken,
        "held": held and (_summary(held.content) | {"at": held.at, "by": held.by}),
    }
    return render(request, "observatory/publish.html", context | more, status=status)


def _held() -> tuple[Shown | None, str]:
    """The edition that is shown; or None, and why its file cannot be read."""
    try:
        return editions.shown(), ""
    except FileError as error:
        return None, str(error)


def _summary(content: Content) -> dict[str, Any]:
    """What an edition is, for whoever decides to show it."""
    edition, hidden = content.edition, sum(len(each.hidden) for each in content.figures.values())
    return {
        "id": edition.id,
        "year": edition.year,
        "date": edition.date,
        "moment": moment(edition.as_known_on, language()),
        "realm": edition.realm,
        "band": say(language(), f"realm_{edition.realm}"),
        "sector": edition.sector,
        "tables": len(content.figures),
        "hidden": hidden,
    }


def _said(fault: Fault) -> str:
    """Why an edition is not published, in words, and what would mend it."""
    title = TABLES[fault.table].title[language()] if fault.table in TABLES else fault.table
    if fault.reason == "small":
        text = ngettext(
            "{table} : {n} nombre de 1 à 4 est lisible. Refaites l'édition avec --audience public.",
            "{table} : {n} nombres de 1 à 4 sont lisibles. Refaites l'édition avec --audience public.",
            fault.count,
        )
        return text.format(table=title, n=fault.count)
    words = {
        "internal": _("C'est une édition interne. Refaites-la avec --audience public."),
        "realm": _("Son domaine n'est ni réel, ni exercice, ni simulation."),
        "changed": _("Ce fichier a été modifié après avoir été écrit. Donnez celui que la commande a écrit."),
        "unknown": _("{table} : ce tableau n'est pas de ceux que cette version connaît."),
        "derived": _("{table} : une part ou une valeur est lisible alors que son nombre est masqué."),
        "empty": _("Ce fichier ne contient aucun tableau."),
        "pins": _("Le bloc de l'édition dit autre chose que ce qu'une édition dit. Donnez le fichier de la commande."),
        "rows": _("{table} : {n} ligne(s) portent autre chose que les mots et les nombres que ce tableau peut porter."),
        "twice": _("{table} : une même ligne y est deux fois."),
        "marks": _("{table} : une marque de masquage ne désigne aucun nombre."),
        "unreadable": _(
            "{table}, une édition déjà publiée, ne se lit plus : rien ne peut y être comparé. Restaurez ce fichier."
        ),
        "hidden": _("{table} : un nombre est dit masqué et se lit pourtant."),
        "sector": _("L'édition {table}, déjà publiée, porte sur un autre secteur : leur différence dirait le reste."),
        "reprinted": _(
            "{table} : des nombres déjà publiés d'une année seraient publiés autrement. Refaites l'édition avec "
            "--previous et l'édition publiée avant."
        ),
    }
    return words[fault.reason].format(table=title, n=fault.count)
