# SPDX-License-Identifier: Apache-2.0
"""The benchmarked queues in SimPy: one process per request, a Resource per tier.

Usage: simpy_queues.py mm1|tandem REQUESTS SEED
Prints `requests N cpu_s S mean_sojourn M` for the requests after a warm-up of a tenth.
"""

import random
import sys
import time

import simpy

MODELS = {
    "mm1": (0.9, [(1, 1.0)]),
    "tandem": (1.0, [(16, 11.2), (32, 22.4), (8, 5.6)]),
}


class Run:
    def __init__(self, model, seed):
        rate, tiers = MODELS[model]
        self.env = simpy.Environment()
        self.draw = random.Random(seed).expovariate
        self.tiers = [(simpy.Resource(self.env, workers), 1.0 / mean) for workers, mean in tiers]
        self.rate = rate
        self.wanted = 0
        self.served = 0
        self.sojourns = 0.0
        self.enough = None
        self.env.process(self.source())

    def source(self):
        while True:
            yield self.env.timeout(self.draw(self.rate))
            self.env.process(self.request())

    def request(self):
        arrived = self.env.now
        for workers, rate in self.tiers:
            with workers.request() as turn:
                yield turn
                yield self.env.timeout(self.draw(rate))
        self.sojourns += self.env.now - arrived
        self.served += 1
        if self.served == self.wanted:
            self.enough.succeed()

    def serve(self, requests):
        """Run until this many more requests are through; their mean sojourn."""
        before = self.sojourns
        self.wanted = self.served + requests
        self.enough = self.env.event()
        self.env.run(until=self.enough)
        return (self.sojourns - before) / requests


def main():
    model, requests, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    run = Run(model, seed)
    run.serve(requests // 10)
    start = time.process_time()
    mean = run.serve(requests)
    print(f"requests {requests} cpu_s {time.process_time() - start:.6f} mean_sojourn {mean:.6f}")


if __name__ == "__main__":
    main()
