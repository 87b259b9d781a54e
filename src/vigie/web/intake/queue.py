"""The queue: what an analyst has to look at, what is most pressing first, with filters that live in the address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vigie.web.desk.folding import folded
from vigie.web.desk.models import Declaration
from vigie.web.incidents import labels, moments
from vigie.web.intake import words

PAGE = 50
# Which states each tab holds, in the order of work.
TABS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "new": (gettext_lazy("Nouvelles"), ("new",)),
    "to_qualify": (gettext_lazy("À qualifier"), ("to_qualify",)),
    "waiting": (gettext_lazy("En attente de l'établissement"), ("waiting",)),
    "qualified": (gettext_lazy("Qualifiées"), ("qualified",)),
    "closed": (gettext_lazy("Closes"), ("closed", "out_of_scope")),
}
SINCE = {
    "1": gettext_lazy("24 heures"),
    "7": gettext_lazy("7 jours"),
    "30": gettext_lazy("30 jours"),
    "365": gettext_lazy("un an"),
}
KEPT = ("region", "kind", "origin", "since", "realm", "text")


class Tab(NamedTuple):
    """A tab of the queue with how many declarations pass the filters in it."""

    name: str
    title: str
    count: int
    query: str
    current: bool


class FilterForm(forms.Form):
    """What an analyst asks of the queue."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        everything = [("", _("toutes"))]
        self.fields["text"] = forms.CharField(label=_("Contient"), required=False, max_length=200)
        self.fields["region"] = _choice(_("Région"), everything + words.choices("regions"))
        self.fields["kind"] = _choice(_("Type de structure"), [("", _("tous")), *words.choices("establishment_kinds")])
        self.fields["origin"] = _choice(_("Origine"), [*everything, *words.origins()])
        self.fields["since"] = _choice(_("Reçues depuis"), [("", _("toujours")), *SINCE.items()])
        self.fields["realm"] = _choice(_("Réel ou exercice"), [("", _("tous")), *labels.REALMS.items()])

    def condition(self, now: datetime) -> Q:
        """The condition on declarations. Only after `is_valid()`."""
        said = self.cleaned_data
        found = Q()
        for field, column in (
            ("region", "region"),
            ("kind", "establishment_kind"),
            ("origin", "origin"),
            ("realm", "realm"),
        ):
            if said[field]:
                found &= Q(**{column: said[field]})
        if said["since"]:
            found &= Q(first_known_at__gte=now - timedelta(days=int(said["since"])))
        for part in folded(said["text"]).split():
            found &= Q(text__contains=part)
        return found


class Queue(NamedTuple):
    """One page of one tab. `oldest_wait`: how long the declaration that waits longest has waited, '' for none."""

    tabs: list[Tab]
    rows: list[dict[str, Any]]
    total: int
    page: int
    more: bool
    oldest_wait: str
    pressing: int


def read(declarations: QuerySet[Declaration], request: HttpRequest, form: FilterForm, now: datetime) -> Queue:
    """The queue as the address asks for it. Two queries, whatever the number of declarations."""
    tab = request.GET.get("tab", "new")
    tab = tab if tab in TABS else "new"
    number = max(1, _whole(request.GET.get("page", "1")))
    wanted = declarations.filter(form.condition(now)) if form.is_valid() else declarations.none()
    states: dict[str, int] = {}
    waiting, pressing = None, 0
    serious = Q(patient_danger__in=("confirmed", "potential")) | Q(functioning="interruption")
    for each in (
        wanted.order_by().values("state").annotate(n=Count("id"), wait=Min("waiting_since"), p=Count("id", serious))
    ):
        states[each["state"]] = each["n"]
        waiting = each["wait"] if each["state"] == "waiting" else waiting
        pressing += each["p"] if each["state"] == "new" else 0
    order = ("-known_from",) if tab in ("qualified", "closed") else ("-urgency", "first_known_at")
    first = (number - 1) * PAGE
    found = list(wanted.filter(state__in=TABS[tab][1]).order_by(*order, "id")[first : first + PAGE + 1])
    tabs = [
        Tab(name, str(title), sum(states.get(state, 0) for state in held), query(request, tab=name), name == tab)
        for name, (title, held) in TABS.items()
    ]
    return Queue(
        tabs, [row(one, now) for one in found[:PAGE]], sum(states.values()), number, len(found) > PAGE,
        moments.duration(now - waiting) if waiting else "", pressing,
    )  # fmt: skip


def row(one: Declaration, now: datetime) -> dict[str, Any]:
    """A declaration as a line of a list shows it."""
    owner, _sep, name = one.incident_id.partition("/")
    return {
        "one": one,
        "path": (owner, name, one.name),
        "who": one.establishment or owner,
        "where": words.word("regions", one.region),
        "what": words.word("origins", one.origin),
        "kind": words.word("establishment_kinds", one.establishment_kind),
        "stage": words.word("stages", one.stage),
        "state": words.word("states", one.state),
        "tags": words.tags(one),
        "realm": "" if one.realm == "real" else labels.REALMS.get(one.realm, one.realm),
        "age": moments.duration(now - one.first_known_at),
        "arrived": moments.moment(one.first_known_at),
        "waits": moments.duration(now - one.waiting_since) if one.waiting_since else "",
        "significance": words.word("significances", one.significance) if one.significance != "unknown" else "",
    }


def query(request: HttpRequest, **changes: str) -> str:
    """The filters of this address as a query string, some of them changed ('' takes one out)."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)} | changes
    return urlencode({name: value for name, value in kept.items() if value})


def _choice(label: str, choices: list[Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1
