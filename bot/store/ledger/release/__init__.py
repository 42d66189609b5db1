"""What a claim asks before something goes out, and what it writes down of what may not."""
