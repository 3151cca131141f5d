// SPDX-License-Identifier: Apache-2.0
#include "exam/forms.h"

#include "base/check.h"
#include "os/image.h"
#include "os/mutex.h"
#include "os/pages.h"

#include <stdlib.h>
#include <string.h>

struct pl_form {
    struct pl_form *next;
    const struct pl_scenario *scenario;
    uint64_t seed;
    uint32_t clock;
    uint32_t users;           /* sessions and threads that are about to have one */
    struct pl_mutex *warming; /* held while its first session is opened */
    struct pl_image *image;   /* NULL: could not be kept, everybody warms up for himself */
};

struct pl_forms {
    struct pl_mutex *mutex; /* guards the list and `users` */
    struct pl_form *first;
};

struct pl_forms *pl_forms_new(void)
{
    struct pl_forms *forms = calloc(1, sizeof *forms);
    if (forms != NULL) {
        forms->mutex = pl_mutex_new();
    }
    if (forms != NULL && forms->mutex == NULL) {
        free(forms);
        return NULL;
    }
    return forms;
}

static struct pl_form *find(const struct pl_forms *forms, const struct pl_session_def *def)
{
    struct pl_form *form = forms->first;
    while (form != NULL && (form->scenario != def->scenario || form->seed != def->seed ||
                            form->clock != def->clock)) {
        form = form->next;
    }
    return form;
}

/* A new form, held while it is warmed up; NULL when there is no memory. */
static struct pl_form *add(struct pl_forms *forms, const struct pl_session_def *def)
{
    struct pl_form *form = calloc(1, sizeof *form);
    struct pl_mutex *warming = pl_mutex_new();
    if (form == NULL || warming == NULL) {
        free(form);
        pl_mutex_free(warming);
        return NULL;
    }
    *form = (struct pl_form){.next = forms->first,
                             .scenario = def->scenario,
                             .seed = def->seed,
                             .clock = def->clock,
                             .warming = warming};
    pl_mutex_lock(warming);
    forms->first = form;
    return form;
}

/* Count one user less; the last one frees it. */
static void leave(struct pl_forms *forms, struct pl_form *form)
{
    pl_mutex_lock(forms->mutex);
    bool last = --form->users == 0;
    if (last) {
        struct pl_form **at = &forms->first;
        while (*at != form) {
            at = &(*at)->next;
        }
        *at = form->next;
    }
    pl_mutex_unlock(forms->mutex);
    if (last) {
        pl_image_close(form->image);
        pl_mutex_free(form->warming);
        free(form);
    }
}

/* Much of a session is the worst case of a long one: pages cost when they are touched. */
static pl_status warm_up(const struct pl_session_def *def, struct pl_form_seat *seat, pl_error *err)
{
    pl_status status = pl_pages_reserve(seat->memory_size, &seat->memory, err);
    if (status == PL_OK) {
        status = pl_session_open(def, seat->memory, seat->memory_size, &seat->session, err);
    }
    return status;
}

static pl_status map(const struct pl_form *form,
                     const struct pl_session_def *def,
                     struct pl_form_seat *seat,
                     pl_error *err)
{
    pl_status status = pl_image_map(form->image, &seat->memory, err);
    if (status == PL_OK) {
        seat->session = pl_session_settle(def, seat->memory);
    }
    return status;
}

/* The first session of a form: it goes on in a view too, so that its opening is there once only.
 * Without an image it keeps what it has. */
static pl_status begin(struct pl_form *form,
                       const struct pl_session_def *def,
                       struct pl_form_seat *seat,
                       pl_error *err)
{
    pl_status status = warm_up(def, seat, err);
    if (status != PL_OK ||
        pl_image_keep(&form->image, seat->memory, seat->memory_size, NULL) != PL_OK) {
        return status;
    }
    struct pl_form_seat view = {.memory_size = seat->memory_size};
    if (map(form, def, &view, NULL) == PL_OK) {
        pl_pages_release(seat->memory, seat->memory_size);
        *seat = view;
    }
    return PL_OK;
}

pl_status pl_forms_take(struct pl_forms *forms,
                        const struct pl_session_def *def,
                        struct pl_form_seat *seat,
                        pl_error *err)
{
    PL_CHECK(def != NULL && seat != NULL);
    PL_CHECK(def->cause == PL_NONE);
    *seat = (struct pl_form_seat){.memory_size = pl_session_size(def)};
    if (forms == NULL) {
        return warm_up(def, seat, err);
    }
    pl_mutex_lock(forms->mutex);
    struct pl_form *form = find(forms, def);
    bool first = form == NULL;
    form = first ? add(forms, def) : form;
    if (form != NULL) {
        form->users++;
    }
    pl_mutex_unlock(forms->mutex);
    if (form == NULL) {
        return warm_up(def, seat, err);
    }
    pl_status status = PL_OK;
    if (first) {
        status = begin(form, def, seat, err);
    } else {
        pl_mutex_lock(form->warming);
    }
    pl_mutex_unlock(form->warming);
    if (!first) {
        status = form->image != NULL ? map(form, def, seat, err) : warm_up(def, seat, err);
    }
    seat->form = form;
    return status;
}

void pl_forms_leave(struct pl_forms *forms, struct pl_form_seat *seat)
{
    PL_CHECK(seat != NULL);
    pl_pages_release(seat->memory, seat->memory_size);
    if (seat->form != NULL) {
        PL_CHECK(forms != NULL);
        leave(forms, seat->form);
    }
    *seat = (struct pl_form_seat){0};
}

uint32_t pl_forms_count(struct pl_forms *forms)
{
    uint32_t count = 0;
    PL_CHECK(forms != NULL);
    pl_mutex_lock(forms->mutex);
    for (const struct pl_form *form = forms->first; form != NULL; form = form->next) {
        count++;
    }
    pl_mutex_unlock(forms->mutex);
    return count;
}

void pl_forms_free(struct pl_forms *forms)
{
    if (forms != NULL) {
        PL_CHECK(forms->first == NULL);
        pl_mutex_free(forms->mutex);
        free(forms);
    }
}
