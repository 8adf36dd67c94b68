//! The steps that are tested: the parts of the shock, and what responds between it and the outcome, up to the budget.

use oxus_diag::Diagnostics;
use oxus_kernel::{Followed, Intervention, Model, Patch, Target};
use oxus_pack::region::Action;

use super::Question;
use super::arms::Arm;
use super::paths::{Node, Paths};
use super::screen::{Part, Screened, screen};
use crate::ensemble::Watch;

/// A part of the shock: all that the case does to one target.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Sort and name of the target; no name for numbers that the case draws otherwise.
    pub sort: &'static str,
    pub name: String,
    /// Where it enters.
    pub nodes: Vec<Node>,
    pub entities: Vec<String>,
}

/// A step that is tested.
#[derive(Clone, Debug)]
pub(super) enum Candidate {
    Entry(Entry),
    Part(Part),
}

/// All of them, parts of the shock first.
pub(super) struct Candidates {
    pub list: Vec<Candidate>,
    pub followed: Followed,
    /// Parts that respond, tested or not.
    pub responding: usize,
    /// Links that were not tested, with the reason.
    pub silent: Vec<usize>,
    pub apart: Vec<usize>,
    pub faint: Vec<usize>,
    /// Patches of the case with the entry that each belongs to.
    patches: Vec<(usize, Patch)>,
    /// Entry of the numbers drawn otherwise.
    drawn: Option<usize>,
}

/// Finds them.
///
/// # Errors
/// Those of [`Model::resolve`].
pub(super) fn choose(question: &Question<'_>, watch: &dyn Watch) -> Result<Candidates, Diagnostics> {
    let model = question.model;
    let (entries, patches, drawn) = entries(question);
    let shock: Vec<Node> = entries.iter().flat_map(|e| e.nodes.iter().copied()).collect();
    let set: Vec<usize> = shock.iter().filter_map(|n| if let Node::Variable(v) = n { Some(*v) } else { None }).collect();
    let outcome = question.region.outcomes.get(&question.asked.outcome).and_then(|o| model.variable(&o.of.id)).unwrap_or(0);
    let Screened { parts, silent, apart } = screen(&question.futures(), &Paths::of(model), &shock, &set, outcome, watch);
    let responding = parts.len();
    let (kept, faint) = prune(parts, question.asked.budget);
    let mut followed = Followed::default();
    for part in &kept {
        match part.node {
            Node::Variable(v) => followed.variables.push(v),
            Node::Link(l) => followed.links.push(l),
            Node::Kind(k) => followed.kinds.extend(super::paths::kind(model, k)),
            Node::Mechanism(_) => {}
        }
    }
    followed.links.extend(&faint);
    let list = entries.into_iter().map(Candidate::Entry).chain(kept.into_iter().map(Candidate::Part)).collect();
    Ok(Candidates { list, followed, responding, silent, apart, faint, patches, drawn })
}

/// The strongest parts, links and others in equal numbers where there are enough of both; and the links left out.
fn prune(parts: Vec<Part>, budget: usize) -> (Vec<Part>, Vec<usize>) {
    let is_link = |part: &Part| matches!(part.node, Node::Link(_));
    let links = parts.iter().filter(|p| is_link(p)).count();
    let most_links = (budget / 2).max(budget.saturating_sub(parts.len() - links)).min(links);
    let most_others = budget - most_links;
    let (mut kept, mut faint, mut count) = (Vec::new(), Vec::new(), [0, 0]);
    for part in parts {
        let (at, most) = if is_link(&part) { (0, most_links) } else { (1, most_others) };
        if count[at] < most {
            count[at] += 1;
            kept.push(part);
        } else if let Node::Link(link) = part.node {
            faint.push(link);
        }
    }
    (kept, faint)
}

/// The case taken apart by target.
fn entries(question: &Question<'_>) -> (Vec<Entry>, Vec<(usize, Patch)>, Option<usize>) {
    let (model, region) = (question.model, question.region);
    let mut entries: Vec<Entry> = Vec::new();
    let mut patches = Vec::new();
    for patch in question.asked.case.patches(region, model.world()) {
        let (sort, name) = match &patch.target {
            Target::Variable(n) => ("variable", n),
            Target::Parameter(n) => ("parameter", n),
            Target::Link(n) => ("link", n),
            Target::Event(n) => ("events", n),
            Target::Mechanism(n) => ("mechanism", n),
        };
        let known = entries.iter().position(|e| e.sort == sort && e.name == *name);
        let at = known.unwrap_or_else(|| {
            entries.push(Entry { sort, name: name.clone(), nodes: enters(model, &patch.target), entities: Vec::new() });
            entries.len() - 1
        });
        for entity in &patch.entities {
            if !entries[at].entities.contains(entity) {
                entries[at].entities.push(entity.clone());
            }
        }
        patches.push((at, patch));
    }
    let parts = question.asked.case.parts.iter().filter_map(|(id, _)| region.scenarios.get(id));
    let drawn: Vec<&str> = parts
        .flat_map(|s| &s.interventions)
        .filter_map(|i| match (&i.target, &i.action) {
            (oxus_pack::region::Target::Parameter(n), Action::Draw(_)) => Some(n.id.as_str()),
            _ => None,
        })
        .collect();
    if drawn.is_empty() {
        return (entries, patches, None);
    }
    let nodes = drawn.iter().flat_map(|id| enters(model, &Target::Parameter((*id).to_owned()))).collect();
    entries.push(Entry { sort: "numbers", name: drawn.join(", "), nodes, entities: Vec::new() });
    let at = entries.len() - 1;
    (entries, patches, Some(at))
}

