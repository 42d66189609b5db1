"""Readers' verbs and questions, a file each. They are the conversations' only way to the store."""
