//! A claim's test on the model: which cause is raised, by how much, and where the effect is looked for.
//!
//! **One deviation.** A modifier's is the one it declares. Of another variable it is the `scale` of the pack's links from it, else 0.15 for an
//! index, share or probability, else the spread of each entity's values over futures and months of the first year, else a tenth of its
//! size. Where a bound leaves less room, the push is smaller; where it leaves almost none, the cause is lowered instead, and the effect
//! counts the other way round.
//!
//! **Held.** From the first month to the claim's horizon. What is added every month is such that the cause stands one deviation above its own path, whatever part of a push
//! it keeps by itself: with `h(k)` what is left after k months of a push in the first (measured), month t adds
//! `a(t) = 1 - sum over k of a(t - k) h(k)`, and after the measured year what the last month of it adds. A flow gets the whole push every
//! month, a stock once. The effect is looked for in the mean over the same months, so that events count whenever they fall.

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::{Intervention, Kind, Model, Op, Patch, Recording, Schedule, Target};
use oxus_pack::region::{Claim, Name, Region, TestSign};
use rayon::prelude::*;

use super::contrast::{Arm, Links, Measure, Setting};

/// Months over which it is measured what a cause keeps of a push.
pub const HELD: usize = 12;
/// Part of the room up to a bound that a push may use: members differ from those of the pilot.
const ROOM: f64 = 0.7;
/// A push smaller than this part of a deviation goes the other way.
const SMALLEST: f64 = 0.2;

/// A cause: a variable and the entities on which it is raised.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Variable (model index).
    pub variable: usize,
    /// Entities, ascending.
    pub entities: Vec<u32>,
}

/// A claim's test, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The claim.
    pub claim: String,
    /// What is raised.
    pub cause: Cause,
    /// Variable watched (model index), on all its entities.
    pub watch: usize,
    /// What must be seen.
    pub sign: TestSign,
    /// After how many months.
    pub after: u32,
}

impl Probe {
    /// The test of a claim; `None` where it has none.
    ///
    /// # Errors
    /// `C007` a variable that no mechanism owns, or an entity that its axis does not have.
    pub fn of(claim: &Claim, model: &Model) -> Option<Result<Self, Vec<Diagnostic>>> {
        let test = claim.test.as_ref()?;
        let mut problems = Vec::new();
        let mut variable = |name: &Name| {
            let found = model.variable(&name.id);
            if found.is_none() {
                problems.push(
                    Diagnostic::error(codes::C007, format!("the test of claim `{}` names a variable that no mechanism owns", claim.id))
                        .at(name.span, "this one")
                        .help_maybe(did_you_mean(&name.id, model.variable_names())),
                );
            }
            found
        };
        let (raise, watch) = (variable(&test.raise), variable(&test.watch));
        let entities = raise.and_then(|raise| {
            let axis = model.axis_of(raise);
            let Some(name) = &test.entities else { return Some((0..axis.len() as u32).collect()) };
            let found = axis.position(&name.id);
            if found.is_none() {
                problems.push(
                    Diagnostic::error(codes::C007, format!("the test of claim `{}` names an unknown entity of `{}`", claim.id, axis.name))
                        .at(name.span, "this one")
                        .help_maybe(did_you_mean(&name.id, axis.entities.iter().map(String::as_str))),
                );
            }
            found.map(|e| vec![e as u32])
        });
        Some(match (raise, entities, watch) {
            (Some(variable), Some(entities), Some(watch)) => {
                Ok(Self { claim: claim.id.clone(), cause: Cause { variable, entities }, watch, sign: test.sign, after: test.after })
            }
            _ => Err(problems),
        })
    }

    /// The tests of all claims of a region, in order of ids.
    ///
    /// # Errors
    /// The problems of all of them together.
    pub fn all(region: &Region, model: &Model) -> Result<Vec<Self>, Diagnostics> {
        let (mut probes, mut problems) = (Vec::new(), Diagnostics::new());
        for found in region.claims.values().filter_map(|claim| Self::of(claim, model)) {
            match found {
                Ok(probe) => probes.push(probe),
                Err(found) => problems.extend(found),
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(probes) }
    }

    /// Where the effect is looked for: the mean over the months up to the claim's horizon, summed over entities.
    pub fn measure(&self, model: &Model) -> Measure {
        let after = (self.after as usize).clamp(1, model.world().months());
        let entities = (0..model.axis_of(self.watch).len() as u32).collect();
        Measure { variable: self.watch, entities, from: 0, to: after - 1 }
    }
}

/// A push on a cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// The cause.
    pub cause: Cause,
    /// What one deviation is for each entity, in the variable's unit.
    pub deviation: Vec<f64>,
    /// What is held: deviations of each entity, negative where the cause is lowered.
    pub size: Vec<f64>,
    /// What month t adds, as a part of what is held; later months add what the last one does.
    pub schedule: Vec<f64>,
}

