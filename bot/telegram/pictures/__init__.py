"""Pictures of a message: named, uploaded once, put in by their ids."""
