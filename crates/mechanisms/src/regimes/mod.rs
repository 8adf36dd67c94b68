//! Survival and succession of governments, slow indices of how they rule, disputes and closures at their borders.
//!
//! Incumbents are offices: an age and a tenure, never a name. The order of a month: hazards from the previous month's values, exits and
//! successions, shocks to neighbours, indices, borders.

mod borders;
pub mod equations;
mod exits;
mod hazard;
mod indices;
mod params;
mod ports;
#[cfg(test)]
#[allow(clippy::needless_range_loop, reason = "a lane indexes several paths at once")]
mod tests;

use equations::{Mortality, shock_left};
use hazard::hazards;
use indices::indices;
use oxus_kernel::{Component, Definition, Embedding, Immigrant, LANES, Mechanism, Ports, Step};
use oxus_math::ln;
use ports::Wired;

use crate::monthly::{MONTHS, next_due};
use crate::rows::Row;
use crate::seen::Seen;

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Regimes>("regimes", "Irregular exits, deaths and successions of leaders, how states are ruled, disputes at their borders.");

/// Reference rate of the embedding, overthrows a month: about the world's mean 1991-2012. Any fixed positive number gives the same law.
const REFERENCE_RATE: f64 = 0.002;

/// The mechanism: ports and who borders on whom.
pub struct Regimes {
    wired: Wired,
    /// States that touch each state.
    neighbours: Vec<Vec<usize>>,
    /// The two states of each border.
    sides: Vec<Vec<usize>>,
    /// Log of GDP a head at the origin, dollars.
    ln_income: Vec<f64>,
}

/// What is kept beside the variables; cells are `[state][lane]` unless stated.
#[derive(Default)]
pub struct Memory {
    embedding: Embedding,
    ln_rate: Vec<f64>,
    accepted: [Vec<Immigrant>; LANES],
    /// Deaths of the last twelve months, `[month of the year][state][lane]`.
    deaths: Vec<f64>,
    months_since_conflict: Vec<f64>,
    /// Values at the origin with which later ones are compared.
    origin: Origin,
    /// Months that the succession and the crisis still last.
    phase_left: Vec<f64>,
    crisis_left: Vec<f64>,
    /// Whether the collapse of the state has been counted.
    fallen: Vec<bool>,
    /// Whether the leader of the origin is gone.
    changed: Vec<bool>,
    /// Where capture started with the present leader, and his tenure then.
    capture_from: Vec<f64>,
    tenure_from: Vec<f64>,
    /// Months that the border stays closed, `[border][lane]`.
    closed_left: Vec<f64>,
    /// Parameters from which the next three are made, as they were.
    seen: Seen,
    seen_terms: Seen,
    mortality: [Mortality; LANES],
    /// Share of a shock left after a month.
    shock_left: Row,
    /// Month of the next end of a term, counted from January of the year 0.
    next_term: Vec<i32>,
    /// Monthly hazard that an open border closes, by border.
    closing: Vec<Row>,
}

#[derive(Default)]
struct Origin {
    level: Vec<f64>,
    rents: Vec<f64>,
    service: Vec<f64>,
    distress: Vec<f64>,
}

