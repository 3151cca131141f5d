# SPDX-License-Identifier: Apache-2.0
"""How long the disk takes to keep 4 KiB: the part of a delay that no server can save.

    flush.py FOLDER [SECONDS]

A file that is written through once before (so that a flush changes no metadata) gets a block, then
fdatasync. Prints quantiles in milliseconds.
"""

import os
import pathlib
import sys
import threading
import time

BLOCK = bytes(range(256)) * 16
BLOCKS = 256


class Flusher:
    """Flushes in a folder on a thread of its own, one each `pause_s`, until it is ended."""

    def __init__(self, folder, pause_s):
        self.path = pathlib.Path(folder) / "flush.tmp"
        self.pause_s = pause_s
        self.took_s = []
        self.over = threading.Event()
        self.file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        os.write(self.file, BLOCK * BLOCKS)
        os.fsync(self.file)
        self.thread = threading.Thread(target=self.flush_on)
        self.thread.start()

    def flush_on(self):
        while not self.over.wait(self.pause_s):
            began = time.monotonic()
            os.pwrite(self.file, BLOCK, len(self.took_s) % BLOCKS * len(BLOCK))
            os.fdatasync(self.file)
            self.took_s.append(time.monotonic() - began)

    def end(self):
        """Number and quantiles of what was measured."""
        self.over.set()
        self.thread.join()
        os.close(self.file)
        self.path.unlink()
        took = sorted(1e3 * value for value in self.took_s) or [0.0]

        def quantile(share):
            return took[min(len(took) - 1, int(share * len(took)))]

        return {"count": len(self.took_s), "p50_ms": quantile(0.5), "p90_ms": quantile(0.9),
                "p99_ms": quantile(0.99), "max_ms": took[-1]}


def measure(folder, seconds, pause_s):
    flusher = Flusher(folder, pause_s)
    time.sleep(seconds)
    return flusher.end()


if __name__ == "__main__":
    print(measure(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 5.0, 0.02))