impl Push {
    /// Mean size over entities, in deviations; negative where the cause is lowered.
    pub fn mean_size(&self) -> f64 {
        self.size.iter().sum::<f64>() / self.size.len().max(1) as f64
    }

    /// 1 where the cause is raised, -1 where it is lowered.
    pub fn direction(&self) -> f64 {
        if self.mean_size() < 0.0 { -1.0 } else { 1.0 }
    }

    /// The push, `times` as large, as interventions on a model; empty when there is nothing to push.
    ///
    /// # Errors
    /// Those of [`Model::resolve`].
    pub fn interventions(&self, model: &Model, times: f64) -> Result<Vec<Intervention>, Vec<Diagnostic>> {
        let (spec, axis, months) = (model.spec(self.cause.variable), model.axis_of(self.cause.variable), model.world().months());
        let mut patches: Vec<(u64, Patch)> = Vec::new();
        for ((&entity, deviation), size) in self.cause.entities.iter().zip(&self.deviation).zip(&self.size) {
            let amount = times * deviation * size;
            if amount == 0.0 {
                continue;
            }
            let entity = axis.entities[entity as usize].clone();
            if let Some((_, patch)) = patches.iter_mut().find(|(bits, _)| *bits == amount.to_bits()) {
                patch.entities.push(entity);
                continue;
            }
            let value = |t: usize| self.schedule.get(t).or(self.schedule.last()).map(|part| amount * part);
            let patch = Patch {
                origin: format!("a push on {}", spec.name),
                target: Target::Variable(spec.name.into()),
                entities: vec![entity],
                op: Op::Add,
                schedule: Schedule((0..months).map(value).collect()),
                strength: 1.0,
                order: 0,
                span: None,
            };
            patches.push((amount.to_bits(), patch));
        }
        model.resolve(&patches.into_iter().map(|p| p.1).collect::<Vec<_>>())
    }
}

