"""The limits under which hostile texts run in tests: shorter than the page's, else alike."""

from viz.sandbox.server.limits import Limits

LIMITS = Limits(soft=0.3, scripts=0.0, notice=0.55, hard=0.65, places=2, long=0, large=0)
