// SPDX-License-Identifier: Apache-2.0
//
// Mutual exclusion between threads.
#ifndef PL_OS_MUTEX_H
#define PL_OS_MUTEX_H

/** A lock that one thread holds at a time; opaque. */
struct pl_mutex;

/** Make a mutex that nobody holds; NULL when there is no memory. It goes to pl_mutex_free. */
struct pl_mutex *pl_mutex_new(void);

/** Wait until nobody else holds it, and hold it. The holder must not take it again. */
void pl_mutex_lock(struct pl_mutex *mutex);

/** Let go; by the thread that holds it. */
void pl_mutex_unlock(struct pl_mutex *mutex);

/** Free a mutex that nobody holds; NULL is allowed. */
void pl_mutex_free(struct pl_mutex *mutex);

#endif
