"""What people write and Python does not read, and the parser's complaints in the page's words.

`notation.rewritten` mends what is written on paper (`2x`, `x^2`, full-width characters);
`pasted.only_code` keeps the code of what was copied with prompts, outputs and fences;
`foreign.foreign` knows signs of other languages, `languages.as_python` their programs;
`complaints.mended` turns a `SyntaxError` into a `Problem` with its place and remedy. Needs the
allow-list.
"""
