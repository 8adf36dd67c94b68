//! From texts to the region: one reader for each part of a pack.
//!
//! Every reader asks for all it needs, reports what is wrong and goes on; an item that cannot be read in full is left
//! out but stays declared, so that references to it are not reported a second time.

mod actors;
mod audit;
mod claims;
mod distribution;
mod entry;
mod evidence;
mod fits;
mod identity;
mod inventory;
mod links;
mod networks;
mod number;
mod organisations;
mod outcomes;
mod panels;
mod parameters;
mod places;
mod quantity;
mod references;
mod refused;
mod restart;
mod routes;
mod scenarios;
mod series;
mod sites;
mod trade;
mod units;
mod views;

use std::collections::BTreeMap;

use oxus_diag::{Diagnostics, Sources, Span};

use crate::check;
use crate::files::{self, Files};
use crate::region::Region;
use crate::walk::{Context, Ids, Kind, Value, parse};

/// What reading a pack gives.
#[derive(Debug)]
pub struct Read {
    /// The region; `None` when anything is an error.
    pub region: Option<Region>,
    /// Every problem, warnings included.
    pub diagnostics: Diagnostics,
    /// The texts that the spans point into.
    pub sources: Sources,
}

/// Reads a pack and checks everything the pack alone can tell; reports all problems at once.
///
/// What only the mechanisms know (whether a variable or a modifier exists) is left to the engine, which has the spans.
#[must_use]
pub fn read(files: &dyn Files) -> Read {
    let mut sources = Sources::new();
    let mut diagnostics = Diagnostics::new();
    let loaded = files::load(files, &mut sources, &mut diagnostics);
    if loaded.files.is_empty() {
        if !diagnostics.has_errors() {
            diagnostics.push(identity::no_pack());
        }
        return Read { region: None, diagnostics, sources };
    }
    let cx = Context::new(&sources, &loaded.files, &loaded.broken);
    let (region, notes) = region(&cx, loaded.hash);
    let (found, ids) = cx.into_parts();
    diagnostics.extend(found);
    check::all(&region, &ids, &notes, &mut diagnostics);
    let region = (!diagnostics.has_errors()).then_some(region);
    Read { region, diagnostics, sources }
}

/// What the checks need beside the region and is of no use later.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The lock file's hash, with its place.
    pub lock: Option<crate::region::Name>,
    /// Whether `pack.toml` could be read in full.
    pub whole: bool,
}

fn region(cx: &Context<'_>, content_hash: String) -> (Region, Notes) {
    let (identity, whole) = identity::read(cx);
    let money = units::Money::of(&identity);
    let networks = networks::read(cx, &money);
    let series = series::read(cx);
    let states = places::states(cx);
    let provinces = places::provinces(cx);
    let borders = places::borders(cx);
    let powers = actors::powers(cx);
    let groups = actors::groups(cx);
    let companies = actors::companies(cx);
    let sites = sites::read(cx);
    let routes = routes::read(cx);
    let trade = trade::read(cx);
    let organisations = organisations::read(cx, &money);
    // Parameters come after everything that can be an entity: an entity's id tells an override from a group of parameters.
    let with = parameters::With { money: &money, series: &series, origin: identity.origin, own: true };
    let parameters = parameters::read(cx, with);
    let restart = restart::read(cx, &series, &parameters, &money);
    let region = Region {
        borders,
        adjacency: places::adjacency(cx),
        kinship: places::kinship(cx),
        claims: claims::read(cx),
        links: links::read(cx, &money),
        views: views::read(cx, parameters::With { own: false, ..with }),
        scenarios: scenarios::read(cx, &money),
        outcomes: outcomes::outcomes(cx, &money),
        questions: outcomes::questions(cx),
        happenings: entry::happenings(cx),
        actors: entry::actors(cx),
        ties: entry::ties(cx),
        uncertainties: entry::uncertainties(cx),
        reckonings: audit::read(cx),
        references: references::read(cx),
        restart,
        panels: panels::read(cx),
        fits: fits::read(cx),
        identity,
        states,
        provinces,
        powers,
        groups,
        companies,
        organisations,
        sites,
        routes,
        trade,
        networks,
        series,
        parameters,
        content_hash,
    };
    (region, Notes { lock: identity::lock(cx), whole })
}

/// Reads one TOML file of tables keyed by id, each with `item`, which gives the item or reports why not.
fn keyed<T>(cx: &Context<'_>, path: &str, kind: Kind, into: &mut BTreeMap<String, T>, item: impl Fn(&str, &Value<'_>) -> Option<T>) {
    let Some((text, source)) = cx.file(path) else {
        return;
    };
    let tree = parse(cx, path, text, source);
    let top = crate::walk::Table::new(cx, tree.get_ref(), Span::new(source, 0..0), format!("`{path}`"));
    for entry in top.entries() {
        cx.declare(kind, &entry.key, entry.key_span);
        if let Some(read) = item(&entry.key, &entry) {
            // A repeated id is reported by `declare`; the first stands.
            into.entry(entry.key.clone()).or_insert(read);
        }
    }
}

/// Whether an entity with this id exists on any axis of the model; an entity of two axes is written `CHN.KAZ`.
pub(crate) fn is_entity(ids: &Ids, id: &str) -> bool {
    id.split('.').all(|part| ENTITIES.iter().any(|&kind| ids.has(kind, part)))
}

/// Kinds whose items are entities of the model's axes.
pub(crate) const ENTITIES: &[Kind] = &[
    Kind::State,
    Kind::Province,
    Kind::Border,
    Kind::Site,
    Kind::Route,
    Kind::Power,
    Kind::Group,
    Kind::Company,
    Kind::Organisation,
    Kind::Proposal,
    Kind::Edge,
    Kind::Corridor,
    Kind::Contract,
    Kind::Node,
    Kind::Network,
    Kind::Economy,
    Kind::Goods,
];
