"""One fact of each kind with every field filled."""

from __future__ import annotations

from vigie.journal.facts import Fact, parse

INSTANT, LATER, DIGEST, INCARNATION = "2026-11-22T03:10:00Z", "2026-11-30T10:00:00Z", "ab" * 32, "cd" * 8

_SAMPLES: tuple[dict[str, object], ...] = (
    {"kind": "opened", "title": "Serveurs chiffrés", "summary": "Cette nuit", "establishments": ["valmont", "annexe"],
     "detected_at": INSTANT, "on_behalf_of": "CH de Valmont"},
    {"kind": "closed", "outcome": "Tout est rétabli"},
    {"kind": "declared", "stage": "first", "addressee": "cert-sante", "receipt": "A-1", "text": "Par téléphone"},
    {"kind": "observation", "text": "Écrans noirs", "checked": "confirmed", "applications": ["dpi", "ad"], "services": ["rea"]},
    {"kind": "decision", "text": "Couper", "decider": "Mme Arnaud", "options": ["Attendre", "Isoler"], "review_at": LATER,
     "applications": ["ad"], "services": ["rea"]},
    {"kind": "task", "task": "appeler", "text": "Appeler", "state": "assigned", "owner": "M. Roux", "due_at": LATER},
    {"kind": "containment", "action": "cut", "what": "Internet", "by": "M. Keller", "applications": ["ad"]},
    {"kind": "availability", "application": "dpi", "state": "degraded", "seen": "Lent"},
    {"kind": "trust", "subject_kind": "application", "subject": "ad", "state": "compromised", "why": "Ticket d'or"},
    {"kind": "credential_reset", "scope": "Administrateurs", "accounts": 12, "privileged": True},
    {"kind": "service_mode", "service": "rea", "mode": "degraded", "fallback": "Papier", "capacity_percent": 60},
    {"kind": "capacity", "service": "rea", "beds_open": 6, "beds_usual": 12, "visits_per_day": 160,
     "visits_per_day_usual": 220, "activity_percent": 73, "comment": "Compté à la relève"},
    {"kind": "transfer", "service": "rea", "patients": 13, "to": "CHU", "why": "Surveillance"},
    {"kind": "postponement", "service": "rea", "what": "Opérations", "count": 30, "cumulative": True},
    {"kind": "safety_event", "danger": "potential", "service": "rea", "what": "Résultat mal recopié", "people": 1,
     "cause": "Téléphone"},
    {"kind": "backlog", "service": "rea", "what": "Prescriptions", "sheets": 1200, "sheets_per_day": 90, "people": 4},
    {"kind": "artefact", "name": "note.txt", "sha256": DIGEST, "size_bytes": 4200, "collector": "M. Roux", "place": "Coffre",
     "hand_overs": [{"at": INSTANT, "from_person": "M. Roux", "to_person": "Mme Arnaud"}]},
    {"kind": "indicator", "type": "ip", "value": "192.0.2.7", "role": "Commande"},
    {"kind": "exploited_vulnerability", "cve": "CVE-2023-3519", "product": "Passerelle", "certainty": "confirmed"},
    {"kind": "technique", "technique": "T1486", "seen": "Fichiers chiffrés", "applications": ["dpi"]},
    {"kind": "roster", "role": "Directeur", "person": "Mme Arnaud", "action": "takes", "reachable_at": "poste 12"},
    {"kind": "handover", "action": "given", "person": "Mme Arnaud", "text": "Revoir les urgences"},
    {"kind": "communication", "audience": "SAMU", "channel": "téléphone", "text": "Plus d'urgences vitales"},
    {"kind": "restore_point", "application": "dpi", "taken_at": INSTANT, "verdict": "clean", "intrusion_estimated_at": LATER,
     "evidence": "Analyse"},
    {"kind": "gate", "gate": "directory_rebuilt", "outcome": "passed", "subject": "AD", "signer": "M. Roux", "evidence": "Rapport"},
    {"kind": "estimate", "application": "dpi", "service": "rea", "what": "Retour du DPI", "promised_by": "L'éditeur",
     "earliest_at": INSTANT, "latest_at": LATER},
    {"kind": "leak", "what": "Dossiers RH", "claimed_people": 5, "published_people": 4, "confirmed_people": 3,
     "claimed_bytes": 3_000_000_000, "published_bytes": 2_000_000, "confirmed_bytes": 1000, "severity_hundredths": 325},
    {"kind": "cost", "what": "Location", "amount_minor": 1234567, "currency": "EUR", "estimate": False},
    {"kind": "qualification", "category": "rancongiciel", "origin": "malicious", "significance": "serious",
     "supplier": "editeur", "linked_incidents": ["rivage/2026-10"], "why": "Même éditeur"},
    {"kind": "map_adopted", "revision": DIGEST, "name": "Valmont"},
    {"kind": "node_enrolled", "node": "rivage", "incarnation": INCARNATION, "public_key": DIGEST, "role": "hospital",
     "speaks_for": ["rivage"], "name": "Hôpital du Rivage"},
    {"kind": "key_rotated", "node": "rivage", "old_incarnation": INCARNATION, "new_incarnation": "ef" * 8,
     "new_public_key": DIGEST, "why": "Sauvegarde restaurée"},
    {"kind": "key_compromised", "node": "rivage", "incarnation": INCARNATION, "since": INSTANT, "why": "Poste volé"},
    {"kind": "correction", "of": DIGEST, "why": "Erreur", "happened_at": INSTANT},
    {"kind": "erasure", "of": DIGEST, "reason": "Identité d'un patient", "authority": "DPO"},
    {"kind": "note", "text": "Le standard tient", "applications": ["dpi"], "services": ["rea"]},
)  # fmt: skip

SAMPLES: dict[str, Fact] = {str(sample["kind"]): parse({**sample, "source": "Cadre de garde"}) for sample in _SAMPLES}
