"""Drafts: what a crisis cell is still writing. No evidence and no read model: it lives on the desk until it is sent."""

from __future__ import annotations

from django.db import models


class Draft(models.Model):
    """One saved state of a declaration that a cell prepares; the one of the highest `version` is the draft.

    `values` are the fields as a browser sends them: a list of texts for each, also where they cannot be sent yet. Every
    state stays: whoever saves compares theirs with the one their page was made from, so that nothing is overwritten in
    silence. `sent_seq` is the entry by which that state was sent; a draft after it begins anew.
    """

    incident = models.CharField(max_length=200)  # no key: a rebuild of the read models must not take drafts with it
    version = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=300)
    sent_seq = models.BigIntegerField(null=True)
    sent_key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["incident", "version"], name="declare_draft_version")]

    def __str__(self) -> str:
        return f"{self.incident} v{self.version}"
