"""Drafts: what a crisis cell is still writing. No evidence and no read model: it lives on the desk until it is sent."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """The next version of a declaration, shared by the cell of one organisation.

    `values` are the fields that somebody changed, as a browser sends them: a list of texts for each, also where they are
    not yet valid. All others stand at what journal and map say (`prefill`).
    `changed` says of each field who touched it last and when. An empty `values` means that the last version was sent and
    nothing has been typed since; `addressees` stay, because one declares to the same authorities again.
    """

    incident = models.CharField(max_length=200)  # no key: a rebuild of the read models must not take drafts with it
    declaration = models.CharField(max_length=64)
    organisation = models.CharField(max_length=64)
    values = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    addressees = models.JSONField(null=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=300)
    sent_mark = models.CharField(max_length=64, blank=True, default="")  # what was sent last: a button pressed twice
    sent_seq = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "declaration", "organisation"], name="declaring_one_draft")
        ]

    def __str__(self) -> str:
        return f"{self.incident}#{self.declaration}"
