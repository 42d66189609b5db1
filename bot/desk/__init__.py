"""Editors' verbs and questions, a file each. They commit rows; the stages behind read them."""
