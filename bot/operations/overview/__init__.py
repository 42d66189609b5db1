"""What the operator sees of a running bot, read at one moment."""
