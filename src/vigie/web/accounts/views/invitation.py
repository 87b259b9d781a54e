"""The invitation page: a new person chooses their password."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vigie.errors import RefusedError
from vigie.web.accounts import links, people, services
from vigie.web.accounts.forms import NewPasswordForm
from vigie.web.permissions import public


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask for a password; the link is used up when it is accepted, and its person is signed in."""
    link = links.find("invitation", token)
    if link is None or not link.person.is_active:
        raise Http404("this invitation was used, or replaced by a later one")
    form = NewPasswordForm(request.POST or None, person=link.person)
    if request.method == "POST" and form.is_valid():
        try:
            person = people.accept(link, form.cleaned_data["password"])
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("account_login")
        services.sign_in(request, person)
        return redirect("home")
    return render(request, "accounts/invitation.html", {"form": form, "person": link.person})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest, token: str) -> HttpResponseBase:
    """Enter the demonstration with a one-time link, from this machine only. The link is used up by POST."""
    link = links.find("demo", token) if services.is_local(request) else None
    if link is None:
        return render(request, "accounts/demo.html", {"person": None}, status=404)
    if request.method == "POST" and links.use(link):
        services.sign_in(request, link.person)
        return redirect("home")
    return render(request, "accounts/demo.html", {"person": link.person})
