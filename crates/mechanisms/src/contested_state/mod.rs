//! Control of a contested country between its government and rebels; elections that are accepted or not; collapse.
//!
//! Only states whose parameter `contested` is 1 have dynamics; the others hold all of their country.

pub mod equations;
mod params;
#[cfg(test)]
mod tests;

use equations as eq;
use oxus_kernel::{AxisId, Definition, Emit, Event, Kind, LANES, Mechanism, NoiseIn, Own, Param, Ports, Read, Scale, Step, Sum, Variable};
use oxus_math::{exp, ln};
use params::{NumberPorts, Numbers};

use crate::monthly::{MONTHS, due, month_of, months_in, relax};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<ContestedState>("contested_state", "Control of a contested country, its elections and the fall of its government.");

const CONTROL: Variable =
    Variable::new("contested_state.control", "state", "1", Kind::Share, "Share of the population under the government.").within(0.0, 1.0);
const LEGITIMACY: Variable =
    Variable::new("contested_state.legitimacy", "state", "1", Kind::Index, "Consent to the government, 0 rejected by all to 1 accepted by all.")
        .within(0.0, 1.0);
const READINESS: Variable = Variable::new(
    "contested_state.readiness",
    "state",
    "1",
    Kind::Index,
    "Fitness of the government's own forces, 0 none to 1 able to do without help.",
)
.within(0.0, 1.0);
const GOVERNMENT: Variable =
    Variable::new("contested_state.government_strength", "state", "1", Kind::Index, "Strength of the government's side.").within(0.0, f64::INFINITY);
const REBELS: Variable =
    Variable::new("contested_state.rebel_strength", "state", "1", Kind::Index, "Strength of the rebels, on the government's scale.")
        .within(0.0, f64::INFINITY);
const CONTESTED: Variable =
    Variable::new("contested_state.election_contested", "state", "1", Kind::Count, "1 from a contested election on until the next election.")
        .within(0.0, 1.0);
const COLLAPSE: Variable =
    Variable::new("contested_state.collapse", "state", "1", Kind::Count, "1 from the month on in which control fell below the threshold.")
        .within(0.0, 1.0);

const LEGITIMACY_TARGET: Variable =
    Variable::modifier("contested_state.legitimacy.target", "state", Scale::Additive, "Shifts where legitimacy tends to.");
const READINESS_TARGET: Variable =
    Variable::modifier("contested_state.readiness.target", "state", Scale::Additive, "Shifts where readiness tends to.");
const GOVERNMENT_LOG: Variable =
    Variable::modifier("contested_state.government.log", "state", Scale::Log, "Shifts the log strength of the government.");
const REBEL_LOG: Variable = Variable::modifier("contested_state.rebel.log", "state", Scale::Log, "Shifts the log strength of the rebels.");
const ELECTION_LOGIT: Variable =
    Variable::modifier("contested_state.contested_election.logit", "state", Scale::Logit, "Shifts the probability that an election is contested.");

/// The mechanism: ports.
pub struct ContestedState {
    rebellious: Param,
    numbers: NumberPorts,
    control: Own,
    legitimacy: Own,
    readiness: Own,
    government: Own,
    rebels: Own,
    contested: Own,
    collapse: Own,
    legitimacy_target: Sum,
    readiness_target: Sum,
    government_log: Sum,
    rebel_log: Sum,
    election_logit: Sum,
    forces: Read,
    funding: Read,
    fighters: Read,
    noise: NoiseIn,
    vote: NoiseIn,
    election: Emit,
    domain: u64,
    states: AxisId,
}

/// What the last election left behind: nothing, consent or a quarrel, as the factor of its effect on legitimacy; fighters at the origin.
#[derive(Default)]
pub struct Memory {
    outcome: Vec<f64>,
    fighters: Vec<f64>,
}

