//! Concern, public line, norm, attention and coherence of each power.

use oxus_kernel::{LANES, Own, Param, Step};

use super::{Doctrine, Memory};
use crate::monthly::relax;
use crate::rows::{Row, add, cells, row};

impl Doctrine {
    /// Level of foreign forces where there is a war, 1 at the origin; 1 where there is none.
    #[inline(always)]
    fn war(&self, step: &Step<'_>, states: usize) -> Row {
        let (mut level, mut weight) = ([0.0; LANES], [0.0; LANES]);
        for state in 0..states {
            let (here, forces) = (row(step, &self.war_here, state), row(step, &self.forces, state));
            add(&mut level, &lanes!(|l| here[l] * forces[l]));
            add(&mut weight, &here);
        }
        lanes!(|l| if weight[l] > 0.0 { level[l] / weight[l] } else { 1.0 })
    }

    /// Moves the five indices of each power towards where events push them.
    #[inline(always)]
    pub(super) fn minds(&self, step: &mut Step<'_>, memory: &Memory) {
        let (n, p) = (&memory.scalars, &self.of_power);
        let war = self.war(step, memory.frame.states);
        let left = lanes!(|l| 1.0 - war[l]);
        for power in 0..memory.frame.powers {
            let (events, own, stake) = seen(memory, power);
            let home = cells(&memory.home, power);
            let feels = row(step, &p.vacuum, power);
            let vacuum = lanes!(|l| feels[l] * left[l]);
            let at_origin = row(step, &p.concern_at_origin, power);
            let shift = row(step, &self.concern_target, power);
            let push = lanes!(|l| n.concern_events[l] * events[l] + n.concern_home[l] * home[l] + n.concern_vacuum[l] * vacuum[l] + shift[l]);
            let concern = self.follow(step, &self.concern, (&p.concern_at_origin, power), push, &n.mind_months);
            let push = lanes!(|l| n.candour[l] * (concern[l] - at_origin[l]));
            self.follow(step, &self.public, (&p.public_at_origin, power), push, &n.mind_months);
            let shift = row(step, &self.norm_target, power);
            let push = lanes!(|l| shift[l] - n.erosion[l] * own[l]);
            self.follow(step, &self.norm, (&p.norm_at_origin, power), push, &n.norm_months);
            let shift = row(step, &self.attention_target, power);
            let push = lanes!(|l| n.attention_vacuum[l] * vacuum[l] + shift[l]);
            self.follow(step, &self.attention, (&p.attention_at_origin, power), push, &n.mind_months);
            let shift = row(step, &self.coherence_target, power);
            let push = lanes!(|l| shift[l] - n.business_pull[l] * stake[l]);
            self.follow(step, &self.coherence, (&p.coherence_at_origin, power), push, &n.norm_months);
        }
    }

    /// One month on the way of a variable to its origin plus a push.
    #[inline(always)]
    pub(super) fn follow(&self, step: &mut Step<'_>, variable: &Own, (origin, entity): (&Param, usize), push: Row, months: &Row) -> Row {
        let (now, origin) = (row(step, variable, entity), row(step, origin, entity));
        let next = lanes!(|l| relax(now[l], origin[l] + push[l], months[l]));
        step.set_row(variable, entity, next);
        next
    }
}

/// What a power remembers of events, of harm to its own, and how its stake has grown: means over the states.
#[inline(always)]
fn seen(memory: &Memory, power: usize) -> (Row, Row, Row) {
    let (mut events, mut own, mut stake) = ([0.0; LANES], [0.0; LANES], [0.0; LANES]);
    for (pair, &(k, state)) in memory.frame.pairs.iter().enumerate() {
        if k == power {
            let (deaths, exits) = (cells(&memory.deaths, state), cells(&memory.exits, state));
            let (harm, gas) = (cells(&memory.own, pair), cells(&memory.gas, pair));
            let (exposure, origin) = (cells(&memory.exposure, pair), cells(&memory.exposure_at_origin, pair));
            add(&mut events, &lanes!(|l| deaths[l] + exits[l] + harm[l] + gas[l]));
            add(&mut own, &harm);
            add(&mut stake, &lanes!(|l| exposure[l] - origin[l]));
        }
    }
    let inverse = 1.0 / memory.frame.states.max(1) as f64;
    (lanes!(|l| events[l] * inverse), lanes!(|l| own[l] * inverse), lanes!(|l| stake[l] * inverse))
}
