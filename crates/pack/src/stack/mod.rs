//! Precedence: which layer of a parameter's definition wins.
//!
//! Schema default < pack < view < scenario `set`. Each layer defines a distribution; the draw then realises the winning one by the
//! parameter's own uniform, and `add` and `scale` of scenarios and levers act on the realised value. The command line is last
//! and is the engine's.

use oxus_diag::Span;
use oxus_random::Distribution;
use oxus_units::Month;

use crate::region::{Action, Intervention, Number, Parameter, Region, Status, Target};

/// One definition of a parameter's value.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Who defines it.
    pub origin: Origin,
    /// The distribution it defines.
    pub value: Distribution,
    /// How it is founded; `None` for the schema's default, which is only a stand-in.
    pub status: Option<Status>,
    /// Where it stands; `None` for the schema's default.
    pub span: Option<Span>,
    /// Months it holds for, where a scenario limits them: such a layer does not define the whole run.
    pub months: (Option<Month>, Option<Month>),
}

/// Who defines a layer, weakest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The mechanism's own default.
    Schema,
    /// The pack, for every entity.
    Pack,
    /// The pack, for this entity.
    PackEntity,
    /// A view, for every entity.
    View(String),
    /// A view, for this entity.
    ViewEntity(String),
    /// A scenario's `set`.
    Scenario(String),
}

impl std::fmt::Display for Origin {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Schema => out.write_str("the mechanism's default"),
            Self::Pack => out.write_str("the pack"),
            Self::PackEntity => out.write_str("the pack, for the entity"),
            Self::View(id) => write!(out, "view `{id}`"),
            Self::ViewEntity(id) => write!(out, "view `{id}`, for the entity"),
            Self::Scenario(id) => write!(out, "scenario `{id}`"),
        }
    }
}

impl Region {
    /// Every layer that defines parameter `id` (of `entity`, where given), weakest first.
    ///
    /// `schema` is the mechanism's default, `view` and `scenarios` those of the case, scenarios in the order of the case. Ids that
    /// do not exist add no layer.
    #[must_use]
    pub fn stack(&self, id: &str, entity: Option<&str>, view: Option<&str>, scenarios: &[&str], schema: Option<&Distribution>) -> Vec<Layer> {
        let mut layers: Vec<Layer> = schema.into_iter().map(Layer::of_schema).collect();
        let of_network = entity.and_then(|entity| self.network_number(id, entity));
        layers.extend(of_network.map(|number| Layer::of(Origin::PackEntity, number)));
        let of_organisation = entity.and_then(|entity| self.organisation_number(id, entity));
        layers.extend(of_organisation.map(|number| Layer::of(Origin::PackEntity, number)));
        if let Some(parameter) = self.parameters.get(id) {
            push(&mut layers, parameter, entity, Origin::Pack, Origin::PackEntity);
        }
        if let Some((view, parameter)) = view.and_then(|view| self.views.get(view)).and_then(|view| Some((view, view.parameters.get(id)?))) {
            push(&mut layers, parameter, entity, Origin::View(view.id.clone()), Origin::ViewEntity(view.id.clone()));
        }
        for scenario in scenarios.iter().filter_map(|&scenario| self.scenarios.get(scenario)) {
            let set = scenario.interventions.iter().filter(|change| applies(change, id, entity));
            layers.extend(set.filter_map(|change| Layer::of_set(&scenario.id, change)));
        }
        layers
    }

    /// The layer that defines the parameter over the whole run; `None` where nothing defines it.
    #[must_use]
    pub fn resolve(&self, id: &str, entity: Option<&str>, view: Option<&str>, scenarios: &[&str], schema: Option<&Distribution>) -> Option<Layer> {
        let layers = self.stack(id, entity, view, scenarios, schema);
        layers.into_iter().rfind(|layer| layer.months == (None, None))
    }

    /// The pack's number of a parameter for an entity: the entity's own, else the default.
    #[must_use]
    pub fn number_for(&self, id: &str, entity: &str) -> Option<&Number> {
        let parameter = self.parameters.get(id)?;
        parameter.entities.get(entity).or(parameter.default.as_ref())
    }

    /// A number of a network by its id as a parameter, `<commodity>.<table>.<field>`, and the entity it belongs to.
    ///
    /// Tables and fields: `edge` with `capacity`, `length_km`, `cost`; `node` with `supply`, `domestic`; `contract` with `take_or_pay`,
    /// `price`. `None` where the number is left out, or nothing has the id.
    #[must_use]
    pub fn network_number(&self, id: &str, entity: &str) -> Option<&Number> {
        let (commodity, table, field) = network_id(id)?;
        let network = self.networks.get(commodity)?;
        match (table, field) {
            ("edge", "capacity") => network.edges.get(entity).map(|edge| &edge.capacity),
            ("edge", "length_km") => network.edges.get(entity)?.length_km.as_ref(),
            ("edge", "cost") => network.edges.get(entity)?.cost.as_ref(),
            ("node", "supply") => network.nodes.get(entity)?.supply.as_ref(),
            ("node", "domestic") => network.nodes.get(entity)?.domestic.as_ref(),
            ("contract", "take_or_pay") => network.contracts.get(entity)?.take_or_pay.as_ref(),
            ("contract", "price") => network.contracts.get(entity)?.price.as_ref(),
            _ => None,
        }
    }

