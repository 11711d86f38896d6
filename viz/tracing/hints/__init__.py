"""What helps when a run fails: a sentence for torch's error, and a mended program.

`messages` is the table of hints, `remedies` their conditions, `mended` the rewritten programs.
Needs the source map.
"""
