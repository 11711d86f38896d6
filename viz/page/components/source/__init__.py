"""The editor: the text, and what is known of it by the run that it came to.

It sends back `text`, what somebody typed or shall run again (`SentText`), and `gone`, where Back or
Forward of the browser led.
"""

from __future__ import annotations

import msgspec

from viz.page.components.sent import Corners, Sent


class CallSpan(Sent, frozen=True):
    """Where a call of the run stands."""

    call: str
    span: Corners


class Entry(Sent, frozen=True):
    """Where this view stands in the browser's history.

    `view` is its query string; `entry` rises with each program that the page puts up, and `gone`
    is the number of the last step through the history that the page has followed.
    """

    view: str
    entry: int
    gone: int


class Source(Sent, frozen=True):
    """`edition` rises when the page itself sets the text; else the browser's text counts.

    In a lecture (`present`) the `keys` are told only while somebody types.
    `reply` numbers the page's replies, so that one that is as the last one was is told, too;
    `asked` is when that was sent to which this is one, in the browser's ms.
    `error` is where the text is wrong; `counts` says how often a line ran, `remarks` what its
    decisions came to, both by the line's number.
    """

    text: str
    edition: int
    place: Entry
    label: str
    keys: str
    present: bool = False
    reply: int = 0
    asked: int = 0
    error: Corners | None = None
    spans: tuple[CallSpan, ...] = ()
    counts: dict[int, int] = msgspec.field(default_factory=dict)
    remarks: dict[int, str] = msgspec.field(default_factory=dict)
