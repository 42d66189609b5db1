"""What the command line takes, command by command, and which function does it. Nothing heavy is imported at once."""
