// SPDX-License-Identifier: Apache-2.0
//
// What can be wrong with a machine or a data directory, looked at one by one, each with one line
// that says how it is put right. The data is only read, and may be in use.
#ifndef PL_SERVER_DOCTOR_H
#define PL_SERVER_DOCTOR_H

#include "base/buf.h"

#include <stdint.h>

enum { PL_DOCTOR_CHECKS = 9, PL_DOCTOR_TEXT = 400 };

/** How a check ended. */
enum pl_doctor_grade { PL_DOCTOR_GOOD, PL_DOCTOR_WARNING, PL_DOCTOR_BAD };

/** One check. */
struct pl_doctor_check {
    const char *name; /* `disk` */
    enum pl_doctor_grade grade;
    char found[PL_DOCTOR_TEXT]; /* what was seen */
    char fix[PL_DOCTOR_TEXT];   /* what to do, "" when it is good */
};

/** What is looked at. */
struct pl_doctor_def {
    const char *data;    /* directory of the data */
    const char *address; /* that a server would listen on */
    uint16_t port;
};

/**
 * Look at everything: disk, permissions, fsync, clock, evidence log, audit log, descriptors, port,
 * client.
 *
 * @param def     what is looked at
 * @param checks  filled, checks[PL_DOCTOR_CHECKS]
 * @return the worst grade
 */
enum pl_doctor_grade pl_doctor_look(const struct pl_doctor_def *def,
                                    struct pl_doctor_check *checks);

#endif
