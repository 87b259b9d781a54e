"""Tokens of programs: made, shown once, revoked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vigie.web.accounts import people, tokens
from vigie.web.accounts.forms import TokenForm
from vigie.web.permissions import Permission, requires


@requires(Permission.TOKEN_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def manage(request: HttpRequest) -> HttpResponseBase:
    """The tokens of the organisations that this administrator keeps; POST makes one and shows its secret, once."""
    form = TokenForm(
        request.POST or None,
        organisations=people.organisations_for(request.acting),
        persons=people.persons_for(request.acting).filter(is_active=True),
    )
    secret = ""
    if request.method == "POST" and form.is_valid():
        secret = tokens.create(request.acting, **form.cleaned_data)
    context = {"form": form, "secret": secret, "tokens": tokens.tokens_for(request.acting)}
    return render(request, "accounts/tokens.html", context)


@requires(Permission.TOKEN_MANAGE)
@require_POST
def revoke(request: HttpRequest, token: int) -> HttpResponseBase:
    """End a token."""
    tokens.revoke(request.acting, get_object_or_404(tokens.tokens_for(request.acting), pk=token))
    return redirect("accounts:tokens")
