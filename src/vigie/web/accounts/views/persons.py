"""Persons of the node: who belongs to which organisation, with which role."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vigie.errors import RefusedError
from vigie.web.accounts import people
from vigie.web.accounts.forms import MembershipForm, OrganisationForm, PersonForm
from vigie.web.accounts.models import Membership, Person
from vigie.web.permissions import Permission, requires


@requires(Permission.ACCOUNT_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def persons(request: HttpRequest) -> HttpResponseBase:
    """The persons that this administrator keeps; POST makes a new one and shows the invitation, once."""
    form = PersonForm(request.POST or None, organisations=people.organisations_for(request.acting))
    if request.method == "POST" and form.is_valid():
        person, token = people.invite(request.acting, **form.cleaned_data)
        return _show_invitation(request, person, token)
    return render(request, "accounts/persons.html", {"form": form, "persons": _rows(request)})


@requires(Permission.ACCOUNT_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, username: str) -> HttpResponseBase:
    """One person; POST gives them one more role."""
    somebody = _person(request, username)
    form = MembershipForm(request.POST or None, organisations=people.organisations_for(request.acting))
    if request.method == "POST" and form.is_valid():
        people.grant(request.acting, somebody, **form.cleaned_data)
        return redirect("accounts:person", username)
    context = {"person": somebody, "form": form, "memberships": _memberships(request, somebody)}
    return render(request, "accounts/person.html", context)


@requires(Permission.ACCOUNT_MANAGE)
@never_cache
@require_POST
def invite_again(request: HttpRequest, username: str) -> HttpResponseBase:
    """A new one-time link, for somebody who lost their password or their second factor."""
    somebody = _person(request, username)
    try:
        token = people.invite_again(request.acting, somebody)
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("accounts:person", username)
    return _show_invitation(request, somebody, token)


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def withdraw(request: HttpRequest, username: str, membership: int) -> HttpResponseBase:
    """Take one role away."""
    held = get_object_or_404(_memberships(request, _person(request, username)), pk=membership)
    return _do(request, username, lambda: people.withdraw(request.acting, held))


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def close(request: HttpRequest, username: str) -> HttpResponseBase:
    """Close an account."""
    somebody = _person(request, username)
    return _do(request, username, lambda: people.close(request.acting, somebody))


@requires(Permission.ACCOUNT_MANAGE)
@require_POST
def reopen(request: HttpRequest, username: str) -> HttpResponseBase:
    """Open a closed account again."""
    somebody = _person(request, username)
    return _do(request, username, lambda: people.reopen(request.acting, somebody))


@requires(Permission.NODE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def organisations(request: HttpRequest) -> HttpResponseBase:
    """The organisations whose persons this node keeps; only the node's own administrators add one."""
    form = OrganisationForm(request.POST or None, kinds=people.kinds())
    if request.method == "POST" and form.is_valid():
        try:
            people.add_organisation(request.acting, **form.cleaned_data)
        except RefusedError as error:
            raise PermissionDenied(str(error)) from error
        return redirect("accounts:organisations")
    context = {
        "form": form if people.is_node_administrator(request.acting) else None,
        "organisations": people.organisations_for(request.acting),
    }
    return render(request, "accounts/organisations.html", context)


def _person(request: Any, username: str) -> Person:
    return get_object_or_404(people.persons_for(request.acting), username=username)


def _memberships(request: Any, somebody: Person) -> Any:
    known = people.organisations_for(request.acting)
    return somebody.memberships.filter(organisation__in=known).select_related("organisation", "person").order_by("pk")


def _rows(request: Any) -> list[tuple[Person, list[Membership]]]:
    known = people.organisations_for(request.acting)
    memberships = Membership.objects.filter(organisation__in=known).select_related("person", "organisation")
    rows: dict[int, tuple[Person, list[Membership]]] = {}
    for membership in memberships.order_by("person__name", "person_id", "pk"):
        rows.setdefault(membership.person_id, (membership.person, []))[1].append(membership)
    return list(rows.values())


def _show_invitation(request: HttpRequest, somebody: Person, token: str) -> HttpResponseBase:
    link = request.build_absolute_uri(reverse("accounts:invitation", args=[token]))
    return render(request, "accounts/invited.html", {"person": somebody, "link": link})


def _do(request: HttpRequest, username: str, change: Any) -> HttpResponseBase:
    try:
        change()
    except RefusedError as error:
        messages.error(request, str(error))
    if not people.persons_for(request.acting).filter(username=username).exists():
        return redirect("accounts:persons")
    return redirect("accounts:person", username)
