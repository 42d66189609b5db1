"""The operator's newsroom file: what it may say, how it is read, and how the store follows it."""
