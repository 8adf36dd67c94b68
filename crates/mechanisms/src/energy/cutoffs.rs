//! Decisions of sellers: who goes first in winter, and whom they cut off.

use oxus_kernel::{Component, Embedding, Event, Immigrant, LANES, Step};
use oxus_math::dispatch;

use super::equations::{day_mask, ln_cutoff_rate, next_arrears, repair_days};
use super::{Energy, Gas, Part};
use crate::rows::{cells, cells_mut, row};

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
        for (k, until) in self.until.chunks_exact(LANES).enumerate() {
            let (withheld, depth) = (cells_mut(&mut self.withheld, k), cells(&self.depth, k));
            if until.iter().all(|until| *until <= first) {
                *withheld = [0.0; LANES];
                continue;
            }
            for (lane, withheld) in withheld.iter_mut().enumerate() {
                let out = day_mask(first, until[lane], first, days).count_ones();
                *withheld = depth[lane] * f64::from(out) / f64::from(days);
            }
        }
        rates(&mut self.ln_rate, gas, g, step, stress, asked);
        self.embedding.month(step, &self.ln_rate, &mut self.accepted);
        for lane in 0..LANES {
            for i in 0..self.accepted[lane].len() {
                let found = self.accepted[lane][i];
                self.cut(e, gas, g, step, lane, found);
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
        arrears(&self.withheld, gas, g, step);
    }
}

dispatch! {
    /// Logarithms of the rates of cut-offs; contracts that are not asked for anything have none.
    fn rates(ln_rate: &mut [f64], gas: &Part, g: &Gas, step: &Step<'_>, stress: &[f64], asked: &[f64]) {
        let effects = [&g.cutoff_winter, &g.cutoff_arrears, &g.cutoff_dispute].map(|p| row(step, p, 0));
        for (k, seller) in gas.frame.seller.iter().enumerate() {
            let (stress, shift) = seller.map_or(([0.0; LANES], [0.0; LANES]), |s| (cells(stress, s), row(step, &g.cutoff_shift, s)));
            let dispute = gas.frame.border[k].map_or([0.0; LANES], |b| row(step, &g.dispute, b));
            let (arrears, rate, asked) = (row(step, &g.arrears, k), row(step, &g.cutoff_rate, k), cells(asked, k));
            let of = lanes!(|l| ln_cutoff_rate(rate[l], stress[l], arrears[l], dispute[l], effects.map(|e| e[l]), shift[l]));
            *cells_mut(ln_rate, k) = lanes!(|l| if asked[l] > 0.0 { of[l] } else { f64::NEG_INFINITY });
        }
    }
}

dispatch! {
    fn arrears(withheld: &[f64], gas: &Part, g: &Gas, step: &mut Step<'_>) {
        let [by_itself, cut] = [&g.arrears_settled, &g.arrears_settled_cut].map(|p| row(step, p, 0));
        for k in 0..gas.frame.seller.len() {
            let (nominated, share) = (row(step, &gas.ports.nominated, k), row(step, &gas.ports.delivered_share, k));
            let (unpaid, now, withheld) = (row(step, &g.unpaid, k), row(step, &g.arrears, k), cells(withheld, k));
            let served = lanes!(|l| if nominated[l] > 0.0 { share[l] } else { 0.0 });
            let next = lanes!(|l| next_arrears(now[l], unpaid[l] * served[l], by_itself[l] + cut[l] * withheld[l]));
            step.set_row(&g.arrears, k, next);
        }
    }
}
