"""Groups, forums, channels: what comes where, what the bot may do there, and who is told when something goes wrong."""
