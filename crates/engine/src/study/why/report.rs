//! The answer: the effect, each tested step with its words, its evidence in the source, redundant causes and chains.

mod source;

use oxus_analysis::PairedSummary;
use oxus_analysis::necessity::{Causation, ShareGone};
use oxus_kernel::Model;
use serde::Serialize;

use super::Question;
use super::arms::Values;
use super::candidates::{Candidate, Candidates, Entry};
use super::chains::Route;
use super::joint::{Joint as Joints, Pair, serial};
use super::paths::Node;
use super::screen::Part;
use super::single::{Gone, Tests, pairs};

pub use source::{ClaimLine, Strength};

/// What is explained.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean of the case.
    pub case: f64,
    /// Mean difference.
    pub difference: f64,
    /// Half-width of its 95 % Monte Carlo interval, clustered by draw.
    pub monte_carlo: f64,
    /// 10 % and 90 % of the draw-level differences.
    pub spread: (f64, f64),
    /// Members compared.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
    /// Members that would be needed for the interval to leave out 0, if the difference stays; `None` when it does already, or when no member differs.
    pub needed: Option<u64>,
}

impl Effect {
    /// Whether the interval leaves out 0.
    pub fn is_clear(&self) -> bool {
        self.difference.abs() > self.monte_carlo
    }
}

/// What a test of a step shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The effect passes through it.
    Carries,
    /// Without it the effect would be larger.
    WorksAgainst,
    /// Neither, beyond chance.
    NotConfirmed,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Carries => "carries the effect in this model",
            Self::WorksAgainst => "works against the effect in this model",
            Self::NotConfirmed => "not confirmed in this model",
        }
    }
}

/// Sorts of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// A part of the shock.
    Shock,
    /// A link of the pack.
    Link,
    /// A variable of a mechanism.
    Mechanism,
    /// An event kind.
    Events,
}

/// A probability of necessity or of sufficiency.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Probability {
    /// In the same futures: events paired by their height over the rate, numbers by their keys.
    pub coupled: f64,
    /// Bounds that hold for any coupling (Tian and Pearl 2000).
    pub bounds: (f64, f64),
}

impl From<Causation> for Probability {
    fn from(c: Causation) -> Self {
        Self { coupled: c.coupled, bounds: (c.low, c.high) }
    }
}

/// What goes of the effect when steps are cut.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Necessity {
    /// Share of the effect.
    pub share: f64,
    /// Half-width of its 95 % interval, clustered by draw.
    pub half_width: f64,
    /// p-value that nothing goes.
    pub p: f64,
    /// The smallest false-discovery rate at which it counts.
    pub q: f64,
    /// For an outcome that happens or not: of the futures in which it does in the case, the share in which it does not with the steps cut.
    pub probability: Option<Probability>,
    /// Whether the model could be run with the steps cut in nearly all futures.
    pub testable: bool,
}

impl From<&Gone> for Necessity {
    fn from(g: &Gone) -> Self {
        let ShareGone { share, half_width, p } = g.share;
        Self { share, half_width, p, q: g.q, probability: g.probability.map(Into::into), testable: g.testable }
    }
}

/// A tested step.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Sort.
    pub sort: Sort,
    /// Link, variable, event kind, or target of a part of the shock.
    pub id: String,
    /// In plain words.
    pub title: String,
    /// Source and modifier of a link; mechanism of a variable or kind.
    pub passes: String,
    /// Entities that change most.
    pub entities: Vec<String>,
    /// Mean change where it is largest, in the unit of the variable (of the modifier, for a link); `None` for a part of the shock.
    pub change: Option<f64>,
    /// Root mean square of the change where it is largest, in deviations (a kind: share of events in one case alone).
    pub response: Option<f64>,
    /// Of a link: part of its modifier's change that it carries.
    pub carried: Option<f64>,
    /// What goes when it is cut; `None` for a shock of one part, which is the whole effect.
    pub necessity: Option<Necessity>,
    /// What that shows.
    pub verdict: Verdict,
    /// Of a link: how strong, and how that is known.
    pub strength: Option<Strength>,
    /// Claims it stands for, with places in the source.
    pub claims: Vec<ClaimLine>,
    /// How it is founded, remarks.
    pub notes: Vec<String>,
}

