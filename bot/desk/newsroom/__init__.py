"""The verbs of whoever runs topics and feeds, a file each; the newsroom file as the store has it; the set-up.

Each verb takes the database and, by name, `at` (the time of the press) and `by` (Telegram's user id; None: the command
line). `seen` is the version that was shown to that person: refused as `source-changed`, with who made the last change,
where it is another by now; None changes whatever version there is. What somebody removed, or merged into another, is
refused as `source-removed`, with who did so. Rights are the caller's business.
"""
