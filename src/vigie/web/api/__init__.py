"""The API: the same journal for programs. Its reference is served at /api/docs and kept in docs/reference/api.md."""
