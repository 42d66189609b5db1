"""Pictures of figures, drawn by a program of their own: what draws is large, and needed a few times a day."""
