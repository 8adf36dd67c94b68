//! Events as points of a Poisson process in the plane of time and height, accepted where the height is below the rate.
//!
//! The points depend on the key of the member and the name of the component only, never on the rate: two cases of the same member see the
//! same points, and an event differs between them only where the rates differ (Brémaud and Massoulié 1996, embedding). Heights come in
//! layers, `[0, 2r)`, `[2r, 4r)`, `[4r, 8r)` … over the fixed reference rate `r` of the component; higher layers are drawn only where a
//! rate reaches them. Exact while rates are constant within a month.

use oxus_math::{dispatch, exp, ln, poisson_quantile};
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
    /// Keys of the components, as the noise takes them.
    keys: Vec<u64>,
    /// First uniforms of the lowest layer's streams, which decide on the number of points, `[component][lane]`.
    first: Vec<f64>,
    /// Uniform up to which the lowest layer of a component has no point.
    none_up_to: Vec<f64>,
    /// Logarithm of the top of the lowest layer, by component.
    ln_lowest: Vec<f64>,
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
        self.keys.clear();
        self.keys.extend(components.iter().map(|c| c.key));
        self.first.resize(components.len() * LANES, 0.0);
        self.none_up_to.clear();
        self.none_up_to.extend(components.iter().map(|c| none_up_to(2.0 * c.reference * BLOCK as f64)));
        self.ln_lowest.clear();
        self.ln_lowest.extend(components.iter().map(|c| ln(2.0 * c.reference)));
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
        if any_above(ln_rate, &self.ln_top) {
            for (i, &rate) in ln_rate.iter().enumerate().take(self.ln_top.len()) {
                if rate > self.ln_top[i] {
                    self.raise(step, block, i, rate);
                }
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
        self.layers.fill(0);
        let (noise, keys) = step.noise();
        noise.uniforms(keys, self.domain, &self.keys, layer_name(block, 0), &mut self.first);
        for c in 0..self.components.len() {
            self.ln_top[c * LANES..][..LANES].fill(self.ln_lowest[c]);
            for lane in 0..LANES {
                let u = self.first[c * LANES + lane];
                if u > self.none_up_to[c] {
                    self.points(step, block, c, lane, 0);
                }
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
            let layer = self.layers[cell];
            self.points(step, block, component, lane, layer);
            let (low, width) = bounds(self.components[component].reference, layer);
            self.ln_top[cell] = ln(low + width);
        }
    }

    /// Draws one layer of one component for the months of the block that are still to come.
    fn points(&mut self, step: &Step<'_>, block: usize, component: usize, lane: usize, layer: u32) {
        let Component { key, reference } = self.components[component];
        let (low, width) = bounds(reference, layer);
        let name = layer_name(block, layer);
        let mut draws: Draws<'_> = step.draws(lane, self.domain, key, name);
        let id = mix64(mix64(self.domain, key), name);
        let present = step.month() % BLOCK;
        let end = step.world().months().saturating_sub(block * BLOCK);
        for i in 0..draws.poisson(width * BLOCK as f64) {
            let within = draws.uniform() * BLOCK as f64;
            let height = low + width * draws.uniform();
            let month = (within as usize).min(BLOCK - 1);
            if month < present || month >= end {
                continue; // behind: lower than every rate there so far, or this layer would have been drawn already; ahead: after the run
            }
            let point = Point { component: component as u32, time: (block * BLOCK) as f64 + within, ln_height: ln(height), id: mix64(id, i) };
            self.buckets[month * LANES + lane].push(point);
        }
    }
}

dispatch! {
    /// Whether any rate is above its top; without early exit, so that it vectorises.
    fn any_above(ln_rate: &[f64], ln_top: &[f64]) -> bool {
        let mut above = 0_u64;
        for (rate, top) in ln_rate.iter().zip(ln_top) {
            above |= u64::from(rate > top);
        }
        above != 0
    }
}

/// Bottom and width of a layer, events a month.
fn bounds(reference: f64, layer: u32) -> (f64, f64) {
    let base = 2.0 * reference;
    if layer == 0 { (0.0, base) } else { (base * pow2(layer - 1), base * pow2(layer - 1)) }
}

/// Step of the streams of a layer.
fn layer_name(block: usize, layer: u32) -> u64 {
    (block as u64) << 8 | u64::from(layer)
}

/// Uniform up to which a Poisson variable is surely zero: the sum of the quantile function starts with `exp(-mean)`. For large means it does
/// not work by sums, and the quantile function is always asked.
fn none_up_to(mean: f64) -> f64 {
    let at_zero = exp(-mean);
    if poisson_quantile(at_zero, mean) == 0.0 { at_zero } else { 0.0 }
}

fn pow2(n: u32) -> f64 {
    (1_u64 << n) as f64
}
