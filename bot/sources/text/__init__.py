"""The text of sources: white space, datelines, times. Imports the model alone."""
