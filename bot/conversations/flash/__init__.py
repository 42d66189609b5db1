"""Breaking news between the desk and the card: a story's way there and back, and the moment to take it back."""
