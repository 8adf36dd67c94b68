//! Arms and military aid of powers to states: purchases, gifts, packages on their way.

use oxus_kernel::{Kind, Map, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};
use oxus_math::exp;

use super::equations as eq;
use super::powers::Powers;
use crate::monthly::MONTHS;
use crate::rows::row;

const MONEY: &str = "million USD@2012/yr";

/// Ports of the pairs of a power and a state.
pub(super) struct Transfers {
    transfers: Own,
    pipeline: Own,
    shift: Sum,
    supply_share: Param,
    base: Param,
    war_share: Param,
    surplus: Param,
    package: Param,
    package_share: Param,
    package_start: Param,
    package_delay: Param,
    funded: Param,
    border_share: Param,
    theatre: Param,
    forces: Read,
    funding: Read,
    war: Scratch,
    war_here: Scratch,
    budget: Scratch,
    capability: Scratch,
    purchases: Scratch,
    given: Scratch,
    sent: Scratch,
    for_border: Scratch,
    weighted: Scratch,
    /// Gifts that arrive in a state, million USD@2012/yr.
    pub received: Scratch,
    /// The part of them that equips borders.
    pub received_border: Scratch,
    to_state: Map,
    to_power: Map,
    to_world: Map,
    state_to_world: Map,
}

impl Transfers {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let axis = "power_state";
        let (pair, state, power, world) = (ports.axis(axis), ports.axis("state"), ports.axis("power"), ports.axis("world"));
        let map = |from, to| ports.world().map(from, to).unwrap_or_default();
        let (to_state, to_power, to_world) = (map(pair, state), map(pair, power), map(pair, world));
        let state_to_world = map(state, world);
        Self {
            transfers: ports.own(
                &Variable::new("forces.transfers", axis, MONEY, Kind::Flow, "Arms and military aid of a power to a state, sold and given.")
                    .within(0.0, f64::INFINITY),
            ),
            pipeline: ports.own(
                &Variable::new("forces.pipeline", axis, "million USD@2012", Kind::Stock, "Promised packages not yet delivered.")
                    .within(0.0, f64::INFINITY),
            ),
            shift: ports.sum(&Variable::modifier("forces.transfers.log_rate", axis, Scale::Log, "Shifts gifts and the pace of packages.")),
            supply_share: ports.param("supply_share", axis, "share"),
            base: ports.param("transfer_base", axis, MONEY),
            war_share: ports.param("transfer_war_share", axis, "share"),
            surplus: ports.param("transfer_surplus", axis, MONEY),
            package: ports.param("package", axis, "million USD@2012"),
            package_share: ports.param("package_share", axis, "share"),
            package_start: ports.param("package_start", axis, "1"),
            package_delay: ports.param("package_delay", axis, "yr"),
            funded: ports.param("transfer_funded", axis, MONEY),
            border_share: ports.param("border_share", axis, "share"),
            theatre: ports.param("theatre", "state", "share"),
            forces: ports.now("drivers.foreign_forces", "state", "1"),
            funding: ports.now("drivers.security_funding", "state", "1"),
            war: ports.scratch("world"),
            war_here: ports.scratch(axis),
            budget: ports.scratch(axis),
            capability: ports.scratch(axis),
            purchases: ports.scratch(axis),
            given: ports.scratch(axis),
            sent: ports.scratch(axis),
            for_border: ports.scratch(axis),
            weighted: ports.scratch("state"),
            received: ports.scratch("state"),
            received_border: ports.scratch("state"),
            to_state,
            to_power,
            to_world,
            state_to_world,
        }
    }

    /// Transfers of the origin, without packages; leaves what states receive.
    pub fn start(&self, step: &mut Step<'_>, purchases: &Scratch) {
        step.each2(&self.pipeline, &self.package, &self.package_share, |package, share| package * share);
        step.each2(&self.given, &self.base, &self.funded, |base, funded| base + funded);
        self.arrive(step, purchases);
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>, powers: &Powers, purchases: &Scratch) {
        step.each2(&self.weighted, &self.theatre, &self.forces, |weight, forces| weight * forces.max(0.0));
        step.sum_up(&self.war, &self.weighted, &self.state_to_world);
        step.spread_down(&self.war_here, &self.war, &self.to_world);
        step.spread_down(&self.budget, &powers.budget, &self.to_power);
        step.spread_down(&self.capability, &powers.capability, &self.to_power);
        let first = step.world().first();
        let now = f64::from(first.year()) + (f64::from(first.month()) - 1.0 + step.month() as f64) / MONTHS;
        self.deliver(step, now);
        self.give(step);
        step.spread_down(&self.budget, &self.funding, &self.to_state);
        step.update3(&self.given, &self.funded, &self.budget, &self.sent, |given, funded, level, sent| {
            given + funded * level.max(0.0) + MONTHS * sent
        });
        self.arrive(step, purchases);
    }

    /// Takes the month's part out of the packages under way; most pairs have none.
    #[inline(always)]
    fn deliver(&self, step: &mut Step<'_>, now: f64) {
        step.fill(&self.sent, 0.0);
        for pair in 0..self.to_state.to.len() {
            let left = row(step, &self.pipeline, pair);
            if left.iter().all(|l| *l == 0.0) {
                continue;
            }
            let (start, delay, shift) = (row(step, &self.package_start, pair), row(step, &self.package_delay, pair), row(step, &self.shift, pair));
            let due = lanes!(|i| eq::delivered(left[i], delay[i], shift[i]));
            let sent = lanes!(|i| if now >= start[i] { due[i] } else { 0.0 });
            step.set_scratch_row(&self.sent, pair, sent);
            step.set_row(&self.pipeline, pair, lanes!(|i| (left[i] - sent[i]).max(0.0)));
        }
    }

    /// Gifts beside packages; most pairs have no shift, and then no exponential.
    #[inline(always)]
    fn give(&self, step: &mut Step<'_>) {
        step.each6(&self.given, &self.base, &self.war_share, &self.war_here, &self.budget, &self.surplus, &self.capability, eq::gifts);
        for pair in 0..self.to_state.to.len() {
            let shift = row(step, &self.shift, pair);
            if shift.iter().any(|s| *s != 0.0) {
                let given = row(step, &self.given, pair);
                step.set_scratch_row(&self.given, pair, lanes!(|i| given[i] * exp(shift[i])));
            }
        }
    }

    /// Sums gifts by receiving state and adds purchases.
    #[inline(always)]
    fn arrive(&self, step: &mut Step<'_>, purchases: &Scratch) {
        step.sum_up(&self.received, &self.given, &self.to_state);
        step.each2(&self.for_border, &self.given, &self.border_share, |given, share| given * share);
        step.sum_up(&self.received_border, &self.for_border, &self.to_state);
        step.spread_down(&self.purchases, purchases, &self.to_state);
        step.each3(&self.transfers, &self.given, &self.purchases, &self.supply_share, |given, bought, share| given + bought * share);
    }
}
