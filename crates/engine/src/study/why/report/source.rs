//! What the source says of a step: claims with their places, strength with its status, remarks; and the step in plain words.

use oxus_kernel::{Model, Target};
use oxus_pack::region::{Action, Claim, EntryKind, Evidence, Name, Region, Status};
use serde::Serialize;

use super::Sort;
use crate::case::Case;
use crate::study::why::Question;
use crate::study::why::candidates::Entry;

/// A claim in a line.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimLine {
    /// Claim.
    pub id: String,
    /// What is said.
    pub says: String,
    /// Who says it.
    pub claimant: String,
    /// Places in the source: sections and notes.
    pub at: Vec<String>,
    /// What stands behind it.
    pub evidence: String,
}

/// How strong a link is, and how that is known.
#[derive(Clone, Debug, Serialize)]
pub struct Strength {
    /// Where it comes from: the words of its claims, or a number set by hand with its status.
    pub status: String,
    /// Share of the draws of this run in which it exists.
    pub exists: f64,
    /// Mean of its strength over those draws, in typical deviations of the modifier for one of the source.
    pub mean: f64,
    /// Delay, months.
    pub lag: f64,
}

/// Title of a case.
pub fn case_title(region: &Region, case: &Case) -> String {
    let titles = case.parts.iter().filter_map(|(id, s)| region.scenarios.get(id).map(|x| (s, &x.title)));
    let titles: Vec<String> = titles.map(|(s, title)| if *s == 1.0 { title.clone() } else { format!("{title} (strength {s})") }).collect();
    titles.join("; ")
}

fn line(claim: &Claim) -> ClaimLine {
    ClaimLine {
        id: claim.id.clone(),
        says: claim.says.clone(),
        claimant: claim.claimant.clone(),
        at: claim.at.clone(),
        evidence: spaced(claim.evidence),
    }
}

fn lines<'n>(region: &Region, names: impl Iterator<Item = &'n Name>) -> Vec<ClaimLine> {
    names.filter_map(|n| region.claims.get(&n.id)).map(line).collect()
}

