"""Read models: what pages list, filter and count. All of it follows the journal and can be rebuilt from it.

Nothing here is truth. `vigie desk rebuild` empties these tables and fills them again with the same content.
"""

from __future__ import annotations

from django.db import models


class Cursor(models.Model):
    """How far the read models have followed the journal. One row, locked by whoever moves it."""

    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")  # of entry `seq`: tells that the journal is still the same one
    node_seq = models.BigIntegerField(default=0)  # the last entry that says which node may be trusted


class Incident(models.Model):
    """An incident of which this node holds at least one entry. Its header is said by entries that count."""

    id = models.CharField(max_length=200, primary_key=True)
    owner = models.CharField(max_length=64, db_index=True)
    realm = models.CharField(max_length=10)
    title = models.CharField(max_length=300, blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_seq = models.BigIntegerField()
    last_received_at = models.DateTimeField()
    entries_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["last_seq"], name="desk_incident_last")]

    def __str__(self) -> str:
        return self.id

    @property
    def is_exercise(self) -> bool:
        """Whether every screen and print must say that this is not real."""
        return self.realm != "real"


class LogLine(models.Model):
    """An entry as lists need it. The entry itself is read from the journal, for the lines that are shown."""

    seq = models.BigIntegerField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, db_index=False, related_name="lines")
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=64)
    author = models.CharField(max_length=300)
    role = models.CharField(max_length=20)
    node = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    received_at = models.DateTimeField()
    text = models.TextField(blank=True, default="")  # without accents or capitals: what a search looks through
    tlp = models.CharField(max_length=20)
    privileged = models.BooleanField(default=False)
    guarded = models.BooleanField(default=False)  # privileged or TLP:red: not everybody who reads the log sees it
    corrects = models.CharField(
        max_length=64, null=True
    )  # digest of the entry that this correction or erasure is about
    erased = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["incident", "seq"], name="desk_line_incident"),
            models.Index(fields=["incident", "kind", "seq"], name="desk_line_kind"),
            models.Index(fields=["incident", "author", "seq"], name="desk_line_author"),
            models.Index(fields=["incident", "received_at", "seq"], name="desk_line_received"),
            models.Index(fields=["corrects"], name="desk_line_corrects", condition=models.Q(corrects__isnull=False)),
            models.Index(fields=["incident", "seq"], name="desk_line_guarded", condition=models.Q(guarded=True)),
            models.Index(fields=["incident"], name="desk_line_declares", condition=models.Q(kind="declaration")),
        ]


class LineSubject(models.Model):
    """What a line is about: an application, a care service, or the file that it keeps as evidence."""

    APPLICATION, SERVICE, FILE = "application", "service", "file"

    line = models.ForeignKey(LogLine, on_delete=models.CASCADE, related_name="subjects")
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, db_index=False)
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=300)

    class Meta:
        indexes = [
            models.Index(fields=["incident", "kind", "subject", "line"], name="desk_subject"),
            models.Index(fields=["kind", "subject"], name="desk_subject_file", condition=models.Q(kind="file")),
        ]


class KeptFile(models.Model):
    """Who brought a file that lies here: a hash is no secret, so to name it gives nobody what another one brought.

    No read model: it follows from what was sent, not from the journal, and a rebuild leaves it.
    """

    sha256 = models.CharField(max_length=64)
    organisation = models.CharField(max_length=64)
    author = models.CharField(max_length=300)
    privileged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sha256", "organisation", "author", "privileged"], name="desk_kept_file")
        ]


class NodeFact(models.Model):
    """Where in the journal somebody says which node may be trusted, or what a log had seen of the others: what any incident
    is read with, whichever incident it was written in.
    """

    seq = models.BigIntegerField(primary_key=True)


class Declaration(models.Model):
    """A declaration as the observatory's queue reads it: its current version, from the lines that an analyst may see.

    Its words are those of the declarations table (docs/reference/declarations.md). `last_seq` is the newest entry that it
    may follow from: a form that was shown an older one is out of date.
    """

    id = models.CharField(max_length=300, primary_key=True)  # organisation/incident#declaration
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    realm = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    last_seq = models.BigIntegerField()
    first_known_at = models.DateTimeField()
    known_from = models.DateTimeField()
    seen_at = models.DateTimeField()  # when it was detected, else when it happened, was declared, arrived
    declared_at = models.DateTimeField(null=True)
    establishment = models.CharField(max_length=300, blank=True)
    declarant = models.CharField(max_length=400, blank=True, db_index=True)
    region = models.CharField(max_length=20)
    establishment_kind = models.CharField(max_length=64)
    stage = models.CharField(max_length=20)
    nature = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    origin = models.CharField(max_length=64)
    malicious = models.CharField(max_length=10)
    significance = models.CharField(max_length=20)
    functioning = models.CharField(max_length=20)
    patient_danger = models.CharField(max_length=20)
    urgency = models.PositiveSmallIntegerField()
    waiting_since = models.DateTimeField(null=True)
    duplicate_of = models.CharField(max_length=300, blank=True)
    distinct_from = models.JSONField(default=list)
    cause_group = models.CharField(max_length=100, blank=True)
    cause_kind = models.CharField(max_length=20, blank=True)
    judged = models.BooleanField(default=False)  # two logs qualified it side by side
    text = models.TextField(blank=True)  # without accents or capitals: what a search looks through
    stems = models.TextField(blank=True)  # the words of its description, as likeness compares them
    more = models.JSONField(default=dict)  # columns of the table that no list filters on

    class Meta:
        indexes = [
            models.Index(fields=["state", "-urgency", "first_known_at"], name="desk_declaration_queue"),
            models.Index(fields=["seen_at"], name="desk_declaration_seen"),
            models.Index(fields=["cause_group"], name="desk_declaration_cause", condition=~models.Q(cause_group="")),
        ]

    def __str__(self) -> str:
        return self.id


class DeclarationSign(models.Model):
    """Something that a declaration may share with others: a supplier, a product or vulnerability, an indicator."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="signs")
    kind = models.CharField(max_length=12)
    value = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["kind", "value"], name="desk_declaration_sign")]


class SupportRequest(models.Model):
    """A request for help of an incident that was declared, where it stands."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    realm = models.CharField(max_length=10)
    establishment = models.CharField(max_length=300, blank=True)
    region = models.CharField(max_length=20)
    state = models.CharField(max_length=20, db_index=True)
    by = models.CharField(max_length=100, blank=True)
    what = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()
