"""The typed code's `graphviz`: `drafts` writes down what it says, `labels` reads its texts."""
