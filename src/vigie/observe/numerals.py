"""Numbers, shares, months and days as a French or an English reader writes them.

No locale of the machine is asked: the same edition prints the same bytes everywhere.
"""

from __future__ import annotations

from datetime import date

NARROW, NO_BREAK, MINUS = "\u202f", "\u00a0", "\u2212"
MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
SHORT_MONTHS = {
    "fr": ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def number(value: float, language: str, digits: int = 0) -> str:
    """`12 345,6` in French (narrow no-break space), `12,345.6` in English, with `digits` decimals and a true minus."""
    text = f"{abs(value):,.{digits}f}"
    if language == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    negative = value < 0 and any(letter in "123456789" for letter in text)
    return f"{MINUS}{text}" if negative else text


def sensible(value: float, language: str) -> str:
    """A number that may have decimals: none from 100 on or when it is whole, else one; two below 1."""
    if value == int(value) or abs(value) >= 100:
        return number(value, language)
    return number(value, language, 1 if abs(value) >= 1 else 2)


def percent(share: float, language: str, digits: int = 0) -> str:
    """A share between 0 and 1 as `52 %` or `52%`."""
    return f"{number(100 * share, language, digits)}{NO_BREAK if language == 'fr' else ''}%"


def portion(share: float, language: str, bare: bool = False) -> str:
    """A share of a whole, `52 %`, with one decimal below 1 % and just below 100 %, where rounding would say none or all.

    `bare`: without its sign, for the lower end of an interval.
    """
    close = 0.0005 <= share < 0.01 or 0.995 <= share < 0.9995
    tiny = 0 < share < 0.0005
    text = f"<{NO_BREAK}{percent(0.001, language, 1)}" if tiny else percent(share, language, 1 if close else 0)
    return text.rstrip("%").rstrip(NO_BREAK) if bare else text


def change(ratio: float, language: str) -> str:
    """A relative change, 0.33 for a third more, as `+33 %`, `−20 %` or `0 %`."""
    text = percent(ratio, language)
    return text if text.startswith((MINUS, "0")) else f"+{text}"


def month(index: int, language: str, short: bool = False) -> str:
    """Name of a month, 1 to 12."""
    return (SHORT_MONTHS if short else MONTHS)[language][index - 1]


def day(when: date, language: str) -> str:
    """`1er mars 2023` or `1 March 2023`."""
    first = "1er" if language == "fr" and when.day == 1 else str(when.day)
    return f"{first}{NO_BREAK}{month(when.month, language)}{NO_BREAK}{when.year}"


def listed(items: list[str], language: str) -> str:
    """`a, b et c`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'et' if language == 'fr' else 'and'} {items[-1]}"


def semicolons(items: list[str], language: str) -> str:
    """`a ; b`, `a; b`: French sets a space before."""
    return f"{NO_BREAK if language == 'fr' else ''}; ".join(items)
