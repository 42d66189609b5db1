"""What it means to publish, to correct and to kill a story, a file each.

An editor, a feed, the schedule and a command all call the same functions, in a transaction of their own.
"""