/// Two steps, or a set, cut together.
#[derive(Clone, Debug, Serialize)]
pub struct Joint {
    /// Positions in [`Report::steps`].
    pub steps: Vec<usize>,
    /// What goes with all of them cut.
    pub together: Necessity,
    /// For pairs: what goes beyond the sum of what goes with each, its half-width, and the false-discovery rate at which that counts.
    pub beyond: Option<(f64, f64, f64)>,
    /// Whether that makes them redundant causes: each unnecessary while the other is there.
    pub redundant: bool,
}

/// What stays with one chain alone.
#[derive(Clone, Debug, Serialize)]
pub struct Alone {
    /// Steps of other chains, cut.
    pub cut: Vec<usize>,
    /// Share of the effect that stays.
    pub share: f64,
    /// Half-width of its 95 % interval.
    pub half_width: f64,
    /// Probability of sufficiency, for an outcome that happens or not.
    pub probability: Option<Probability>,
}

/// A chain from the shock to the outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Chain {
    /// Positions in [`Report::steps`], from the shock on.
    pub steps: Vec<usize>,
    /// Strength of its weakest joint: share of the next step's response that goes when a step is cut.
    pub weakest: f64,
    /// The chain alone, where there are others.
    pub alone: Option<Alone>,
}

/// A link that was not tested.
#[derive(Clone, Debug, Serialize)]
pub struct RuledOut {
    /// Link.
    pub id: String,
    /// Why.
    pub because: &'static str,
}

/// The answer of `oxus why`.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Case.
    pub case: String,
    /// Its title.
    pub case_title: String,
    /// What it is compared with.
    pub baseline: String,
    /// Outcome.
    pub outcome: String,
    /// Its title.
    pub outcome_title: String,
    /// Unit; `probability` for an outcome that happens or not.
    pub unit: String,
    /// Entity, empty where the outcome combines entities or has one.
    pub entity: String,
    /// Entities the outcome is measured for, where there are several and none was asked for: the clearest difference is explained.
    pub chosen_of: usize,
    /// End of the period.
    pub horizon: String,
    /// Whether it happens or not.
    pub binary: bool,
    /// Seed.
    pub seed: u64,
    /// What is explained.
    pub effect: Effect,
    /// For an outcome that happens or not: of the futures in which it does in the case, the share in which it does not in the baseline.
    pub necessity_of_case: Option<Probability>,
    /// Parts between shock and outcome that respond.
    pub responding: usize,
    /// Most that are tested.
    pub budget: usize,
    /// Tested steps, parts of the shock first.
    pub steps: Vec<Step>,
    /// All links that respond cut together.
    pub links_together: Option<Necessity>,
    /// The links that respond and are not tested one by one, cut together.
    pub untested_together: Option<Necessity>,
    /// Redundant pairs and the smallest set.
    pub joint: Vec<Joint>,
    /// Chains, strongest first.
    pub chains: Vec<Chain>,
    /// Links that were not tested; none of them is confirmed in this model.
    pub ruled_out: Vec<RuledOut>,
}

impl Report {
    /// What is shown of a link; `None` for a link that the model does not have.
    pub fn link(&self, id: &str) -> Option<Verdict> {
        let tested = self.steps.iter().find(|s| s.sort == Sort::Link && s.id == id).map(|s| s.verdict);
        tested.or_else(|| self.ruled_out.iter().any(|r| r.id == id).then_some(Verdict::NotConfirmed))
    }
}

