//! Events as points of a Poisson process in the plane of time and height, accepted where the height is below the rate.
//!
//! The points depend on the key of the member and the name of the component only, never on the rate: two cases of the same member see the
//! same points, and an event differs between them only where the rates differ (Brémaud and Massoulié 1996, embedding). Heights come in
//! layers, `[0, 2r)`, `[2r, 4r)`, `[4r, 8r)` … over the fixed reference rate `r` of the component; higher layers are drawn only where a
//! rate reaches them. Exact while rates are constant within a month.

use oxus_random::mix64;

use crate::column::LANES;
use crate::noise::Draws;
use crate::step::Step;

/// Months that are drawn together.
const BLOCK: usize = 60;
/// Doublings of the reference rate after which a rate counts as run away.
const LAYERS: u32 = 12;

/// One component of the process, such as protests in a province.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    /// Stable key: a hash of its name.
    pub key: u64,
    /// Reference rate, events a month; positive, the same in every case.
    pub reference: f64,
}

/// An accepted point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Immigrant {
    /// Component index.
    pub component: u32,
    /// Time in months since the start of the run.
    pub time: f64,
    /// `ln rate - ln height`: how far it was from not happening.
    pub margin: f64,
    /// Stable id.
    pub id: u64,
}

#[derive(Clone, Copy, Debug)]
struct Point {
    component: u32,
    time: f64,
    ln_height: f64,
    id: u64,
}

/// The points of all components for the lanes of one block.
#[derive(Clone, Debug, Default)]
pub struct Embedding {
    domain: u64,
    components: Vec<Component>,
    /// Logarithm of the height drawn so far, `[component][lane]`.
    ln_top: Vec<f64>,
    layers: Vec<u32>,
    /// Points by month of the present block and lane.
    buckets: Vec<Vec<Point>>,
    block: Option<usize>,
}

impl Embedding {
    /// Prepares for a run: forgets all points.
    ///
    /// `domain` is the key of the stream (`Ports::domain`). References must be positive.
    pub fn start(&mut self, domain: u64, components: &[Component]) {
        self.domain = domain;
        self.components.clear();
        self.components.extend_from_slice(components);
        self.ln_top.resize(components.len() * LANES, 0.0);
        self.layers.resize(components.len() * LANES, 0);
        self.buckets.resize_with(BLOCK * LANES, Vec::new);
        self.block = None;
    }

    /// Accepts the points of this month: those whose height is below the rate. `ln_rate[component][lane]` is the logarithm of the
    /// monthly rate. The result is ordered by lane, then (time, id). A rate more than 2^13 times its reference fails the member.
    pub fn month(&mut self, step: &mut Step<'_>, ln_rate: &[f64], accepted: &mut [Vec<Immigrant>; LANES]) {
        let block = step.month() / BLOCK;
        if self.block != Some(block) {
            self.open(step, block);
        }
        for i in 0..self.ln_top.len() {
            if ln_rate[i] > self.ln_top[i] {
                self.raise(step, block, i, ln_rate[i]);
            }
        }
        let within = step.month() % BLOCK;
        for (lane, out) in accepted.iter_mut().enumerate() {
            out.clear();
            for p in &self.buckets[within * LANES + lane] {
                let margin = ln_rate[p.component as usize * LANES + lane] - p.ln_height;
                if margin > 0.0 && !step.silenced(p.id) {
                    out.push(Immigrant { component: p.component, time: p.time, margin, id: p.id });
                }
            }
            out.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.id.cmp(&b.id)));
        }
    }

    fn open(&mut self, step: &Step<'_>, block: usize) {
        self.block = Some(block);
        for bucket in &mut self.buckets {
            bucket.clear();
        }
        for c in 0..self.components.len() {
            for lane in 0..LANES {
                self.layers[c * LANES + lane] = 0;
                self.layer(step, block, c, lane, 0);
            }
        }
    }

    fn raise(&mut self, step: &mut Step<'_>, block: usize, cell: usize, ln_rate: f64) {
        let (component, lane) = (cell / LANES, cell % LANES);
        if !step.live()[lane] {
            return;
        }
        while ln_rate > self.ln_top[cell] {
            if self.layers[cell] == LAYERS || ln_rate.is_nan() {
                step.fail(
                    lane,
                    "M002",
                    format!("a rate ran away: ln rate {ln_rate:.1} against a reference of {:.3e}", self.components[component].reference),
                );
                return;
            }
            self.layers[cell] += 1;
            self.layer(step, block, component, lane, self.layers[cell]);
        }
    }

    /// Draws one layer of one component for the months of the block that are still to come.
    fn layer(&mut self, step: &Step<'_>, block: usize, component: usize, lane: usize, layer: u32) {
        let Component { key, reference } = self.components[component];
        let base = 2.0 * reference;
        let (low, width) = if layer == 0 { (0.0, base) } else { (base * pow2(layer - 1), base * pow2(layer - 1)) };
        let name = (block as u64) << 8 | u64::from(layer);
        let mut draws: Draws<'_> = step.draws(lane, self.domain, key, name);
        let id = mix64(mix64(self.domain, key), name);
        let present = step.month() % BLOCK;
        for i in 0..draws.poisson(width * BLOCK as f64) {
            let within = draws.uniform() * BLOCK as f64;
            let height = low + width * draws.uniform();
            let month = (within as usize).min(BLOCK - 1);
            if month < present {
                continue; // lower than every rate there so far, or this layer would have been drawn already
            }
            let point =
                Point { component: component as u32, time: (block * BLOCK) as f64 + within, ln_height: oxus_math::ln(height), id: mix64(id, i) };
            self.buckets[month * LANES + lane].push(point);
        }
        self.ln_top[component * LANES + lane] = oxus_math::ln(low + width);
    }
}

fn pow2(n: u32) -> f64 {
    (1_u64 << n) as f64
}
