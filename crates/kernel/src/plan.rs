//! The planner: checks all declarations together and orders the mechanisms.

use std::collections::{BTreeMap, BTreeSet};

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_units::Unit;

use crate::link::{Link, LinkPlan};
use crate::model::{Definition, DynMechanism, Model, Planned};
use crate::ports::{Access, Owned, Ports, Registry, Use};
use crate::variable::Kind;
use crate::world::World;

/// One line of the schedule, for `oxus explain plan`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRow {
    /// Position in the step.
    pub order: usize,
    /// Mechanism.
    pub mechanism: String,
    /// What it is.
    pub about: String,
    /// Variables it owns.
    pub owns: Vec<String>,
    /// Sums it owns.
    pub sums: Vec<String>,
    /// Variables read as of this step.
    pub now: Vec<String>,
    /// Variables read as of the previous step.
    pub prev: Vec<String>,
    /// Sums of others it feeds.
    pub adds: Vec<String>,
    /// Event kinds it emits.
    pub emits: Vec<String>,
    /// Event kinds it hears.
    pub hears: Vec<String>,
}

/// Plans `definitions` over `world`; links come afterwards through [`Model::with_links`], because they are resolved against the variables.
///
/// # Errors
/// Every problem at once: `C001` two owners, `C002` nobody owns what is read, `C003` units differ in dimension, `C004` unknown or
/// different axis, `C005` a cycle of present reads, `U001` a unit that does not parse.
pub fn plan(world: World, definitions: &[Definition]) -> Result<Model, Diagnostics> {
    let mut registry = Registry::default();
    let mechanisms: Vec<Box<dyn DynMechanism>> = definitions
        .iter()
        .enumerate()
        .map(|(mechanism, d)| {
            let mut ports = Ports { world: &world, registry: &mut registry, mechanism, mechanism_name: d.name };
            d.declare(&mut ports)
        })
        .collect();
    let mut problems = std::mem::take(&mut registry.problems);
    axes(&registry, &world, &mut problems);
    let variables = owners(&registry, definitions, &mut problems);
    uses(&registry, &variables, &world, definitions, &mut problems);
    let order = schedule(&registry, &variables, definitions, &mut problems);
    if problems.has_errors() {
        return Err(problems);
    }
    Ok(assemble(world, registry, mechanisms, variables, &order, definitions))
}

fn axes(registry: &Registry, world: &World, problems: &mut Diagnostics) {
    for (_, axis, mechanism) in &registry.unknown_axes {
        let text = format!("mechanism `{mechanism}` needs the axis `{axis}`, which the region does not have");
        let help = did_you_mean(axis, world.axes().iter().map(|a| a.name.as_str()));
        problems.push(Diagnostic::error(codes::C004, text).help_maybe(help));
    }
}

fn owners(registry: &Registry, definitions: &[Definition], problems: &mut Diagnostics) -> BTreeMap<u32, Owned> {
    let mut variables = BTreeMap::new();
    for (&variable, claims) in &registry.owners {
        if let [first, second, ..] = claims.as_slice() {
            let (a, b) = (definitions[first.mechanism].name, definitions[second.mechanism].name);
            let text = format!("variable `{}` has two owners, `{a}` and `{b}`", registry.names[variable as usize]);
            problems.push(Diagnostic::error(codes::C001, text).help("one of them should feed a sum instead"));
        }
        if let Some(owned) = claims.first() {
            if let Err(error) = Unit::parse(owned.spec.unit) {
                problems.push(Diagnostic::error(codes::U001, format!("unit of variable `{}`: {error}", owned.spec.name)));
            }
            variables.insert(variable, owned.clone());
        }
    }
    variables
}

