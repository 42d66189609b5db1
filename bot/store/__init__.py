"""The only SQL: what is kept, on SQLite or PostgreSQL alike."""
