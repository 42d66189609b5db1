"""Figures: counts of what was done and read, and how they are drawn."""