fn uses(registry: &Registry, variables: &BTreeMap<u32, Owned>, world: &World, definitions: &[Definition], problems: &mut Diagnostics) {
    for used in &registry.uses {
        let name = &registry.names[used.variable as usize];
        let reader = definitions[used.mechanism].name;
        let Some(owned) = variables.get(&used.variable) else {
            let known = variables.values().map(|v| v.spec.name);
            let text = format!("mechanism `{reader}` uses `{name}`, which no mechanism owns");
            problems.push(Diagnostic::error(codes::C002, text).help_maybe(did_you_mean(name, known)));
            continue;
        };
        if world.axis(owned.axis).name != used.axis {
            problems.push(
                Diagnostic::error(codes::C004, format!("mechanism `{reader}` uses `{name}` on the wrong axis"))
                    .found(format!("axis `{}`", used.axis))
                    .expected(format!("axis `{}`", world.axis(owned.axis).name)),
            );
        }
        unit_problem(used, owned, reader, problems);
        if (used.access == Access::Add) != owned.sum && used.access == Access::Add {
            problems.push(Diagnostic::error(codes::C008, format!("mechanism `{reader}` adds to `{name}`, which is not a sum")));
        }
    }
}

fn unit_problem(used: &Use, owned: &Owned, reader: &str, problems: &mut Diagnostics) {
    match (Unit::parse(&used.unit), Unit::parse(owned.spec.unit)) {
        (Ok(a), Ok(b)) if a.dimension() == b.dimension() && a.factor() == b.factor() => {}
        (Ok(_), Ok(_)) => problems.push(
            Diagnostic::error(codes::C003, format!("mechanism `{reader}` reads `{}` in another unit", owned.spec.name))
                .found(format!("`{}`", used.unit))
                .expected(format!("`{}`", owned.spec.unit)),
        ),
        (Err(error), _) => problems.push(Diagnostic::error(codes::U001, format!("mechanism `{reader}`, port `{}`: {error}", owned.spec.name))),
        _ => {}
    }
}

/// Topological order on present reads and contributions; ties by name, so that registration order does not matter.
fn schedule(registry: &Registry, variables: &BTreeMap<u32, Owned>, definitions: &[Definition], problems: &mut Diagnostics) -> Vec<usize> {
    let n = definitions.len();
    let mut before: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); n];
    for used in &registry.uses {
        let Some(owned) = variables.get(&used.variable) else { continue };
        match used.access {
            Access::Prev => {}
            Access::Now if owned.mechanism != used.mechanism => {
                before[used.mechanism].insert(owned.mechanism);
            }
            Access::Add if owned.mechanism != used.mechanism => {
                before[owned.mechanism].insert(used.mechanism);
            }
            _ => {}
        }
    }
    let mut order = Vec::new();
    let mut waiting: BTreeSet<(&str, usize)> = definitions.iter().enumerate().map(|(i, d)| (d.name, i)).collect();
    loop {
        let next = waiting.iter().copied().find(|(_, i)| before[*i].iter().all(|b| order.contains(b)));
        match next {
            Some(key) => {
                waiting.remove(&key);
                order.push(key.1);
            }
            None if waiting.is_empty() => return order,
            None => {
                let names: Vec<&str> = waiting.iter().map(|w| w.0).collect();
                problems.push(
                    Diagnostic::error(codes::C005, format!("mechanisms wait for one another within a step: {}", names.join(", ")))
                        .help("let one of them read the previous step's value (`prev`) to break the cycle"),
                );
                return order;
            }
        }
    }
}

