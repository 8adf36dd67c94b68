//! Concern, public line, norm, attention and coherence of each power.

use oxus_kernel::{LANES, Own, Param, Step};

use super::{Doctrine, Memory};
use crate::monthly::relax;
use crate::rows::{Row, row};

impl Doctrine {
    /// Level of foreign forces where there is a war, 1 at the origin; 1 where there is none.
    fn war(&self, step: &Step<'_>, states: usize) -> Row {
        let (mut level, mut weight) = ([0.0; LANES], [0.0; LANES]);
        for state in 0..states {
            let (here, forces) = (row(step, &self.war_here, state), row(step, &self.forces, state));
            for l in 0..LANES {
                level[l] += here[l] * forces[l];
                weight[l] += here[l];
            }
        }
        std::array::from_fn(|l| if weight[l] > 0.0 { level[l] / weight[l] } else { 1.0 })
    }

    /// Moves the five indices of each power towards where events push them.
    pub(super) fn minds(&self, step: &mut Step<'_>, memory: &Memory) {
        let (n, p) = (&memory.scalars, &self.of_power);
        let left = self.war(step, memory.frame.states).map(|w| 1.0 - w);
        for power in 0..memory.frame.powers {
            let (events, own, stake) = seen(memory, power);
            let home = &memory.home[power * LANES..][..LANES];
            let feels = row(step, &p.vacuum, power);
            let vacuum: Row = std::array::from_fn(|l| feels[l] * left[l]);
            let at_origin = row(step, &p.concern_at_origin, power);
            let shift = row(step, &self.concern_target, power);
            let push =
                std::array::from_fn(|l| n.concern_events[l] * events[l] + n.concern_home[l] * home[l] + n.concern_vacuum[l] * vacuum[l] + shift[l]);
            let concern = self.follow(step, &self.concern, (&p.concern_at_origin, power), push, &n.mind_months);
            let push = std::array::from_fn(|l| n.candour[l] * (concern[l] - at_origin[l]));
            self.follow(step, &self.public, (&p.public_at_origin, power), push, &n.mind_months);
            let shift = row(step, &self.norm_target, power);
            let push = std::array::from_fn(|l| shift[l] - n.erosion[l] * own[l]);
            self.follow(step, &self.norm, (&p.norm_at_origin, power), push, &n.norm_months);
            let shift = row(step, &self.attention_target, power);
            let push = std::array::from_fn(|l| n.attention_vacuum[l] * vacuum[l] + shift[l]);
            self.follow(step, &self.attention, (&p.attention_at_origin, power), push, &n.mind_months);
            let shift = row(step, &self.coherence_target, power);
            let push = std::array::from_fn(|l| shift[l] - n.business_pull[l] * stake[l]);
            self.follow(step, &self.coherence, (&p.coherence_at_origin, power), push, &n.norm_months);
        }
    }

    /// One month on the way of a variable to its origin plus a push.
    pub(super) fn follow(&self, step: &mut Step<'_>, variable: &Own, (origin, entity): (&Param, usize), push: Row, months: &Row) -> Row {
        let (now, origin) = (row(step, variable, entity), row(step, origin, entity));
        let next = std::array::from_fn(|l| relax(now[l], origin[l] + push[l], months[l]));
        step.set_row(variable, entity, next);
        next
    }
}

/// What a power remembers of events, of harm to its own, and how its stake has grown: means over the states.
fn seen(memory: &Memory, power: usize) -> (Row, Row, Row) {
    let (mut events, mut own, mut stake) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (pair, &(k, state)) in memory.frame.pairs.iter().enumerate() {
        if k == power {
            let of = |column: &[f64], i: usize| -> Row { std::array::from_fn(|l| column[i * LANES + l]) };
            let (deaths, exits) = (of(&memory.deaths, state), of(&memory.exits, state));
            let (harm, gas) = (of(&memory.own, pair), of(&memory.gas, pair));
            let (exposure, origin) = (of(&memory.exposure, pair), of(&memory.exposure_at_origin, pair));
            for l in 0..LANES {
                events[l] += deaths[l] + exits[l] + harm[l] + gas[l];
                own[l] += harm[l];
                stake[l] += exposure[l] - origin[l];
            }
        }
    }
    let inverse = 1.0 / memory.frame.states.max(1) as f64;
    (events.map(|x| x * inverse), own.map(|x| x * inverse), stake.map(|x| x * inverse))
}
