// SPDX-License-Identifier: Apache-2.0
//
// Keeps a processor from going to sleep; to be run at the lowest priority there is (chrt --idle),
// so that everything else comes first. Waking a sleeping processor costs tens of microseconds,
// which a request would pay at low load only. Ends with its parent.
#include <signal.h>
#include <sys/prctl.h>

/* Tell the processor that this is a waiting loop, where it knows the word. */
static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

int main(void)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
    for (;;) {
        relax();
    }
}
