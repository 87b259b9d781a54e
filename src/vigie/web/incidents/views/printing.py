"""Printing and exporting: choosing a shift, and the log of a shift as a page for paper."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vigie.web import clock, desk
from vigie.web.desk import Filters
from vigie.web.incidents.fields import InstantField
from vigie.web.incidents.rows import rows
from vigie.web.incidents.views.common import heading, opened
from vigie.web.permissions import Permission, requires

SHIFT_HOURS = 12
PRINTED = 3000  # beyond this a browser gives up; the PDF does not


class ShiftForm(forms.Form):
    """From when to when. Both empty: the whole log."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["start"] = InstantField(label=_("Du"), required=False)
        self.fields["end"] = InstantField(label=_("Au"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            raise forms.ValidationError(_("La fin de la relève est avant son début."))
        if end:
            # The field shows whole minutes: what arrived within the last one belongs to the shift.
            cleaned["end"] = end.replace(second=0, microsecond=0) + timedelta(minutes=1, microseconds=-1)
        return cleaned


@requires(Permission.LOG_EXPORT)
@require_safe
def choose(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """What can be printed or exported."""
    here = opened(request, owner, name)
    now = timezone.localtime(clock.now())
    form = ShiftForm(initial={"start": now - timedelta(hours=SHIFT_HOURS), "end": now})
    return render(request, "incidents/print.html", heading(request, here, "print") | {"form": form})


@requires(Permission.LOG_EXPORT)
@require_safe
def log(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """The log of a shift, oldest first, by the time at which it was received here."""
    here = opened(request, owner, name)
    form = ShiftForm(request.GET)
    if not form.is_valid():
        return render(request, "incidents/print.html", heading(request, here, "print") | {"form": form}, status=400)
    start, end = form.cleaned_data["start"], form.cleaned_data["end"]
    lines = list(islice(desk.every(here.id, Filters(since=start, at=end), here.hidden), PRINTED + 1))
    checkpoint = desk.checkpoint()
    if checkpoint is not None:
        desk.store().mark_printed(checkpoint)  # what is on paper must stay verifiable here
    context = heading(request, here, "print") | {
        "rows": rows(lines[:PRINTED], here.reading()),
        "start": start,
        "end": end,
        "more": len(lines) > PRINTED,
        "checkpoint": checkpoint,
        "printed_at": clock.now(),
    }
    return render(request, "incidents/print_log.html", context)
