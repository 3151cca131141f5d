// SPDX-License-Identifier: Apache-2.0
//
// The demo service of script/reality: what a small backend service is made of, and nothing else.
//
//   reader thread --queue, limited--> worker threads --pool, limited--> PostgreSQL
//
//   GET  /item?r=N&k=ID        one statement by key, then a wait for a picture, connection in hand
//   GET  /list?r=N&k=CUSTOMER  one statement over an index
//   POST /buy?r=N&k=STOCK      a transaction: lock a row, wait for a payment, insert, commit
//
// It keeps one line per request in memory and writes them at the end (SIGTERM): where the time went
// and how much processor time it took here and, when profiling, in the database.
#include "base/check.h"
#include "base/random.h"
#include "os/now.h"
#include "reality/gate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PEERS_MAX = 2048,
    WORKERS_MAX = 256,
    QUEUE_MAX = 4096,
    REQUEST_MAX = 2048,
    STATEMENTS_MAX = 4,
    TRACES_MAX = 200000
};

enum route { ITEM, LIST, BUY, ROUTES };
enum statement { S_ITEM, S_LIST, S_BEGIN, S_LOCK, S_SALE, S_COMMIT, S_COUNT };

static const char *const route_names[ROUTES] = {"item", "list", "buy"};
static const char *const statement_names[S_COUNT] = {
    "item", "list", "begin", "lock", "sale", "commit"};

/* One request, times in ns. */
struct trace {
    int64_t read_ns; /* monotonic: the request was there */
    int64_t start_ns;
    int64_t end_ns;
    int64_t pool_ns;   /* wait for a connection */
    int64_t cpu_ns;    /* processor time of the worker */
    int64_t render_ns; /* of it, in render */
    int64_t wait_ns;   /* for picture or payment */
    int64_t wall_ns[STATEMENTS_MAX];
    int64_t db_cpu_ns[STATEMENTS_MAX]; /* -1: not measured */
    uint32_t route;
    uint32_t status;
};

/* Options, from the command line. */
struct options {
    uint16_t port;
    uint16_t profile;
    uint32_t workers;
    uint32_t pool;
    uint32_t acquire_ms;
    uint32_t queue;
    uint32_t work; /* rounds of render */
    uint32_t slow; /* times the list statement does its work */
    const char *database;
    const char *traces;
};

/* A client connection. Owned by the reader, or by one worker from queue to answer. */
struct peer {
    int fd;
    uint32_t size;
    int64_t read_ns;
    char bytes[REQUEST_MAX];
};

struct service {
    struct options options;
    int epoll;
    int listener;
    struct peer peers[PEERS_MAX];
    PGconn *connections[PL_GATE_MAX];
    struct pl_gate pool;
    pthread_mutex_t mutex; /* of queue and traces */
    pthread_cond_t filled;
    uint32_t queue[QUEUE_MAX];
    uint32_t head;
    uint32_t tail;
    struct trace *traces;
    uint32_t trace_count;
};

/* A request being worked on. */
struct job {
    struct service *service;
    struct trace trace;
    uint64_t number;
    uint32_t key;
    uint32_t statements;
    PGconn *connection;
    char body[512];
};

static int64_t thread_cpu_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- Database -------------------------------------------------------------------------------- */

static const char list_text[] =
    "SELECT count(*), max(note) FROM (SELECT md5(note || amount) AS note FROM orders, "
    "generate_series(1, $2::int) WHERE customer = $1::int ORDER BY 1) o";
static const char *const texts[S_COUNT] = {
    "SELECT count(*), max(md5(body)) FROM details WHERE item = $1::int",
    list_text,
    "BEGIN",
    "UPDATE stock SET n = n - 1 WHERE id = $1::int",
    "INSERT INTO sales VALUES ($1::int, now())",
    "COMMIT",
};
static const int text_params[S_COUNT] = {1, 2, 0, 1, 1, 0};

static PGconn *connect_to(const char *database)
{
    PGconn *connection = PQconnectdb(database);
    if (PQstatus(connection) != CONNECTION_OK) {
        fprintf(stderr, "service: %s", PQerrorMessage(connection));
        exit(3);
    }
    for (int i = 0; i < S_COUNT; i++) {
        PGresult *result =
            PQprepare(connection, statement_names[i], texts[i], text_params[i], NULL);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            fprintf(stderr, "service: %s", PQerrorMessage(connection));
            exit(3);
        }
        PQclear(result);
    }
    return connection;
}

/* Processor time of a backend so far. It is booked when the backend goes to sleep, so wait until
 * two looks agree. Only while profiling, at low load. */
