"""The tabs of curves, surfaces and Jacobians with their tools.

Needs writing, asking and components.
"""
