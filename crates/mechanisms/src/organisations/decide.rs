//! One decision: stances, the bargain, and what each rule lets pass of it.

use oxus_kernel::Step;
use oxus_numerics::collective_decision::{Actors, Election, Passage, compromise_mean, order_inwards, passage_in_order};

use super::equations::{self as eq, Rule};
use super::ports::Scalars;
use super::{Memory, Organisations};

/// A majority is any share above one half: the next whole member decides.
const MAJORITY: f64 = 0.5 + 1e-6;

/// What there is to decide.
#[derive(Clone, Copy)]
pub(super) struct Question {
    pub proposal: usize,
    /// The state whose crisis it is about.
    pub crisis_in: Option<usize>,
    pub lane: usize,
}

/// What is agreed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    /// Where the bargain would end if nobody could stop it.
    pub bargain: f64,
    /// Where it ends under the rule in force, and under each rule.
    pub outcome: f64,
    pub consensus: f64,
    pub majority: f64,
    pub weighted: f64,
    /// Farthest point that the rule in force lets pass, and the seat at which that is set.
    pub limit: f64,
    pub pivot: Option<usize>,
}

/// Stances and weights of those present, kept between decisions.
#[derive(Default)]
pub(super) struct Table {
    seats: Vec<usize>,
    stance: Vec<f64>,
    salience: Vec<f64>,
    capability: Vec<f64>,
    weight: Vec<f64>,
    equal: Vec<f64>,
    order: Vec<usize>,
}

impl Organisations {
    /// Takes a decision among the members of the month.
    pub(super) fn decide(&self, step: &Step<'_>, memory: &mut Memory, n: &Scalars, question: Question) -> Verdict {
        let (proposal, lane) = (&self.frame.proposals[question.proposal], question.lane);
        let organisation = proposal.organisation;
        self.stances(step, &mut memory.table, n, question);
        let table = &mut memory.table;
        order_inwards(&table.stance, &mut table.order);
        let table = &*table;
        let quota = step.get(&self.seat_ports.quota, organisation, lane);
        let quota = if quota > 0.0 { quota } else { n.qualified };
        let bargain = bargain(table, n.bargaining > 0.5);
        let allowed = |weights: &[f64], needed: f64| passage_in_order(&table.order, &table.stance, weights, needed);
        let consensus = allowed(&table.equal, 1.0);
        let majority = allowed(&table.equal, MAJORITY);
        let weighted = allowed(&table.weight, quota);
        let outcome = |passage: Option<Passage>| passage.map_or(0.0, |p| p.limit.min(bargain));
        let own = self.frame.organisations[organisation].rule;
        let passage = match eq::rule(step.get(&self.organisations.rule, organisation, lane), own) {
            Rule::Consensus => consensus,
            Rule::Majority => majority,
            Rule::Weighted => weighted,
            Rule::Advisory => None,
        };
        Verdict {
            bargain,
            outcome: outcome(passage),
            consensus: outcome(consensus),
            majority: outcome(majority),
            weighted: outcome(weighted),
            limit: passage.map_or(0.0, |p| p.limit),
            pivot: passage.map(|p| table.seats[p.pivot]),
        }
    }

    /// Fills the table with the members of the month and where they stand.
    fn stances(&self, step: &Step<'_>, table: &mut Table, n: &Scalars, question: Question) {
        let (lane, month) = (question.lane, step.month());
        let proposal = &self.frame.proposals[question.proposal];
        let organisation = proposal.organisation;
        let seats = &self.frame.organisations[organisation].seats;
        table.seats.clear();
        table.stance.clear();
        table.salience.clear();
        table.capability.clear();
        table.weight.clear();
        let grown = step.get(&self.own.cohesion, organisation, lane) - step.get(&self.organisations.cohesion_start, organisation, lane);
        let together = n.cohesion_weight * grown;
        for (&seat, &vote) in seats.iter().zip(&proposal.votes).filter(|(s, _)| self.frame.sits(**s, month)) {
            let chance = n.circumstance * step.get(&self.circumstances, vote, lane);
            let shifts = step.get(&self.seat_ports.boldness, seat, lane) + step.get(&self.shifts.support, seat, lane) + together + chance;
            table.seats.push(seat);
            table.stance.push(eq::stance(step.get(&self.seat_ports.position, vote, lane), shifts));
            table.salience.push(step.get(&self.seat_ports.salience, vote, lane).clamp(0.0, 1.0));
            table.capability.push(step.get(&self.seat_ports.capability, seat, lane).max(0.0));
            table.weight.push(step.get(&self.seat_ports.weight, seat, lane).max(0.0));
        }
        table.equal.resize(table.seats.len(), 1.0);
        if table.weight.iter().all(|w| *w == 0.0) {
            table.weight.copy_from_slice(&table.capability);
        }
        self.leaders(step, table, n, question, step.get(&self.organisations.precedent_fear, organisation, lane));
    }

    /// Two leading powers meet half-way as far as they trust each other; the only power of an organisation is feared when forces are at stake.
    fn leaders(&self, step: &Step<'_>, table: &mut Table, n: &Scalars, question: Question, fear: f64) {
        let strongest = |besides: Option<usize>| {
            let powers = (0..table.seats.len()).filter(|&i| self.frame.seats[table.seats[i]].power && Some(i) != besides);
            powers.fold(None, |best: Option<usize>, i| match best {
                Some(b) if table.capability[b] >= table.capability[i] => best,
                _ => Some(i),
            })
        };
        let Some(first) = strongest(None) else { return };
        match strongest(Some(first)) {
            Some(second) => {
                let mistrust = step.get(&self.own.mistrust, 0, question.lane);
                let at_origin = step.get(&self.monthly.mistrust_start, 0, question.lane);
                for (own, other) in [(first, second), (second, first)] {
                    if table.stance[own] < table.stance[other] {
                        let more = eq::concession(table.stance[own], table.stance[other], n.trust_weight, at_origin, mistrust);
                        table.stance[own] = eq::stance(table.stance[own], more);
                        return;
                    }
                }
            }
            None => {
                if let Some(state) = question.crisis_in {
                    for i in (0..table.seats.len()).filter(|&i| i != first && self.frame.seats[table.seats[i]].state != Some(state)) {
                        table.stance[i] = eq::stance(table.stance[i], -fear);
                    }
                }
            }
        }
    }
}

/// Where the bargain ends: the compromise mean, or the mean position of a probabilistic Condorcet election.
fn bargain(table: &Table, election: bool) -> f64 {
    let mean = compromise_mean(&table.stance, &table.capability, &table.salience);
    let mean = if mean.is_nan() { 0.0 } else { mean };
    if !election {
        return mean;
    }
    match Actors::new(&table.stance, &table.salience, &table.capability, 1) {
        Ok(actors) => {
            let held = Election::default().hold(&actors);
            held.options.iter().zip(&held.probability).map(|(&i, p)| p * table.stance[i]).sum()
        }
        // fewer than two members, or one without weight or interest: the mean is what is left
        Err(_) => mean,
    }
}
