"""One good example of each kind of fact."""

from __future__ import annotations

from typing import Any

from vigie.journal.keys import incarnation_of

KEY = "11" * 32
INCARNATION = incarnation_of(KEY)
DIGEST = "ab" * 32
AT = "2026-11-22T03:10:00.000000Z"

EXAMPLES: dict[str, dict[str, Any]] = {
    "opened": {"kind": "opened", "title": "Écrans noirs", "detected_at": AT, "establishments": ["valmont"]},
    "closed": {"kind": "closed", "outcome": "Retour à la normale constaté"},
    "declared": {"kind": "declared", "stage": "first", "addressee": "cert-sante", "receipt": "2026-0042"},
    "observation": {"kind": "observation", "text": "Les imprimantes sortent des rançons", "checked": "confirmed"},
    "decision": {"kind": "decision", "text": "Couper Internet", "decider": "DG", "options": ["attendre"], "review_at": AT},
    "task": {"kind": "task", "task": "badge-1", "text": "Ouvrir les portes", "state": "assigned", "owner": "Sécurité"},
    "containment": {"kind": "containment", "action": "cut", "what": "Internet", "by": "Astreinte", "applications": ["network"]},
    "availability": {"kind": "availability", "application": "lab", "state": "down", "seen": "plus de résultats"},
    "trust": {"kind": "trust", "subject_kind": "directory", "subject": "ad", "state": "compromised", "why": "ntds.dit lu"},
    "credential_reset": {"kind": "credential_reset", "scope": "administrateurs", "accounts": 41, "privileged": True},
    "service_mode": {"kind": "service_mode", "service": "icu", "mode": "degraded", "fallback": "papier", "capacity_percent": 60},
    "capacity": {"kind": "capacity", "beds_open": 680, "beds_usual": 881, "visits_per_day": 160},
    "transfer": {"kind": "transfer", "service": "icu", "patients": 6, "to": "CHU"},
    "postponement": {"kind": "postponement", "what": "opérations", "count": 30, "cumulative": True},
    "safety_event": {"kind": "safety_event", "danger": "potential", "what": "Dose recopiée deux fois", "people": 1},
    "backlog": {"kind": "backlog", "what": "feuilles de soins", "sheets": 1200, "sheets_per_day": 150},
    "artefact": {
        "kind": "artefact", "name": "note.txt", "sha256": DIGEST, "size_bytes": 12, "collector": "RSSI",
        "hand_overs": [{"at": AT, "from_person": "RSSI", "to_person": "Gendarmerie"}],
    },
    "indicator": {"kind": "indicator", "type": "ip", "value": "203.0.113.7"},
    "exploited_vulnerability": {"kind": "exploited_vulnerability", "cve": "CVE-2024-12345", "certainty": "confirmed"},
    "technique": {"kind": "technique", "technique": "T1486", "seen": "fichiers .lock"},
    "roster": {"kind": "roster", "role": "directrice de crise", "person": "C. Leroy", "action": "takes"},
    "handover": {"kind": "handover", "action": "given", "person": "C. Leroy", "text": "Ne pas rallumer le PACS"},
    "communication": {"kind": "communication", "audience": "presse", "channel": "téléphone", "text": "Incident en cours"},
    "restore_point": {"kind": "restore_point", "application": "lab", "taken_at": AT, "verdict": "clean"},
    "gate": {"kind": "gate", "gate": "directory_rebuilt", "outcome": "passed", "signer": "DSI", "evidence": "rapport 3"},
    "estimate": {"kind": "estimate", "what": "tout", "promised_by": "DSI", "earliest_at": AT, "latest_at": AT},
    "workforce": {"kind": "workforce", "team": "databases", "skill": "database", "people": 0, "from_at": AT, "why": "repos"},
    "forecast": {
        "kind": "forecast", "method": "vigie 0.4, seed 7", "finished_tasks": 3, "total_tasks": 40, "effort_ratio_percent": 130,
        "services": [
            {"service": "icu", "p50_at": AT, "p90_at": AT, "waits_for": "lab"},
            {"service": "ward", "gate": "directory_rebuilt"},
        ],
        "applications": [{"application": "lab", "p50_at": AT}],
    },
    "leak": {"kind": "leak", "what": "identités", "claimed_people": 40000, "confirmed_people": 11, "severity_hundredths": 475},
    "cost": {"kind": "cost", "what": "prestataire", "amount_minor": 0, "currency": "EUR", "estimate": False},
    "qualification": {"kind": "qualification", "category": "ransomware", "origin": "malicious", "why": "note de rançon"},
    "declaration": {
        "kind": "declaration", "declaration": "d1", "establishment": "CH de Valmont", "functioning": "degraded",
        "data_impact": ["unavailability"], "malicious": "yes", "origin": "ransomware", "detected_at": AT,
    },
    "exchange": {"kind": "exchange", "declaration": "d1", "text": "Combien de serveurs ?", "awaits": "answer"},
    "support": {"kind": "support", "support": "s1", "state": "asked", "what": "Analyse de journaux"},
    "routing": {"kind": "routing", "addressee": "ars", "declaration": "d1", "receipt": "ARS-12", "routed_at": AT},
    "map_adopted": {"kind": "map_adopted", "revision": DIGEST, "name": "Carte de novembre"},
    "node_enrolled": {
        "kind": "node_enrolled", "node": "valmont", "incarnation": INCARNATION, "public_key": KEY, "role": "hospital",
        "speaks_for": ["valmont"],
    },
    "key_rotated": {
        "kind": "key_rotated", "node": "valmont", "old_incarnation": INCARNATION, "new_incarnation": "0" * 16,
        "new_public_key": KEY, "why": "nouveau poste",
    },
    "key_compromised": {"kind": "key_compromised", "node": "valmont", "incarnation": INCARNATION, "since": AT, "why": "vol"},
    "correction": {"kind": "correction", "of": DIGEST, "why": "erreur", "replacement": {"kind": "note", "text": "juste"}},
    "erasure": {"kind": "erasure", "of": DIGEST, "reason": "identité d'un patient", "authority": "DPO"},
    "note": {"kind": "note", "text": "Rien à signaler", "services": ["icu"]},
}  # fmt: skip
