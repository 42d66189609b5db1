"""What operators ask of a running bot."""
