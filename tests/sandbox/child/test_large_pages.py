"""Which of a process's memory is put into large pages."""

from viz.sandbox.child.large_pages import whole

MAPS = """\
00400000-00c00000 r-xp 00000000 08:01 1 /usr/bin/python
00d00000-01500000 rw-p 00000000 08:01 1 /usr/lib/libtorch.so
01600000-01c00000 rw-p 00000000 00:00 0 [heap]
02100000-02700000 rw-p 00000000 00:00 0
02800000-02900000 rw-p 00000000 00:00 0
03000000-04000000 rw-s 00000000 00:00 0
7fff0000000-7fff0800000 rw-p 00000000 00:00 0 [stack]
"""


def test_only_whole_pages_of_writable_memory_that_is_no_file_s():
    size = 2 << 20
    assert list(whole(MAPS, size)) == [0x1600000, 0x1800000, 0x1A00000, 0x2200000, 0x2400000]
