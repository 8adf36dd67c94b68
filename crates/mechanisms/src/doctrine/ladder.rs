//! The rung reached in each month, and the slow work behind it: engagement and pressure.

use oxus_kernel::{Event, LANES, Step};
use oxus_random::mix64;

use super::equations::{self as eq, RUNGS, Thresholds};
use super::{Doctrine, Memory};
use crate::monthly::relax;

/// Lowest rung that is an event: statements are words and only counted.
const DEED: usize = 2;

impl Doctrine {
    /// Draws the ladder for every pair.
    pub(super) fn respond(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.draw(&self.noise);
        let live = step.live();
        for pair in 0..memory.frame.pairs.len() {
            for lane in 0..LANES {
                let (readiness, at) = self.stand(step, memory, pair, lane);
                let eta = readiness + step.get(&self.response, pair, lane);
                let uniform = step.get(&self.noise, pair, lane);
                let mut level = eq::level(eta, &at, uniform);
                if level >= DEED && (!live[lane] || !self.publish(step, memory, pair, lane, (eta, &at, uniform, level))) {
                    level = 1;
                }
                self.record(step, memory, pair, lane, level);
            }
        }
        self.imposed(step, memory);
    }

    /// Readiness to respond and the thresholds of the ladder, before links.
    pub(super) fn stand(&self, step: &Step<'_>, memory: &Memory, pair: usize, lane: usize) -> (f64, Thresholds) {
        let (n, cell) = (&memory.scalars[lane], pair * LANES + lane);
        let (power, state) = memory.frame.pairs[pair];
        let p = self.of_power.at(step, power, lane);
        let changed = |port, origin: f64| step.get(port, power, lane) - origin;
        let concern = n.concern_weight * changed(&self.concern, p.concern_at_origin);
        let public = n.public_weight * changed(&self.public, p.public_at_origin);
        let events = n.deaths_weight * memory.deaths[state * LANES + lane]
            + n.exit_weight * memory.exits[state * LANES + lane]
            + n.own_weight * memory.own[cell]
            + n.gas_weight * memory.gas[cell]
            + n.home_weight * step.get(&self.of_pair.near_home, pair, lane) * memory.home[power * LANES + lane];
        let slow = n.attention_weight * changed(&self.attention, p.attention_at_origin)
            + n.exposure_weight * (memory.exposure[cell] - memory.exposure_at_origin[cell])
            + n.drugs_weight * step.get(&self.drugs, power, lane);
        let eta = step.get(&self.of_pair.will, pair, lane) + concern + events + slow;
        let relief = if memory.gas[cell] >= n.rethink_from { n.rethink } else { 0.0 };
        let norm = step.get(&self.norm, power, lane);
        let restraint = eq::restraint(norm, n.norm_weight, step.get(&self.expedition, power, lane), n.capacity_weight, relief);
        let gaps = [n.gap_demarche, n.gap_money, n.gap_aid, n.gap_deployment];
        // a statement follows the public line, deeds the private concern
        (eta, eq::with_first(eq::thresholds(n.first_step, gaps, restraint), concern - public))
    }

    /// Publishes a deed; false where an intervention forbids it.
    fn publish(&self, step: &mut Step<'_>, memory: &Memory, pair: usize, lane: usize, of: (f64, &Thresholds, f64, usize)) -> bool {
        let (eta, at, uniform, level) = of;
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

    fn record(&self, step: &mut Step<'_>, memory: &mut Memory, pair: usize, lane: usize, level: usize) {
        let rung = level as f64;
        step.set(&self.level, pair, lane, rung);
        let highest = step.get(&self.highest, pair, lane).max(rung);
        step.set(&self.highest, pair, lane, highest);
        // engagement outlasts a deed by years; words leave nothing
        let kept = 1.0 - 1.0 / memory.scalars[lane].engagement_months.max(1.0);
        let new = if level > DEED { rung / RUNGS as f64 } else { 0.0 };
        memory.rungs[pair * LANES + lane] = eq::remembered(memory.rungs[pair * LANES + lane], kept, new);
    }

    /// Rungs that interventions impose (size 1 to 5).
    fn imposed(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let imposed: Vec<(usize, u64, f64)> = step.imposed(&self.event).map(|i| (i.entity as usize, i.id, i.size)).collect();
        for (pair, id, size) in imposed {
            let level = (size.clamp(0.0, RUNGS as f64) + 0.5).floor() as usize;
            if step.muted(&self.event, pair) || step.silenced(id) || level == 0 {
                continue;
            }
            let time = step.month() as f64 + 0.5;
            for lane in 0..LANES {
                let level = level.max(step.get(&self.level, pair, lane) as usize);
                self.record(step, memory, pair, lane, level);
                if step.live()[lane] {
                    let (kind, size) = (self.event.kind(), level as f64);
                    let but_for = Default::default();
                    step.emit(lane, Event { kind, entity: pair as u32, id, parent: None, time, size, margin: f64::INFINITY, but_for });
                }
            }
        }
    }

    /// Engagement and pressure behind closed doors.
    pub(super) fn work(&self, step: &mut Step<'_>, memory: &Memory) {
        for pair in 0..memory.frame.pairs.len() {
            let power = memory.frame.pairs[pair].0;
            for lane in 0..LANES {
                let (n, cell) = (&memory.scalars[lane], pair * LANES + lane);
                let worry = step.get(&self.concern, power, lane) - step.get(&self.of_power.concern_at_origin, power, lane);
                let follow = n.plan * step.get(&self.coherence, power, lane) * (worry + memory.rungs[cell]);
                let origin = step.get(&self.of_pair.engagement_at_origin, pair, lane);
                let target = origin + follow + step.get(&self.engagement_target, pair, lane);
                let engagement = relax(step.get(&self.engagement, pair, lane), target, n.engagement_months);
                step.set(&self.engagement, pair, lane, engagement);
                let weight = n.pressure_weight * (step.get(&self.index, pair, lane) - memory.index_at_origin[cell]);
                let origin = step.get(&self.of_pair.pressure_at_origin, pair, lane);
                let target = origin + weight + n.pressure_own * memory.own[cell] + step.get(&self.pressure_target, pair, lane);
                let pressure = relax(step.get(&self.pressure, pair, lane), target, n.mind_months);
                step.set(&self.pressure, pair, lane, pressure);
            }
        }
    }
}
