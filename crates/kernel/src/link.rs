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

/// Constants of the pass, the same for every member. A signal is what a link makes of one set of sources; the rows of a link, one for each
/// target entity, share the signals of equal sources, as the sites of a state do when a link spreads from states to sites.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkPlan {
    /// Rows of each link: `starts[j]..starts[j + 1]`.
    pub starts: Vec<usize>,
    /// Target of each row: (modifier, entity).
    pub targets: Vec<(u32, u32)>,
    /// Signal of each row.
    signal_of: Vec<u32>,
    signals: Vec<Signal>,
    /// Rows that arrive at a (modifier, entity), for attribution.
    pub arriving: std::collections::BTreeMap<(u32, u32), Vec<u32>>,
}

/// One set of sources of a link.
#[derive(Clone, Debug)]
struct Signal {
    variable: u32,
    sources: Vec<(u32, f64)>,
    largest: bool,
    /// Inverse of the scale, gain of the delay, how far the reference follows, 1 for a threshold.
    constants: [f64; 4],
    fixed: Option<f64>,
}

impl Signal {
    fn new(link: &Link, sources: &[(u32, f64)]) -> Self {
        let (follow, fixed) = match link.reference {
            Reference::Base => (0.0, None),
            Reference::Trend(months) => (1.0 / months.max(1.0), None),
            Reference::Value(v) => (0.0, Some(v)),
        };
        let step = f64::from(u8::from(link.shape == Shape::Step));
        let constants = [1.0 / link.scale, 1.0 / (1.0 + link.lag.max(0.0)), follow, step];
        Self { variable: link.from as u32, sources: sources.to_vec(), largest: link.largest, constants, fixed }
    }

    /// Weighted sum or largest value of the sources.
    fn gather(&self, prev: &[Column]) -> [f64; LANES] {
        let column = &prev[self.variable as usize];
        if let &[(entity, 1.0)] = self.sources.as_slice()
            && let Some(values) = column[entity as usize * LANES..].first_chunk::<LANES>()
        {
            return *values;
        }
        let mut sum = [if self.largest { f64::NEG_INFINITY } else { 0.0 }; LANES];
        for &(entity, weight) in &self.sources {
            let Some(values) = column[entity as usize * LANES..].first_chunk::<LANES>() else { continue };
            if self.largest {
                sum = std::array::from_fn(|lane| sum[lane].max(values[lane]));
            } else {
                sum = std::array::from_fn(|lane| sum[lane] + weight * values[lane]);
            }
        }
        sum
    }
}

