//! Incursions: who could come, how often, with how many dead.

use oxus_kernel::{Component, Event, LANES, Step};
use oxus_math::exp;
use oxus_random::hash64;

use super::equations as eq;
use super::{Insurgency, Memory, moves};
use crate::unrest::equations::power_law_quantile;

/// Reference of the embedding, incursions a month: a constant, so that all cases of a member see the same points.
const REFERENCE: f64 = 0.01;

impl Insurgency {
    /// Prepares the points of a run.
    pub(super) fn start_incursions(&self, step: &Step<'_>, memory: &mut Memory) {
        let world = step.world();
        let states = &world.axis(world.find("state").expect("internal: planning fails without the axes of the ports")).entities;
        let components: Vec<_> = states.iter().map(|s| Component { key: hash64(s), reference: REFERENCE }).collect();
        memory.embedding.start(self.incursion_domain, &components);
    }

    /// Fighters abroad who could enter each state: its own, and with a lower weight their fellows of the same movement from elsewhere;
    /// those whose theatre gives them more ground to start from count for more.
    pub(super) fn in_reach(&self, step: &Step<'_>, memory: &mut Memory) {
        let Memory { groups, theatres, scalars, reach, .. } = memory;
        reach.fill(0.0);
        for (g, group) in groups.iter().enumerate() {
            for lane in 0..LANES {
                let ground = exp(scalars[lane].launch_elasticity * moves(group.theatre, theatres, lane).ln_ground);
                let able = step.get(&self.abroad, g, lane) * ground;
                if let Some(s) = group.home {
                    reach[s as usize * LANES + lane] += able;
                }
                for fellow in groups.iter().filter(|f| f.movement == group.movement && f.home != group.home) {
                    if let Some(s) = fellow.home {
                        reach[s as usize * LANES + lane] += scalars[lane].fellow_weight * able;
                    }
                }
            }
        }
    }

    /// Draws, imposes and publishes the incursions of the month.
    pub(super) fn events(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.fill(&self.incursions, 0.0);
        step.fill(&self.incursion_deaths, 0.0);
        for i in 0..memory.reach.len() {
            let (s, lane) = (i / LANES, i % LANES);
            let (rate, scalars) = (step.get(&self.states.incursion_rate, s, lane), &memory.scalars[lane]);
            let floor = scalars.abroad_floor.max(1e-6);
            let ratio = (memory.reach[i] + floor) / (memory.reach_at_origin[i] + floor);
            let opened = step.get(&self.permeability, s, lane) - step.get(&self.states.permeability_base, s, lane);
            let shift = step.get(&self.incursion_shift, s, lane);
            memory.ln_rate[i] = eq::ln_incursion_rate(rate, ratio, scalars.abroad_elasticity, opened, scalars.permeability_effect, shift);
        }
        let mut accepted = std::mem::take(&mut memory.accepted);
        memory.embedding.month(step, &memory.ln_rate, &mut accepted);
        for (lane, points) in accepted.iter().enumerate() {
            for p in points {
                let s = p.component as usize;
                let but_for = step.but_for(lane, &self.incursion_shift, s, p.margin);
                let dead = self.deaths(step, memory, lane, p.id);
                let event = Event {
                    kind: self.incursion.kind(),
                    entity: p.component,
                    id: p.id,
                    parent: None,
                    time: p.time,
                    size: dead,
                    margin: p.margin,
                    but_for,
                };
                self.publish(step, lane, event);
            }
        }
        memory.accepted = accepted;
        self.impose(step);
    }

    /// Dead of one incursion, from the event's own stream.
    fn deaths(&self, step: &Step<'_>, memory: &Memory, lane: usize, id: u64) -> f64 {
        let s = &memory.scalars[lane];
        let u = step.draws(lane, self.size_domain, id, 0).uniform();
        power_law_quantile(u, s.incursion_exponent, s.incursion_least, s.incursion_most).floor()
    }

    fn impose(&self, step: &mut Step<'_>) {
        let time = step.month() as f64 + 0.5;
        let imposed: Vec<_> = step.imposed(&self.incursion).map(|i| (i.entity, i.id, i.size.max(0.0).floor())).collect();
        for (entity, id, size) in imposed {
            let event =
                Event { kind: self.incursion.kind(), entity, id, parent: None, time, size, margin: f64::INFINITY, but_for: Default::default() };
            for lane in 0..LANES {
                if !step.silenced(id) {
                    self.publish(step, lane, event);
                }
            }
        }
    }

    fn publish(&self, step: &mut Step<'_>, lane: usize, event: Event) {
        let s = event.entity as usize;
        if step.muted(&self.incursion, s) {
            return;
        }
        step.increase(&self.incursions, s, lane, 1.0);
        step.increase(&self.incursion_deaths, s, lane, event.size);
        step.emit(lane, event);
    }
}
