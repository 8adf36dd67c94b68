//! Every number that a model asks for, found in the pack by precedence, converted to the unit asked for, drawn by keyed uniforms.

use std::collections::{BTreeMap, BTreeSet};

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::Model;
use oxus_pack::region::{Cite, Network, Number, Parameter, Region, Status};
use oxus_random::{Distribution, hash64, scrambled_uniform};
use oxus_units::Unit;

use crate::case::Case;

/// One independent number: a distribution with the key of its uniform.
#[derive(Clone, Debug)]
pub struct Quantity {
    /// `finance.growth_trend` or `finance.growth_trend/KGZ`.
    pub name: String,
    /// Parameter id it stands for (of the first place that asks for it).
    pub parameter: String,
    /// How well it is founded.
    pub status: Status,
    /// Claims that it cites.
    pub claims: Vec<String>,
    key: u64,
    distribution: Distribution,
    factor: f64,
    fixed: Option<f64>,
}

/// Where each quantity goes: parameter use, entity, quantity.
type Place = (usize, usize, usize);

/// The numbers of one case (cases differ where a view or a scenario puts another distribution in place).
#[derive(Clone, Debug)]
pub struct Quantities {
    list: Vec<Quantity>,
    places: Vec<Place>,
}

impl Quantities {
    /// Finds a distribution for every parameter that the model uses.
    ///
    /// # Errors
    /// `C009` a parameter that the pack does not have, `U002` a unit that does not convert.
    pub fn find(region: &Region, model: &Model, case: &Case) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut found = Self { list: Vec::new(), places: Vec::new() };
        let mut index: BTreeMap<(String, String), usize> = BTreeMap::new();
        let ids: Vec<String> = model.parameter_ids().map(str::to_owned).collect();
        for (at, id) in ids.iter().enumerate() {
            let (axis, unit) = model.parameter_use(at);
            let Ok(unit) = crate::money::unit(unit, &region.identity) else {
                problems.push(Diagnostic::error(codes::U001, format!("parameter `{id}` is asked for in the unit `{unit}`")));
                continue;
            };
            let Some(source) = Source::find(region, case, id) else {
                problems.push(missing(region, id));
                continue;
            };
            for (e, entity) in axis.entities.iter().enumerate() {
                match source.number(entity) {
                    Some((number, name)) => {
                        let quantity = *index.entry((name.clone(), unit.to_string())).or_insert_with(|| {
                            found.list.push(quantity(&name, number, &unit, id, &mut problems));
                            found.list.len() - 1
                        });
                        found.places.push((at, e, quantity));
                    }
                    None => problems.push(
                        Diagnostic::error(codes::C009, format!("parameter `{id}` has no value for `{entity}`"))
                            .at_maybe(source.span(), "this table")
                            .help(format!("add `[{}.{entity}]` or a `value` for all", id.split_once('.').map_or(id.as_str(), |x| x.1))),
                    ),
                }
            }
        }
        if problems.has_errors() { Err(problems) } else { Ok(found) }
    }

    /// Values of all quantities in a draw.
    pub fn draw(&self, seed: u64, draw: u32) -> Vec<f64> {
        self.at(|_, key| scrambled_uniform(seed, key, draw))
    }

    /// Values of all quantities at given uniforms: of the position in [`Self::list`] and the key of each that varies.
    pub fn at(&self, uniform: impl Fn(usize, u64) -> f64) -> Vec<f64> {
        self.list.iter().enumerate().map(|(i, q)| q.fixed.unwrap_or_else(|| q.at(uniform(i, q.key)))).collect()
    }

    /// All quantities, in the order of [`Self::draw`].
    pub fn list(&self) -> &[Quantity] {
        &self.list
    }

    /// Names of the quantities that vary, with their positions in [`Self::draw`].
    pub fn varying(&self) -> impl Iterator<Item = (usize, &str)> {
        self.list.iter().enumerate().filter(|(_, q)| q.fixed.is_none()).map(|(i, q)| (i, q.name.as_str()))
    }

    /// Hands every value to its places.
    pub fn place(&self, values: &[f64], mut set: impl FnMut(usize, usize, f64)) {
        for &(parameter, entity, quantity) in &self.places {
            set(parameter, entity, values[quantity]);
        }
    }
}

fn quantity(name: &str, number: &Number, unit: &Unit, id: &str, problems: &mut Diagnostics) -> Quantity {
    let factor = number.unit.convert(1.0, unit).unwrap_or_else(|error| {
        problems.push(
            Diagnostic::error(codes::U002, format!("parameter `{id}` has the wrong unit: {error}"))
                .at(number.span, "this number")
                .found(format!("`{}`", number.unit))
                .expected(format!("`{unit}`, or a unit that converts to it")),
        );
        1.0
    });
    let fixed = number.value.is_fixed().then(|| factor * number.value.mean());
    let claim = |cite: &Cite| match cite {
        Cite::Claim(name) => Some(name.id.clone()),
        Cite::Work(_) => None,
    };
    Quantity {
        name: name.to_owned(),
        parameter: id.to_owned(),
        status: number.status,
        claims: number.evidence.cites.iter().filter_map(claim).collect(),
        key: hash64(name),
        distribution: number.value.clone(),
        factor,
        fixed,
    }
}

impl Quantity {
    /// Whether it differs from draw to draw.
    pub fn varies(&self) -> bool {
        self.fixed.is_none()
    }

