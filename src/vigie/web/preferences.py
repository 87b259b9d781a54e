"""What a reader chooses for this browser: language, theme, single-key shortcuts. In cookies: it works before sign-in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from vigie.web.permissions import public

THEME_COOKIE = "vigie_theme"
THEMES = ("auto", "light", "dark")
# A shortcut of one character can be switched off (WCAG 2.1.4): dictation software presses keys by itself.
KEYS_COOKIE = "vigie_keys"
KEYS = ("on", "off")
YEAR_SECONDS = 365 * 24 * 3600


@public
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Remember `language`, `theme` and `keys`, as far as they are known ones, and go back to `next`."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    language, theme, keys = (request.POST.get(name) for name in ("language", "theme", "keys"))
    if language in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, language)
    if theme in THEMES:
        _remember(response, THEME_COOKIE, theme)
    if keys in KEYS:
        _remember(response, KEYS_COOKIE, keys)
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