/// Sizes and schedules of the pushes on these causes, from a pilot of the first year.
///
/// # Errors
/// Those of [`Model::resolve`].
pub fn pushes(region: &Region, pilot: &Setting<'_>, links: &Links, causes: &[Cause]) -> Result<Vec<Push>, Diagnostics> {
    let mut cells: Vec<(usize, u32)> = causes.iter().flat_map(|c| c.entities.iter().map(|&e| (c.variable, e))).collect();
    cells.sort_unstable();
    cells.dedup();
    let recording = Recording { cells };
    let base = pilot.records(&Arm { interventions: Vec::new(), links: links.clone() }, &recording);
    let found: Vec<Result<Push, Vec<Diagnostic>>> = causes.par_iter().map(|cause| one_push(region, pilot, links, cause, &recording, &base)).collect();
    let (mut pushes, mut problems) = (Vec::new(), Diagnostics::new());
    for push in found {
        match push {
            Ok(push) => pushes.push(push),
            Err(found) => problems.extend(found),
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(pushes) }
}

type Records = [Option<Vec<f64>>];

fn one_push(
    region: &Region,
    pilot: &Setting<'_>,
    links: &Links,
    cause: &Cause,
    recording: &Recording,
    base: &Records,
) -> Result<Push, Vec<Diagnostic>> {
    let model = pilot.model;
    let spec = model.spec(cause.variable);
    let spreads: Vec<Spread> = cause.entities.iter().map(|&e| Spread::of(base, recording, (cause.variable, e))).collect();
    let stated = region.links.values().find(|l| l.from.id == spec.name).map(|l| l.scale.value.mean());
    let deviation: Vec<f64> = spreads
        .iter()
        .map(|s| match (spec.kind, stated) {
            (Kind::Modifier(_), _) => spec.typical,
            (_, Some(scale)) => scale,
            (Kind::Index | Kind::Share | Kind::Probability, None) => 0.15,
            _ if s.deviation > 0.0 => s.deviation,
            _ => 0.1 * s.mean.abs(),
        })
        .collect();
    let up: Vec<f64> = spreads.iter().zip(&deviation).map(|(s, d)| room(spec.high - s.high, *d)).collect();
    let down: Vec<f64> = spreads.iter().zip(&deviation).map(|(s, d)| -room(s.low - spec.low, *d)).collect();
    let total = |sizes: &[f64]| sizes.iter().map(|x| x.abs()).sum::<f64>();
    let size = if total(&up) < SMALLEST * deviation.len() as f64 && total(&down) > total(&up) { down } else { up };
    let mut push = Push { cause: cause.clone(), deviation, size, schedule: vec![1.0] };
    let recorded = Recording { cells: cause.entities.iter().map(|&e| (cause.variable, e)).collect() };
    push.schedule.resize(HELD, 0.0);
    let arm = Arm { interventions: push.interventions(model, 1.0)?, links: links.clone() };
    let after = pilot.records(&arm, &recorded);
    push.schedule = held(&response(&push, &after, &recorded, base, recording));
    Ok(push)
}

/// Deviations that fit into the room to a bound, at most one.
fn room(room: f64, deviation: f64) -> f64 {
    if deviation > 0.0 { (ROOM * room.max(0.0) / deviation).min(1.0) } else { 0.0 }
}

/// Values of one cell in the pilot.
struct Spread {
    mean: f64,
    deviation: f64,
    low: f64,
    high: f64,
}

impl Spread {
    fn of(base: &Records, recording: &Recording, cell: (usize, u32)) -> Self {
        let (width, at) = (recording.cells.len(), recording.cells.binary_search(&cell).unwrap_or(0));
        let values: Vec<f64> = base.iter().flatten().flat_map(|record| record.chunks_exact(width).map(|month| month[at])).collect();
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let deviation = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
        let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
        Self { mean, deviation, low, high }
    }
}

/// What is left of a push in the first month after k months, as a part of the push: mean over entities and members.
fn response(push: &Push, after: &Records, recorded: &Recording, base: &Records, recording: &Recording) -> Vec<f64> {
    let months = HELD;
    let (mut sum, mut count) = (vec![0.0; months], 0.0);
    for (pushed, plain) in after.iter().zip(base) {
        let (Some(pushed), Some(plain)) = (pushed, plain) else { continue };
        for (at, cell) in recorded.cells.iter().enumerate() {
            let amount = push.deviation[at] * push.size[at];
            let Ok(place) = recording.cells.binary_search(cell) else { continue };
            if amount == 0.0 {
                continue;
            }
            let pairs = pushed.chunks_exact(recorded.cells.len()).zip(plain.chunks_exact(recording.cells.len()));
            for (total, (x, y)) in sum.iter_mut().zip(pairs) {
                *total += (x[at] - y[place]) / amount;
            }
            count += 1.0;
        }
    }
    sum.iter().map(|s| if count > 0.0 { (s / count).clamp(0.0, 1.0) } else { 0.0 }).collect()
}

/// What each month adds so that one push stands for all months, when `left[k]` of a push is left after k months.
fn held(left: &[f64]) -> Vec<f64> {
    let mut adds: Vec<f64> = Vec::with_capacity(left.len());
    for t in 0..left.len() {
        let there: f64 = (1..=t).map(|k| adds[t - k] * left[k]).sum();
        adds.push((1.0 - there).clamp(0.0, 1.0));
    }
    adds
}

#[cfg(test)]
mod tests {
    use super::{held, room};

    #[test]
    fn a_flow_is_pushed_every_month_a_stock_once_and_an_index_in_between() {
        assert_eq!(held(&[1.0, 0.0, 0.0]), [1.0, 1.0, 1.0]);
        assert_eq!(held(&[1.0, 1.0, 1.0]), [1.0, 0.0, 0.0]);
        // an index that keeps 0.75 of a push every month needs a quarter of it anew
        let adds = held(&[1.0, 0.75, 0.5625, 0.421_875]);
        assert_eq!(adds, [1.0, 0.25, 0.25, 0.25]);
    }

    #[test]
    fn a_push_stays_within_bounds() {
        assert_eq!((room(f64::INFINITY, 2.0), room(0.0, 1.0), room(-1.0, 1.0), room(1.0, 0.0)), (1.0, 0.0, 0.0, 0.0));
        assert!((room(0.1, 0.15) - 0.7 * 0.1 / 0.15).abs() < 1e-15);
    }
}