fn enters(model: &Model, target: &Target) -> Vec<Node> {
    match target {
        Target::Variable(n) => model.variable(n).map(Node::Variable).into_iter().collect(),
        Target::Link(n) => model.link(n).map(Node::Link).into_iter().collect(),
        Target::Event(n) => {
            // the emitting mechanism writes what it counts, too
            let emitter = model.plan_rows().iter().find(|row| row.emits.contains(n)).and_then(|row| model.mechanism(&row.mechanism));
            model.kind(n).map(|k| Node::Kind(k.index())).into_iter().chain(emitter.map(Node::Mechanism)).collect()
        }
        Target::Mechanism(n) => model.mechanism(n).map(Node::Mechanism).into_iter().collect(),
        Target::Parameter(n) => model.parameter_users(n).into_iter().filter_map(|m| model.mechanism(m)).map(Node::Mechanism).collect(),
    }
}

impl Candidates {
    /// The arm in which these steps (positions in the list) are cut together.
    pub fn arm(&self, question: &Question<'_>, steps: &[usize]) -> Result<Arm, Diagnostics> {
        let mut arm = Arm::default();
        let mut out = Vec::new();
        for &step in steps {
            match &self.list[step] {
                Candidate::Entry(_) => out.push(step),
                Candidate::Part(part) => match part.node {
                    Node::Variable(v) => arm.variables.extend(self.followed.variables.iter().position(|x| *x == v)),
                    Node::Link(l) => arm.links.extend(self.followed.links.iter().position(|x| *x == l)),
                    Node::Kind(k) => arm.kinds.extend(self.followed.kinds.iter().position(|x| x.index() == k)),
                    Node::Mechanism(_) => {}
                },
            }
        }
        if !out.is_empty() {
            let kept: Vec<Patch> = self.patches.iter().filter(|p| !out.contains(&p.0)).map(|p| p.1.clone()).collect();
            arm.interventions = Some(resolve(question.model, &kept)?);
            arm.numbers_of_base = self.drawn.is_some_and(|d| out.contains(&d));
        }
        Ok(arm)
    }

    /// The arm in which all links that respond are cut, and the one in which those are that are not tested one by one; `None` where there are none.
    pub fn links_together(&self) -> [Option<Arm>; 2] {
        let of = |links: Vec<usize>| (!links.is_empty()).then(|| Arm { links, ..Arm::default() });
        let all = self.followed.links.len();
        [of((0..all).collect()), of((all - self.faint.len()..all).collect())]
    }

    /// Position of a step among the followed parts (variables, links, kinds); `None` for a part of the shock.
    pub fn followed_at(&self, step: usize) -> Option<usize> {
        let Candidate::Part(part) = &self.list[step] else { return None };
        let (variables, links) = (self.followed.variables.len(), self.followed.links.len());
        match part.node {
            Node::Variable(v) => self.followed.variables.iter().position(|x| *x == v),
            Node::Link(l) => self.followed.links.iter().position(|x| *x == l).map(|at| variables + at),
            Node::Kind(k) => self.followed.kinds.iter().position(|x| x.index() == k).map(|at| variables + links + at),
            Node::Mechanism(_) => None,
        }
    }

    /// Number of parts of the shock.
    pub fn entries(&self) -> usize {
        self.list.iter().filter(|c| matches!(c, Candidate::Entry(_))).count()
    }

    /// How far a step responds, in its own measure; the parts of the shock before all others.
    pub fn response(&self, step: usize) -> f64 {
        match &self.list[step] {
            Candidate::Entry(_) => f64::INFINITY,
            Candidate::Part(part) => part.response / part.distance as f64,
        }
    }
}

fn resolve(model: &Model, patches: &[Patch]) -> Result<Vec<Intervention>, Diagnostics> {
    model.resolve(patches).map_err(|found| {
        let mut problems = Diagnostics::new();
        problems.extend(found);
        problems
    })
}
