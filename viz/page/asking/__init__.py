"""Questions to the sandbox, their answers, and what is shown while one waits.

`answers` asks and keeps, `waiting` tells that something runs. Needs session.
"""