impl LinkPlan {
    pub fn new(links: &[Link]) -> Self {
        let mut plan = Self { starts: vec![0], ..Self::default() };
        for link in links {
            let first = plan.signals.len();
            for (target, sources) in &link.pairs {
                let row = plan.targets.len() as u32;
                let known = plan.signals[first..].iter().position(|s| s.sources == *sources);
                let signal = known.map_or(plan.signals.len(), |at| first + at);
                if known.is_none() {
                    plan.signals.push(Signal::new(link, sources));
                }
                plan.signal_of.push(signal as u32);
                plan.targets.push((link.to as u32, *target));
                plan.arriving.entry((link.to as u32, *target)).or_default().push(row);
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

/// State of the pass in one block. Only rows that act in some lane are computed, and only their signals: half of the links of a draw do
/// not exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct LinkState {
    /// Strength of each row and lane on the target's scale, as drawn.
    pub drawn: Column,
    /// Rows that act, in order, and where each row stands among them.
    active: Vec<u32>,
    at: Vec<u32>,
    /// Signals of the active rows.
    signals: Vec<u32>,
    /// Constants of these signals, one for each lane: inverse of the scale, gain, follow, step.
    constants: [Column; 4],
    /// Where each active row adds what it makes of which of these signals.
    arrivals: Vec<Arrival>,
    /// Of the signals: source, reference, delayed response.
    source: Column,
    reference: Column,
    response: Column,
    /// Strength of the active rows after interventions.
    strength: Column,
    /// Rows held to what they added in another run, in order, with these values.
    held: Vec<(u32, [f64; LANES])>,
}

/// An active row in the pass.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    variable: u32,
    entity: u32,
    signal: u32,
}

/// Place of a row that does not act.
const NOWHERE: u32 = u32::MAX;

impl LinkState {
    pub fn new(rows: usize) -> Self {
        Self { drawn: vec![0.0; rows * LANES], ..Self::default() }
    }

    /// Forgets the past; references become the present values of the sources. `changed` names links that interventions may switch on, or that are
    /// held.
    pub fn start(&mut self, plan: &LinkPlan, prev: &[Column], changed: impl Fn(usize) -> bool) {
        self.activate(plan, changed);
        for (which, column) in self.constants.iter_mut().enumerate() {
            column.clear();
            column.extend(self.signals.iter().flat_map(|s| [plan.signals[*s as usize].constants[which]; LANES]));
        }
        for (column, len) in
            [(&mut self.strength, self.active.len()), (&mut self.response, self.signals.len()), (&mut self.source, self.signals.len())]
        {
            column.clear();
            column.resize(len * LANES, 0.0);
        }
        self.forget_changes();
        self.held.clear();
        self.gather(plan, prev);
        self.reference.clone_from(&self.source);
        for (signal, reference) in self.signals.iter().zip(self.reference.chunks_exact_mut(LANES)) {
            if let Some(value) = plan.signals[*signal as usize].fixed {
                reference.fill(value);
            }
        }
    }

    fn activate(&mut self, plan: &LinkPlan, changed: impl Fn(usize) -> bool) {
        for list in [&mut self.active, &mut self.signals, &mut self.at] {
            list.clear();
        }
        self.arrivals.clear();
        self.at.resize(plan.rows(), NOWHERE);
        let mut place = vec![NOWHERE; plan.signals.len()];
        for link in 0..plan.starts.len() - 1 {
            let changed = changed(link);
            for row in plan.starts[link]..plan.starts[link + 1] {
                if changed || self.drawn[row * LANES..][..LANES].iter().any(|x| *x != 0.0) {
                    let signal = plan.signal_of[row];
                    if place[signal as usize] == NOWHERE {
                        place[signal as usize] = self.signals.len() as u32;
                        self.signals.push(signal);
                    }
                    self.at[row] = self.active.len() as u32;
                    self.active.push(row as u32);
                    let (variable, entity) = plan.targets[row];
                    self.arrivals.push(Arrival { variable, entity, signal: place[signal as usize] });
                }
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
            at => {
                let signal = self.arrivals[at as usize].signal as usize;
                self.strength[at as usize * LANES + lane] * self.response[signal * LANES + lane]
            }
        }
    }

    /// Holds these rows in this step.
    pub fn hold<'r>(&mut self, rows: impl Iterator<Item = (usize, &'r [f64])>) {
        self.held.clear();
        self.held.extend(rows.filter_map(|(row, values)| Some((row as u32, *values.first_chunk::<LANES>()?))));
        self.held.sort_unstable_by_key(|held| held.0);
    }

    fn held(&self, row: u32) -> Option<[f64; LANES]> {
        self.held.binary_search_by_key(&row, |held| held.0).ok().map(|at| self.held[at].1)
    }

    /// What a row added to its modifier in this step, whether held or not.
    pub fn passed_on(&self, row: usize, lane: usize) -> f64 {
        self.held(row as u32).map_or_else(|| self.contribution(row, lane), |values| values[lane])
    }

    fn gather(&mut self, plan: &LinkPlan, prev: &[Column]) {
        for (signal, out) in self.signals.iter().zip(self.source.chunks_exact_mut(LANES)) {
            out.copy_from_slice(&plan.signals[*signal as usize].gather(prev));
        }
    }

    /// Computes every signal from the previous step's values and adds what its rows make of it to their modifiers in `now`.
    pub fn pass(&mut self, plan: &LinkPlan, prev: &[Column], now: &mut [Column]) {
        self.gather(plan, prev);
        let [inverse_scale, gain, follow, step] = &self.constants;
        respond(&self.source, inverse_scale, gain, follow, step, &mut self.reference, &mut self.response);
        if self.held.is_empty() {
            return arrive(&self.arrivals, &self.strength, &self.response, now);
        }
        for ((row, to), strength) in self.active.iter().zip(&self.arrivals).zip(self.strength.chunks_exact(LANES)) {
            let sum = now[to.variable as usize][to.entity as usize * LANES..].first_chunk_mut::<LANES>();
            let response = self.response[to.signal as usize * LANES..].first_chunk::<LANES>();
            if let (Some(sum), Some(response), Some(strength)) = (sum, response, strength.first_chunk::<LANES>()) {
                *sum = match self.held(*row) {
                    None => std::array::from_fn(|lane| sum[lane] + strength[lane] * response[lane]),
                    Some(values) => std::array::from_fn(|lane| sum[lane] + values[lane]),
                };
            }
        }
    }
}

dispatch! {
    /// `g += (f(z) - g) gain`; the reference follows the source where it is a trend.
    fn respond(
        source: &[f64],
        inverse_scale: &[f64],
        gain: &[f64],
        follow: &[f64],
        step: &[f64],
        reference: &mut [f64],
        response: &mut [f64],
    ) {
        let n = source.len();
        let (inverse_scale, gain, follow, step) = (&inverse_scale[..n], &gain[..n], &follow[..n], &step[..n]);
        let (reference, response) = (&mut reference[..n], &mut response[..n]);
        for i in 0..n {
            let z = (source[i] - reference[i]) * inverse_scale[i];
            let over = if z > 0.0 { 1.0 } else { 0.0 };
            let f = (1.0 - step[i]) * oxus_math::saturate(z) + step[i] * over;
            let g = response[i] + (f - response[i]) * gain[i];
            reference[i] += (source[i] - reference[i]) * follow[i];
            response[i] = g;
        }
    }
}

dispatch! {
    /// Adds what rows make of their signals to the modifiers.
    fn arrive(arrivals: &[Arrival], strength: &[f64], response: &[f64], now: &mut [Column]) {
        for (to, strength) in arrivals.iter().zip(strength.chunks_exact(LANES)) {
            let sum = now[to.variable as usize][to.entity as usize * LANES..].first_chunk_mut::<LANES>();
            let response = response[to.signal as usize * LANES..].first_chunk::<LANES>();
            if let (Some(sum), Some(response), Some(strength)) = (sum, response, strength.first_chunk::<LANES>()) {
                *sum = std::array::from_fn(
                    #[inline(always)]
                    |lane| sum[lane] + strength[lane] * response[lane],
                );
            }
        }
    }
}