impl Mechanism for ContestedState {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self {
            rebellious: ports.param("contested", "state", "1"),
            numbers: NumberPorts::declare(ports),
            control: ports.own(&CONTROL),
            legitimacy: ports.own(&LEGITIMACY),
            readiness: ports.own(&READINESS),
            government: ports.own(&GOVERNMENT),
            rebels: ports.own(&REBELS),
            contested: ports.own(&CONTESTED),
            collapse: ports.own(&COLLAPSE),
            legitimacy_target: ports.sum(&LEGITIMACY_TARGET),
            readiness_target: ports.sum(&READINESS_TARGET),
            government_log: ports.sum(&GOVERNMENT_LOG),
            rebel_log: ports.sum(&REBEL_LOG),
            election_logit: ports.sum(&ELECTION_LOGIT),
            forces: ports.now("drivers.foreign_forces", "state", "1"),
            funding: ports.now("drivers.security_funding", "state", "1"),
            fighters: ports.prev("insurgency.active", "state", "persons"),
            noise: ports.normals("control", "state"),
            vote: ports.uniforms("election", "state"),
            election: ports.emit("contested_state.election", "state"),
            domain: ports.domain("election"),
            states: ports.axis("state"),
        }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let states = step.slice(&self.control).len() / LANES;
        memory.outcome.clear();
        memory.outcome.resize(states * LANES, 0.0);
        memory.fighters.clear();
        memory.fighters.resize(states * LANES, 0.0);
        for state in 0..states {
            for lane in 0..LANES {
                let n = self.numbers.at(step, state, lane);
                let contested = step.get(&self.rebellious, state, lane) > 0.5;
                let government = if contested { origin_strength(&n) } else { 1.0 };
                step.set(&self.control, state, lane, if contested { eq::control(eq::log_odds(n.control)) } else { 1.0 });
                step.set(&self.legitimacy, state, lane, n.legitimacy.clamp(0.0, 1.0));
                step.set(&self.readiness, state, lane, n.readiness.clamp(0.0, 1.0));
                step.set(&self.government, state, lane, government);
                step.set(&self.rebels, state, lane, if contested { government * exp(-n.balance) } else { 0.0 });
                step.set(&self.contested, state, lane, 0.0);
                step.set(&self.collapse, state, lane, 0.0);
            }
        }
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        if step.month() == 0 {
            memory.fighters.copy_from_slice(step.slice(&self.fighters));
        }
        step.draw(&self.noise);
        step.draw(&self.vote);
        for state in 0..memory.outcome.len() / LANES {
            for lane in 0..LANES {
                if step.get(&self.rebellious, state, lane) > 0.5 {
                    let n = self.numbers.at(step, state, lane);
                    self.vote(step, memory, &n, state, lane);
                    self.indices(step, memory, &n, state, lane);
                    self.contest(step, memory, &n, state, lane);
                }
            }
        }
    }
}

/// Strength of the government at the origin, where foreign forces and outside funding are 1 by definition.
fn origin_strength(n: &Numbers) -> f64 {
    eq::government_strength(n.readiness, n.legitimacy, 1.0, n.foreign_weight, 1.0, 0.0)
}

impl ContestedState {
    /// Holds the election of the month, if there is one, by the calendar or imposed (size 1 contested, 0 accepted).
    fn vote(&self, step: &mut Step<'_>, memory: &mut Memory, n: &Numbers, state: usize, lane: usize) {
        let now = step.world().first().index() + step.month() as i32;
        let imposed = step.imposed(&self.election).find(|i| i.entity as usize == state).map(|i| (i.id, i.size));
        let fallen = step.get(&self.collapse, state, lane) > 0.0;
        let due = due(now, month_of(n.election_year, n.election_month), months_in(n.election_interval));
        if step.muted(&self.election, state) || (imposed.is_none() && (!due || fallen)) {
            return;
        }
        let margin = match imposed {
            Some((_, size)) if size >= 0.5 => f64::INFINITY,
            Some(_) => f64::NEG_INFINITY,
            None => {
                let shift = step.get(&self.election_logit, state, lane);
                eq::contested_margin(n.contested_probability, shift, step.get(&self.vote, state, lane))
            }
        };
        let key = step.world().axis(self.states).keys[state];
        let id = imposed.map_or_else(|| oxus_random::mix64(oxus_random::mix64(self.domain, key), now as u64), |i| i.0);
        if step.silenced(id) {
            return;
        }
        let contested = margin > 0.0;
        memory.outcome[state * LANES + lane] = if contested { -1.0 } else { 1.0 };
        step.set(&self.contested, state, lane, f64::from(contested));
        let but_for = if contested { step.but_for(lane, &self.election_logit, state, margin) } else { Default::default() };
        let time = step.month() as f64 + 0.5;
        let size = f64::from(contested);
        step.emit(lane, Event { kind: self.election.kind(), entity: state as u32, id, parent: None, time, size, margin: margin.abs(), but_for });
    }

