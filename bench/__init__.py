"""Measurements: `python -m bench [NAME…]`. `measurements/` has a module for each."""
