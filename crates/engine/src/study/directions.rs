//! Total effects: does holding a claim's cause one deviation higher move its effect the way the claim says, in the whole model?
//!
//! A claim's own link or equation may well point as claimed while everything that hangs on it points the other way; that is a finding,
//! never a failure. With links off the same probe tests what is inside mechanisms alone; with one link on, what that link adds.
//! Effects are paired over members and clustered by draw; the false-discovery rate is controlled over all probes together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use oxus_analysis::false_discovery::{benjamini_hochberg, p_of_zero_mean};
use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::Model;
use oxus_pack::region::{Region, Sign, TestSign};
use serde::Serialize;

use super::contrast::{Arm, Contrast, Found, Links, Setting};
use super::probe::{Cause, Probe, Push, pushes};
use crate::belief::Beliefs;
use crate::case::Case;
use crate::ensemble::{Design, Watch};
use crate::quantities::Quantities;

/// Members of the pilot that sizes the pushes.
const PILOT: u32 = 64;
/// Lengths of the models that probes run in, months: what happens after a probe's horizon is not simulated.
const LENGTHS: [u32; 4] = [12, 24, 36, 60];
/// False-discovery rate up to which an effect counts as seen.
pub const RATE: f64 = 0.05;

/// What acts beside the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole model, links as drawn.
    Total,
    /// Mechanisms alone: all links off.
    Mechanisms,
    /// What the claim's own links add to the effect of the push, each at this many hundredths of a typical deviation, all others off.
    OwnLinks(u32),
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Members.
    pub design: Design,
    /// What acts.
    pub part: Part,
    /// Whose beliefs and numbers; `None`: pooled.
    pub view: Option<&'a str>,
}

/// What a probe shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The effect goes the way the claim says.
    AsClaimed,
    /// It goes the other way.
    Reversed,
    /// Nothing beyond chance in this many members.
    NotSeen,
    /// No member shows any effect.
    Unmoved,
    /// The claim states no direction.
    NoDirection,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::AsClaimed => "as claimed",
            Self::Reversed => "REVERSED",
            Self::NotSeen => "not beyond chance",
            Self::Unmoved => "no effect",
            Self::NoDirection => "no direction",
        }
    }
}

/// The result of one claim's probe.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Direction {
    /// Claim.
    pub claim: String,
    /// Variable raised.
    pub raise: String,
    /// Entity on which it is raised; `None`: all.
    pub on: Option<String>,
    /// Variable watched, summed over its entities.
    pub watch: String,
    /// What the claim says: `+`, `-`, `0`, `level`, `saturating`.
    pub claimed: String,
    /// Months after which the effect is looked for.
    pub after: u32,
    /// How far the cause was held up, in deviations (mean over entities; negative: lowered, and the effect below is turned round).
    pub push: f64,
    /// Mean of the watched variable without the push.
    pub level: f64,
    /// Mean effect of raising the cause.
    pub effect: f64,
    /// Half-width of its 95 % Monte Carlo interval, clustered by draw.
    pub monte_carlo: f64,
    /// Share of the draws that agree on the sign.
    pub sign_agreement: f64,
    /// p-value that the mean effect is zero.
    pub p: f64,
    /// The smallest false-discovery rate at which the effect counts.
    pub q: f64,
    /// What that shows.
    pub verdict: Verdict,
    /// Members counted.
    pub members: u64,
    /// Members lost to bounds.
    pub lost: usize,
}

/// Probes all tested claims of a region that `choose` takes.
///
/// # Errors
/// Problems of the model, of tests that name what the model does not have, `E002` without members.
pub fn directions(region: &Region, asked: Asked<'_>, choose: &dyn Fn(&Probe) -> bool, watch: &dyn Watch) -> Result<Vec<Direction>, Diagnostics> {
    if asked.design.members() == 0 {
        let mut problems = Diagnostics::new();
        problems.push(Diagnostic::error(codes::E002, "a study of no members shows nothing").expected("at least two draws of one replicate"));
        return Err(problems);
    }
    let model = super::shortened(region, LENGTHS[0])?;
    let probes: Vec<Probe> = Probe::all(region, &model)?.into_iter().filter(|p| choose(p)).collect();
    let links = if asked.part == Part::Total { Links::Drawn } else { Links::Only(Vec::new()) };
    let pushes = sized(region, &model, asked, &links, &probes)?;
    let length = |probe: &Probe| LENGTHS.into_iter().find(|l| *l >= probe.after).unwrap_or(probe.after);
    let mut by_length: BTreeMap<u32, Vec<&Probe>> = BTreeMap::new();
    probes.iter().for_each(|probe| by_length.entry(length(probe)).or_default().push(probe));
    let mut groups = Vec::new();
    for (length, probes) in by_length {
        groups.push(Group::plan(super::shortened(region, length)?, region, probes, &pushes, asked.part)?);
    }
    let work = Work { of: groups.iter().map(|g| g.work()).sum(), done: AtomicU64::new(0), watch, members: asked.design.members() };
    let mut rows = Vec::new();
    for group in &groups {
        let case = Case { view: asked.view.map(str::to_owned), parts: Vec::new() };
        let quantities = Quantities::find(region, &group.model, &case)?;
        let beliefs = Beliefs::of(region, &group.model, asked.view);
        let setting = Setting { model: &group.model, quantities: &quantities, beliefs: &beliefs, design: asked.design };
        let found = setting.run(&group.arms, &group.contrasts, &GroupWatch { work: &work, share: group.work() });
        work.done.fetch_add(group.work(), Ordering::SeqCst);
        rows.extend(group.rows(&found, &pushes, asked.design));
    }
    rows.sort_by(|a, b| a.claim.cmp(&b.claim));
    judge(&mut rows);
    Ok(rows)
}

