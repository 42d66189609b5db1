"""A story changed on its card: its fields, topics, languages, embargo, and who is editing it."""