    /// Its value at a uniform.
    pub fn at(&self, uniform: f64) -> f64 {
        self.fixed.unwrap_or_else(|| self.factor * self.distribution.quantile(uniform))
    }

    /// Key of its uniform.
    pub fn key(&self) -> u64 {
        self.key
    }
}

fn missing(region: &Region, id: &str) -> Diagnostic {
    let (mechanism, path) = id.split_once('.').unwrap_or((id, ""));
    Diagnostic::error(codes::C009, format!("the model needs the parameter `{id}`, which the pack does not have"))
        .expected(format!("a table `[{path}]` in parameters/{mechanism}.toml"))
        .help_maybe(did_you_mean(id, region.parameters.keys().map(String::as_str)))
}

/// Reports parameters of the pack that no mechanism uses.
pub fn unused(region: &Region, model: &Model) -> Diagnostics {
    let used: BTreeSet<&str> = model.parameter_ids().collect();
    let mut problems = Diagnostics::new();
    for (id, parameter) in &region.parameters {
        if !used.contains(id.as_str()) {
            let known = used.iter().copied().filter(|u| !region.parameters.contains_key(*u));
            problems.push(
                Diagnostic::error(codes::C010, format!("no mechanism uses the parameter `{id}`"))
                    .at(parameter.span, "this table")
                    .help_maybe(did_you_mean(id, known))
                    .help("remove it, or correct its name"),
            );
        }
    }
    problems
}

enum Source<'a> {
    /// Layers of one parameter, the strongest first.
    Parameter { id: String, layers: Vec<&'a Parameter>, draws: Vec<(&'a [oxus_pack::region::Name], &'a Number)> },
    /// A number of a network's nodes, edges or contracts.
    Network { id: String, region: &'a Region, network: &'a Network, zero: Box<Number> },
    /// A number of the organisations' members and proposals, zero where it is left out.
    Organisation { id: String, region: &'a Region, zero: Box<Number>, draws: Vec<(&'a [oxus_pack::region::Name], &'a Number)> },
}

impl<'a> Source<'a> {
    fn find(region: &'a Region, case: &'a Case, id: &'a str) -> Option<Self> {
        let mut parts = id.splitn(3, '.');
        if let (Some(commodity), Some(_), Some(field)) = (parts.next(), parts.next(), parts.next())
            && let Some(network) = region.networks.get(commodity)
        {
            let zero = Box::new(zero(network_unit(network, field)?, network.span));
            return Some(Self::Network { id: id.to_owned(), region, network, zero });
        }
        if Region::is_organisation_number(id)
            && let Some(first) = region.organisations.values().next()
        {
            let zero = Box::new(zero(Unit::one(), first.span));
            return Some(Self::Organisation { id: id.to_owned(), region, zero, draws: case.draws(region, id) });
        }
        let view = case.view.as_ref().and_then(|v| region.views.get(v)).and_then(|v| v.parameters.get(id));
        let layers: Vec<&Parameter> = view.into_iter().chain(region.parameters.get(id)).collect();
        if layers.is_empty() {
            return None;
        }
        Some(Self::Parameter { id: id.to_owned(), layers, draws: case.draws(region, id) })
    }

    /// The number for an entity and the name of its uniform: entities share one unless they have their own numbers or ask for their own.
    fn number(&'a self, entity: &str) -> Option<(&'a Number, String)> {
        match self {
            Self::Parameter { id, layers, draws } => {
                let own = layers.iter().any(|p| p.per_entity);
                let set = draws.iter().rev().find(|(of, _)| of.is_empty() || of.iter().any(|n| n.id == entity)).map(|d| d.1);
                let number = set.or_else(|| layers.iter().find_map(|p| p.entities.get(entity).or(p.default.as_ref())))?;
                let separate = own || layers.iter().any(|p| p.entities.contains_key(entity));
                Some((number, if separate { format!("{id}/{entity}") } else { id.clone() }))
            }
            Self::Organisation { id, region, zero, draws } => {
                let set = draws.iter().rev().find(|(of, _)| of.is_empty() || of.iter().any(|n| n.id == entity)).map(|d| d.1);
                Some((set.or_else(|| region.organisation_number(id, entity)).unwrap_or(zero), format!("{id}/{entity}")))
            }
            Self::Network { id, region, zero, .. } => Some((region.network_number(id, entity).unwrap_or(zero), format!("{id}/{entity}"))),
        }
    }

    fn span(&self) -> Option<oxus_diag::Span> {
        match self {
            Self::Parameter { layers, .. } => layers.last().map(|p| p.span),
            Self::Network { network, .. } => Some(network.span),
            Self::Organisation { zero, .. } => Some(zero.span),
        }
    }
}

/// The number that stands where the pack leaves one out.
fn zero(unit: Unit, span: oxus_diag::Span) -> Number {
    Number { value: Distribution::Fixed(0.0), unit, status: Status::Assumed, evidence: oxus_pack::region::Evidence::default(), note: None, span }
}

/// Unit of a network number that is left out (and then zero).
fn network_unit(network: &Network, field: &str) -> Option<Unit> {
    match field {
        "length_km" => Unit::parse("km").ok(),
        "take_or_pay" => Unit::parse("share").ok(),
        "cost" | "price" => {
            let costs = network.edges.values().filter_map(|e| e.cost.as_ref());
            let prices = network.contracts.values().filter_map(|c| c.price.as_ref());
            costs.chain(prices).map(|n| n.unit.clone()).next()
        }
        _ => Some(network.unit.clone()),
    }
}