static int64_t backend_cpu_ns(int process)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/schedstat", process);
    int64_t before = -1;
    for (int i = 0; i < 50; i++) {
        char text[64] = {0};
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0) {
            (void)close(fd);
        }
        int64_t now = got > 0 ? (int64_t)strtoll(text, NULL, 10) : -1;
        if (now < 0 || now == before) {
            return now;
        }
        before = now;
        pl_now_sleep_until(pl_now_monotonic_ns() + 100000);
    }
    return before;
}

/* Run a statement of the job. The trace gets its times. */
static bool run_statement(struct job *job, enum statement statement, const char *const *values)
{
    PL_CHECK(job->statements < STATEMENTS_MAX);
    bool profile = job->service->options.profile != 0;
    int process = PQbackendPID(job->connection);
    int64_t cpu_ns = profile ? backend_cpu_ns(process) : 0;
    int64_t start_ns = pl_now_monotonic_ns();
    PGresult *result = PQexecPrepared(
        job->connection, statement_names[statement], text_params[statement], values, NULL, NULL, 0);
    int64_t end_ns = pl_now_monotonic_ns();
    ExecStatusType status = PQresultStatus(result);
    bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (good && PQntuples(result) > 0) {
        (void)snprintf(job->body,
                       sizeof job->body,
                       "{\"count\":%s,\"max\":\"%s\"}",
                       PQgetvalue(result, 0, 0),
                       PQgetvalue(result, 0, 1));
    }
    PQclear(result);
    uint32_t i = job->statements++;
    job->trace.wall_ns[i] = end_ns - start_ns;
    job->trace.db_cpu_ns[i] = profile ? backend_cpu_ns(process) - cpu_ns : -1;
    return good;
}

/* ---- Routes ---------------------------------------------------------------------------------- */

/* Bounded processor work, as rendering a page would be: hash the body again and again. */
static void render(struct job *job)
{
    int64_t start_ns = thread_cpu_ns();
    uint64_t hash = job->number;
    for (uint32_t round = 0; round < job->service->options.work; round++) {
        for (uint32_t i = 0; i < 256; i++) {
            hash = pl_random_mix(hash ^ (uint64_t)(unsigned char)job->body[i & 63]);
        }
    }
    size_t used = strlen(job->body);
    (void)snprintf(
        job->body + used, sizeof job->body - used, "\n%016llx\n", (unsigned long long)hash);
    job->trace.render_ns = thread_cpu_ns() - start_ns;
}

/* Seconds of lognormal law with the given mean and sigma 0.5, a function of the request. */
static double wait_of(uint64_t number, double mean_s)
{
    double normal = pl_random_normal(pl_random_bits(UINT64_C(77), number));
    double scale = 1.0 + 0.5 * normal + 0.125 * normal * normal; /* near exp(normal / 2) */
    return mean_s * (scale > 0.1 ? scale : 0.1) / 1.125;
}

/* Wait for something outside of the machine, with the connection in hand. */
static void wait_outside(struct job *job, double mean_s)
{
    int64_t start_ns = pl_now_monotonic_ns();
    pl_now_sleep_until(start_ns + (int64_t)(wait_of(job->number, mean_s) * 1e9));
    job->trace.wait_ns = pl_now_monotonic_ns() - start_ns;
}

static bool run_item(struct job *job)
{
    char key[16];
    const char *values[] = {key};
    (void)snprintf(key, sizeof key, "%u", job->key);
    bool good = run_statement(job, S_ITEM, values);
    wait_outside(job, 0.004);
    return good;
}

static bool run_list(struct job *job)
{
    char key[16];
    char times[16];
    const char *values[] = {key, times};
    (void)snprintf(key, sizeof key, "%u", job->key);
    (void)snprintf(times, sizeof times, "%u", job->service->options.slow);
    return run_statement(job, S_LIST, values);
}

static bool run_buy(struct job *job)
{
    char key[16];
    const char *values[] = {key};
    (void)snprintf(key, sizeof key, "%u", job->key);
    bool good = run_statement(job, S_BEGIN, NULL) && run_statement(job, S_LOCK, values);
    if (good) {
        wait_outside(job, 0.008);
        good = run_statement(job, S_SALE, values);
    }
    return run_statement(job, S_COMMIT, NULL) && good;
}

/* Do the work of a request; returns the HTTP status. */
static uint32_t work_on(struct job *job)
{
    struct service *service = job->service;
    uint32_t which = 0;
    int64_t start_ns = pl_now_monotonic_ns();
    int64_t limit_ns = (int64_t)service->options.acquire_ms * 1000000;
    bool got = pl_gate_take(&service->pool, limit_ns, &which);
    job->trace.pool_ns = pl_now_monotonic_ns() - start_ns;
    if (!got) {
        return 503;
    }
    job->connection = service->connections[which];
    static bool (*const routes[ROUTES])(struct job *) = {run_item, run_list, run_buy};
    bool good = routes[job->trace.route](job);
    pl_gate_give(&service->pool, which);
    if (!good) {
        return 500;
    }
    render(job);
    return 200;
}