type Pushes = BTreeMap<Cause, Push>;

fn sized(region: &Region, model: &Model, asked: Asked<'_>, links: &Links, probes: &[Probe]) -> Result<Pushes, Diagnostics> {
    let mut causes: Vec<Cause> = probes.iter().map(|p| p.cause.clone()).collect();
    causes.sort();
    causes.dedup();
    let case = Case { view: asked.view.map(str::to_owned), parts: Vec::new() };
    let quantities = Quantities::find(region, model, &case)?;
    let beliefs = Beliefs::of(region, model, asked.view);
    let design = Design { draws: PILOT, replicates: 1, ..asked.design };
    let pilot = Setting { model, quantities: &quantities, beliefs: &beliefs, design };
    Ok(pushes(region, &pilot, links, &causes)?.into_iter().map(|p| (p.cause.clone(), p)).collect())
}

/// Probes that run in one model.
struct Group<'p> {
    model: Model,
    probes: Vec<&'p Probe>,
    arms: Vec<Arm>,
    /// One for each probe, then one more for each saturating one.
    contrasts: Vec<Contrast>,
}

impl<'p> Group<'p> {
    fn plan(model: Model, region: &Region, probes: Vec<&'p Probe>, pushes: &Pushes, part: Part) -> Result<Self, Diagnostics> {
        let links = if part == Part::Total { Links::Drawn } else { Links::Only(Vec::new()) };
        let mut group =
            Self { model, probes: Vec::new(), arms: vec![Arm { interventions: Vec::new(), links: links.clone() }], contrasts: Vec::new() };
        let mut pushed: BTreeMap<(&Cause, u32), usize> = BTreeMap::new();
        let mut more = Vec::new();
        for probe in &probes {
            let push = &pushes[&probe.cause];
            let mut arm = |group: &mut Self, times: u32| -> Result<usize, Diagnostics> {
                if let Some(arm) = pushed.get(&(&probe.cause, times)) {
                    return Ok(*arm);
                }
                let interventions = interventions(push, &group.model, f64::from(times))?;
                group.arms.push(Arm { interventions, links: links.clone() });
                pushed.insert((&probe.cause, times), group.arms.len() - 1);
                Ok(group.arms.len() - 1)
            };
            let once = arm(&mut group, 1)?;
            let measure = probe.measure(&group.model);
            let sign = push.direction();
            let arms = match part {
                Part::Total | Part::Mechanisms => vec![(once, sign), (0, -sign)],
                Part::OwnLinks(hundredths) => {
                    let own = Links::Only(own_links(region, &group.model, &probe.claim, f64::from(hundredths) / 100.0));
                    let interventions = interventions(push, &group.model, 1.0)?;
                    group.arms.push(Arm { interventions, links: own.clone() });
                    group.arms.push(Arm { interventions: Vec::new(), links: own });
                    let n = group.arms.len();
                    vec![(n - 2, sign), (n - 1, -sign), (once, -sign), (0, sign)]
                }
            };
            group.contrasts.push(Contrast { arms, level: 0, measure: measure.clone() });
            if probe.sign == TestSign::Saturating && part != Part::OwnLinks(0) {
                let twice = arm(&mut group, 2)?;
                more.push(Contrast { arms: vec![(twice, sign), (once, -2.0 * sign), (0, sign)], level: 0, measure });
            }
        }
        group.probes = probes;
        group.contrasts.extend(more);
        Ok(group)
    }

    fn work(&self) -> u64 {
        self.arms.len() as u64 * self.model.world().months() as u64
    }

