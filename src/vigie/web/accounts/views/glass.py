"""Break-glass: the sheets, their print, and the door that they open."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from vigie.errors import RefusedError
from vigie.web.accounts import glass
from vigie.web.accounts.forms import GlassForm
from vigie.web.permissions import Permission, public, requires


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def break_glass(request: HttpRequest) -> HttpResponseBase:
    """Sign in with a printed code: no network, no second factor, no clock."""
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person, sheet = glass.open_glass(
                form.cleaned_data["code"], form.cleaned_data["username"], form.cleaned_data["name"]
            )
        except RefusedError as error:
            form.add_error(None, str(error))
        else:
            glass.enter(request, person, sheet)
            return redirect("home")
    return render(request, "accounts/break_glass.html", {"form": form})


@requires(Permission.SELF_MANAGE)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest) -> HttpResponseBase:
    """The state of the sheets; POST makes one and shows its codes, once, ready to print."""
    if request.method == "POST":
        try:
            printed = glass.print_sheet(request.acting, for_organisation=request.POST.get("whose") == "organisation")
        except RefusedError as error:
            messages.error(request, str(error))
            return redirect("accounts:sheets")
        return render(request, "accounts/sheet.html", {"sheet": printed.sheet, "codes": printed.codes})
    known = [(sheet, sheet.codes.filter(used_at=None).count()) for sheet in glass.sheets_for(request.acting)[:20]]
    may_print_for_all = Permission.BREAK_GLASS_PRINT in request.acting.permissions
    return render(request, "accounts/sheets.html", {"sheets": known, "may_print_for_all": may_print_for_all})


@requires(Permission.SELF_MANAGE)
@require_POST
def revoke(request: HttpRequest, sheet: int) -> HttpResponseBase:
    """End a sheet that was lost or seen."""
    glass.revoke(request.acting, get_object_or_404(glass.sheets_for(request.acting), pk=sheet))
    return redirect("accounts:sheets")
