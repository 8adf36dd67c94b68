//! Incursions: who could come, how often, with how many dead.

use oxus_kernel::{Component, Event, LANES, Step};
use oxus_math::exp;
use oxus_random::hash64;

use super::equations as eq;
use super::{Insurgency, Memory, moves};
use crate::rows::{add, row};
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
    #[inline(always)]
    pub(super) fn in_reach(&self, step: &Step<'_>, memory: &mut Memory) {
        let Memory { groups, theatres, reach, .. } = memory;
        let (launch, of_fellow) = (row(step, &self.scalars.launch_elasticity, 0), row(step, &self.scalars.fellow_weight, 0));
        reach.fill([0.0; LANES]);
        for (g, group) in groups.iter().enumerate() {
            let (moved, abroad) = (moves(group.theatre, theatres), row(step, &self.abroad, g));
            let able = lanes!(|lane| abroad[lane] * exp(launch[lane] * moved.ln_ground[lane]));
            if let Some(s) = group.home {
                add(&mut reach[s as usize], &able);
            }
            let able = lanes!(|lane| of_fellow[lane] * able[lane]);
            for &s in &group.fellows {
                add(&mut reach[s as usize], &able);
            }
        }
    }

    /// Log monthly rates of incursions.
    #[inline(always)]
    pub(super) fn ln_rates(&self, step: &Step<'_>, memory: &mut Memory) {
        let scalars = &self.scalars;
        let (floor, elasticity) = (row(step, &scalars.abroad_floor, 0).map(|floor| floor.max(1e-6)), row(step, &scalars.abroad_elasticity, 0));
        let by_permeability = row(step, &scalars.permeability_effect, 0);
        let Memory { reach, reach_at_origin, ln_rate, .. } = memory;
        for (s, ((reach, at_origin), ln_rate)) in reach.iter().zip(reach_at_origin).zip(ln_rate.chunks_exact_mut(LANES)).enumerate() {
            let (rate, shift) = (row(step, &self.states.incursion_rate, s), row(step, &self.incursion_shift, s));
            let (permeability, base) = (row(step, &self.permeability, s), row(step, &self.states.permeability_base, s));
            ln_rate.copy_from_slice(&lanes!(|lane| {
                let ratio = (reach[lane] + floor[lane]) / (at_origin[lane] + floor[lane]);
                let opened = permeability[lane] - base[lane];
                eq::ln_incursion_rate(rate[lane], ratio, elasticity[lane], opened, by_permeability[lane], shift[lane])
            }));
        }
    }

    /// Draws, imposes and publishes the incursions of the month.
    pub(super) fn events(&self, step: &mut Step<'_>, memory: &mut Memory) {
        step.fill(&self.incursions, 0.0);
        step.fill(&self.incursion_deaths, 0.0);
        let mut accepted = std::mem::take(&mut memory.accepted);
        memory.embedding.month(step, &memory.ln_rate, &mut accepted);
        for (lane, points) in accepted.iter().enumerate() {
            for p in points {
                let s = p.component as usize;
                let but_for = step.but_for(lane, &self.incursion_shift, s, p.margin);
                let dead = self.deaths(step, lane, p.id);
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
    fn deaths(&self, step: &Step<'_>, lane: usize, id: u64) -> f64 {
        let (s, scalar) = (&self.scalars, |port| step.get(port, 0, lane));
        let u = step.draws(lane, self.size_domain, id, 0).uniform();
        power_law_quantile(u, scalar(&s.incursion_exponent), scalar(&s.incursion_least), scalar(&s.incursion_most)).floor()
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
