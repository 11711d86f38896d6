"""The layers that hold a child whatever it runs: privileges, landlock, limits, seccomp.

`layers.LAYERS` lists them in the order in which a child puts them on. Linux only; elsewhere they
raise and the level is "weak". Imports nothing of the project.
"""
