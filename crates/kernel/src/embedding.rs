//! Events as points of a Poisson process in the plane of time and height, accepted where the height is below the rate.
//!
//! The points depend on the key of the member and the name of the component only, never on the rate: two cases of the same member see the
//! same points, and an event differs between them only where the rates differ (Brémaud and Massoulié 1996, embedding). Heights come in
//! layers, `[0, 2r)`, `[2r, 4r)`, `[4r, 8r)` … over the fixed reference rate `r` of the component; higher layers are drawn only where a
//! rate reaches them. Exact while rates are constant within a month.

use oxus_math::{dispatch, exp, ln, poisson_quantile};
use oxus_random::{Key, mix64};

use crate::column::LANES;
use crate::noise::Draws;
use crate::step::Step;

/// Months that are drawn together.
const BLOCK: usize = 60;
/// Doublings of the reference rate after which a rate counts as run away.
const LAYERS: u32 = 12;

/// One component of the process, such as protests in a province.
#[derive(Clone, Copy, Debug, PartialEq)]
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
    /// Month within its block.
    month: u32,
    time: f64,
    ln_height: f64,
    id: u64,
}

/// What a month needs of a point to decide on it.
#[derive(Clone, Copy, Debug)]
struct Placed {
    ln_height: f64,
    component: u32,
    /// Which of the points drawn it is.
    point: u32,
}

/// Points drawn so far for these members: they do not depend on the case, so the next case of the same members finds them here.
#[derive(Clone, Debug, Default)]
struct Drawn {
    /// Members, and the source of their noise.
    of: Option<([Key; LANES], u64)>,
    points: Vec<Point>,
    /// By block of months, component and lane: where the points of its layers lie, from the lowest.
    spans: Vec<Vec<(u32, u32)>>,
    /// Blocks whose lowest layer is drawn.
    opened: Vec<bool>,
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
    /// Components with a rate above its top in some lane.
    rising: Vec<u32>,
    /// Points by month of the present block and lane.
    buckets: Vec<Vec<Placed>>,
    block: Option<usize>,
    drawn: Drawn,
}

impl Embedding {
    /// Prepares for a run.
    ///
    /// `domain` is the key of the stream (`Ports::domain`). References must be positive.
    pub fn start(&mut self, domain: u64, components: &[Component]) {
        if self.domain != domain || self.components != components {
            self.drawn.of = None;
        }
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
        let mut rising = std::mem::take(&mut self.rising);
        rising.clear();
        components_above(ln_rate, &self.ln_top, &mut rising);
        for cell in rising.iter().flat_map(|c| *c as usize * LANES..(*c as usize + 1) * LANES) {
            if ln_rate[cell] > self.ln_top[cell] {
                self.raise(step, block, cell, ln_rate[cell]);
            }
        }
        self.rising = rising;
        let within = step.month() % BLOCK;
        for (lane, out) in accepted.iter_mut().enumerate() {
            out.clear();
            for p in &self.buckets[within * LANES + lane] {
                let margin = ln_rate[p.component as usize * LANES + lane] - p.ln_height;
                if margin > 0.0 {
                    let Point { time, id, .. } = self.drawn.points[p.point as usize];
                    if !step.silenced(id) {
                        out.push(Immigrant { component: p.component, time, margin, id });
                    }
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
        self.draw_lowest(step, block);
        for c in 0..self.components.len() {
            self.ln_top[c * LANES..][..LANES].fill(self.ln_lowest[c]);
        }
        for cell in 0..self.ln_top.len() {
            self.place(step, block, cell, 0);
        }
    }

    /// Draws the lowest layer of all components for a block of months, unless these members have it.
    fn draw_lowest(&mut self, step: &Step<'_>, block: usize) {
        let (noise, keys) = step.noise();
        let (of, cells) = (Some((*keys, noise.id())), self.ln_top.len());
        if self.drawn.of != of {
            let blocks = step.world().months().div_ceil(BLOCK);
            self.drawn.of = of;
            self.drawn.points.clear();
            self.drawn.spans.iter_mut().for_each(Vec::clear);
            self.drawn.spans.resize_with(blocks * cells, Vec::new);
            self.drawn.opened.clear();
            self.drawn.opened.resize(blocks, false);
        }
        if !std::mem::replace(&mut self.drawn.opened[block], true) {
            noise.uniforms(keys, self.domain, &self.keys, layer_name(block, 0), 1, &mut self.first);
            for cell in 0..cells {
                if self.first[cell] > self.none_up_to[cell / LANES] {
                    self.draw(step, block, cell, 0);
                } else {
                    self.drawn.spans[block * cells + cell].push((0, 0));
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
            if self.drawn.spans[block * self.ln_top.len() + cell].len() <= layer as usize {
                self.draw(step, block, cell, layer);
            }
            self.place(step, block, cell, layer);
            let (low, width) = bounds(self.components[component].reference, layer);
            self.ln_top[cell] = ln(low + width);
        }
    }

    /// Draws one layer of one component and lane for a block of months, up to the end of the run.
    fn draw(&mut self, step: &Step<'_>, block: usize, cell: usize, layer: u32) {
        let (component, lane) = (cell / LANES, cell % LANES);
        let Component { key, reference } = self.components[component];
        let (low, width) = bounds(reference, layer);
        let name = layer_name(block, layer);
        let mut draws: Draws<'_> = step.draws(lane, self.domain, key, name);
        let id = mix64(mix64(self.domain, key), name);
        let end = step.world().months().saturating_sub(block * BLOCK);
        let points = &mut self.drawn.points;
        let start = points.len() as u32;
        for i in 0..draws.poisson(width * BLOCK as f64) {
            let within = draws.uniform() * BLOCK as f64;
            let height = low + width * draws.uniform();
            let month = (within as usize).min(BLOCK - 1);
            if month < end {
                let time = (block * BLOCK) as f64 + within;
                points.push(Point { month: month as u32, time, ln_height: ln(height), id: mix64(id, i) });
            }
        }
        self.drawn.spans[block * self.ln_top.len() + cell].push((start, points.len() as u32));
    }

    /// Hands the points of a layer to the months that are still to come: behind, the layer is above every rate there was.
    fn place(&mut self, step: &Step<'_>, block: usize, cell: usize, layer: u32) {
        let (start, end) = self.drawn.spans[block * self.ln_top.len() + cell][layer as usize];
        let present = (step.month() % BLOCK) as u32;
        for (point, found) in (start..end).zip(&self.drawn.points[start as usize..end as usize]) {
            if found.month >= present {
                let placed = Placed { ln_height: found.ln_height, component: (cell / LANES) as u32, point };
                self.buckets[found.month as usize * LANES + cell % LANES].push(placed);
            }
        }
    }
}

dispatch! {
    /// Finds the components with a rate above its top in some lane.
    fn components_above(ln_rate: &[f64], ln_top: &[f64], found: &mut Vec<u32>) {
        for (component, (rate, top)) in ln_rate.chunks_exact(LANES).zip(ln_top.chunks_exact(LANES)).enumerate() {
            let mut above = 0_u64;
            for lane in 0..LANES {
                above |= u64::from(rate[lane] > top[lane]);
            }
            if above != 0 {
                found.push(component as u32);
            }
        }
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
