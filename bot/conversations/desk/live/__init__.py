"""The desk by itself: cards follow their stories, a group is the desk, people are told what was done."""
