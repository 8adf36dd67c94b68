//! The rung reached in each month, and the slow work behind it: engagement and pressure.

use oxus_kernel::{Event, LANES, Step};
use oxus_math::logit;
use oxus_random::mix64;

use super::equations::{self as eq, RUNGS, Thresholds};
use super::{Doctrine, Memory};
use crate::rows::{Row, cells, cells_mut, row};

/// Lowest rung that is an event: statements are words and only counted.
const DEED: usize = 2;

/// Where a power stands towards a state before links, lane by lane.
struct Stance {
    /// Readiness to respond.
    readiness: Row,
    /// What widens the gaps between thresholds.
    restraint: Row,
    /// By how much the first threshold is moved.
    first: Row,
}

impl Doctrine {
    /// Draws the ladder for every pair.
    #[inline(always)]
    pub(super) fn respond(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.noise);
        let live = step.live();
        for pair in 0..memory.frame.pairs.len() {
            let stance = self.stance(step, memory, pair);
            let (shift, uniform) = (row(step, &self.response, pair), row(step, &self.noise, pair));
            let eta = lanes!(|l| stance.readiness[l] + shift[l]);
            let draw = lanes!(|l| logit(uniform[l]));
            let mut levels = lanes!(|l| eq::level(eta[l], &thresholds(memory, &stance, l), draw[l]) as f64);
            if levels.iter().fold(0.0_f64, |highest, level| highest.max(*level)) >= DEED as f64 {
                for lane in 0..LANES {
                    let (at, level) = (thresholds(memory, &stance, lane), levels[lane] as usize);
                    let mut published = || live[lane] && self.publish(step, memory, (pair, lane), eta[lane], &at, uniform[lane], level);
                    if level >= DEED && !published() {
                        levels[lane] = 1.0;
                    }
                }
            }
            self.record(step, memory, pair, levels);
        }
        self.imposed(step, memory);
    }

    /// Readiness to respond and what moves the thresholds, before links.
    #[inline(always)]
    fn stance(&self, step: &Step<'_>, memory: &Memory, pair: usize) -> Stance {
        let n = &memory.scalars;
        let (power, state) = memory.frame.pairs[pair];
        let p = &self.of_power;
        let (concern, worried) = (row(step, &self.concern, power), row(step, &p.concern_at_origin, power));
        let (public, said) = (row(step, &self.public, power), row(step, &p.public_at_origin, power));
        let (attention, usual) = (row(step, &self.attention, power), row(step, &p.attention_at_origin, power));
        let (deaths, exits, own, gas) =
            (cells(&memory.deaths, state), cells(&memory.exits, state), cells(&memory.own, pair), cells(&memory.gas, pair));
        let (near, home) = (row(step, &self.of_pair.near_home, pair), cells(&memory.home, power));
        let (exposure, before) = (cells(&memory.exposure, pair), cells(&memory.exposure_at_origin, pair));
        let (will, drugs) = (row(step, &self.of_pair.will, pair), row(step, &self.drugs, power));
        let (norm, reach) = (row(step, &self.norm, power), row(step, &self.expedition, power));
        let worry = lanes!(|l| n.concern_weight[l] * (concern[l] - worried[l]));
        let events = lanes!(|l| n.deaths_weight[l] * deaths[l] + n.exit_weight[l] * exits[l] + n.own_weight[l] * own[l] + n.gas_weight[l] * gas[l]);
        let slow = lanes!(|l| {
            n.home_weight[l] * near[l] * home[l]
                + n.attention_weight[l] * (attention[l] - usual[l])
                + n.exposure_weight[l] * (exposure[l] - before[l])
                + n.drugs_weight[l] * drugs[l]
        });
        let relief = lanes!(|l| if gas[l] >= n.rethink_from[l] { n.rethink[l] } else { 0.0 });
        Stance {
            readiness: lanes!(|l| will[l] + worry[l] + events[l] + slow[l]),
            restraint: lanes!(|l| eq::restraint(norm[l], n.norm_weight[l], reach[l], n.capacity_weight[l], relief[l])),
            // a statement follows the public line, deeds the private concern
            first: lanes!(|l| worry[l] - n.public_weight[l] * (public[l] - said[l])),
        }
    }

    /// Publishes a deed; false where an intervention forbids it.
    #[allow(clippy::too_many_arguments)] // what an event needs
    fn publish(
        &self,
        step: &mut Step<'_>,
        memory: &Memory,
        (pair, lane): (usize, usize),
        eta: f64,
        at: &Thresholds,
        uniform: f64,
        level: usize,
    ) -> bool {
        let id = mix64(mix64(self.domain, memory.frame.keys[pair]), step.month() as u64);
        if step.muted(&self.event, pair) || step.silenced(id) {
            return false;
        }
        let margin = eq::margin(eta, at[level - 1], uniform);
        let but_for = step.but_for(lane, &self.response, pair, margin);
        let time = step.month() as f64 + 0.5;
        step.emit(lane, Event { kind: self.event.kind(), entity: pair as u32, id, parent: None, time, size: level as f64, margin, but_for });
        true
    }

    /// Writes the month's rungs; engagement outlasts a deed by years, words leave nothing.
    #[inline(always)]
    fn record(&self, step: &mut Step<'_>, memory: &mut Memory, pair: usize, levels: Row) {
        let highest = row(step, &self.highest, pair);
        step.set_row(&self.level, pair, levels);
        step.set_row(&self.highest, pair, lanes!(|l| highest[l].max(levels[l])));
        let months = &memory.scalars.engagement_months;
        let rungs = cells_mut(&mut memory.rungs, pair);
        let new = lanes!(|l| if levels[l] > DEED as f64 { levels[l] / RUNGS as f64 } else { 0.0 });
        *rungs = lanes!(|l| eq::remembered(rungs[l], 1.0 - 1.0 / months[l].max(1.0), new[l]));
    }

    /// Rungs that interventions impose (size 1 to 5).
    fn imposed(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let imposed: Vec<(usize, u64, f64)> = step.imposed(&self.event).map(|i| (i.entity as usize, i.id, i.size)).collect();
        for (pair, id, size) in imposed {
            let level = (size.clamp(0.0, RUNGS as f64) + 0.5).floor();
            if step.muted(&self.event, pair) || step.silenced(id) || level < 1.0 {
                continue;
            }
            let (time, live) = (step.month() as f64 + 0.5, step.live());
            let levels = row(step, &self.level, pair).map(|l| l.max(level));
            self.record(step, memory, pair, levels);
            for lane in (0..LANES).filter(|&l| live[l]) {
                let (kind, but_for) = (self.event.kind(), Default::default());
                step.emit(lane, Event { kind, entity: pair as u32, id, parent: None, time, size: levels[lane], margin: f64::INFINITY, but_for });
            }
        }
    }

    /// Engagement and pressure behind closed doors.
    #[inline(always)]
    pub(super) fn work(&self, step: &mut Step<'_>, memory: &Memory) {
        let n = &memory.scalars;
        for (pair, &(power, _)) in memory.frame.pairs.iter().enumerate() {
            let (concern, usual) = (row(step, &self.concern, power), row(step, &self.of_power.concern_at_origin, power));
            let (coherence, rungs) = (row(step, &self.coherence, power), cells(&memory.rungs, pair));
            let shift = row(step, &self.engagement_target, pair);
            let push = lanes!(|l| n.plan[l] * coherence[l] * (concern[l] - usual[l] + rungs[l]) + shift[l]);
            self.follow(step, &self.engagement, (&self.of_pair.engagement_at_origin, pair), push, &n.engagement_months);
            let (index, before, own) = (row(step, &self.index, pair), cells(&memory.index_at_origin, pair), cells(&memory.own, pair));
            let shift = row(step, &self.pressure_target, pair);
            let push = lanes!(|l| n.pressure_weight[l] * (index[l] - before[l]) + n.pressure_own[l] * own[l] + shift[l]);
            self.follow(step, &self.pressure, (&self.of_pair.pressure_at_origin, pair), push, &n.mind_months);
        }
    }
}

/// Thresholds of the ladder in one lane.
#[inline(always)]
fn thresholds(memory: &Memory, stance: &Stance, lane: usize) -> Thresholds {
    let n = &memory.scalars;
    let gaps = [n.gap_demarche[lane], n.gap_money[lane], n.gap_aid[lane], n.gap_deployment[lane]];
    eq::with_first(eq::thresholds(n.first_step[lane], gaps, stance.restraint[lane]), stance.first[lane])
}