    /// Whether an id is that of a number which a network of the pack has for its edges, nodes or contracts.
    pub(crate) fn is_network_number(&self, id: &str) -> bool {
        network_id(id).is_some_and(|(commodity, table, field)| {
            let known = matches!(
                (table, field),
                ("edge", "capacity" | "length_km" | "cost") | ("node", "supply" | "domestic") | ("contract", "take_or_pay" | "price")
            );
            known && self.networks.contains_key(commodity)
        })
    }

    /// A number of an organisation by its id as a parameter, and the entity it belongs to.
    ///
    /// `organisation.position` and `organisation.salience` of a vote (`sco.development-fund.CHN`), `organisation.weight` of a seat
    /// (`sco.CHN`, the member's latest entry), `organisation.quota` of an organisation. `None` where the number is left out, or nothing
    /// has the id.
    #[must_use]
    pub fn organisation_number(&self, id: &str, entity: &str) -> Option<&Number> {
        let field = id.strip_prefix("organisation.")?;
        let mut parts = entity.splitn(3, '.');
        let organisation = self.organisations.get(parts.next()?)?;
        match (field, parts.next(), parts.next()) {
            ("quota", None, None) => organisation.quota.as_ref(),
            ("weight", Some(member), None) => organisation.members.iter().rev().find(|m| m.id.id == member)?.weight.as_ref(),
            ("position", Some(proposal), Some(member)) => organisation.proposals.get(proposal)?.positions.get(member),
            ("salience", Some(proposal), Some(member)) => organisation.proposals.get(proposal)?.salience.get(member),
            _ => None,
        }
    }

    /// Whether an id is that of a number which organisations have.
    #[must_use]
    pub fn is_organisation_number(id: &str) -> bool {
        matches!(id, "organisation.position" | "organisation.salience" | "organisation.weight" | "organisation.quota")
    }

    /// The pack's own number of an entity, without the default.
    pub(crate) fn number(&self, id: &str, entity: &str) -> Option<&Number> {
        self.parameters.get(id)?.entities.get(entity)
    }

    /// The number that an id in a formula stands for: a parameter's default, or one entity of it.
    pub(crate) fn parameter_number(&self, id: &str) -> Option<&Number> {
        match self.parameters.get(id) {
            Some(parameter) => parameter.default.as_ref(),
            None => id.match_indices('.').find_map(|(dot, _)| self.number(&id[..dot], &id[dot + 1..])),
        }
    }

    /// The parameter that an id in a formula belongs to.
    pub(crate) fn parameter_of<'i>(&self, id: &'i str) -> Option<&'i str> {
        let known = |id: &&str| self.parameters.contains_key(*id);
        Some(id).filter(known).or_else(|| id.match_indices('.').map(|(dot, _)| &id[..dot]).find(known))
    }
}

fn push(layers: &mut Vec<Layer>, parameter: &Parameter, entity: Option<&str>, all: Origin, one: Origin) {
    layers.extend(parameter.default.iter().map(|number| Layer::of(all.clone(), number)));
    let own = entity.and_then(|entity| parameter.entities.get(entity));
    layers.extend(own.map(|number| Layer::of(one, number)));
}

/// The three parts of the id of a network's number.
fn network_id(id: &str) -> Option<(&str, &str, &str)> {
    let (commodity, rest) = id.split_once('.')?;
    let (table, field) = rest.split_once('.')?;
    Some((commodity, table, field))
}

/// Whether a scenario's change is about this parameter and entity.
fn applies(change: &Intervention, id: &str, entity: Option<&str>) -> bool {
    let Target::Parameter(name) = &change.target else {
        return false;
    };
    let named = match name.id.strip_prefix(id) {
        Some("") => true,
        Some(rest) => rest.strip_prefix('.').is_some_and(|rest| Some(rest) == entity),
        None => false,
    };
    named && (change.entities.is_empty() || change.entities.iter().any(|name| Some(name.id.as_str()) == entity))
}

impl Layer {
    fn of(origin: Origin, number: &Number) -> Self {
        Self { origin, value: number.value.clone(), status: Some(number.status), span: Some(number.span), months: (None, None) }
    }

    fn of_schema(value: &Distribution) -> Self {
        Self { origin: Origin::Schema, value: value.clone(), status: None, span: None, months: (None, None) }
    }

    /// The layer of a `set`; other actions act on the realised value and define nothing.
    fn of_set(scenario: &str, change: &Intervention) -> Option<Self> {
        let value = match &change.action {
            Action::Set(value) => Distribution::Fixed(*value),
            Action::Draw(number) => number.value.clone(),
            Action::Path(_) | Action::Add(_) | Action::Scale(_) | Action::Off => return None,
        };
        Some(Self {
            origin: Origin::Scenario(scenario.to_owned()),
            value,
            status: Some(change.status),
            span: Some(change.span),
            months: (change.from, change.to),
        })
    }
}

#[cfg(test)]
mod tests;
