"""Measurements: `python -m bench [NAME…]`. Each stands in a module of its own beside its baseline."""