/* ---- HTTP ------------------------------------------------------------------------------------ */

/* Number behind `name=` in the request line, 0 when it is not there. */
static uint64_t query_number(const char *line, const char *name)
{
    const char *found = strstr(line, name);
    return found == NULL ? 0 : strtoull(found + strlen(name), NULL, 10);
}

static void send_answer(int fd, uint32_t status, const char *body)
{
    char bytes[1024];
    int size = snprintf(bytes,
                        sizeof bytes,
                        "HTTP/1.1 %u %s\r\nContent-Length: %zu\r\n\r\n%s",
                        status,
                        status == 200 ? "OK" : "Error",
                        strlen(body),
                        body);
    (void)send(
        fd, bytes, (size_t)size, MSG_NOSIGNAL); /* a peer that is gone is seen when reading */
}

/* Let the reader have the peer back. */
static void rearm(struct service *service, uint32_t number, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | (uint32_t)EPOLLONESHOT, .data.u32 = number};
    (void)epoll_ctl(service->epoll, operation, service->peers[number].fd, &event);
}

static void keep_trace(struct service *service, const struct trace *trace)
{
    PL_CHECK(pthread_mutex_lock(&service->mutex) == 0);
    if (service->trace_count < TRACES_MAX) {
        service->traces[service->trace_count++] = *trace;
    }
    PL_CHECK(pthread_mutex_unlock(&service->mutex) == 0);
}

static void serve(struct service *service, uint32_t number)
{
    struct peer *peer = &service->peers[number];
    struct job job = {.service = service};
    int64_t cpu_ns = thread_cpu_ns();
    job.trace.read_ns = peer->read_ns;
    job.trace.start_ns = pl_now_monotonic_ns();
    job.trace.route = strstr(peer->bytes, "/list") != NULL  ? LIST
                      : strstr(peer->bytes, "/buy") != NULL ? BUY
                                                            : ITEM;
    job.number = query_number(peer->bytes, "r=");
    job.key = (uint32_t)query_number(peer->bytes, "k=");
    job.trace.status = work_on(&job);
    send_answer(peer->fd, job.trace.status, job.body);
    job.trace.end_ns = pl_now_monotonic_ns();
    job.trace.cpu_ns = thread_cpu_ns() - cpu_ns;
    rearm(service, number, EPOLL_CTL_MOD);
    keep_trace(service, &job.trace);
}

static void *worker(void *context)
{
    struct service *service = context;
    for (;;) {
        PL_CHECK(pthread_mutex_lock(&service->mutex) == 0);
        while (service->head == service->tail) {
            (void)pthread_cond_wait(&service->filled, &service->mutex);
        }
        uint32_t number = service->queue[service->head++ % QUEUE_MAX];
        PL_CHECK(pthread_mutex_unlock(&service->mutex) == 0);
        serve(service, number);
    }
    return NULL;
}

/* Put a request in the queue; false when it is full. */
static bool enqueue(struct service *service, uint32_t number)
{
    PL_CHECK(pthread_mutex_lock(&service->mutex) == 0);
    bool room = service->tail - service->head < service->options.queue;
    if (room) {
        service->queue[service->tail++ % QUEUE_MAX] = number;
        (void)pthread_cond_signal(&service->filled);
    }
    PL_CHECK(pthread_mutex_unlock(&service->mutex) == 0);
    return room;
}

static void on_peer(struct service *service, uint32_t number)
{
    struct peer *peer = &service->peers[number];
    ssize_t got = recv(peer->fd, peer->bytes, sizeof peer->bytes - 1, 0);
    if (got <= 0) {
        (void)close(peer->fd);
        peer->fd = -1;
        return;
    }
    /* The only client is the proxy, whose short requests arrive in one piece. */
    peer->bytes[got] = '\0';
    peer->read_ns = pl_now_monotonic_ns();
    if (strstr(peer->bytes, "\r\n\r\n") == NULL) {
        fprintf(stderr, "service: a request came in pieces.\n");
        exit(3);
    }
    if (!enqueue(service, number)) {
        send_answer(peer->fd, 503, "busy\n");
        rearm(service, number, EPOLL_CTL_MOD);
    }
}

static void on_listener(struct service *service)
{
    int one = 1;
    int fd = accept(service->listener, NULL, NULL);
    if (fd < 0) {
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        if (service->peers[i].fd < 0) {
            service->peers[i].fd = fd;
            rearm(service, i, EPOLL_CTL_ADD);
            return;
        }
    }
    (void)close(fd);
}

