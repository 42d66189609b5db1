"""The demo: the bot as it is, with a sandbox in place of Telegram and a wire of invented news.

`run` starts and stops it all, `wire` serves the feeds, `people` fill the chats, `child` minds the bot's
own process. Of the rest of the project it imports the sandbox alone, so that its address is there at once.
"""
