"""Breaking news: for whom and in which manner, the last question, sending with a moment to take it back, what waits.

Both ways lead here: an editor's own words (`bot.desk.breaking`), and a story that stands at the desk already.
"""
