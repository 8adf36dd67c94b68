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
    /// By row: inverse of the scale, gain of the delay, how far the reference follows, 1 for a threshold.
    constants: Vec<[f64; 4]>,
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
                let (follow, fixed) = match link.reference {
                    Reference::Base => (0.0, None),
                    Reference::Trend(months) => (1.0 / months.max(1.0), None),
                    Reference::Value(v) => (0.0, Some(v)),
                };
                let step = f64::from(u8::from(link.shape == Shape::Step));
                plan.constants.push([1.0 / link.scale, 1.0 / (1.0 + link.lag.max(0.0)), follow, step]);
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

/// State of the pass in one block. Only rows that act in some lane are computed: half of the links of a draw do not exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkState {
    /// Strength of each row and lane on the target's scale, as drawn.
    pub drawn: Column,
    /// Rows that act, in order, and where each row stands among them.
    active: Vec<u32>,
    at: Vec<u32>,
    /// Constants of the active rows, one for each lane: inverse of the scale, gain, follow, step.
    constants: [Column; 4],
    /// Strength of the active rows after interventions, their delayed response, reference, source, and contribution in this step.
    strength: Column,
    response: Column,
    reference: Column,
    source: Column,
    contribution: Column,
}

/// Place of a row that does not act.
const NOWHERE: u32 = u32::MAX;

impl LinkState {
    pub fn new(rows: usize) -> Self {
        Self { drawn: vec![0.0; rows * LANES], ..Self::default() }
    }

    /// Forgets the past; references become the present values of the sources. `changed` names links that interventions may switch on.
    pub fn start(&mut self, plan: &LinkPlan, prev: &[Column], changed: impl Fn(usize) -> bool) {
        self.active.clear();
        self.at.clear();
        self.at.resize(plan.rows(), NOWHERE);
        for link in 0..plan.starts.len() - 1 {
            let changed = changed(link);
            for row in plan.starts[link]..plan.starts[link + 1] {
                if changed || self.drawn[row * LANES..][..LANES].iter().any(|x| *x != 0.0) {
                    self.at[row] = self.active.len() as u32;
                    self.active.push(row as u32);
                }
            }
        }
        let cells = self.active.len() * LANES;
        for (which, column) in self.constants.iter_mut().enumerate() {
            column.clear();
            column.extend(self.active.iter().flat_map(|row| [plan.constants[*row as usize][which]; LANES]));
        }
        for column in [&mut self.strength, &mut self.response, &mut self.source, &mut self.contribution] {
            column.clear();
            column.resize(cells, 0.0);
        }
        self.forget_changes();
        self.gather(plan, prev);
        self.reference.clone_from(&self.source);
        for (row, reference) in self.active.iter().zip(self.reference.chunks_exact_mut(LANES)) {
            if let Some(value) = plan.fixed[*row as usize] {
                reference.fill(value);
            }
        }
    }

    /// Sets strengths back to what was drawn.
    pub fn forget_changes(&mut self) {
        for (row, strength) in self.active.iter().zip(self.strength.chunks_exact_mut(LANES)) {
            strength.copy_from_slice(&self.drawn[*row as usize * LANES..][..LANES]);
        }
    }

    /// Changes the strength of a link's rows; they act since [`LinkState::start`] was told of the link.
    pub fn change(&mut self, plan: &LinkPlan, link: usize, f: impl Fn(f64) -> f64) {
        for row in plan.starts[link]..plan.starts[link + 1] {
            for x in &mut self.strength[self.at[row] as usize * LANES..][..LANES] {
                *x = f(*x);
            }
        }
    }

    /// What a row adds to its modifier in this step.
    pub fn contribution(&self, row: usize, lane: usize) -> f64 {
        match self.at[row] {
            NOWHERE => 0.0,
            at => self.contribution[at as usize * LANES + lane],
        }
    }

    fn gather(&mut self, plan: &LinkPlan, prev: &[Column]) {
        for (row, out) in self.active.iter().zip(self.source.chunks_exact_mut(LANES)) {
            let row = *row as usize;
            let sources = &plan.sources[plan.source_starts[row]..plan.source_starts[row + 1]];
            let values = |variable: u32, entity: u32| prev[variable as usize][entity as usize * LANES..].first_chunk::<LANES>();
            let mut sum = [if plan.largest[row] { f64::NEG_INFINITY } else { 0.0 }; LANES];
            for &(variable, entity, weight) in sources {
                let Some(values) = values(variable, entity) else { continue };
                if plan.largest[row] {
                    sum = std::array::from_fn(|lane| sum[lane].max(values[lane]));
                } else {
                    sum = std::array::from_fn(|lane| sum[lane] + weight * values[lane]);
                }
            }
            out.copy_from_slice(&sum);
        }
    }

    /// Computes every contribution from the previous step's values and adds it to its modifier in `now`.
    pub fn pass(&mut self, plan: &LinkPlan, prev: &[Column], now: &mut [Column]) {
        if self.active.is_empty() {
            return;
        }
        self.gather(plan, prev);
        let [inverse_scale, gain, follow, step] = &self.constants;
        respond(&self.source, inverse_scale, gain, follow, step, &self.strength, &mut self.reference, &mut self.response, &mut self.contribution);
        for (row, part) in self.active.iter().zip(self.contribution.chunks_exact(LANES)) {
            let (variable, entity) = plan.targets[*row as usize];
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