impl Mechanism for Regimes {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        let wired = Wired::declare(ports);
        let border = ports.axis("border");
        let world = ports.world();
        let states = world.axis(wired.states).len();
        let mut neighbours = vec![Vec::new(); states];
        if let Some(relation) = world.relation("borders") {
            relation.entries.iter().for_each(|e| neighbours[e.0 as usize].push(e.1 as usize));
        }
        let mut sides = vec![Vec::new(); world.axis(border).len()];
        if let Some(relation) = world.relation("border-state") {
            relation.entries.iter().for_each(|e| sides[e.0 as usize].push(e.1 as usize));
        }
        let number = |name| world.numbers(wired.states, name).map_or_else(|| vec![1.0; states], <[f64]>::to_vec);
        let ln_income = number("gdp").iter().zip(&number("population")).map(|(gdp, people)| ln(gdp * 1e6 / people)).collect();
        Self { wired, neighbours, sides, ln_income }
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let w = &self.wired;
        let states = self.neighbours.len();
        let cells = states * LANES;
        let keys = &step.world().axis(w.states).keys;
        let components: Vec<Component> = keys.iter().map(|&key| Component { key, reference: REFERENCE_RATE }).collect();
        memory.embedding.start(w.domain, &components);
        for column in [&mut memory.phase_left, &mut memory.crisis_left, &mut memory.ln_rate] {
            column.clear();
            column.resize(cells, 0.0);
        }
        for flags in [&mut memory.fallen, &mut memory.changed] {
            flags.clear();
            flags.resize(cells, false);
        }
        memory.seen.forget();
        memory.seen_terms.forget();
        memory.next_term.resize(cells, 0);
        memory.closing.resize(self.sides.len(), [0.0; LANES]);
        memory.deaths.clear();
        memory.deaths.resize(12 * cells, 0.0);
        memory.closed_left.clear();
        memory.closed_left.resize(self.sides.len() * LANES, 0.0);
        let copy = |step: &Step<'_>, to: &mut Vec<f64>, from, scale: f64| {
            to.clear();
            to.extend(step.slice(from).iter().map(|x| x * scale));
        };
        copy(step, &mut memory.months_since_conflict, &w.years_since_conflict, MONTHS);
        copy(step, &mut memory.capture_from, &w.origin_capture, 1.0);
        copy(step, &mut memory.tenure_from, &w.origin_tenure, 1.0);
        self.start_variables(step);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let w = &self.wired;
        if step.month() == 0 {
            self.remember_origin(step, memory);
        }
        self.refresh(step, memory);
        for port in [&w.death_noise, &w.vote_noise, &w.closure_noise] {
            step.draw(port);
        }
        hazards(self, step, memory);
        let Memory { embedding, ln_rate, accepted, .. } = memory;
        embedding.month(step, ln_rate, accepted);
        self.exits(step, memory);
        indices(self, step, memory);
        self.borders(step, memory);
    }
}

impl Regimes {
    fn start_variables(&self, step: &mut Step<'_>) {
        let w = &self.wired;
        for port in [&w.hazard, &w.irregular, &w.exits, &w.phase, &w.crisis, &w.shock, &w.closed] {
            step.fill(port, 0.0);
        }
        step.copy(&w.tenure, &w.origin_tenure);
        step.copy(&w.age, &w.origin_age);
        let o = &w.ruled;
        let params = [&o.corruption, &o.criminalisation, &o.service_quality, &o.repression, &o.patronage, &w.origin_capture];
        for (port, param) in w.indices.iter().zip(params) {
            step.each1(port, param, |x| x.clamp(0.0, 1.0));
        }
        step.each1(&w.dispute, &w.dispute_base, |x| x.clamp(0.0, 1.0));
    }

    fn remember_origin(&self, step: &Step<'_>, memory: &mut Memory) {
        let (reads, origin) = (&self.wired.reads, &mut memory.origin);
        let pairs = [
            (&mut origin.level, reads.level),
            (&mut origin.rents, reads.rents),
            (&mut origin.service, reads.service),
            (&mut origin.distress, reads.distress),
        ];
        for (to, from) in pairs {
            to.clear();
            to.extend_from_slice(step.slice(&from));
        }
    }

    /// Makes anew what only parameters decide, if one of them has changed.
    fn refresh(&self, step: &Step<'_>, memory: &mut Memory) {
        let (e, t) = (&self.wired.effects, &self.wired.term);
        let timing @ [death_log_rate_60, death_slope, shock_months] = [&e.death_log_rate_60, &e.death_slope, &e.shock_months];
        if memory.seen.changed(step, timing) {
            let scalar = |port, lane| step.get(port, 0, lane);
            memory.mortality = std::array::from_fn(|lane| Mortality::new(scalar(death_log_rate_60, lane), scalar(death_slope, lane)));
            memory.shock_left = std::array::from_fn(|lane| shock_left(scalar(shock_months, lane)));
        }
        if memory.seen_terms.changed(step, [&t.vote_year, &t.vote_month, &t.vote_interval]) {
            for (cell, next) in memory.next_term.iter_mut().enumerate() {
                let (first, interval) = t.at(step, cell / LANES, cell % LANES).terms();
                *next = next_due(self.calendar(step), first, interval);
            }
        }
    }

    /// Month since January of the year 0.
    fn calendar(&self, step: &Step<'_>) -> i32 {
        step.world().first().index() + step.month() as i32
    }
}
