"""What the page's process and the child must agree on: orders, answers, exit codes.

Imports nothing of either side. Sizes are in bytes, times in seconds.
"""
