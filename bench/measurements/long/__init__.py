"""Measurements that take long, and so run only where they are named."""
