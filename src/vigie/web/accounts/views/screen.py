"""The shared screen: who has a seat here, switching, and locking."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vigie.web.accounts import screens
from vigie.web.accounts.forms import NewPinForm, PinForm
from vigie.web.permissions import Permission, public, requires


@public
@never_cache
@require_safe
def screen(request: HttpRequest) -> HttpResponseBase:
    """The persons of this screen. It shows nobody to a browser that has no seat."""
    seats = list(screens.seats_of(request))
    if not seats and not request.user.is_authenticated:
        return redirect("account_login")
    return render(request, "accounts/screen.html", {"seats": seats, "form": NewPinForm(), "pin": PinForm()})


@requires(Permission.SCREEN_SHARE)
@never_cache
@require_POST
def sit(request: HttpRequest) -> HttpResponseBase:
    """Take a seat at this screen with a code of six digits."""
    form = NewPinForm(request.POST)
    if not form.is_valid():
        seats = list(screens.seats_of(request))
        return render(request, "accounts/screen.html", {"seats": seats, "form": form, "pin": PinForm()})
    response = redirect("home")
    screens.sit(request, response, request.user, form.cleaned_data["pin"])
    return response


@requires(Permission.SELF_MANAGE)
@require_POST
def leave(request: HttpRequest) -> HttpResponseBase:
    """Give one's seat back."""
    screens.leave(request, request.user)
    return redirect("accounts:screen")


@public
@never_cache
@require_POST
def switch(request: HttpRequest, seat: int) -> HttpResponseBase:
    """Hand the screen to another of its persons. A seat of another screen does not exist here."""
    chosen = get_object_or_404(screens.seats_of(request), pk=seat)
    form = PinForm(request.POST)
    if form.is_valid() and screens.switch(request, chosen, form.cleaned_data["pin"]):
        return redirect("home")
    messages.error(
        request,
        _("Code d'écran refusé. Après cinq essais, la place est rendue : il faut se connecter avec son mot de passe."),
    )
    return redirect("accounts:screen")


@public
@require_http_methods(["POST"])
def lock(request: HttpRequest) -> HttpResponseBase:
    """Lock the screen: nobody is signed in any more, the seats stay."""
    screens.lock(request)
    return redirect("accounts:screen")