static void *reader(void *context)
{
    struct service *service = context;
    struct epoll_event events[64];
    for (;;) {
        int count = epoll_wait(service->epoll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.u32 == PEERS_MAX) {
                on_listener(service);
            } else {
                on_peer(service, events[i].data.u32);
            }
        }
    }
    return NULL;
}

/* ---- Beginning and end ------------------------------------------------------------------------
 */

static void listen_on(struct service *service)
{
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(service->options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    service->listener = socket(AF_INET, SOCK_STREAM, 0);
    (void)setsockopt(service->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(service->listener, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(service->listener, 1024) != 0) {
        perror("service: cannot listen");
        exit(3);
    }
    service->epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = PEERS_MAX};
    PL_CHECK(epoll_ctl(service->epoll, EPOLL_CTL_ADD, service->listener, &event) == 0);
}

static void write_traces(const struct service *service)
{
    FILE *out = fopen(service->options.traces, "w");
    if (out == NULL) {
        perror("service: cannot write the traces");
        exit(3);
    }
    for (uint32_t i = 0; i < service->trace_count; i++) {
        const struct trace *t = &service->traces[i];
        fprintf(out,
                "%s %u %lld %lld %lld %lld %lld %lld %lld",
                route_names[t->route],
                t->status,
                (long long)t->read_ns,
                (long long)(t->start_ns - t->read_ns),
                (long long)(t->end_ns - t->start_ns),
                (long long)t->pool_ns,
                (long long)t->cpu_ns,
                (long long)t->render_ns,
                (long long)t->wait_ns);
        for (uint32_t s = 0; s < STATEMENTS_MAX; s++) {
            fprintf(out, " %lld %lld", (long long)t->wall_ns[s], (long long)t->db_cpu_ns[s]);
        }
        fputc('\n', out);
    }
    if (fclose(out) != 0) {
        perror("service: cannot write the traces");
        exit(3);
    }
}

static struct options read_options(int argc, char **argv)
{
    if (argc != 11) {
        fputs("usage: reality_service PORT WORKERS POOL ACQUIRE_MS QUEUE WORK SLOW PROFILE "
              "DATABASE TRACES\n",
              stderr);
        exit(2);
    }
    uint32_t numbers[8];
    for (int i = 0; i < 8; i++) {
        numbers[i] = (uint32_t)strtoul(argv[i + 1], NULL, 10);
    }
    struct options options = {
        .port = (uint16_t)numbers[0],
        .workers = numbers[1],
        .pool = numbers[2],
        .acquire_ms = numbers[3],
        .queue = numbers[4],
        .work = numbers[5],
        .slow = numbers[6],
        .profile = (uint16_t)numbers[7],
        .database = argv[9],
        .traces = argv[10],
    };
    if (options.workers < 1 || options.workers > WORKERS_MAX || options.pool < 1 ||
        options.pool > PL_GATE_MAX || options.queue < 1 || options.queue > QUEUE_MAX) {
        fputs("service: WORKERS, POOL or QUEUE is out of range.\n", stderr);
        exit(2);
    }
    return options;
}

int main(int argc, char **argv)
{
    struct service *service = calloc(1, sizeof *service);
    PL_CHECK(service != NULL);
    service->options = read_options(argc, argv);
    service->traces = calloc(TRACES_MAX, sizeof *service->traces);
    PL_CHECK(service->traces != NULL);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0UL, 0UL, 0UL);
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    sigset_t ending;
    (void)sigemptyset(&ending);
    (void)sigaddset(&ending, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &ending, NULL);
    for (uint32_t i = 0; i < PEERS_MAX; i++) {
        service->peers[i].fd = -1;
    }
    for (uint32_t i = 0; i < service->options.pool; i++) {
        service->connections[i] = connect_to(service->options.database);
    }
    pl_gate_init(&service->pool, service->options.pool);
    PL_CHECK(pthread_mutex_init(&service->mutex, NULL) == 0);
    PL_CHECK(pthread_cond_init(&service->filled, NULL) == 0);
    listen_on(service);
    pthread_t thread;
    for (uint32_t i = 0; i < service->options.workers; i++) {
        PL_CHECK(pthread_create(&thread, NULL, worker, service) == 0);
    }
    PL_CHECK(pthread_create(&thread, NULL, reader, service) == 0);
    puts("ready");
    (void)fflush(stdout);
    int got = 0;
    (void)sigwait(&ending, &got);
    PL_CHECK(pthread_mutex_lock(&service->mutex) == 0); /* no trace is added any more */
    write_traces(service);
    _exit(0);
}
