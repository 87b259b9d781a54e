"""The set-up page: from a one-time link to a node with an administrator."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vigie.web.accounts import links, services
from vigie.web.accounts.forms import SetUpForm
from vigie.web.permissions import public


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask who the administrator is and what this node is; the link is used up when the answer is accepted."""
    link = links.find("set-up", token)
    if link is None or services.is_set_up():
        raise Http404("this set-up link was used, or replaced by a later one")
    form = SetUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = services.set_up(link, **form.cleaned_data)
        services.sign_in(request, person)
        return redirect("accounts:persons")
    return render(request, "accounts/set_up.html", {"form": form})
