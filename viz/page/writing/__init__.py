"""The left side: editor, inputs, lesson, and what the run printed or refused.

Needs asking, components and session.
"""
