// SPDX-License-Identifier: Apache-2.0
#include "support/shop.h"

#include "cli/guide.h"

#include <stdio.h>

#define NAME(target, text) snprintf(target, sizeof target, "%s", text)

static void fill_actions(struct pl_setting *setting)
{
    struct pl_action *flag = &setting->actions[0];
    struct pl_action *scale = &setting->actions[1];
    setting->action_count = 2;
    NAME(flag->name, "flag");
    NAME(flag->title, "set the share of users that have a feature flag");
    flag->arg_count = 2;
    NAME(flag->args[0].name, "flag");
    flag->args[0].kind = PL_ARG_CHOICE;
    flag->args[0].option_count = 2;
    NAME(flag->args[0].options[0], "fraud-inline-v2");
    NAME(flag->args[0].options[1], "gift-wrapping");
    NAME(flag->args[1].name, "share");
    flag->args[1].kind = PL_ARG_SHARE;
    NAME(scale->name, "scale");
    NAME(scale->title, "change the number of pods");
    scale->arg_count = 2;
    NAME(scale->args[0].name, "service");
    scale->args[0].kind = PL_ARG_CHOICE;
    scale->args[0].option_count = 2;
    NAME(scale->args[0].options[0], "checkout-api");
    NAME(scale->args[0].options[1], "storefront-api");
    NAME(scale->args[1].name, "pods");
    scale->args[1].kind = PL_ARG_COUNT;
}

struct pl_lexicon test_shop(void)
{
    static struct pl_world world;
    static struct pl_scenario scenario;
    world.service_count = 2;
    NAME(world.services[0].name, "checkout-api");
    NAME(world.services[1].name, "storefront-api");
    world.database_count = 1;
    NAME(world.databases[0].name, "orders-db");
    world.vendor_count = 1;
    NAME(world.vendors[0].name, "payment");
    NAME(scenario.page_service, "checkout-api");
    scenario.setting.person_count = 2;
    NAME(scenario.setting.people[0].id, "tomasz");
    NAME(scenario.setting.people[1].id, "ines");
    scenario.setting.page_count = 1;
    NAME(scenario.setting.pages[0].name, "latency");
    fill_actions(&scenario.setting);
    struct pl_lexicon lexicon = {&world, &scenario, pl_guide_verb_names()};
    return lexicon;
}
