"""Every text has its English and its printed French, the compiled catalogues are those texts, no page mixes languages."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages.pofile import read_po

from tools.messages import (
    LOCALE,
    Message,
    in_python,
    in_template,
    messages,
    missing,
    mo_bytes,
    po_bytes,
    typographic,
    update,
)

PLACES = re.compile(r"%\(\w+\)[sd0-9]*|%%|{\w*}|</?\w+>")
# Words that only French has, and that a page in English must not show outside what people wrote.
FRENCH = re.compile(
    r"\b(entrée|journal de crise|relève|écrire|service de soins|aucun|depuis|ouvrir|déconnecter|affichage|cette|votre|"
    r"incident réel|empreinte|imprimer|appliquer|genre|auteur)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def found():
    return messages()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_text_is_translated(language, found):
    assert not missing(update(language, found)), "run `python -m tools.messages`, then fill locale/en"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_catalogues_are_up_to_date_and_compiled(language, found):
    folder = LOCALE / language / "LC_MESSAGES"
    catalog = update(language, found)
    assert (folder / "django.po").read_bytes() == po_bytes(catalog), "run `python -m tools.messages`"
    assert (folder / "django.mo").read_bytes() == mo_bytes(catalog), "run `python -m tools.messages`"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_translation_keeps_every_placeholder(language):
    catalog = read_po(io.BytesIO((LOCALE / language / "LC_MESSAGES" / "django.po").read_bytes()), locale=language)
    for message in catalog:
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        targets = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        for source, target in zip(sources, targets, strict=False):
            if source:
                assert sorted(PLACES.findall(source)) == sorted(PLACES.findall(target)), source


@pytest.mark.parametrize("path", ["incidents/", "incidents/open", "me", "screen"])
def test_no_page_in_english_speaks_french(site, path):
    client = site.client(site.alice, headers={"accept-language": "en"})
    text = re.sub(r"<[^>]+>", " ", client.get(f"/{path}").content.decode())
    text = text.replace("Français", "").replace("Centre hospitalier", "")
    assert not FRENCH.findall(text)


def test_french_is_set_as_printers_do():
    assert typographic("L'heure : « %(said)s » est connue ?") == (
        "L\u2019heure\u00a0: «\u00a0%(said)s\u00a0» est connue\u202f?"
    )
    assert typographic("%(hours)d h %(minutes)02d min") == "%(hours)d\u00a0h %(minutes)02d\u00a0min"
    assert typographic("pas d'heure, 3 dossiers") == "pas d\u2019heure, 3 dossiers"
    assert typographic("https://x.example et 03:10") == "https://x.example et 03:10"


def test_texts_are_found():
    template = (
        """{% translate "Écrire" %}{% trans 'Lu' context "verbe" %}"""
        "{% blocktranslate count n=rows %}{{ n }} entrée{% plural %}{{ n }} entrées à 5 %{% endblocktranslate %}"
    )
    assert list(in_template(template)) == [
        Message("Écrire"),
        Message("Lu", context="verbe"),
        Message("%(n)s entrée", "%(n)s entrées à 5 %%"),
    ]
    module = """x = _("un") + ngettext("%(n)d a", "%(n)d b", n) + pgettext("c", "d") + _(name)"""
    assert set(in_python(module)) == {Message("un"), Message("%(n)d a", "%(n)d b"), Message("d", context="c")}
