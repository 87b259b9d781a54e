"""Words: the vocabulary of the declarations table in the reader's language, and how pressing a declaration looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vigie.observe.vocabulary import label, vocabulary

DUPLICATE_REASONS: dict[str, Promise] = {
    "same_establishment": _("même établissement"),
    "same_region": _("même région"),
    "near_dates": _("dates proches"),
    "same_origin": _("même origine"),
    "other_origin": _("origines différentes"),
    "other_establishment": _("autre établissement"),
    "same_supplier": _("même prestataire"),
    "alike_text": _("récits semblables"),
}
CAUSES: dict[str, Promise] = {
    "supplier": _("Même prestataire"),
    "product": _("Même produit ou vulnérabilité"),
    "indicator": _("Même indicateur technique"),
    "campaign": _("Même campagne, peut-être"),
}
DUTIES: dict[str, Promise] = {"done": _("fait"), "proposed": _("à faire"), "missing": _("en retard")}
# The class of a tag, by column and word: what may hurt first.
TONES = {
    "patient_danger": {"confirmed": "red", "potential": "amber"},
    "functioning": {"interruption": "red", "degraded": "amber"},
    "significance": {"serious": "red", "significant": "amber"},
}


class Tag(NamedTuple):
    """A word, and its class."""

    word: str
    tone: str


def language() -> str:
    """`fr` or `en`, as the vocabulary names them."""
    return (get_language() or "fr")[:2]


def word(words: str, term: str) -> str:
    """The words for a term of the vocabulary, in the reader's language."""
    return label(words, term, language())


def many(words: str, terms: Iterable[str]) -> str:
    """Several terms, in one line."""
    return ", ".join(word(words, term) for term in terms)


def choices(words: str) -> list[tuple[str, str]]:
    """The terms of a list as a form offers them."""
    return [(term, word(words, term)) for term in vocabulary()[words]]


def origins() -> list[tuple[str, list[tuple[str, str]]]]:
    """The two levels of the origin, as a form offers them: malicious, not malicious, unknown."""
    groups: dict[str, list[tuple[str, str]]] = {"yes": [], "no": [], "unknown": []}
    for term, said in vocabulary()["origins"].items():
        groups[said["malicious"]].append((term, word("origins", term)))
    titles = {"yes": _("Malveillante"), "no": _("Non malveillante"), "unknown": _("Pas encore su")}
    return [(str(titles[level]), terms) for level, terms in groups.items()]


def tags(declaration: object) -> list[Tag]:
    """What must be seen first of a declaration: danger, interruption; what nobody said is told as unknown."""
    found = []
    danger, functioning = declaration.patient_danger, declaration.functioning  # type: ignore[attr-defined]
    if danger != "none":
        text = word("patient_dangers", danger) if danger != "unknown" else str(_("Danger non renseigné"))
        found.append(Tag(text, TONES["patient_danger"].get(danger, "")))
    if functioning in TONES["functioning"]:
        found.append(Tag(word("functionings", functioning), TONES["functioning"][functioning]))
    return found
