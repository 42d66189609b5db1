"""The desk's verbs on one story, a file each, and its lists.

Each verb takes the database, the story's number and, by name, `at` (the time of the press) and `by` (the editor's
Telegram id; None: the command line). A verb answers with the story as it stands then, or raises a `Refusal` whose
facts name the last deed on the story: `last_verb`, `last_by`, `last_at`. Whoever comes second learns from them what the
first did. Rights are the caller's business, checks are not.
"""
