//! A shared list of persons and organisations held to be extremist: entries, errors, review, transfers, refuge, plots found.
//!
//! Aggregates only: counts and rates by state or power, no person and no trait of persons. What the list finds (`listings.detected`) and
//! whom it wrongs (`listings.wrongful`, `listings.wrongful_rate`) belong together: whoever reports one reports the other.

pub mod equations;
mod ports;
mod side;
#[cfg(test)]
mod tests;

use equations as eq;
use oxus_kernel::{Definition, LANES, Mechanism, Ports, Step};
use oxus_math::{exp, logistic, logit};
use ports::{Numbers, PortSet};
use side::{Side, Terms};

use crate::monthly::{MONTHS, relax};

/// Entry of the list of mechanisms.
pub const DEFINITION: Definition =
    Definition::of::<Listings>("listings", "A shared list of persons as counts with error rates: entries, review, transfers, refuge, plots found.");

/// Months between two meetings of those who keep the list: entries, reviews and transfers are flows that nobody follows by the month.
const QUARTER: usize = 3;
/// The same as years.
const STEP: f64 = QUARTER as f64 / MONTHS;

/// The mechanism.
pub struct Listings {
    ports: PortSet,
}

/// Rates of passing and of being struck, with the inputs they were computed from, by lane.
#[derive(Default)]
pub struct Memory {
    inputs: [[f64; 5]; LANES],
    rates: [(eq::Pass, (f64, f64)); LANES],
}

impl Memory {
    /// Distribution functions are dear, and their inputs mostly hold from month to month.
    fn rates(&mut self, lane: usize, inputs: [f64; 5]) -> (eq::Pass, (f64, f64)) {
        if self.inputs[lane].map(f64::to_bits) != inputs.map(f64::to_bits) {
            let [sensitivity, standard, breadth, review_sensitivity, review_criterion] = inputs;
            self.inputs[lane] = inputs;
            self.rates[lane] = (eq::pass(sensitivity, standard, breadth), eq::struck(review_sensitivity, review_criterion));
        }
        self.rates[lane]
    }
}

impl Mechanism for Listings {
    type Memory = Memory;

    fn declare(ports: &mut Ports<'_>) -> Self {
        Self { ports: PortSet::declare(ports) }
    }

    fn every(&self) -> usize {
        QUARTER
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let p = &self.ports;
        memory.inputs = [[f64::NAN; 5]; LANES];
        step.copy(&p.origin_repression, &p.repression);
        step.copy(&p.states.submissions, &p.states.usual);
        step.copy(&p.powers.submissions, &p.powers.usual);
        self.dissent(step);
        for lane in 0..LANES {
            let n = p.numbers.at(step, lane);
            step.set(&p.public, 0, lane, n.public_base.clamp(0.0, 1.0));
            step.set(&p.review, 0, lane, n.review_base.clamp(0.0, 1.0));
            step.set(&p.attack_level, 0, lane, self.attacks(step, lane));
            self.fill(step, memory, &n, lane);
            self.consequences(step, &n, lane);
        }
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let p = &self.ports;
        step.each2(
            &p.states.submissions,
            &p.states.usual,
            &p.submission_shift,
            #[inline(always)]
            |usual, shift| usual * exp(shift),
        );
        step.copy(&p.powers.submissions, &p.powers.usual);
        self.dissent(step);
        for lane in 0..LANES {
            let n = p.numbers.at(step, lane);
            let level = step.get(&p.attack_level, 0, lane);
            step.set(&p.attack_level, 0, lane, level + (self.attacks(step, lane) - level) * STEP);
            self.openness(step, &n, lane);
            self.advance(step, memory, &n, lane);
            self.consequences(step, &n, lane);
        }
    }
}

impl Listings {
    /// Armed attacks in the member states, events a year, at the rate of the month before.
    fn attacks(&self, step: &Step<'_>, lane: usize) -> f64 {
        let (attacks, members) = (step.slice(&self.ports.attacks), step.slice(&self.ports.member));
        let months = attacks[lane..].iter().step_by(LANES).zip(members[lane..].iter().step_by(LANES));
        MONTHS * months.map(|(a, m)| a * m).sum::<f64>()
    }

    /// What the public knows, and how far outside review reaches: watchers can only press where something is known.
    fn openness(&self, step: &mut Step<'_>, n: &Numbers, lane: usize) {
        let p = &self.ports;
        let target = n.public_base + step.get(&p.disclosure_shift, 0, lane);
        let public = relax(step.get(&p.public, 0, lane), target, n.public_months / QUARTER as f64);
        let target = n.review_base + n.review_by_public * (public - n.public_base) + step.get(&p.review_shift, 0, lane);
        let review = relax(step.get(&p.review, 0, lane), target, n.review_months / QUARTER as f64);
        step.set(&p.public, 0, lane, public);
        step.set(&p.review, 0, lane, review);
    }

    fn terms(&self, step: &Step<'_>, memory: &mut Memory, n: &Numbers, lane: usize, shifts: (f64, f64)) -> Terms {
        let p = &self.ports;
        let standard = logistic(logit(n.standard.clamp(1e-6, 1.0 - 1e-6)) + shifts.0);
        let breadth = (n.breadth + shifts.1).clamp(0.0, 1.0);
        let (pass, (wrong_struck, right_struck)) = memory.rates(lane, [n.sensitivity, standard, breadth, n.review_sensitivity, n.review_criterion]);
        let review = step.get(&p.review, 0, lane);
        let before = review * n.review_before.clamp(0.0, 1.0);
        let cases = review * n.review_cases;
        let struck = (cases * right_struck, cases * wrong_struck);
        let quarter = |hazard: f64| eq::decay(hazard.max(0.0), STEP);
        Terms {
            pass,
            prevalence: n.prevalence.clamp(0.0, 1.0),
            admitted: (1.0 - before * right_struck, 1.0 - before * wrong_struck),
            quarters: (quarter(n.exit + struck.0), quarter(n.exit + struck.1)),
            struck,
            domestic: 1.0 - (n.precedence * n.convention).clamp(0.0, 1.0),
        }
    }

