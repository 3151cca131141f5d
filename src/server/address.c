// SPDX-License-Identifier: Apache-2.0
#include "server/address.h"

#include "base/check.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static pl_status bad_address(pl_error *err, const char *text)
{
    return pl_fail(err,
                   PL_BAD_INPUT,
                   NULL,
                   "'%s' is no address to listen on; write it like 127.0.0.1:7586, 0.0.0.0:7586 "
                   "or [::1]:7586.",
                   text);
}

bool pl_address_is_one(const char *host)
{
    unsigned char memory[sizeof(struct in6_addr)];
    PL_CHECK(host != NULL);
    return inet_pton(AF_INET, host, memory) == 1 || inet_pton(AF_INET6, host, memory) == 1;
}

pl_status pl_address_parse(struct pl_address *address, const char *text, pl_error *err)
{
    PL_CHECK(address != NULL && text != NULL);
    memset(address, 0, sizeof *address);
    const char *colon = strrchr(text, ':');
    if (colon == NULL) {
        return bad_address(err, text);
    }
    const char *begin = text;
    const char *end = colon;
    if (*begin == '[' && end > begin && end[-1] == ']') {
        begin++;
        end--;
    }
    size_t size = (size_t)(end - begin);
    size_t digits = strspn(colon + 1, "0123456789");
    long port =
        digits > 0 && digits <= 5 && colon[1 + digits] == '\0' ? strtol(colon + 1, NULL, 10) : -1;
    if (size >= sizeof address->host || port < 0 || port > UINT16_MAX) {
        return bad_address(err, text);
    }
    memcpy(address->host, begin, size);
    if (strcmp(address->host, "localhost") == 0) {
        (void)snprintf(address->host, sizeof address->host, "127.0.0.1");
    }
    if (!pl_address_is_one(address->host)) {
        return bad_address(err, text);
    }
    address->port = (uint16_t)port;
    return PL_OK;
}

bool pl_address_forwarded(const char *list, char host[PL_ADDRESS_MAX])
{
    PL_CHECK(list != NULL && host != NULL);
    char text[PL_ADDRESS_MAX];
    const char *comma = strrchr(list, ',');
    const char *begin = comma != NULL ? comma + 1 : list;
    begin += strspn(begin, " \t[");
    size_t size = strcspn(begin, " \t]");
    const char *colon = memchr(begin, ':', size);
    if (colon != NULL && memchr(colon + 1, ':', size - (size_t)(colon + 1 - begin)) == NULL) {
        size = (size_t)(colon - begin); /* IPv4 with a port */
    }
    if (size >= sizeof text) {
        return false;
    }
    memcpy(text, begin, size);
    text[size] = '\0';
    if (!pl_address_is_one(text)) {
        return false;
    }
    memcpy(host, text, size + 1);
    return true;
}

bool pl_address_is_loopback(const char *host)
{
    PL_CHECK(host != NULL);
    return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/* The first address of this machine that others may reach; false when there is none. */
static bool reachable_address(char *host, socklen_t size)
{
    struct ifaddrs *all;
    if (getifaddrs(&all) != 0) {
        return false;
    }
    bool found = false;
    for (const struct ifaddrs *at = all; at != NULL && !found; at = at->ifa_next) {
        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET) {
            continue;
        }
        found =
            getnameinfo(
                at->ifa_addr, sizeof(struct sockaddr_in), host, size, NULL, 0, NI_NUMERICHOST) ==
                0 &&
            !pl_address_is_loopback(host);
    }
    freeifaddrs(all);
    return found;
}

void pl_address_put_url(struct pl_buf *buf, const char *host, uint16_t port)
{
    char reachable[PL_ADDRESS_MAX];
    bool all = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    if (all) {
        host = reachable_address(reachable, sizeof reachable) ? reachable : "127.0.0.1";
    }
    bool brackets = strchr(host, ':') != NULL;
    pl_buf_printf(buf, "http://%s%s%s", brackets ? "[" : "", host, brackets ? "]" : "");
    if (port != 80) {
        pl_buf_printf(buf, ":%u", port);
    }
}
