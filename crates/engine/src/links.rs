//! Links of a pack, resolved against the variables of a model: axis rules, conditions, scales.

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::{AxisId, Kind, Link, Model, Reference, Shape, World};
use oxus_pack::region::{self, Region, Upward};

use crate::condition::{self, Condition};

/// Resolves every link; problems of all links are reported together.
///
/// # Errors
/// `C007` unknown variables, relations and attributes, `C008` a target that is no modifier, `C004` axes that do not meet.
pub fn resolve(region: &Region, model: &Model) -> Result<Vec<Link>, Diagnostics> {
    let mut problems = Diagnostics::new();
    let links = region.links.values().filter_map(|link| one(link, model, &mut problems)).collect();
    if problems.has_errors() { Err(problems) } else { Ok(links) }
}

fn variable(name: &region::Name, link: &region::Link, model: &Model, problems: &mut Diagnostics) -> Option<usize> {
    let found = model.variable(&name.id);
    if found.is_none() {
        let text = format!("link `{}` names a variable that no mechanism owns", link.id);
        problems.push(
            Diagnostic::error(codes::C007, text)
                .at(name.span, "this one")
                .found(format!("`{}`", name.id))
                .expected("a variable of the model (`oxus explain plan` lists them)")
                .help_maybe(did_you_mean(&name.id, model.variable_names())),
        );
    }
    found
}

fn one(link: &region::Link, model: &Model, problems: &mut Diagnostics) -> Option<Link> {
    let from = variable(&link.from, link, model, problems);
    let to = variable(&link.to, link, model, problems);
    let (from, to) = (from?, to?);
    if !matches!(model.spec(to).kind, Kind::Modifier(_)) {
        let text = format!("link `{}` acts on `{}`, which is not a modifier", link.id, link.to.id);
        let modifiers = model.variable_names().filter(|n| model.variable(n).is_some_and(|v| matches!(model.spec(v).kind, Kind::Modifier(_))));
        let help = did_you_mean(&link.to.id, modifiers);
        problems.push(Diagnostic::error(codes::C008, text).at(link.to.span, "not a modifier").help_maybe(help));
        return None;
    }
    let when = match link.when.as_ref().map(|w| (w, condition::parse(&w.id))) {
        None => None,
        Some((_, Ok(condition))) => Some(condition),
        Some((name, Err(error))) => {
            let text = format!("condition of link `{}`: {} (at byte {})", link.id, error.message, error.at);
            problems.push(Diagnostic::error(codes::C007, text).at(name.span, "here"));
            return None;
        }
    };
    let pairs = pairs(link, model, from, to, when.as_ref(), problems)?;
    if pairs.is_empty() {
        let text = format!("link `{}` joins nothing: no entity meets its condition", link.id);
        problems.push(Diagnostic::warning(codes::C007, text).at(link.span, "this link has no effect"));
    }
    Some(Link {
        id: link.id.clone(),
        from,
        to,
        pairs,
        largest: link.by == Some(Upward::Max),
        scale: link.scale.value.mean(),
        lag: link.lag.as_ref().map_or(0.0, |l| l.value.mean()),
        reference: match &link.reference {
            region::Reference::Base => Reference::Base,
            region::Reference::Trend => Reference::Trend(60.0),
            region::Reference::Value(number) => Reference::Value(number.value.mean()),
        },
        shape: match link.shape {
            region::Shape::Saturating => Shape::Saturating,
            region::Shape::Step => Shape::Step,
        },
    })
}

type Pairs = Vec<(u32, Vec<(u32, f64)>)>;

fn pairs(link: &region::Link, model: &Model, from: usize, to: usize, when: Option<&Condition>, problems: &mut Diagnostics) -> Option<Pairs> {
    let world = model.world();
    let (source, target) = (model.axis_id_of(from), model.axis_id_of(to));
    let Some(sources) = sources(link, world, source, target) else {
        problems.push(
            Diagnostic::error(codes::C004, format!("link `{}` cannot go from one axis to the other", link.id))
                .at(link.span, "this link")
                .found(format!("from `{}` to `{}`", world.axis(source).name, world.axis(target).name))
                .expected("axes of which one contains the other, or `through` a relation between them")
                .help("going up (from parts to a whole) also needs `by = \"sum\"`, `\"mean\"`, `\"max\"` or `\"population\"`"),
        );
        return None;
    };
    let mut kept = Vec::new();
    for (t, list) in sources.into_iter().enumerate() {
        let mut sources = Vec::new();
        for (s, w) in list {
            match when.map_or(Ok(true), |c| c.holds(world, (source, s as usize), (target, t))) {
                Ok(true) => sources.push((s, w)),
                Ok(false) => {}
                Err(error) => {
                    let text = format!("condition of link `{}`: {}", link.id, error.message);
                    problems.push(Diagnostic::error(codes::C007, text).at(link.when.as_ref().map_or(link.span, |w| w.span), "here"));
                    return None;
                }
            }
        }
        if !sources.is_empty() {
            weigh(&mut sources, link, world, source);
            kept.push((t as u32, sources));
        }
    }
    Some(kept)
}

/// For each target entity its source entities, with the weights of the relation.
fn sources(link: &region::Link, world: &World, source: AxisId, target: AxisId) -> Option<Vec<Vec<(u32, f64)>>> {
    let n = world.axis(target).len();
    if let Some(through) = link.through {
        let name = match through {
            region::Relation::Adjacency => "adjacency",
            region::Relation::Borders => "borders",
            region::Relation::Kinship => "kinship",
        };
        return related(world, name, source, target);
    }
    if let Some(down) = world.map(target, source) {
        return Some((0..n).map(|t| down.to[t].map(|s| (s, 1.0)).into_iter().collect()).collect());
    }
    link.by?;
    if let Some(up) = world.map(source, target) {
        return Some((0..n).map(|t| up.members(t).map(|s| (s as u32, 1.0)).collect()).collect());
    }
    let name = format!("{}-{}", world.axis(target).name, world.axis(source).name);
    related(world, &name, source, target)
}

fn related(world: &World, name: &str, source: AxisId, target: AxisId) -> Option<Vec<Vec<(u32, f64)>>> {
    let relation = world.relation(name)?;
    let fits = relation.rows == target && relation.columns == source;
    fits.then(|| (0..world.axis(target).len()).map(|t| relation.row(t).iter().map(|&(_, s, w)| (s, w)).collect()).collect())
}

/// Turns relation weights into those of a sum, a mean or a population-weighted mean. A relation is averaged unless `by` says otherwise.
fn weigh(sources: &mut [(u32, f64)], link: &region::Link, world: &World, axis: AxisId) {
    let by = link.by.or(link.through.map(|_| Upward::Mean));
    if by == Some(Upward::Population)
        && let Some(population) = world.numbers(axis, "population")
    {
        for (s, w) in sources.iter_mut() {
            *w *= population[*s as usize];
        }
    }
    if matches!(by, Some(Upward::Mean | Upward::Population)) {
        let total: f64 = sources.iter().map(|s| s.1).sum();
        if total > 0.0 {
            sources.iter_mut().for_each(|s| s.1 /= total);
        }
    }
}
