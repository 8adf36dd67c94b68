//! Arms and military aid of powers to states: purchases, gifts, packages on their way.

use oxus_kernel::{Kind, LANES, Map, Own, Param, Ports, Read, Scale, Scratch, Step, Sum, Variable};
use oxus_math::exp;

use super::equations as eq;
use super::powers::Powers;
use crate::monthly::MONTHS;
use crate::rows::{Row, add, mapped, row};

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
    given: Scratch,
    for_border: Scratch,
    /// Gifts that arrive in a state, million USD@2012/yr.
    pub received: Scratch,
    /// The part of them that equips borders.
    pub received_border: Scratch,
    to_state: Map,
    to_power: Map,
}

impl Transfers {
    pub fn declare(ports: &mut Ports<'_>) -> Self {
        let axis = "power_state";
        let (pair, state, power) = (ports.axis(axis), ports.axis("state"), ports.axis("power"));
        let map = |from, to| ports.world().map(from, to).unwrap_or_default();
        let (to_state, to_power) = (map(pair, state), map(pair, power));
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
            given: ports.scratch(axis),
            for_border: ports.scratch(axis),
            received: ports.scratch("state"),
            received_border: ports.scratch("state"),
            to_state,
            to_power,
        }
    }

    fn count(&self, step: &Step<'_>) -> usize {
        step.slice(&self.transfers).len() / LANES
    }

    /// Transfers of the origin, without packages; leaves what states receive.
    pub fn start(&self, step: &mut Step<'_>, purchases: &Scratch) {
        step.each2(&self.pipeline, &self.package, &self.package_share, |package, share| package * share);
        for pair in 0..self.count(step) {
            let (base, funded) = (row(step, &self.base, pair), row(step, &self.funded, pair));
            self.arrive(step, purchases, pair, lanes!(|l| base[l] + funded[l]));
        }
        self.receive(step);
    }

    #[inline(always)]
    pub fn step(&self, step: &mut Step<'_>, powers: &Powers, purchases: &Scratch) {
        let war = self.war(step);
        let first = step.world().first();
        let now = f64::from(first.year()) + (f64::from(first.month()) - 1.0 + step.month() as f64) / MONTHS;
        for pair in 0..self.count(step) {
            let (sent, given) = (self.deliver(step, pair, now), self.give(step, powers, pair, &war));
            let (funded, level) = (row(step, &self.funded, pair), mapped(step, &self.funding, &self.to_state, pair));
            self.arrive(step, purchases, pair, lanes!(|l| given[l] + funded[l] * level[l].max(0.0) + MONTHS * sent[l]));
        }
        self.receive(step);
    }

    /// Level of the war next door, 1 at the origin.
    #[inline(always)]
    fn war(&self, step: &Step<'_>) -> Row {
        let mut war = [0.0; LANES];
        for s in 0..step.slice(&self.theatre).len() / LANES {
            let (weight, forces) = (row(step, &self.theatre, s), row(step, &self.forces, s));
            add(&mut war, &lanes!(|l| weight[l] * forces[l].max(0.0)));
        }
        war
    }

    /// Takes the month's part out of the packages under way; most pairs have none.
    #[inline(always)]
    fn deliver(&self, step: &mut Step<'_>, pair: usize, now: f64) -> Row {
        let left = row(step, &self.pipeline, pair);
        if left.iter().all(|l| *l == 0.0) {
            return [0.0; LANES];
        }
        let (start, delay, shift) = (row(step, &self.package_start, pair), row(step, &self.package_delay, pair), row(step, &self.shift, pair));
        let due = lanes!(|l| eq::delivered(left[l], delay[l], shift[l]));
        let sent = lanes!(|l| if now >= start[l] { due[l] } else { 0.0 });
        step.set_row(&self.pipeline, pair, lanes!(|l| (left[l] - sent[l]).max(0.0)));
        sent
    }

    /// Gifts beside packages; most pairs have no shift, and then no exponential.
    #[inline(always)]
    fn give(&self, step: &Step<'_>, powers: &Powers, pair: usize, war: &Row) -> Row {
        let (base, war_share, surplus) = (row(step, &self.base, pair), row(step, &self.war_share, pair), row(step, &self.surplus, pair));
        let budget = mapped(step, &powers.budget, &self.to_power, pair);
        let capability = mapped(step, &powers.capability, &self.to_power, pair);
        let shift = row(step, &self.shift, pair);
        let given = lanes!(|l| eq::gifts(base[l], war_share[l], war[l], budget[l], surplus[l], capability[l]));
        if shift.iter().any(|s| *s != 0.0) { lanes!(|l| given[l] * exp(shift[l])) } else { given }
    }

    /// Notes a pair's gifts and adds purchases.
    #[inline(always)]
    fn arrive(&self, step: &mut Step<'_>, purchases: &Scratch, pair: usize, given: Row) {
        let (border, supply) = (row(step, &self.border_share, pair), row(step, &self.supply_share, pair));
        let bought = mapped(step, purchases, &self.to_state, pair);
        step.set_scratch_row(&self.given, pair, given);
        step.set_scratch_row(&self.for_border, pair, lanes!(|l| given[l] * border[l]));
        step.set_row(&self.transfers, pair, lanes!(|l| given[l] + bought[l] * supply[l]));
    }

    /// Sums gifts by receiving state.
    #[inline(always)]
    fn receive(&self, step: &mut Step<'_>) {
        step.sum_up(&self.received, &self.given, &self.to_state);
        step.sum_up(&self.received_border, &self.for_border, &self.to_state);
    }
}
