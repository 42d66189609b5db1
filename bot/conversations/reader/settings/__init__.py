"""/settings: how stories look, when they come, digests, language and zone; by buttons and by commands."""
