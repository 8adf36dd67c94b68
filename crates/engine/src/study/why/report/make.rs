//! The answer put together from what the tests show.

use oxus_analysis::PairedSummary;
use oxus_analysis::necessity::Causation;
use oxus_kernel::Model;

use super::{Alone, Chain, Effect, Joint, Report, RuledOut, Sort, Step, Verdict, source};
use crate::study::why::Question;
use crate::study::why::arms::{BASE, CASE, Values};
use crate::study::why::candidates::{Candidate, Candidates, Entry};
use crate::study::why::chains::Route;
use crate::study::why::joint::{Joint as Joints, Pair, serial};
use crate::study::why::paths::Node;
use crate::study::why::screen::Part;
use crate::study::why::single::{Gone, Tests, pairs};

/// The answer before any step is tested.
pub(in crate::study::why) fn start(question: &Question<'_>, cell: usize, p: &PairedSummary, values: &Values) -> Report {
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
    let necessity = (of.binary && clear).then(|| Causation::necessity(&pairs(values, CASE, BASE, cell, rises))).flatten();
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
pub(in crate::study::why) fn fill(
    report: &mut Report,
    question: &Question<'_>,
    candidates: &Candidates,
    tests: &Tests,
    joint: &Joints,
    routes: &[Route],
) {
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
