//! Decisions of sellers: who goes first in winter, and whom they cut off.

use oxus_kernel::{Component, Embedding, Event, Immigrant, LANES, Step};

use super::equations::{day_mask, ln_cutoff_rate, next_arrears, repair_days};
use super::{Energy, Gas, Part};

/// Reference rate of the embedding, cut-offs a month and contract: fixed, so that cases stay paired.
const REFERENCE: f64 = 0.02;

/// Cut-offs of gas contracts, by contract and lane.
#[derive(Default)]
pub(super) struct Cutoffs {
    embedding: Embedding,
    accepted: [Vec<Immigrant>; LANES],
    ln_rate: Vec<f64>,
    until: Vec<i64>,
    depth: Vec<f64>,
    /// Share of the month's volume that is withheld.
    withheld: Vec<f64>,
}

impl Cutoffs {
    pub fn start(&mut self, e: &Energy, gas: &Part) {
        let components: Vec<Component> = gas.frame.shape.keys[2].iter().map(|key| Component { key: *key, reference: REFERENCE }).collect();
        self.embedding.start(e.domains.cutoff, &components);
        let cells = components.len() * LANES;
        for column in [&mut self.ln_rate, &mut self.depth, &mut self.withheld] {
            column.clear();
            column.resize(cells, 0.0);
        }
        self.until.clear();
        self.until.resize(cells, 0);
    }

    /// Share of the month's volume that the seller withholds.
    pub fn withheld(&self, contract: usize, lane: usize) -> f64 {
        self.withheld[contract * LANES + lane]
    }

    /// Draws this month's cut-offs; `stress[state][lane]` is seasonal demand above its mean, `asked[contract][lane]` what buyers ask.
    pub fn month(&mut self, e: &Energy, gas: &Part, g: &Gas, step: &mut Step<'_>, stress: &[f64], asked: &[f64]) {
        let t = step.month();
        let (first, days) = e.calendar.month(t);
        for (cell, withheld) in self.withheld.iter_mut().enumerate() {
            let out = day_mask(first, self.until[cell], first, days).count_ones();
            *withheld = self.depth[cell] * f64::from(out) / f64::from(days);
        }
        self.rates(gas, g, step, stress, asked);
        self.embedding.month(step, &self.ln_rate, &mut self.accepted);
        for lane in 0..LANES {
            for i in 0..self.accepted[lane].len() {
                let found = self.accepted[lane][i];
                self.cut(e, gas, g, step, lane, found);
            }
        }
    }

    fn rates(&mut self, gas: &Part, g: &Gas, step: &Step<'_>, stress: &[f64], asked: &[f64]) {
        for k in 0..gas.frame.seller.len() {
            for lane in 0..LANES {
                let cell = k * LANES + lane;
                self.ln_rate[cell] = f64::NEG_INFINITY;
                if asked[cell] > 0.0 {
                    let at = |p| step.get(p, 0, lane);
                    let effects = [at(&g.cutoff_winter), at(&g.cutoff_arrears), at(&g.cutoff_dispute)];
                    let seller = gas.frame.seller[k];
                    let stress = seller.map_or(0.0, |s| stress[s * LANES + lane]);
                    let shift = seller.map_or(0.0, |s| step.get(&g.cutoff_shift, s, lane));
                    let dispute = gas.frame.border[k].map_or(0.0, |b| step.get(&g.dispute, b, lane));
                    let arrears = step.get(&g.arrears, k, lane);
                    let rate = step.get(&g.cutoff_rate, k, lane);
                    self.ln_rate[cell] = ln_cutoff_rate(rate, stress, arrears, dispute, effects, shift);
                }
            }
        }
    }

    fn cut(&mut self, e: &Energy, gas: &Part, g: &Gas, step: &mut Step<'_>, lane: usize, found: Immigrant) {
        let t = step.month();
        let (first, length) = e.calendar.month(t);
        let k = found.component as usize;
        let cell = k * LANES + lane;
        let day = e.calendar.day(t, found.time);
        if day < self.until[cell] || step.muted(&g.cutoff, k) {
            return; // a buyer that is cut off cannot be cut off
        }
        let at = |step: &Step<'_>, p| step.get(p, 0, lane);
        let mut draws = step.draws(lane, e.domains.cut, found.id, 0);
        let whole = draws.uniform() < at(step, &g.cutoff_whole);
        let days = repair_days(at(step, &g.cutoff_days), at(step, &g.cutoff_sigma), 0.0, draws.normal());
        let depth = if whole { 1.0 } else { at(step, &g.cutoff_part).clamp(0.0, 1.0) };
        let out = day_mask(day, day + days, first, length).count_ones();
        self.until[cell] = day + days;
        self.depth[cell] = depth;
        self.withheld[cell] = (self.withheld[cell] + depth * f64::from(out) / f64::from(length)).min(1.0);
        let but_for = match gas.frame.seller[k] {
            Some(s) => step.but_for(lane, &g.cutoff_shift, s, found.margin),
            None => Default::default(),
        };
        let event = Event {
            kind: g.cutoff.kind(),
            entity: k as u32,
            id: found.id,
            parent: None,
            time: found.time,
            size: days as f64,
            margin: found.margin,
            but_for,
        };
        step.emit(lane, event);
    }

    /// Bills unpaid after the month.
    pub fn arrears(&self, gas: &Part, g: &Gas, step: &mut Step<'_>) {
        for k in 0..gas.frame.seller.len() {
            for lane in 0..LANES {
                let at = |p| step.get(p, 0, lane);
                let settled = at(&g.arrears_settled) + at(&g.arrears_settled_cut) * self.withheld(k, lane);
                let served = if step.get(&gas.ports.nominated, k, lane) > 0.0 { step.get(&gas.ports.delivered_share, k, lane) } else { 0.0 };
                let unpaid = step.get(&g.unpaid, k, lane) * served;
                let next = next_arrears(step.get(&g.arrears, k, lane), unpaid, settled);
                step.set(&g.arrears, k, lane, next);
            }
        }
    }
}
