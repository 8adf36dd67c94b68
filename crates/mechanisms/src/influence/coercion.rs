//! Attempts to coerce a state: fuel duties, expulsions, campaigns in the media, demands over bases and recognition. Rare; they can fail.

use oxus_kernel::{ButFor, Component, Event, LANES, Param, Step};
use oxus_math::ln;

use super::{Influence, Memory, eq};
use crate::monthly::MONTHS;
use crate::rows::{cells_mut, row};

/// Reference rate of a pair, attempts a month: one in eight years. The same in every case, whatever the parameter says.
const REFERENCE: f64 = 0.01;

/// An attempt: who on whom, in which future, with which id, when and how narrowly it came about.
struct Attempt {
    pair: usize,
    lane: usize,
    id: u64,
    time: f64,
    margin: f64,
    but_for: ButFor,
    /// What an intervention says of its end.
    given: Option<bool>,
}

impl Influence {
    pub(super) fn start_coercion(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        let components: Vec<Component> = m.frame.keys.iter().map(|&key| Component { key, reference: REFERENCE }).collect();
        m.embedding.start(self.rate_domain, &components);
        m.rates.copy_from_slice(step.slice(&self.of_pair.coercion_rate));
        m.ln_base.iter_mut().zip(&m.rates).for_each(|(l, r)| *l = ln_monthly(*r));
    }

    /// The attempts of the month; memories of earlier ones fade.
    #[inline(always)]
    pub(super) fn coerce(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let months = row(step, &self.scalars.pressed_months, 0);
        let kept = lanes!(|l| 1.0 - 1.0 / months[l].max(1.0));
        for pair in 0..memory.frame.pairs.len() {
            let pressed = cells_mut(&mut memory.pressed, pair);
            *pressed = lanes!(|l| pressed[l] * kept[l]);
        }
        self.rates(step, memory);
        step.fill(&self.coercions, 0.0);
        step.fill(&self.successes, 0.0);
        let (ln_rate, mut accepted) = (std::mem::take(&mut memory.ln_rate), std::mem::take(&mut memory.accepted));
        memory.embedding.month(step, &ln_rate, &mut accepted);
        for (lane, points) in accepted.iter().enumerate() {
            for point in points {
                let pair = point.component as usize;
                if !step.muted(&self.event, pair) {
                    let but_for = step.but_for(lane, &self.coercion_rate, pair, point.margin);
                    self.attempt(step, memory, Attempt { pair, lane, id: point.id, time: point.time, margin: point.margin, but_for, given: None });
                }
            }
        }
        (memory.ln_rate, memory.accepted) = (ln_rate, accepted);
        self.imposed(step, memory);
    }

    /// Log rates; logarithms of parameters are taken anew only where one has changed.
    #[inline(always)]
    fn rates(&self, step: &Step<'_>, memory: &mut Memory) {
        let m = &mut *memory;
        let asked = step.slice(&self.of_pair.coercion_rate);
        for ((known, base), &rate) in m.rates.iter_mut().zip(&mut m.ln_base).zip(asked) {
            if known.to_bits() != rate.to_bits() {
                (*known, *base) = (rate, ln_monthly(rate));
            }
        }
        let shift = step.slice(&self.coercion_rate);
        m.ln_rate.iter_mut().zip(&m.ln_base).zip(shift).for_each(|((out, base), s)| *out = base + s);
    }

    /// Attempts that interventions impose: size 1 succeeds, 0 fails, anything between is left to the model.
    fn imposed(&self, step: &mut Step<'_>, memory: &mut Memory) {
        let imposed: Vec<(usize, u64, f64)> = step.imposed(&self.event).map(|i| (i.entity as usize, i.id, i.size)).collect();
        for (pair, id, size) in imposed {
            if step.muted(&self.event, pair) || step.silenced(id) {
                continue;
            }
            let given = if size >= 1.0 { Some(true) } else { (size <= 0.0).then_some(false) };
            let time = step.month() as f64 + 0.5;
            for lane in (0..LANES).filter(|&l| step.live()[l]).collect::<Vec<_>>() {
                self.attempt(step, memory, Attempt { pair, lane, id, time, margin: f64::INFINITY, but_for: ButFor::default(), given });
            }
        }
    }

    /// One attempt: whether the state yields, and what that leaves behind. Rivals lose part of their base where it does.
    fn attempt(&self, step: &mut Step<'_>, memory: &mut Memory, a: Attempt) {
        let n = |port: &Param| step.get(port, 0, a.lane);
        let (gain, loss, base_loss) = (n(&self.scalars.pressed_gain), n(&self.scalars.pressed_loss), n(&self.scalars.base_loss));
        let yields = a.given.unwrap_or_else(|| self.margin(step, memory, &a) > 0.0);
        let cell = a.pair * LANES + a.lane;
        let mark = if yields { gain } else { -loss };
        memory.pressed[cell] = (memory.pressed[cell] + mark).clamp(-1.0, 1.0);
        if yields {
            let (power, state) = memory.frame.pairs[a.pair];
            for &rival in memory.frame.of_state[state].iter().filter(|&&r| memory.frame.pairs[r].0 != power) {
                memory.kept[rival * LANES + a.lane] *= 1.0 - base_loss;
            }
            step.increase(&self.successes, a.pair, a.lane, 1.0);
        }
        step.increase(&self.coercions, a.pair, a.lane, 1.0);
        let Attempt { pair, lane, id, time, margin, but_for, .. } = a;
        let (kind, size) = (self.event.kind(), f64::from(u8::from(yields)));
        step.emit(lane, Event { kind, entity: pair as u32, id, parent: None, time, size, margin, but_for });
    }

    /// How far the state was from standing firm, in log odds.
    fn margin(&self, step: &Step<'_>, memory: &Memory, a: &Attempt) -> f64 {
        let (power, state) = memory.frame.pairs[a.pair];
        let n = |port: &Param| step.get(port, 0, a.lane);
        let (leverage_weight, backing_weight) = (n(&self.scalars.leverage_weight), n(&self.scalars.backing_weight));
        let at_origin = |pair: usize| memory.economy_at_origin[pair * LANES + a.lane];
        let strongest = |of: &dyn Fn(usize) -> f64| {
            memory.frame.of_state[state].iter().filter(|&&r| memory.frame.pairs[r].0 != power).fold(0.0_f64, |m, &r| m.max(of(r)))
        };
        let leverage = self.economy(step, a.pair, a.lane) - at_origin(a.pair);
        let backing = strongest(&|r| self.economy(step, r, a.lane)) - strongest(&at_origin);
        let resistance = step.get(&self.resistance, state, a.lane);
        let uniform = step.draws(a.lane, self.outcome_domain, a.id, 0).uniform();
        let p = step.get(&self.of_power.success, power, a.lane);
        eq::yielding_margin(p, leverage_weight * leverage, backing_weight * backing, resistance, uniform)
    }
}

/// Logarithm of the monthly rate; a rate of zero never happens.
fn ln_monthly(per_year: f64) -> f64 {
    if per_year > 0.0 { ln(per_year / MONTHS) } else { f64::NEG_INFINITY }
}
