"""Autograd Explorer: see what PyTorch's autograd makes of a function."""
