// SPDX-License-Identifier: Apache-2.0
#include "support/shop.h"

#include "cli/guide.h"

#include <stdio.h>

static void set_name(char *target, const char *text)
{
    snprintf(target, PL_NAME_MAX, "%s", text);
}

static void fill_actions(struct pl_setting *setting)
{
    struct pl_action *flag = &setting->actions[0];
    struct pl_action *scale = &setting->actions[1];
    setting->action_count = 2;
    set_name(flag->name, "flag");
    set_name(flag->title, "set the share of users that have a feature flag");
    flag->arg_count = 2;
    set_name(flag->args[0].name, "flag");
    flag->args[0].kind = PL_ARG_CHOICE;
    flag->args[0].option_count = 2;
    set_name(flag->args[0].options[0], "fraud-inline-v2");
    set_name(flag->args[0].options[1], "gift-wrapping");
    set_name(flag->args[1].name, "share");
    flag->args[1].kind = PL_ARG_SHARE;
    set_name(scale->name, "scale");
    set_name(scale->title, "change the number of pods");
    scale->arg_count = 2;
    set_name(scale->args[0].name, "service");
    scale->args[0].kind = PL_ARG_CHOICE;
    scale->args[0].option_count = 2;
    set_name(scale->args[0].options[0], "checkout-api");
    set_name(scale->args[0].options[1], "storefront-api");
    set_name(scale->args[1].name, "pods");
    scale->args[1].kind = PL_ARG_COUNT;
}

struct pl_lexicon test_shop(void)
{
    static struct pl_world world;
    static struct pl_scenario scenario;
    world.service_count = 2;
    set_name(world.services[0].name, "checkout-api");
    set_name(world.services[1].name, "storefront-api");
    world.database_count = 1;
    set_name(world.databases[0].name, "orders-db");
    world.vendor_count = 1;
    set_name(world.vendors[0].name, "payment");
    set_name(scenario.page_service, "checkout-api");
    scenario.setting.person_count = 2;
    set_name(scenario.setting.people[0].id, "tomasz");
    set_name(scenario.setting.people[1].id, "ines");
    scenario.setting.page_count = 1;
    set_name(scenario.setting.pages[0].name, "latency");
    fill_actions(&scenario.setting);
    struct pl_lexicon lexicon = {&world, &scenario, pl_guide_verb_names()};
    return lexicon;
}
