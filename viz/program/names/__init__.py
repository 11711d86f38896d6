"""What to say of a name: which module it is of, what it is near to, what to write instead.

`modules.Modules` resolves `torch.nn` and its aliases, `unknown` makes the refusal, `remedies` holds
what to write instead of names that are often typed. Needs syntax and the allow-list.
"""
