"""Identifiers shared by the journal and the cartography."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

SLUG = r"^[a-z0-9][a-z0-9._-]{0,63}$"

Slug = Annotated[str, StringConstraints(pattern=SLUG)]
ApplicationId = Slug
ServiceId = Slug
SupplierId = Slug
EstablishmentId = Slug
TeamId = Slug
OrganisationId = Slug
NodeId = Slug
