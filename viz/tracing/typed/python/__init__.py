"""What typed code finds in place of those modules of Python's that look into objects.

`enums` is `enum`; `signatures` is `inspect` and `traceback`; `files` has paths and buffers without
a file behind them; `unmeasured` answers for profilers and diaries, which here measure nothing.
"""