    /// Legitimacy and readiness move towards their targets.
    fn indices(&self, step: &mut Step<'_>, memory: &Memory, n: &Numbers, state: usize, lane: usize) {
        let outcome = memory.outcome[state * LANES + lane];
        let of_election = if outcome < 0.0 { -n.contested_loss } else { n.accepted_gain * outcome };
        let target = n.legitimacy_target + of_election + step.get(&self.legitimacy_target, state, lane);
        let legitimacy = relax(step.get(&self.legitimacy, state, lane), target, n.legitimacy_months);
        step.set(&self.legitimacy, state, lane, legitimacy);
        let paid = eq::paid(self.resources(step, n, state, lane), n.pay_need);
        let target = (n.readiness_target + step.get(&self.readiness_target, state, lane)).clamp(0.0, 1.0) * paid;
        let readiness = relax(step.get(&self.readiness, state, lane), target, n.readiness_months);
        step.set(&self.readiness, state, lane, readiness);
    }

    /// Own and outside money; outsiders stop paying a government that has fallen.
    fn resources(&self, step: &Step<'_>, n: &Numbers, state: usize, lane: usize) -> f64 {
        let standing = step.get(&self.collapse, state, lane) == 0.0;
        eq::resources(n.domestic_share, if standing { step.get(&self.funding, state, lane).max(0.0) } else { 0.0 })
    }

    /// Strengths and the step of control; collapse is for good.
    fn contest(&self, step: &mut Step<'_>, memory: &Memory, n: &Numbers, state: usize, lane: usize) {
        let forces = step.get(&self.forces, state, lane).max(0.0);
        let (legitimacy, readiness) = (step.get(&self.legitimacy, state, lane), step.get(&self.readiness, state, lane));
        let resources = self.resources(step, n, state, lane);
        let worth = eq::worth(resources, n.returns);
        let government = eq::government_strength(readiness, legitimacy, worth, n.foreign_weight, forces, step.get(&self.government_log, state, lane));
        let origin = memory.fighters[state * LANES + lane];
        let fighters = if origin > 0.0 { (step.get(&self.fighters, state, lane) / origin).max(0.0) } else { 1.0 };
        let men = (1.0 - n.fighter_share) + n.fighter_share * fighters;
        let unpaid = 1.0 - eq::paid(resources, n.pay_need);
        let ln_recruits = eq::ln_recruitment(n.legitimacy - legitimacy, n.rebel_grievance, forces, n.resentment, unpaid, n.defection);
        let support = eq::rebel_support(n.sanctuary, n.sanctuary_level, n.proxies, n.proxy_level);
        let scale = origin_strength(n) * men * support;
        let rebels = scale.max(eq::STRENGTH_FLOOR) * exp(ln_recruits - n.balance + step.get(&self.rebel_log, state, lane));
        let before = eq::log_odds(step.get(&self.control, state, lane));
        let z = step.get(&self.noise, state, lane);
        let after = eq::control_step(before, n.speed, ln(government) - ln(rebels), n.sigma, z, 1.0 / MONTHS);
        step.set(&self.government, state, lane, government);
        step.set(&self.rebels, state, lane, rebels);
        step.set(&self.control, state, lane, eq::control(after));
        if eq::control(after) < n.collapse_below {
            step.set(&self.collapse, state, lane, 1.0);
        }
    }
}
