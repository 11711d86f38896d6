"""What typed code may name, one name at a time: the ground of this room.

- `names.json` is the list, made by `derive.py` from the installed torch and the review in
  `reviewed.py`: `python -m viz.program.allowlist.derive --write`. Edit the review, never the list.
- `allowed` reads it, `words` writes tables of names as they are read.

Needs nothing of the project.
"""