    fn rows(&self, found: &[Found], pushes: &Pushes, design: Design) -> Vec<Direction> {
        let mut curvatures = found[self.probes.len()..].iter();
        let probes = self.probes.iter().zip(found);
        probes
            .filter_map(|(probe, found)| {
                let curvature = if probe.sign == TestSign::Saturating { curvatures.next() } else { None };
                let (summary, draws) = (found.summary(design)?, found.by_draw(design));
                let axis = self.model.axis_of(probe.cause.variable);
                let whole = probe.cause.entities.len() == axis.len();
                let mut row = Direction {
                    claim: probe.claim.clone(),
                    raise: self.model.spec(probe.cause.variable).name.to_owned(),
                    on: if whole { None } else { probe.cause.entities.first().map(|&e| axis.entities[e as usize].clone()) },
                    watch: self.model.spec(probe.watch).name.to_owned(),
                    claimed: probe.sign.word().to_owned(),
                    after: probe.after,
                    push: pushes[&probe.cause].mean_size(),
                    level: summary.baseline,
                    effect: summary.difference,
                    monte_carlo: summary.monte_carlo,
                    sign_agreement: summary.sign_agreement,
                    p: p_of_zero_mean(&draws).unwrap_or(f64::NAN),
                    q: f64::NAN,
                    verdict: Verdict::NoDirection,
                    members: summary.members,
                    lost: found.lost(),
                };
                let flattens = curvature.and_then(|c| c.summary(design)).map(|c| c.difference * row.effect < 0.0);
                row.verdict = tentative(probe.sign, row.effect, draws.iter().all(|d| *d == 0.0), flattens);
                Some(row)
            })
            .collect()
    }
}

/// The verdict by the sign alone; [`judge`] takes back what chance explains.
fn tentative(sign: TestSign, effect: f64, unmoved: bool, flattens: Option<bool>) -> Verdict {
    match sign {
        TestSign::Level => Verdict::NoDirection,
        TestSign::Zero if unmoved => Verdict::AsClaimed,
        TestSign::Zero => Verdict::Reversed,
        _ if unmoved => Verdict::Unmoved,
        TestSign::Plus if effect > 0.0 => Verdict::AsClaimed,
        TestSign::Minus if effect < 0.0 => Verdict::AsClaimed,
        TestSign::Saturating if flattens == Some(true) => Verdict::AsClaimed,
        TestSign::Plus | TestSign::Minus | TestSign::Saturating => Verdict::Reversed,
    }
}

/// False-discovery control over all rows with a direction.
fn judge(rows: &mut [Direction]) {
    let p: Vec<f64> = rows.iter().map(|r| if r.verdict == Verdict::NoDirection { f64::NAN } else { r.p }).collect();
    for (row, q) in rows.iter_mut().zip(benjamini_hochberg(&p)) {
        row.q = q;
        let zero = row.claimed == TestSign::Zero.word();
        let clear = q <= RATE;
        row.verdict = match row.verdict {
            Verdict::AsClaimed | Verdict::Reversed if zero => {
                if clear {
                    Verdict::Reversed
                } else {
                    Verdict::AsClaimed
                }
            }
            Verdict::AsClaimed | Verdict::Reversed if !clear => Verdict::NotSeen,
            same => same,
        };
    }
}

fn interventions(push: &Push, model: &Model, times: f64) -> Result<Vec<oxus_kernel::Intervention>, Diagnostics> {
    push.interventions(model, times).map_err(|found| {
        let mut problems = Diagnostics::new();
        problems.extend(found);
        problems
    })
}

/// The links of a claim, each with its claimed sign at this size in typical deviations of its target.
fn own_links(region: &Region, model: &Model, claim: &str, size: f64) -> Vec<(usize, f64)> {
    let mut own = Vec::new();
    for (at, link) in model.links().iter().enumerate() {
        let Some(source) = region.links.get(&link.id) else { continue };
        let named = |claims: &[oxus_pack::region::Name]| claims.iter().any(|c| c.id == claim);
        let plain = named(&source.claims).then_some(source.sign).flatten();
        let sign = plain.or_else(|| source.contested.values().find(|side| named(&side.claims)).map(|side| side.sign));
        match sign {
            Some(Sign::Plus) => own.push((at, size * model.spec(link.to).typical)),
            Some(Sign::Minus) => own.push((at, -size * model.spec(link.to).typical)),
            None => {}
        }
    }
    own
}

/// Progress over groups of unequal work, told as members of one run.
struct Work<'w> {
    of: u64,
    done: AtomicU64,
    watch: &'w dyn Watch,
    members: u32,
}

struct GroupWatch<'w> {
    work: &'w Work<'w>,
    share: u64,
}

impl Watch for GroupWatch<'_> {
    fn progress(&self, done: u32, of: u32) -> bool {
        let before = self.work.done.load(Ordering::SeqCst) as f64;
        let now = before + self.share as f64 * f64::from(done) / f64::from(of.max(1));
        let members = f64::from(self.work.members) * now / self.work.of.max(1) as f64;
        self.work.watch.progress(members as u32, self.work.members)
    }
}
