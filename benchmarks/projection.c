/* The look-ahead projection written by hand, for comparison with the one derived from sim/model: the one place where
   rules stand twice. LANES runs side by side in m[row * LANES + lane]; rows.h, written by projection.py, says which
   row holds what. No fused multiply-adds (-ffp-contract=off), so results can be compared bit by bit. */

#include <math.h>
#include <stddef.h>
#include "rows.h"

typedef struct {
    double china_flow, workers_in_china, workers_in_russia, russia_flow, arms_flow, munitions_stock, economy,
        dependence_on_china, warmth_beijing_pyongyang, warmth_moscow_pyongyang, warmth_beijing_moscow,
        warmth_beijing_washington, warmth_beijing_seoul, warmth_washington_pyongyang, warmth_seoul_pyongyang,
        capability, tension, allied_buildup, recognition, sanctions_pressure, pact;
} World;

#define STOCKS(each) \
    each(china_flow) each(workers_in_china) each(workers_in_russia) each(russia_flow) each(arms_flow) \
    each(munitions_stock) each(economy) each(dependence_on_china) each(warmth_beijing_pyongyang) \
    each(warmth_moscow_pyongyang) each(warmth_beijing_moscow) each(warmth_beijing_washington) \
    each(warmth_beijing_seoul) each(warmth_washington_pyongyang) each(warmth_seoul_pyongyang) each(capability) \
    each(tension) each(allied_buildup) each(recognition) each(sanctions_pressure) each(pact)

#define AT(row) m[(row) * LANES + i]
#define P(name) AT(PARAMS_##name)
#define M(name) AT(MOVES_##name)
#define D(name) AT(OUTLOOK_##name)
#define RATE(name) AT(PACE_##name)

static inline double clip(double x, double low, double high) {
    double raised = low > x ? low : x;
    return high < raised ? high : raised;
}
static inline double sigmoid(double x) { return 0.5 * (1.0 + x / sqrt(4.0 + x * x)); }
static inline double goldstein(double x) { return 10.0 * x / sqrt(16.0 + x * x); }
static inline double goodwill(double warmth) { return 0.5 + 0.05 * warmth; }
static inline double most(double x, double y) { return y > x ? y : x; }
static inline double relax(double x, double target, double rate) { return x + rate * (target - x); }

