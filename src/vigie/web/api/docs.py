"""The page of the API's reference, from files of our own: it works in a closed network and under a strict policy."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vigie.web.permissions import public


@public
def docs(request: HttpRequest) -> HttpResponse:
    """What the API offers, to be read and tried. It shows nothing of this node."""
    return render(request, "api/docs.html")