/// A variant's name in small letters, words apart.
fn spaced(variant: impl std::fmt::Debug) -> String {
    let mut out = String::new();
    for c in format!("{variant:?}").chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

fn founded(status: Status, evidence: &Evidence) -> String {
    let reason = evidence.reason.as_ref().map_or_else(String::new, |r| format!(": {r}"));
    format!("{}{reason}", spaced(status))
}

/// Claims and remarks of a link.
pub fn of_link(region: &Region, id: &str) -> (Vec<ClaimLine>, Vec<String>) {
    let Some(link) = region.links.get(id) else { return (Vec::new(), Vec::new()) };
    let names = link.claims.iter().chain(link.contested.values().flat_map(|side| &side.claims));
    let mut notes: Vec<String> = link.note.iter().cloned().collect();
    if !link.contested.is_empty() {
        let sides: Vec<String> = link.contested.iter().map(|(who, side)| format!("{} say {}", who.replace('-', " "), spaced(side.sign))).collect();
        notes.push(format!("contested, one side drawn in each draw: {}", sides.join(", ")));
    }
    notes.push(format!("one deviation of the source: {}", founded(link.scale.status, &link.scale.evidence)));
    if let Some(lag) = &link.lag {
        notes.push(format!("delay: {}", founded(lag.status, &lag.evidence)));
    }
    (lines(region, names), notes)
}

/// Claims that a variable or an event kind takes up, with those of its mechanism where it has none of its own.
pub fn of_variable(region: &Region, id: &str) -> (Vec<ClaimLine>, Vec<String>) {
    let takes = |kind: EntryKind, id: &str| {
        let takes = move |c: &&Claim, id: &str| c.enters.iter().any(|e| e.kind == kind && e.id.id == id);
        region.claims.values().filter(|c| takes(c, id)).map(line).collect::<Vec<_>>()
    };
    (takes(EntryKind::Variable, id), Vec::new())
}

/// Claims and founding of a part of the shock.
pub fn of_shock(region: &Region, case: &Case, sort: &str, name: &str) -> (Vec<ClaimLine>, Vec<String>) {
    let (mut claims, mut notes) = (Vec::new(), Vec::new());
    for scenario in case.parts.iter().filter_map(|(id, _)| region.scenarios.get(id)) {
        let same = |target: &oxus_pack::region::Target| match target {
            oxus_pack::region::Target::Variable(n) => sort == "variable" && n.id == name,
            oxus_pack::region::Target::Parameter(n) => matches!(sort, "parameter" | "numbers") && name.split(", ").any(|x| x == n.id),
            oxus_pack::region::Target::Link(n) => sort == "link" && n.id == name,
            oxus_pack::region::Target::Event(n) => sort == "events" && n.id == name,
            oxus_pack::region::Target::Mechanism(n) => sort == "mechanism" && n.id == name,
        };
        let here: Vec<_> = scenario.interventions.iter().filter(|i| same(&i.target)).collect();
        if !here.is_empty() {
            claims.extend(lines(region, scenario.claims.iter()));
            notes.extend(here.iter().map(|i| founded(i.status, &i.evidence)));
        }
    }
    (claims, notes)
}

/// Strength of a link over the draws of the question.
pub fn strength(question: &Question<'_>, id: &str) -> Option<Strength> {
    let at = question.model.link(id)?;
    let link = question.region.links.get(id)?;
    let typical = question.model.spec(question.model.links()[at].to).typical;
    let design = question.asked.design;
    let drawn: Vec<f64> = (0..design.draws).map(|d| question.case.beliefs().draw(design.seed, d)[at] / typical).filter(|s| *s != 0.0).collect();
    let status = match &link.strength {
        oxus_pack::region::Strength::Claims => "from the words of its claims".to_owned(),
        oxus_pack::region::Strength::Set(number) => format!("set by hand, {}", spaced(number.status)),
    };
    Some(Strength {
        status,
        exists: drawn.len() as f64 / f64::from(design.draws),
        mean: if drawn.is_empty() { 0.0 } else { drawn.iter().sum::<f64>() / drawn.len() as f64 },
        lag: link.lag.as_ref().map_or(0.0, |l| l.value.mean()),
    })
}

/// A name of the model in plain words: `drivers.security_funding` is security funding.
fn plain(name: &str) -> String {
    name.split_once('.').map_or(name, |x| x.1).replace(['_', '.', '-'], " ")
}

fn of(entities: &[String]) -> String {
    match entities {
        [] => String::new(),
        [one] => format!(" ({one})"),
        many => format!(" ({})", many.join(", ")),
    }
}

/// A step in plain words.
pub fn words(model: &Model, sort: Sort, id: &str, entities: &[String], change: f64) -> String {
    let way = if change > 0.0 { "up" } else { "down" };
    match sort {
        Sort::Link => id.replace('-', " "),
        Sort::Events => format!("{} events {}", plain(id), if change > 0.0 { "more" } else { "fewer" }),
        _ => {
            let whole = model.variable(id).is_some_and(|v| model.axis_of(v).len() == 1);
            format!("{} {way}{}", plain(id), if whole { String::new() } else { of(entities) })
        }
    }
}

/// A part of the shock in plain words.
pub fn entry_words(question: &Question<'_>, entry: &Entry) -> String {
    let patches = question.asked.case.patches(question.region, question.model.world());
    let is = |target: &Target| matches!(target, Target::Variable(n) | Target::Parameter(n) | Target::Link(n) | Target::Event(n) | Target::Mechanism(n) if *n == entry.name);
    let off = patches.iter().any(|p| is(&p.target) && p.op == oxus_kernel::Op::Off);
    let drawn = entry.sort == "numbers";
    let named = question
        .asked
        .case
        .parts
        .iter()
        .filter_map(|(id, _)| question.region.scenarios.get(id))
        .any(|s| s.interventions.iter().any(|i| matches!(i.action, Action::Set(_) | Action::Path(_))));
    let verb = match () {
        () if drawn => "drawn otherwise",
        () if off => "switched off",
        () if entry.sort == "events" => "imposed",
        () if named => "set",
        () => "changed",
    };
    format!("{}{} {verb}", plain(&entry.name), of(&entry.entities))
}
