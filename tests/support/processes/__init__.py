"""Processes that begin warm, and the wheel that others are installed from."""