    /// Shares of the submissions that are for peaceful dissent; what transfers are multiplied by.
    #[allow(clippy::redundant_closure)] // a function passed by its name is not inlined, and then called one number at a time
    fn dissent(&self, step: &mut Step<'_>) {
        let p = &self.ports;
        let (usual, by) = (&p.dissent_share, &p.dissent_repression);
        step.each5(
            &p.states.dissent,
            usual,
            by,
            &p.repression,
            &p.origin_repression,
            &p.use_shift,
            #[inline(always)]
            |usual, by, repression, at_origin, shift| eq::dissent(usual, by, repression, at_origin, shift),
        );
        step.each1(&p.powers.dissent, &p.power_dissent_share, |share| share.clamp(0.0, 1.0));
        step.each1(
            &p.transfer_factor,
            &p.transfer_shift,
            #[inline(always)]
            |shift| exp(shift),
        );
    }

    fn sides(&self) -> [&Side; 2] {
        [&self.ports.states, &self.ports.powers]
    }

    /// The list of the origin: its length is given, its make-up that of the flow into it.
    fn fill(&self, step: &mut Step<'_>, memory: &mut Memory, n: &Numbers, lane: usize) {
        let terms = self.terms(step, memory, n, lane, (0.0, 0.0));
        let (mut right, mut wrong) = (0.0, 0.0);
        for side in self.sides() {
            for entity in 0..side.count {
                let (r, w) = side.inflow(step, &terms, entity, lane);
                (right, wrong) = (right + r, wrong + w);
            }
        }
        let scale = if right + wrong > 0.0 { n.persons / (right + wrong) } else { 0.0 };
        for side in self.sides() {
            for entity in 0..side.count {
                let (r, w) = side.inflow(step, &terms, entity, lane);
                step.set(&side.rightful, entity, lane, r * scale);
                step.set(&side.wrongful, entity, lane, w * scale);
            }
        }
        step.set(&self.ports.organisations, 0, lane, n.organisations);
        self.totals(step, &terms, n, lane, (right, wrong));
    }

    /// A quarter of entries and of leaving.
    fn advance(&self, step: &mut Step<'_>, memory: &mut Memory, n: &Numbers, lane: usize) {
        let p = &self.ports;
        let shifts = (step.get(&p.standard_shift, 0, lane), step.get(&p.breadth_shift, 0, lane));
        let terms = self.terms(step, memory, n, lane, shifts);
        let (mut right, mut wrong) = (0.0, 0.0);
        for side in self.sides() {
            for entity in 0..side.count {
                let (r, w) = side.advance(step, &terms, entity, lane);
                (right, wrong) = (right + r, wrong + w);
            }
        }
        let new = (right + wrong) / n.persons_per_organisation;
        let organisations = eq::stock_after(step.get(&p.organisations, 0, lane), new, n.exit.max(0.0), STEP);
        step.set(&p.organisations, 0, lane, organisations);
        self.totals(step, &terms, n, lane, (right, wrong));
    }

    /// Sums over all submitters, and rates.
    fn totals(&self, step: &mut Step<'_>, terms: &Terms, n: &Numbers, lane: usize, (right, wrong): (f64, f64)) {
        let p = &self.ports;
        let rightful = Side::total(step, &p.states.rightful, lane) + Side::total(step, &p.powers.rightful, lane);
        let wrongful = Side::total(step, &p.states.wrongful, lane) + Side::total(step, &p.powers.wrongful, lane);
        let persons = rightful + wrongful;
        step.set(&p.persons, 0, lane, persons);
        step.set(&p.wrongful, 0, lane, wrongful);
        let new = right + wrong;
        step.set(&p.new, 0, lane, new);
        step.set(&p.wrongful_rate, 0, lane, if new > 0.0 { 1000.0 * wrong / new } else { 0.0 });
        step.set(&p.delisted, 0, lane, terms.struck.0 * rightful + terms.struck.1 * wrongful);
        let plots = n.plots_per_attack * step.get(&p.attack_level, 0, lane);
        step.set(&p.detected, 0, lane, eq::detected(plots, rightful, n.violent_pool, persons, n.watch_capacity, n.found));
    }

    /// Transfers and refused refuge by state.
    fn consequences(&self, step: &mut Step<'_>, n: &Numbers, lane: usize) {
        let p = &self.ports;
        let (persons, wrongful) = (step.get(&p.persons, 0, lane), step.get(&p.wrongful, 0, lane));
        let wrong_share = if persons > 0.0 { wrongful / persons } else { 0.0 };
        for state in 0..p.states.count {
            let present = step.get(&p.presence, state, lane) * persons;
            let usual = eq::transfers(present, n.transfer_rate, n.transfer_speed_up, n.swift_transfer * n.convention);
            let handed_over = usual * step.get(&p.transfer_factor, state, lane);
            let refused = eq::refusal(step.get(&p.refusal_usual, state, lane), n.refusal_under_duty, n.refuge_duty * n.convention);
            step.set(&p.transfers, state, lane, handed_over);
            step.set(&p.wrongful_transfers, state, lane, handed_over * wrong_share);
            step.set(&p.refused, state, lane, step.get(&p.applications, state, lane) * refused * step.get(&p.member, state, lane).clamp(0.0, 1.0));
        }
    }
}