/// The answer before any step is tested.
pub(super) fn start(question: &Question<'_>, cell: usize, p: &PairedSummary, values: &Values) -> Report {
    let (asked, of) = (question.asked, &question.outcomes.cells[cell]);
    let outcome = question.region.outcomes.get(&asked.outcome);
    let clear = p.difference.abs() > p.monte_carlo;
    let ratio = p.monte_carlo / p.difference.abs();
    // the interval shrinks with the root of the number of draws
    let needed = (!clear && ratio.is_finite()).then(|| {
        let draws = (p.draws as f64 * ratio * ratio).ceil() as u64 + 1;
        draws * u64::from(asked.design.replicates)
    });
    let rises = p.difference > 0.0;
    let necessity = (of.binary && clear).then(|| Causation::necessity(&pairs(values, super::CASE, super::BASE, cell, rises))).flatten();
    Report {
        case: asked.case.to_string(),
        case_title: source::case_title(question.region, &asked.case),
        baseline: asked.baseline.to_string(),
        outcome: asked.outcome.clone(),
        outcome_title: outcome.map_or_else(String::new, |o| o.title.clone()),
        unit: outcome.filter(|_| !of.binary).map_or_else(|| "probability".into(), |o| o.unit.to_string()),
        entity: of.entity.clone(),
        chosen_of: if asked.entity.is_none() { question.outcomes.cells.len() } else { 1 },
        horizon: of.horizon.to_string(),
        binary: of.binary,
        seed: asked.design.seed,
        effect: Effect {
            baseline: p.baseline,
            case: p.scenario,
            difference: p.difference,
            monte_carlo: p.monte_carlo,
            spread: p.spread,
            members: p.members,
            draws: p.draws,
            needed,
        },
        necessity_of_case: necessity.map(Into::into),
        responding: 0,
        budget: asked.budget,
        steps: Vec::new(),
        links_together: None,
        untested_together: None,
        joint: Vec::new(),
        chains: Vec::new(),
        ruled_out: Vec::new(),
    }
}

/// Puts in what the tests show.
pub(super) fn fill(report: &mut Report, question: &Question<'_>, candidates: &Candidates, tests: &Tests, joint: &Joints, routes: &[Route]) {
    // a variable whose cut changes nothing at all is read by nobody: it is no step
    let inert = |s: usize| !tests.matters[s] && matches!(&candidates.list[s], Candidate::Part(p) if !matches!(p.node, Node::Link(_)));
    let kept: Vec<usize> = (0..candidates.list.len()).filter(|&s| !inert(s)).collect();
    let place = |steps: &[usize]| steps.iter().filter_map(|s| kept.iter().position(|k| k == s)).collect::<Vec<_>>();
    let whole = candidates.entries() == 1;
    report.responding = candidates.responding;
    report.steps = kept
        .iter()
        .map(|&s| match &candidates.list[s] {
            Candidate::Entry(entry) => shock(question, entry, (!whole).then_some(&tests.gone[s])),
            Candidate::Part(part) => step(question, part, &tests.gone[s]),
        })
        .collect();
    [report.links_together, report.untested_together] = [0, 1].map(|k| tests.links[k].as_ref().map(Into::into));
    report.joint = redundant(candidates, tests, joint)
        .into_iter()
        .map(|pair| Joint {
            steps: place(&pair.steps),
            together: (&pair.together).into(),
            beyond: Some((pair.beyond.share, pair.beyond.half_width, pair.q)),
            redundant: true,
        })
        .collect();
    report.joint.extend(joint.set.iter().map(|set| Joint {
        steps: place(&set.steps),
        together: (&set.together).into(),
        beyond: None,
        redundant: false,
    }));
    report.joint.sort_by(|a, b| b.together.share.total_cmp(&a.together.share));
    report.chains = routes
        .iter()
        .map(|route| {
            let alone = route.alone.as_ref().map(|alone| Alone {
                cut: place(&alone.cut),
                share: alone.stays.share,
                half_width: alone.stays.half_width,
                probability: alone.sufficiency.map(Into::into),
            });
            Chain { steps: place(&route.steps), weakest: route.weakest, alone }
        })
        .collect();
    let links = question.model.links();
    let out = |list: &[usize], because: &'static str| list.iter().map(|&l| RuledOut { id: links[l].id.clone(), because }).collect::<Vec<_>>();
    report.ruled_out = out(&candidates.silent, "does not respond to the shock");
    report.ruled_out.extend(out(&candidates.apart, "no way from the shock through it to the outcome"));
    report.ruled_out.extend(out(&candidates.faint, "responds too weakly for the budget"));
}

