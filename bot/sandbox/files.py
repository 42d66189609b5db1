"""Files of the sandbox: what was uploaded, fetched or made."""

from __future__ import annotations


class Files:
    """All files, by their id."""
