//! Concern, public line, norm, attention and coherence of each power.

use oxus_kernel::{LANES, Step};

use super::{Doctrine, Memory};
use crate::monthly::relax;

impl Doctrine {
    /// Level of foreign forces where there is a war, 1 at the origin; 1 where there is none.
    fn war(&self, step: &Step<'_>, states: usize, lane: usize) -> f64 {
        let (mut level, mut weight) = (0.0, 0.0);
        for state in 0..states {
            let here = step.get(&self.war_here, state, lane);
            level += here * step.get(&self.forces, state, lane);
            weight += here;
        }
        if weight > 0.0 { level / weight } else { 1.0 }
    }

    /// Moves the five indices of each power towards where events push them.
    pub(super) fn minds(&self, step: &mut Step<'_>, memory: &Memory) {
        for lane in 0..LANES {
            let n = &memory.scalars[lane];
            let left = 1.0 - self.war(step, memory.frame.states, lane);
            for power in 0..memory.frame.powers {
                let p = self.of_power.at(step, power, lane);
                let (events, own, stake) = self.seen(memory, power, lane);
                let home = memory.home[power * LANES + lane];
                let vacuum = p.vacuum * left;
                let target = p.concern_at_origin + n.concern_events * events + n.concern_home * home + n.concern_vacuum * vacuum;
                let target = target + step.get(&self.concern_target, power, lane);
                let concern = relax(step.get(&self.concern, power, lane), target, n.mind_months);
                let target = p.public_at_origin + n.candour * (concern - p.concern_at_origin);
                let public = relax(step.get(&self.public, power, lane), target, n.mind_months);
                let target = p.norm_at_origin - n.erosion * own + step.get(&self.norm_target, power, lane);
                let norm = relax(step.get(&self.norm, power, lane), target, n.norm_months);
                let target = p.attention_at_origin + n.attention_vacuum * vacuum + step.get(&self.attention_target, power, lane);
                let attention = relax(step.get(&self.attention, power, lane), target, n.mind_months);
                let target = p.coherence_at_origin - n.business_pull * stake + step.get(&self.coherence_target, power, lane);
                let coherence = relax(step.get(&self.coherence, power, lane), target, n.norm_months);
                for (variable, value) in
                    [(&self.concern, concern), (&self.public, public), (&self.norm, norm), (&self.attention, attention), (&self.coherence, coherence)]
                {
                    step.set(variable, power, lane, value);
                }
            }
        }
    }

    /// What a power remembers of events, of harm to its own, and how its stake has grown: means over the states.
    fn seen(&self, memory: &Memory, power: usize, lane: usize) -> (f64, f64, f64) {
        let (mut events, mut own, mut stake) = (0.0, 0.0, 0.0);
        for (pair, &(k, state)) in memory.frame.pairs.iter().enumerate() {
            if k == power {
                let cell = pair * LANES + lane;
                events += memory.deaths[state * LANES + lane] + memory.exits[state * LANES + lane] + memory.own[cell] + memory.gas[cell];
                own += memory.own[cell];
                stake += memory.exposure[cell] - memory.exposure_at_origin[cell];
            }
        }
        let states = memory.frame.states.max(1) as f64;
        (events / states, own / states, stake / states)
    }
}