#define TOWARD(stock, target, low, high) now.stock = clip(relax(before.stock, target, RATE(stock)), low, high)
#define SHARE(stock, target) TOWARD(stock, target, 0.0, 1.0)
#define WARMTH(pair, influences) \
    TOWARD(warmth_##pair, goldstein(influences) + D(noise_##pair), -10.0, 10.0)

static inline __attribute__((always_inline)) World advance(World before, World known, const double *m, size_t i) {
    World now = known;

    double eased = 1.0 + P(goodwill_trade) * (goodwill(now.warmth_beijing_pyongyang) - P(goodwill_par));
    eased = eased > 0.0 ? eased : 0.0;
    TOWARD(china_flow, D(border) * M(beijing_trade) * eased, 0.0, 1.8);
    SHARE(workers_in_china, M(beijing_workers));
    double moved = relax(before.workers_in_russia, D(border_russia) * M(moscow_labour), RATE(workers_in_russia));
    double can_come = before.workers_in_russia + AT(PACE_months) * P(workers_arriving);
    now.workers_in_russia = clip(can_come < moved ? can_come : moved, 0.0, 1.0);
    double for_arms = P(payment_floor) + (1.0 - P(payment_floor)) * now.arms_flow;
    TOWARD(russia_flow, D(border_russia) * D(keep) * P(payment_goods) * M(deal_pay) * for_arms, 0.0, 0.45);
    double available = now.munitions_stock / (now.munitions_stock + P(stock_half));
    SHARE(arms_flow, D(border_russia) * M(deal_arms) * available);
    double refilled = P(stock_refill) * (1.0 - now.munitions_stock) * (1.0 + P(stock_orders) * now.arms_flow);
    double drained = P(stock_drain) * now.arms_flow;
    now.munitions_stock = clip(before.munitions_stock + AT(PACE_months) * (refilled - drained), 0.0, 1.0);

    double from_china = now.china_flow + P(worth_workers_in_china) * now.workers_in_china;
    double resources = from_china + now.russia_flow + P(worth_workers_in_russia) * now.workers_in_russia
        + P(worth_arms) * now.arms_flow + P(illicit_income) * (1.0 - now.sanctions_pressure);
    double usual = P(resources_par) / (P(resources_par) + P(resources_half));
    TOWARD(economy, P(economy_par) + P(economy_gain) * (resources / (resources + P(resources_half)) - usual)
        - P(flood_loss) * D(flood), 0.7, 1.1);
    SHARE(dependence_on_china, from_china / (1e-9 > resources ? 1e-9 : resources));

    double tests = most(0.0, M(pyongyang_provoke) - 0.33) / (1.0 - 0.33);
    double nuclear = most(0.0, M(pyongyang_provoke) - 0.67) / (1.0 - 0.67);
    double sought = most(0.0, M(pyongyang_toward_moscow) - 0.6) / (1.0 - 0.6);
    double condemned = tests * (1.0 - most(0.0, M(moscow_cover)));
    double guardian = M(beijing_leash) * most(M(pyongyang_provoke), -M(beijing_leash));
    now.pact = clip(most(before.pact, D(isolation) * now.arms_flow * sought), 0.0, 1.0);

    double heeded = P(influence_goodwill) * goodwill(now.warmth_beijing_pyongyang)
        + (1.0 - P(influence_goodwill)) * 1.0;
    double influence = sqrt(now.dependence_on_china * heeded);
    double leashed = P(leash_hold) * influence * M(beijing_leash);
    double threat = M(pyongyang_provoke) * (1.0 - leashed) + D(crisis);
    double crossing = P(favour_trade) * (M(beijing_trade) - P(favour_trade_par)) + P(favour_visits) * M(beijing_visits);
    double favour = D(border) * crossing + P(favour_workers) * (M(beijing_workers) - P(favour_workers_par));
    double received = 1.0 + P(reception) * M(pyongyang_toward_beijing);
    WARMTH(beijing_pyongyang, favour * received
        - P(beijing_pyongyang_leash) * M(beijing_leash) * M(pyongyang_provoke)
        + P(beijing_pyongyang_bloc) * M(beijing_bloc) - P(beijing_pyongyang_west) * M(beijing_toward_west)
        + P(beijing_pyongyang_stance) * M(pyongyang_toward_beijing)
        - P(beijing_pyongyang_moscow) * M(pyongyang_toward_moscow)
        - P(beijing_pyongyang_provocation) * threat - P(beijing_pyongyang_nuclear) * nuclear
        + P(beijing_pyongyang_base));
    WARMTH(moscow_pyongyang, P(moscow_pyongyang_pay) * M(deal_pay)
        + P(moscow_pyongyang_technology) * M(deal_technology) + P(moscow_pyongyang_cover) * M(moscow_cover)
        + P(moscow_pyongyang_arms) * now.arms_flow
        + P(moscow_pyongyang_stance) * D(isolation) * M(pyongyang_toward_moscow)
        + P(moscow_pyongyang_labour) * M(moscow_labour) + P(moscow_pyongyang_pact) * now.pact
        + P(moscow_pyongyang_base));
    WARMTH(beijing_moscow, P(beijing_moscow_base) + P(beijing_moscow_isolation) * D(isolation)
        + P(beijing_moscow_threat) * (1.0 - goodwill(now.warmth_beijing_washington))
        + P(beijing_moscow_bloc) * M(beijing_bloc)
        - P(beijing_moscow_technology) * M(deal_technology));
    double taint = P(taint) * now.arms_flow * (2.0 + M(beijing_bloc) + M(beijing_visits) - M(beijing_toward_west)) / 2.0;
    double embrace = P(visits_cost) * M(beijing_visits) * (1.0 + tests);
    double heard = 1.0 - P(rivalry_deafness) * D(rivalry);
    WARMTH(beijing_washington, P(beijing_washington_base) - P(beijing_washington_rivalry) * D(rivalry)
        + P(beijing_washington_west) * M(beijing_toward_west) * heard
        + P(beijing_washington_line) * M(washington_toward_beijing) - P(beijing_washington_bloc) * M(beijing_bloc)
        - P(beijing_washington_trade) * (M(beijing_trade) - 1.0) * D(border)
        - P(beijing_washington_workers) * (M(beijing_workers) - 0.5) - P(beijing_washington_tension) * now.tension
        - P(beijing_washington_buildup) * now.allied_buildup + P(leash_credit) * guardian
        + D(spillover) * now.warmth_beijing_seoul / 10.0 - embrace - taint);
    WARMTH(beijing_seoul, P(beijing_seoul_base) + P(beijing_seoul_west) * M(beijing_toward_west)
        + P(beijing_seoul_line) * M(seoul_toward_beijing) - P(beijing_seoul_bloc) * M(beijing_bloc)
        - P(beijing_seoul_tension) * now.tension - P(beijing_seoul_buildup) * now.allied_buildup
        + P(leash_credit) * guardian - embrace - taint);
    WARMTH(washington_pyongyang, P(washington_pyongyang_base)
        + P(washington_pyongyang_talks) * M(pyongyang_talks) * (1.0 - M(washington_sanction)) / 2.0
        - P(washington_pyongyang_sanction) * M(washington_sanction)
        - P(washington_pyongyang_posture) * M(washington_posture)
        - P(washington_pyongyang_provocation) * threat);
    WARMTH(seoul_pyongyang, P(seoul_pyongyang_base) + P(seoul_pyongyang_talks) * M(pyongyang_talks)
        + P(seoul_pyongyang_north) * (M(pyongyang_talks) < M(seoul_north) ? M(pyongyang_talks) : M(seoul_north))
        - P(seoul_pyongyang_provocation) * threat
        - P(seoul_pyongyang_arms) * now.arms_flow);

    double gained = P(capability_tests) * tests
        + P(capability_technology) * M(deal_technology) * D(keep) + P(capability_own);
    now.capability = clip(before.capability + AT(PACE_months) * gained * (1.0 - now.capability), 0.0, 1.0);
    SHARE(tension, sigmoid(P(tension_gain) * (P(tension_provocation) * threat
        + P(tension_capability) * now.capability + P(tension_arms) * now.arms_flow
        - P(tension_washington) * goodwill(now.warmth_washington_pyongyang) - P(tension_threshold))));
    SHARE(allied_buildup, sigmoid(P(buildup_gain) * (P(buildup_tension) * now.tension
        + P(buildup_posture) * M(washington_posture) + P(buildup_arms) * now.arms_flow
        - P(buildup_north) * M(seoul_north) - P(buildup_threshold))));
    SHARE(recognition, sigmoid(P(recognition_gain) * (P(recognition_capability) * now.capability
        + P(recognition_cover) * M(moscow_cover) + P(recognition_moscow) * goodwill(now.warmth_moscow_pyongyang)
        + P(recognition_bloc) * M(beijing_bloc) - P(recognition_tests) * condemned
        - P(recognition_threshold))));
    double enforced = P(sanctions_base) + P(sanctions_washington) * M(washington_sanction)
        + P(sanctions_tests) * condemned;
    double thinned = 1.0 - P(sanctions_cover) * (1.0 + M(moscow_cover)) / 2.0;
    SHARE(sanctions_pressure, D(sanctions_nominal) * enforced * thinned);
    return now;
}

void project(double *m) {
    for (size_t i = 0; i < LANES; i++) {
        World before, half;
#define READ(stock) before.stock = AT(WORLD_##stock);
        STOCKS(READ)
        World end = advance(before, before, m, i);
#define HALFWAY(stock) half.stock = 0.5 * (before.stock + end.stock);
        STOCKS(HALFWAY)
        end = advance(before, half, m, i);
#define WRITE(stock) AT(END_##stock) = end.stock;
        STOCKS(WRITE)
    }
}

/* Call one or the other through a pointer, so that no compiler moves work out of the loop. */
void repeat(void (*projection)(double *), double *m, size_t times) {
    for (size_t r = 0; r < times; r++) projection(m);
}
