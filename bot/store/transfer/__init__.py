"""A database copied into one of the other kind, row by row, and compared with what was copied."""
