"""Maps: the page where a hospital gives Vigie its cartography, and takes it back."""
