"""What a browser holds that its server does not know: the server is another one now, or something
that was typed or set did not arrive.
"""

from __future__ import annotations

from viz.page.components.received import Brought, received
from viz.page.session.state import as_kept, change, commit, linked, parsed, session, take


def adopt() -> None:
    """Another session answered this browser before: it tells what it holds, and that is shown.

    The link that this session began with is the one that the tab was opened with, long ago.
    """
    now = session()
    brought = received("shell", "held", Brought)
    if brought is not None and brought.lost:
        _found(brought)
        return
    now.adopted = True
    if brought is None:
        return
    now.view, now.problems = linked(parsed(brought.address))
    now.edition, now.entries, now.gone = brought.edition, brought.entry, brought.gone
    now.stood = (now.entries, now.gone)
    now.asks(brought.asked)
    change(source=as_kept(brought.text))
    if brought.values is not None:
        take(brought.values)


def _found(brought: Brought) -> None:
    """What was typed or set and did not arrive. What the page itself has put up since comes after
    it, though the browser may not show that yet.
    """
    now = session()
    now.asks(brought.asked)
    if (brought.edition, brought.gone) != (now.edition, now.gone):
        return
    if as_kept(brought.text) != now.view.source:
        commit(brought.text)
    if brought.values is not None and brought.values.at > now.echo:
        take(brought.values)


def came_back() -> None:
    """A browser had no connection for a while: it asks until it sees that the whole page has run.

    A component hears of a run only where what it is sent has changed.
    """
    session().backs += 1
