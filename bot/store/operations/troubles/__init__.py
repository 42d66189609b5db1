"""Troubles: those that one process knows of and all must see, and those that owners were told."""
