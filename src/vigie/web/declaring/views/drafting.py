"""Drafting: the form, kept by a button or by itself, and what happens when two persons write at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from vigie.errors import ConflictError, InputError, StorageError
from vigie.observe.authorities import RELAYED, authorities
from vigie.web import clock
from vigie.web.declaring import drafts, prefill, sections
from vigie.web.declaring.drafts import Conflict, Kept
from vigie.web.declaring.forms import DeclarationForm, language, values_of
from vigie.web.declaring.views.common import Writing, authority_name, context, writing
from vigie.web.incidents import moments
from vigie.web.incidents.views.common import refusal
from vigie.web.permissions import Permission, requires

FOLDED = 12


@requires(Permission.DECLARATION_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """The form. Saving keeps also what is not yet right; going on to the check asks that everything can be read."""
    at = writing(request, owner, name, declaration)
    if request.method != "POST":
        faults = "faults" in request.GET
        return _page(request, at, form_of(at, at.values, bound=faults), status=200)
    typed = _typed(request)
    try:
        kept = _keep(request, at, typed)
    except (DatabaseError, StorageError, InputError) as error:
        form = form_of(at, typed, bound=True)
        form.is_valid()
        form.add_error(None, _unkept(error))
        return _page(request, at._replace(values=typed), form, began=request.POST.get("began"), status=503)
    at = at._replace(values=kept.values)
    if kept.conflicts:
        mine = {**kept.values, **{one.name: typed[one.name] for one in kept.conflicts}}
        form = form_of(at, mine, bound=True)
        began = drafts.mark(kept.values)
        return _page(request, at._replace(values=mine), form, kept.conflicts, began=began, status=409)
    form = form_of(at, kept.values, bound=True)
    if request.POST.get("action") == "check" and form.is_valid():
        return redirect("declaring:check", *at.place.path)
    if request.POST.get("action") == "check":
        return _page(request, at, form, status=400)
    messages.success(request, _saved(form))
    return redirect(reverse("declaring:draft", args=at.place.path) + "?kept")  # the page forgets its own copy


@requires(Permission.DECLARATION_WRITE)
@require_POST
def keep(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """What the page keeps by itself while somebody types."""
    at = writing(request, owner, name, declaration)
    typed = _typed(request)
    try:
        kept = _keep(request, at, typed)
    except (StorageError, InputError) as error:
        return JsonResponse({"error": _unkept(error)}, status=503)
    people = at.place.here.people()
    return JsonResponse(
        {
            "at": moments.in_log(clock.now()),
            "began": drafts.mark_after(typed, request.POST.get("began", ""), kept),
            "conflicts": [
                {"title": str(sections.NAMES.get(one.name, one.name)), "by": people.get(one.by, one.by)}
                for one in kept.conflicts
            ],
        }
    )


@requires(Permission.DECLARATION_WRITE)
@require_POST
def discard(request: HttpRequest, owner: str, name: str, declaration: str) -> HttpResponse:
    """Throw the draft away; what was sent stays."""
    at = writing(request, owner, name, declaration)
    drafts.discard(request.acting, at.place.here.id, declaration)  # type: ignore[attr-defined]
    messages.success(request, _("Le brouillon est jeté. Ce qui est déjà écrit au journal reste."))
    return redirect("declaring:list", *at.place.here.path)


def form_of(at: Writing, values: Mapping[str, list[str]], *, bound: bool) -> DeclarationForm:
    """The form at these values, written for whom the incident was opened."""
    for_whom, asked = prefill.behalf(at.place.here.id)
    return DeclarationForm(values, bound=bound, declaration=at.place.name, on_behalf_of=for_whom, source=asked)


def _typed(request: HttpRequest) -> dict[str, list[str]]:
    typed = values_of(request.POST)
    if taken := request.POST.get("take"):
        typed.pop(taken, None)  # the other person's words are to stay
    return typed


def _keep(request: HttpRequest, at: Writing, typed: dict[str, list[str]]) -> Kept:
    if drafts.is_too_long(typed):
        raise InputError(_("Ces textes sont trop longs pour une déclaration. Gardez l'essentiel, joignez le reste."))
    acting, began = request.acting, request.POST.get("began", "")  # type: ignore[attr-defined]
    first = {**at.first.values, "addressees": at.values["addressees"]}
    return drafts.keep(acting, at.place.here.id, at.place.name, typed, began, first, clock.now())


def _unkept(error: Exception) -> str:
    """Why nothing was kept, with the text still in the page."""
    if isinstance(error, (InputError, ConflictError)):
        return str(error)
    return refusal(StorageError(str(error)))


def _saved(form: DeclarationForm) -> str:
    faults = 0 if form.is_valid() else len(form.errors)
    if not faults:
        return _("Brouillon enregistré. Toute votre cellule peut le reprendre.")
    words = ngettext(
        "Brouillon enregistré. %(count)s champ est à revoir.",
        "Brouillon enregistré. %(count)s champs sont à revoir.",
        faults,
    )
    return words % {"count": faults}


def _page(
    request: HttpRequest,
    at: Writing,
    form: DeclarationForm,
    conflicts: tuple[Conflict, ...] = (),
    *,
    began: str | None = None,
    status: int,
) -> HttpResponse:
    people = at.place.here.people()
    shown = {"form": form, "sections": list(_sections(at, form, conflicts, people)), "held": at.place.held}
    shown["guarded"] = at.guarded
    faults = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    more = {
        "faults": faults,
        "conflicts": [sections.NAMES.get(one.name, _("À qui")) for one in conflicts],
        "addressees": list(_addressees(at)),
        "began": drafts.mark(at.values) if began is None else began,
        "declaration": at.place.name,
        "draft": at.draft if at.draft and at.draft.values else None,
        "saved_by": people.get(at.draft.saved_by, at.draft.saved_by) if at.draft else "",
        "saved_at": moments.moment(at.draft.saved_at) if at.draft else "",
        "fresh": request.method == "POST",
    }
    return render(request, "declaring/draft.html", context(request, at.place.here) | shown | more, status=status)


def _sections(
    at: Writing, form: DeclarationForm, conflicts: tuple[Conflict, ...], people: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """The four sections, each field with where its value comes from and what somebody else wrote there meanwhile."""
    sources = prefill.current(at.values, at.first)
    theirs = {one.name: one for one in conflicts}
    for id, (title, names) in sections.SECTIONS.items():
        yield {
            "id": id,
            "title": title,
            "fields": [
                {
                    "bound": form[name],
                    "source": sources.get(name, ""),
                    "many": _many(form, name, at.values),
                    "empty": sections.EMPTY if _can_be_empty(form, name) else "",
                    "theirs": _theirs(form, theirs[name], people) if name in theirs else None,
                }
                for name in names
            ],
        }


def _many(form: DeclarationForm, name: str, values: Mapping[str, list[str]]) -> dict[str, Any] | None:
    """A long list of boxes is folded until one of them is ticked: a keyboard goes past it in one step."""
    count = len(getattr(form.fields[name], "choices", ()))
    if not form[name].use_fieldset or count <= FOLDED:
        return None
    return {"count": count - 1, "chosen": values.get(name) not in ([], ["unknown"])}


def _can_be_empty(form: DeclarationForm, name: str) -> bool:
    return not form[name].use_fieldset and form[name].widget_type != "select" and name != "establishment"


def _theirs(form: DeclarationForm, conflict: Conflict, people: Mapping[str, str]) -> dict[str, str]:
    names = {str(word): str(said) for word, said in getattr(form.fields[conflict.name], "choices", ())}
    text = ", ".join(names.get(word, word) for word in conflict.theirs)
    return {
        "text": text or str(sections.UNKNOWN),
        "by": people.get(conflict.by, conflict.by),
        "at": moments.moment(conflict.at) if conflict.at else "",
    }


def _addressees(at: Writing) -> Iterator[dict[str, Any]]:
    """Each authority, with why it may be due one: by what is typed so far."""
    form = form_of(at, at.values, bound=True)
    fact = form.fact() if form.is_valid() else None
    chosen = at.values.get("addressees", [])
    for one in authorities().values():
        awaited = one.awaits(fact) if fact is not None else one.expected == "always"
        yield {
            "id": one.id,
            "name": authority_name(one.id),
            "awaited": awaited,
            "relayed": one.expected == RELAYED,
            "within": one.within[language()],
            "law": one.law[language()],
            "chosen": one.id in chosen,
        }
