"""A screen shared by several persons: one full sign-in each, then a short code that is good on this screen only."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.db.models import F, QuerySet
from django.http import HttpResponseBase

from vigie.web import clock
from vigie.web.accounts import secrets, services
from vigie.web.accounts.models import Person, Seat

COOKIE = "vigie_screen"
SHARED_KEY = "shared"  # in a session: this is a shared screen, so it locks itself
TRIES = 5
COOKIE_SECONDS = 400 * 24 * 3600


def seats_of(request: Any) -> QuerySet[Seat]:
    """The persons who have a seat at the screen that this request comes from."""
    screen = request.COOKIES.get(COOKIE)
    if not screen:
        return Seat.objects.none()
    return (
        Seat.objects.filter(screen=secrets.digest(screen), person__is_active=True)
        .select_related("person")
        .order_by("pk")
    )


def sit(request: Any, response: HttpResponseBase, person: Person, pin: str) -> None:
    """Give a person who signed in fully a seat at this screen. Their earlier code on this screen is replaced."""
    screen = request.COOKIES.get(COOKIE) or secrets.token()
    Seat.objects.update_or_create(
        screen=secrets.digest(screen),
        person=person,
        defaults={"pin_hash": make_password(pin), "failures": 0, "created_at": clock.now()},
    )
    request.session[SHARED_KEY] = True
    touch(request)
    response.set_cookie(
        COOKIE, screen, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def on_sign_in(request: Any, **signal: Any) -> None:
    """Whoever signs in at a screen where others have a seat uses a shared screen: it locks itself. A signal receiver."""
    if request is not None and seats_of(request).exists():
        request.session[SHARED_KEY] = True
        touch(request)


def leave(request: Any, person: Person) -> None:
    """Give one's seat at this screen back."""
    seats_of(request).filter(person=person).delete()
    request.session.pop(SHARED_KEY, None)


def switch(request: Any, seat: Seat, pin: str) -> bool:
    """Sign the person of this seat in. After five wrong codes the seat is gone and the password is asked for again.

    Failures are counted in the database before the code is compared: many attempts at once do not get more tries.
    """
    allowed = Seat.objects.filter(pk=seat.pk, failures__lt=TRIES).update(failures=F("failures") + 1)
    if not allowed:
        Seat.objects.filter(pk=seat.pk).delete()
        return False
    if not check_password(pin, seat.pin_hash):
        Seat.objects.filter(pk=seat.pk, failures__gte=TRIES).delete()
        return False
    Seat.objects.filter(pk=seat.pk).update(failures=0)
    organisation = request.session.get(services.ORGANISATION_KEY)
    services.sign_in(request, seat.person)
    request.session[SHARED_KEY] = True
    if organisation:
        request.session[services.ORGANISATION_KEY] = organisation
    touch(request)
    return True


def lock(request: Any) -> None:
    """End the session of whoever is there; the seats stay."""
    request.session.flush()


def is_idle(request: Any) -> bool:
    """Whether nobody touched this shared screen for VIGIE_LOCK_AFTER_SECONDS, by a clock that nobody can set.

    When that is not known any more (the server started again), it counts as idle.
    """
    seen = cache.get(_key(request))
    return seen is None or time.monotonic() - seen > settings.VIGIE_LOCK_AFTER_SECONDS


def touch(request: Any) -> None:
    """Somebody is there. Kept in this process's memory: it costs no write."""
    cache.set(_key(request), time.monotonic(), settings.VIGIE_LOCK_AFTER_SECONDS * 4)


def _key(request: Any) -> str:
    return f"screen-seen:{request.session.session_key}"
