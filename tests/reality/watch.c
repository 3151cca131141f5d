// SPDX-License-Identifier: Apache-2.0
//
// Tells when a processor stood still: wakes up every two milliseconds, at a priority above all that
// is measured, and notes how late it was. What delays it (the host, the kernel) delays everybody,
// and is nothing that the measured system did. Prints longest and total lateness in ns at SIGTERM.
#include "os/now.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

enum { PERIOD_NS = 2000000, NOTED_NS = 1000000 };

static volatile sig_atomic_t ended;

static void end(int number)
{
    (void)number;
    ended = 1;
}

int main(void)
{
    struct sigaction action = {.sa_handler = end};
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    (void)sigaction(SIGTERM, &action, NULL);
    int64_t longest_ns = 0;
    int64_t total_ns = 0;
    int64_t due_ns = pl_now_monotonic_ns();
    while (!ended) {
        due_ns += PERIOD_NS;
        pl_now_sleep_until(due_ns);
        int64_t late_ns = pl_now_monotonic_ns() - due_ns;
        if (late_ns > NOTED_NS) {
            total_ns += late_ns;
            longest_ns = late_ns > longest_ns ? late_ns : longest_ns;
            due_ns += late_ns;
        }
    }
    printf("%lld %lld\n", (long long)longest_ns, (long long)total_ns);
    return 0;
}
