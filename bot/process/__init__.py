"""What a process runs: what it shares, one bot's parts, and the work of each role."""