/// Redundant pairs, those of links first; a pair whose steps lie on the ways of one that is told already is the same pair again.
fn redundant<'j>(candidates: &Candidates, tests: &Tests, joint: &'j Joints) -> Vec<&'j Pair> {
    let links =
        |pair: &Pair| pair.steps.iter().filter(|&&s| matches!(&candidates.list[s], Candidate::Part(p) if matches!(p.node, Node::Link(_)))).count();
    let mut pairs: Vec<&Pair> = joint.pairs.iter().filter(|p| p.is_redundant()).collect();
    pairs.sort_by(|a, b| links(b).cmp(&links(a)).then(b.together.share.share.total_cmp(&a.together.share.share)));
    let mut told: Vec<&Pair> = Vec::new();
    for pair in pairs {
        let on_way = |s: usize, other: &Pair| other.steps.iter().any(|&o| o == s || serial(tests, o, s));
        if !told.iter().any(|other| pair.steps.iter().all(|&s| on_way(s, other))) {
            told.push(pair);
        }
    }
    told
}

fn shock(question: &Question<'_>, entry: &Entry, gone: Option<&Gone>) -> Step {
    let (claims, notes) = source::of_shock(question.region, &question.asked.case, entry.sort, &entry.name);
    let entities = entry.entities.clone();
    Step {
        sort: Sort::Shock,
        id: entry.name.clone(),
        title: source::entry_words(question, entry),
        passes: entry.sort.to_owned(),
        entities,
        change: None,
        response: None,
        carried: None,
        necessity: gone.map(Into::into),
        // a shock of one part is the whole effect
        verdict: gone.map_or(Verdict::Carries, Gone::verdict),
        strength: None,
        claims,
        notes,
    }
}

fn step(question: &Question<'_>, part: &Part, gone: &Gone) -> Step {
    let (model, region) = (question.model, question.region);
    let named = |variable: usize| part.entities.iter().map(|&e| model.axis_of(variable).entities[e as usize].clone()).collect::<Vec<_>>();
    let (sort, id, passes, entities) = match part.node {
        Node::Link(l) => {
            let link = &model.links()[l];
            let passes = format!("{} -> {}", model.spec(link.from).name, model.spec(link.to).name);
            (Sort::Link, link.id.clone(), passes, named(link.to))
        }
        Node::Kind(k) => (Sort::Events, model.kind_names().nth(k).unwrap_or_default().to_owned(), emitter(model, k), Vec::new()),
        Node::Variable(v) => (Sort::Mechanism, model.spec(v).name.to_owned(), model.owner(v).0.to_owned(), named(v)),
        Node::Mechanism(m) => (Sort::Mechanism, model.mechanism_names().nth(m).unwrap_or_default().to_owned(), String::new(), Vec::new()),
    };
    let (claims, notes) = match sort {
        Sort::Link => source::of_link(region, &id),
        _ => source::of_variable(region, &id),
    };
    Step {
        sort,
        title: source::words(model, sort, &id, &entities, part.change),
        passes,
        entities,
        change: Some(part.change),
        response: Some(part.response),
        carried: part.carried,
        necessity: Some(gone.into()),
        verdict: gone.verdict(),
        strength: if sort == Sort::Link { source::strength(question, &id) } else { None },
        claims,
        notes,
        id,
    }
}

fn emitter(model: &Model, kind: usize) -> String {
    let name = model.kind_names().nth(kind).unwrap_or_default();
    model.plan_rows().iter().find(|row| row.emits.iter().any(|k| k == name)).map_or_else(String::new, |row| row.mechanism.clone())
}
