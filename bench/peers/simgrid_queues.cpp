// SPDX-License-Identifier: Apache-2.0
//
// The benchmarked queues in SimGrid (s4u): an actor per worker, a line with a semaphore per tier.
// An actor per request reads better and costs three times as much.
//
// Usage: simgrid_queues mm1|tandem REQUESTS SEED
// Prints `requests N cpu_s S mean_sojourn M` for the requests after a warm-up of a tenth.
#include <simgrid/s4u.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace sg4 = simgrid::s4u;

struct Tier {
    unsigned workers;
    double mean;
    sg4::SemaphorePtr waiting; /* counts the line */
    std::deque<double> line;   /* moments of arrival */
};

static std::mt19937_64 generator;
static std::vector<Tier> tiers;
static uint64_t warmup;
static uint64_t requests;
static uint64_t served;
static double sojourns;
static double started;
static double ended;

static double cpu_s()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

static double draw(double mean)
{
    return std::exponential_distribution<double>(1.0 / mean)(generator);
}

static void enter(size_t tier, double arrived)
{
    tiers[tier].line.push_back(arrived);
    tiers[tier].waiting->release();
}

static void finish(double arrived)
{
    served++;
    if (served == warmup) {
        started = cpu_s();
    } else if (served > warmup && served <= warmup + requests) {
        sojourns += sg4::Engine::get_clock() - arrived;
        ended = served == warmup + requests ? cpu_s() : ended;
    }
}

static void serve(size_t tier)
{
    for (;;) {
        tiers[tier].waiting->acquire();
        double arrived = tiers[tier].line.front();
        tiers[tier].line.pop_front();
        sg4::this_actor::sleep_for(draw(tiers[tier].mean));
        if (tier + 1 < tiers.size()) {
            enter(tier + 1, arrived);
        } else {
            finish(arrived);
        }
    }
}

static void source(double gap)
{
    while (served < warmup + requests) {
        sg4::this_actor::sleep_for(draw(gap));
        enter(0, sg4::Engine::get_clock());
    }
}

int main(int argc, char **argv)
{
    sg4::Engine engine(&argc, argv);
    if (argc != 4) {
        std::fputs("usage: simgrid_queues mm1|tandem REQUESTS SEED\n", stderr);
        return 2;
    }
    sg4::Engine::set_config("contexts/factory:raw");
    sg4::Engine::set_config("contexts/stack-size:16");
    bool mm1 = std::string(argv[1]) == "mm1";
    requests = std::strtoull(argv[2], nullptr, 10);
    warmup = requests / 10;
    generator.seed(std::strtoull(argv[3], nullptr, 10));
    if (mm1) {
        tiers.push_back({1, 1.0, nullptr, {}});
    } else {
        tiers.push_back({16, 11.2, nullptr, {}});
        tiers.push_back({32, 22.4, nullptr, {}});
        tiers.push_back({8, 5.6, nullptr, {}});
    }
    auto *zone = sg4::create_full_zone("zone");
    auto *host = zone->create_host("host", 1e9)->seal();
    zone->seal();
    for (size_t i = 0; i < tiers.size(); i++) {
        tiers[i].waiting = sg4::Semaphore::create(0);
        for (unsigned w = 0; w < tiers[i].workers; w++) {
            sg4::Actor::create("worker", host, serve, i)->daemonize();
        }
    }
    sg4::Actor::create("source", host, source, mm1 ? 1.0 / 0.9 : 1.0);
    engine.run();
    std::printf("requests %llu cpu_s %.6f mean_sojourn %.6f\n",
                static_cast<unsigned long long>(requests),
                ended - started,
                sojourns / static_cast<double>(requests));
    return 0;
}
