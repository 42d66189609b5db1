"""Servers on loopback that answer as a test tells them to."""
