"""Calls on their way: client, gate, connections, errors in the model's words."""
