"""The page docs/reference/authority.md, from the matrix of `vigie.journal.authority`."""

from __future__ import annotations

from vigie.journal.authority import MATRIX, NODE_KINDS, REASONS, RELATIONS
from vigie.journal.entry import ROLES
from vigie.journal.facts import KINDS

WORDS = """
A signature says which node wrote an entry. Whether it *counts* is decided by every reader for itself, from this table,
the nodes it trusts, and nothing else. What does not count is *claimed*: kept, relayed, shown, and without effect on any
state. [The situation](../background/situation.md) tells what the fold does with it.
"""
SPECIAL = """
## Corrections and erasures

- A `correction` counts when its author could have written the kind of the original entry there, and its replacement is of
  that kind. In its own incidents a hospital corrects what any of its nodes wrote; elsewhere a node corrects only what it
  wrote itself. A correction of a correction is judged by the entry at the root of the chain.
- An `erasure` counts when a director of the owner writes it. In the register of the organisation (`organisation/register`,
  node-level facts), an administrator may too: he reads no log, and a director does not manage nodes. An erasure cannot be
  taken back.

## Which nodes are trusted

- The logs of this installation introduce themselves. Their **administrators** enrol every other node, after comparing its
  fingerprint out of band (`node_enrolled`). The introduction that a foreign node writes about itself makes nobody trust
  it, nor does an enrolment by a foreign node: trust is not passed on.
- `key_rotated` counts in the log of the old key, when that key is trusted: the new one takes over its enrolment.
- `key_compromised` counts when an administrator here writes it, or a key that descends from the denounced one (no further
  back than the rotation that made it trusted), or the denounced key itself. What that key recorded from `since` on is
  claimed, enrolments and rotations included. Limit: a thief who holds the key can also set back the clock it writes;
  a checkpoint signed before `since`, held by a peer or printed, tells the true entries from the forged.
- An enrolment is taken back by `key_compromised` with an early `since`; a correction of a node fact does not count.
- The last enrolment recorded says for whom a node speaks. A node that speaks for several organisations (a hospital group)
  is at home in the incidents of each.
- A reader without a node of its own (a notebook) takes every log at its word.
"""


def authority_page(made: str) -> str:
    """The page; `made` is the line that warns not to edit it."""
    out = ["# Who may say what\n", made, WORDS.strip() + "\n"]
    for relation, meaning in RELATIONS.items():
        out.append(f"## {relation}\n\n{meaning[0].upper()}{meaning[1:]}.\n")
        out.append(_table(MATRIX[relation]) if MATRIX[relation] else "Nothing counts.\n")
    out.append(SPECIAL.strip() + "\n")
    out.append("## Reasons\n\nWhat is shown beside a claimed entry.\n")
    out.append("\n".join(["| reason | meaning |", "|---|---|", *(f"| `{k}` | {v} |" for k, v in REASONS.items())]))
    return "\n".join(out).rstrip() + "\n"


def _table(roles: dict[str, frozenset[str]]) -> str:
    columns = [role for role in ROLES if role in roles]
    lines = [f"| kind | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for kind in KINDS:
        cells = ["yes" if kind in roles[role] else "" for role in columns]
        if any(cells):
            note = " (local node)" if kind in NODE_KINDS else ""
            lines.append(f"| `{kind}`{note} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
