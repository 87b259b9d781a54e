"""docs/reference/quick-entry.md from the words that the quick entry knows: `python -m tools.quick_page`. A test compares them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vigie.web.incidents.quick import AVAILABILITY, MAX_LENGTH, MODES, TRUST

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "quick-entry.md"
HEAD = f"""# The quick entry

<!-- Made from the code by `python -m tools.quick_page`: change the code, not this page. -->

One line of the crisis log, read into one entry. Accents and capitals do not matter. What is not understood is a note
that holds every word of the line: nothing typed is lost, and no state is guessed. A line has {MAX_LENGTH} characters at most.

    [when] sign text

| sign | entry | |
|---|---|---|
| none | `note` | |
| `?` | `observation` | not yet checked |
| `!` | `decision` | ends with `décidé par ...` or `decided by ...`; without it, the author decided |
| `@application state ...` | `availability` or `trust` | what follows the state is what was seen |
| `#service mode 60% ...` | `service_mode` | the share is the capacity kept, what follows is the fallback |

An application or a service is named by its identifier in the map, or by its name when that is one word. Elsewhere in a
note, an observation or a decision, `@application` and `#service` say what the entry is about. One that the map does not
know is left in the text, and the nearest known one is suggested.

## When

| in front of the line | it happened |
|---|---|
| `03:10`, `3h10` | today at that time; yesterday when that is more than ten minutes ahead |
| `hier 23:40`, `avant-hier 9:05`, `yesterday 23:40` | on that day |
| `12/11 08:00`, `12/11/2026 08:00`, `2026-11-12 08:00` | on that date; without a year, the last one that is not ahead |
| `vers 3h`, `~3h`, `around 3h` | at about that hour: the entry says that the time is known to the hour only |

`3h` alone is as often a duration, and is left in the text. Times are those of the node's time zone.

## Keys

`/` goes to the line from anywhere on the page, Escape leaves it. After `@` or `#`, the arrows and Enter choose among what
the map offers, Tab takes the first, Escape closes the list. The foot of each page switches `/` off, for
those whose software presses keys by itself.
"""


def page() -> str:
    """The page."""
    tables = (
        ("States of an application", AVAILABILITY),
        ("Trust in an application", TRUST),
        ("Modes of a service", MODES),
    )
    return HEAD + "".join(f"\n## {title}\n\n{_table(words)}" for title, words in tables)


def _table(words: Mapping[str, tuple[str, ...]]) -> str:
    rows = "".join(f"| `{state}` | {', '.join(f'`{one}`' for one in said)} |\n" for state, said in words.items())
    return f"| it says | when one types |\n|---|---|\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