fn assemble(
    world: World,
    registry: Registry,
    mechanisms: Vec<Box<dyn DynMechanism>>,
    variables: BTreeMap<u32, Owned>,
    order: &[usize],
    definitions: &[Definition],
) -> Model {
    let position: BTreeMap<usize, usize> = order.iter().enumerate().map(|(at, &m)| (m, at)).collect();
    let rows = order.iter().enumerate().map(|(at, &m)| row(at, m, &registry, &variables, definitions)).collect();
    let mut boxes: Vec<Option<Box<dyn DynMechanism>>> = mechanisms.into_iter().map(Some).collect();
    let of = |m: usize, sum: bool| variables.iter().filter(|(_, o)| o.mechanism == m && o.sum == sum).map(|(v, _)| *v).collect();
    let planned = order
        .iter()
        .filter_map(|&m| {
            let mechanism = boxes[m].take()?;
            Some(Planned { name: definitions[m].name, about: definitions[m].about, mechanism, sums: of(m, true), owned: of(m, false) })
        })
        .collect();
    // every variable has an owner here, so that the names are dense
    let mut by_index: Vec<Owned> = variables.into_values().collect();
    for owned in &mut by_index {
        owned.mechanism = position[&owned.mechanism];
    }
    let mut past_read = vec![false; by_index.len()];
    for used in registry.uses.iter().filter(|used| used.access == Access::Prev) {
        past_read[used.variable as usize] = true;
    }
    let mut params = registry.params;
    for p in &mut params {
        p.mechanism = position[&p.mechanism];
    }
    Model {
        world,
        mechanisms: planned,
        variables: by_index,
        past_read,
        params,
        scratch: registry.scratch,
        kinds: registry.kinds,
        links: Vec::new(),
        link_plan: LinkPlan::new(&[]),
        rows,
    }
}

fn row(at: usize, mechanism: usize, registry: &Registry, variables: &BTreeMap<u32, Owned>, definitions: &[Definition]) -> PlanRow {
    let owned =
        |sum: bool| variables.values().filter(|o| o.mechanism == mechanism && o.sum == sum).map(|o| o.spec.name.to_owned()).collect::<Vec<_>>();
    let used = |access: Access| {
        let names = registry.uses.iter().filter(|u| u.mechanism == mechanism && u.access == access);
        names.map(|u| registry.names[u.variable as usize].clone()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let kinds =
        |which: &dyn Fn(&crate::ports::KindInfo) -> bool| registry.kinds.iter().filter(|k| which(k)).map(|k| k.name.clone()).collect::<Vec<_>>();
    PlanRow {
        order: at + 1,
        mechanism: definitions[mechanism].name.to_owned(),
        about: definitions[mechanism].about.to_owned(),
        owns: owned(false),
        sums: owned(true),
        now: used(Access::Now),
        prev: used(Access::Prev),
        adds: used(Access::Add),
        emits: kinds(&|k| k.emitter == Some(mechanism)),
        hears: kinds(&|k| k.hearers.contains(&mechanism)),
    }
}

impl Model {
    /// The model with these links (their indices are those of the model's variables).
    ///
    /// # Errors
    /// `C008` for a link whose target is not a modifier; `C007` for an index, entity or scale that cannot be.
    pub fn with_links(mut self, mut links: Vec<Link>) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        links.sort_by(|a, b| a.id.cmp(&b.id));
        for link in &links {
            let known = self.variables.len();
            if link.from >= known || link.to >= known {
                problems.push(Diagnostic::error(codes::C007, format!("link `{}` joins variables that do not exist", link.id)));
                continue;
            }
            if !matches!(self.spec(link.to).kind, Kind::Modifier(_)) {
                let text = format!("link `{}` acts on `{}`, which is not a modifier", link.id, self.spec(link.to).name);
                problems.push(Diagnostic::error(codes::C008, text));
            }
            let (to, from) = (self.axis_of(link.to).len() as u32, self.axis_of(link.from).len() as u32);
            let outside = link.pairs.iter().any(|(t, s)| *t >= to || s.iter().any(|x| x.0 >= from));
            if outside || !(link.scale.is_finite() && link.scale > 0.0) || !link.lag.is_finite() {
                problems.push(Diagnostic::error(codes::C007, format!("link `{}` names entities or a scale that cannot be", link.id)));
            }
        }
        if problems.has_errors() {
            return Err(problems);
        }
        for link in &links {
            self.past_read[link.from] = true;
        }
        self.link_plan = LinkPlan::new(&links);
        self.links = links;
        Ok(self)
    }
}
