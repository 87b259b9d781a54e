"""Declaring: the hospital's declaration of an incident, drafted, sent in stages, shown to each authority in its part."""
