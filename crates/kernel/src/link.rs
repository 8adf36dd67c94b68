//! Links: influence that the source claims, as data. One sparse pass before the mechanisms, from values of the previous step.

use oxus_math::dispatch;

use crate::column::{Column, LANES};

/// Dense index of a link in its model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// What the source of a link is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reference {
    /// Its value at the origin, member by member.
    Base,
    /// Its own moving mean over this many months.
    Trend(f64),
    /// A fixed value in the source's unit.
    Value(f64),
}

/// How the standardised source acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `3 z / sqrt(8 + z^2)`: one typical deviation acts as 1, crises as up to 3.
    Saturating,
    /// 1 above the reference, 0 below: threshold claims.
    Step,
}

/// A resolved link: from the entities of one variable to those of a modifier.
#[derive(Clone, Debug)]
pub struct Link {
    /// Id in the pack.
    pub id: String,
    /// Source variable (model index).
    pub from: usize,
    /// Modifier (model index).
    pub to: usize,
    /// For each target entity its sources with weights (a broadcast has one of weight 1, a mean several of weight 1/n).
    pub pairs: Vec<(u32, Vec<(u32, f64)>)>,
    /// Whether the largest source counts instead of the weighted sum.
    pub largest: bool,
    /// One typical deviation of the source, in its unit.
    pub scale: f64,
    /// First-order delay, months; 0 acts at the next step.
    pub lag: f64,
    /// What the source is compared with.
    pub reference: Reference,
    /// How it acts.
    pub shape: Shape,
}

/// Constants of the pass: one row for each (link, target entity), link-major; the same for every member.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkPlan {
    /// Rows of each link: `starts[j]..starts[j + 1]`.
    pub starts: Vec<usize>,
    /// Sources of a row: `source_starts[r]..source_starts[r + 1]` into `sources`.
    source_starts: Vec<usize>,
    sources: Vec<(u32, u32, f64)>,
    largest: Vec<bool>,
    /// Target of each row: (modifier, entity).
    pub targets: Vec<(u32, u32)>,
    inverse_scale: Vec<f64>,
    gain: Vec<f64>,
    follow: Vec<f64>,
    step: Vec<f64>,
    fixed: Vec<Option<f64>>,
    /// Rows that arrive at a (modifier, entity), for attribution.
    pub arriving: std::collections::BTreeMap<(u32, u32), Vec<u32>>,
}

impl LinkPlan {
    pub fn new(links: &[Link]) -> Self {
        let mut plan = Self { starts: vec![0], source_starts: vec![0], ..Self::default() };
        for link in links {
            for (target, sources) in &link.pairs {
                let row = plan.targets.len() as u32;
                plan.sources.extend(sources.iter().map(|&(e, w)| (link.from as u32, e, w)));
                plan.source_starts.push(plan.sources.len());
                plan.largest.push(link.largest);
                plan.targets.push((link.to as u32, *target));
                plan.arriving.entry((link.to as u32, *target)).or_default().push(row);
                let lanes = LANES;
                let (follow, fixed) = match link.reference {
                    Reference::Base => (0.0, None),
                    Reference::Trend(months) => (1.0 / months.max(1.0), None),
                    Reference::Value(v) => (0.0, Some(v)),
                };
                plan.inverse_scale.extend(std::iter::repeat_n(1.0 / link.scale, lanes));
                plan.gain.extend(std::iter::repeat_n(1.0 / (1.0 + link.lag.max(0.0)), lanes));
                plan.follow.extend(std::iter::repeat_n(follow, lanes));
                plan.step.extend(std::iter::repeat_n(f64::from(u8::from(link.shape == Shape::Step)), lanes));
                plan.fixed.push(fixed);
            }
            plan.starts.push(plan.targets.len());
        }
        plan
    }

    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// Link that a row belongs to.
    pub fn link_of(&self, row: u32) -> u32 {
        self.starts.partition_point(|&s| s <= row as usize) as u32 - 1
    }
}

/// State of the pass in one block.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkState {
    /// Strength of each row and lane on the target's scale, as drawn.
    pub drawn: Column,
    /// Strength after interventions.
    pub strength: Column,
    /// Delayed response of each row and lane.
    response: Column,
    reference: Column,
    source: Column,
    /// Contribution of each row and lane in this step.
    pub contribution: Column,
}

impl LinkState {
    pub fn new(rows: usize) -> Self {
        let zero = || vec![0.0; rows * LANES];
        Self { drawn: zero(), strength: zero(), response: zero(), reference: zero(), source: zero(), contribution: zero() }
    }

    /// Forgets the past; references become the present values of the sources.
    pub fn start(&mut self, plan: &LinkPlan, prev: &[Column]) {
        self.response.fill(0.0);
        self.strength.copy_from_slice(&self.drawn);
        self.gather(plan, prev);
        self.reference.copy_from_slice(&self.source);
        for (row, fixed) in plan.fixed.iter().enumerate() {
            if let Some(value) = fixed {
                self.reference[row * LANES..][..LANES].fill(*value);
            }
        }
    }

    fn gather(&mut self, plan: &LinkPlan, prev: &[Column]) {
        for (row, out) in self.source.chunks_exact_mut(LANES).enumerate() {
            let (start, end) = (plan.source_starts[row], plan.source_starts[row + 1]);
            let largest = plan.largest[row];
            out.fill(if largest { f64::NEG_INFINITY } else { 0.0 });
            for &(variable, entity, weight) in &plan.sources[start..end] {
                let values = &prev[variable as usize][entity as usize * LANES..][..LANES];
                for (o, v) in out.iter_mut().zip(values) {
                    *o = if largest { o.max(*v) } else { *o + weight * v };
                }
            }
        }
    }

    /// Computes every contribution from the previous step's values and adds it to its modifier in `now`.
    pub fn pass(&mut self, plan: &LinkPlan, prev: &[Column], now: &mut [Column]) {
        if plan.rows() == 0 {
            return;
        }
        self.gather(plan, prev);
        respond(
            &self.source,
            &plan.inverse_scale,
            &plan.gain,
            &plan.follow,
            &plan.step,
            &self.strength,
            &mut self.reference,
            &mut self.response,
            &mut self.contribution,
        );
        for (row, part) in self.contribution.chunks_exact(LANES).enumerate() {
            let (variable, entity) = plan.targets[row];
            let sum = &mut now[variable as usize][entity as usize * LANES..][..LANES];
            for (s, c) in sum.iter_mut().zip(part) {
                *s += c;
            }
        }
    }
}

dispatch! {
    /// `g += (f(z) - g) gain`, contribution `strength * g`; the reference follows the source where it is a trend.
    fn respond(
        source: &[f64],
        inverse_scale: &[f64],
        gain: &[f64],
        follow: &[f64],
        step: &[f64],
        strength: &[f64],
        reference: &mut [f64],
        response: &mut [f64],
        contribution: &mut [f64],
    ) {
        let n = source.len();
        let (inverse_scale, gain, follow, step) = (&inverse_scale[..n], &gain[..n], &follow[..n], &step[..n]);
        let (strength, reference, response) = (&strength[..n], &mut reference[..n], &mut response[..n]);
        let contribution = &mut contribution[..n];
        for i in 0..n {
            let z = (source[i] - reference[i]) * inverse_scale[i];
            let over = if z > 0.0 { 1.0 } else { 0.0 };
            let f = (1.0 - step[i]) * oxus_math::saturate(z) + step[i] * over;
            let g = response[i] + (f - response[i]) * gain[i];
            reference[i] += (source[i] - reference[i]) * follow[i];
            response[i] = g;
            contribution[i] = strength[i] * g;
        }
    }
}
