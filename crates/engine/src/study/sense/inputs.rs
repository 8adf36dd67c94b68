//! What is uncertain in the model, as inputs that an analyst can name: each number that varies, each link, what is common to a claimant's links, and chance.

use std::collections::BTreeMap;

use oxus_kernel::Model;
use oxus_pack::region::{Claim, EvidenceKind, Region, Status};
use oxus_random::hash64;
use serde::Serialize;

use crate::belief::Part;
use crate::ensemble::Prepared;

/// What an input is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Kind {
    /// A number of the pack.
    Number {
        /// How well it is founded, as the pack says.
        status: &'static str,
    },
    /// A link: whether it exists, its sign and its size.
    Link {
        /// The evidence of its strongest claim.
        evidence: &'static str,
    },
    /// What is common to all links of a claimant.
    Claimant,
    /// The stream of chance events.
    Chance,
}

/// One uncertain input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    /// `finance.growth_trend/KGZ`, `links.stability-by-growth`, `claimant.icg`, `chance`.
    pub id: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: Kind,
    /// Mechanism it enters; a network's commodity for its numbers; empty for claimants and chance.
    pub mechanism: String,
    /// Claims it stands for, or cites.
    pub claims: Vec<String>,
}

/// The inputs of a set of cases, and the uniforms by which they are drawn.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Inputs; chance is the last.
    pub list: Vec<Input>,
    /// Key of each uniform and the input it belongs to.
    pub parts: Vec<(u64, usize)>,
    by_key: BTreeMap<u64, usize>,
}

/// Id of the input that is chance.
pub const CHANCE: &str = "chance";

impl Inputs {
    /// All inputs of these cases.
    pub fn of(region: &Region, model: &Model, cases: &[Prepared]) -> Self {
        let mut found = Self::default();
        for quantity in cases.iter().flat_map(|case| case.quantities().list()).filter(|q| q.varies()) {
            let kind = Kind::Number { status: status(quantity.status) };
            let mechanism = quantity.parameter.split('.').next().unwrap_or_default().to_owned();
            let input = Input { id: quantity.name.clone(), kind, mechanism, claims: quantity.claims.clone() };
            found.add(input, &[quantity.key()]);
        }
        let mut claimants: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for link in model.links() {
            let Some(source) = region.links.get(&link.id) else { continue };
            let sides: Vec<Vec<&Claim>> = std::iter::once(&source.claims)
                .chain(source.contested.values().map(|c| &c.claims))
                .map(|names| names.iter().filter_map(|n| region.claims.get(&n.id)).collect())
                .filter(|claims: &Vec<_>| !claims.is_empty())
                .collect();
            for claimant in sides.iter().filter_map(|claims| claims.first()).map(|claim| claim.claimant.clone()) {
                claimants.entry(claimant).or_default().push(link.id.clone());
            }
            let claims: Vec<&Claim> = sides.concat();
            let kind = Kind::Link { evidence: claims.iter().map(|c| c.evidence).min().map_or("no claim", evidence) };
            let mechanism = model.spec(link.to).name.split('.').next().unwrap_or_default().to_owned();
            let input = Input { id: format!("links.{}", link.id), kind, mechanism, claims: claims.iter().map(|c| c.id.clone()).collect() };
            let id = hash64(&link.id);
            found.add(input, &[Part::Side(id), Part::Exists(id), Part::Sign(id), Part::Size(id)].map(Part::key));
        }
        for claimant in claimants.into_keys() {
            let input = Input { id: format!("claimant.{claimant}"), kind: Kind::Claimant, mechanism: String::new(), claims: Vec::new() };
            found.add(input, &[Part::Claimant(hash64(&claimant)).key()]);
        }
        found.add(Input { id: CHANCE.into(), kind: Kind::Chance, mechanism: String::new(), claims: Vec::new() }, &[]);
        found
    }

    /// Adds an input unless its uniforms are known already: cases share what they do not replace.
    fn add(&mut self, input: Input, keys: &[u64]) {
        if keys.iter().any(|key| self.by_key.contains_key(key)) {
            return;
        }
        for &key in keys {
            self.by_key.insert(key, self.parts.len());
            self.parts.push((key, self.list.len()));
        }
        self.list.push(input);
    }

    /// Place of a uniform among the parts.
    pub fn part(&self, key: u64) -> Option<usize> {
        self.by_key.get(&key).copied()
    }

    /// Index of chance.
    pub fn chance(&self) -> usize {
        self.list.len() - 1
    }
}

/// A status in words.
fn status(status: Status) -> &'static str {
    match status {
        Status::Cited => "cited",
        Status::Derived => "derived",
        Status::Estimated => "estimated",
        Status::Literature => "literature",
        Status::Assumed => "assumed",
    }
}

/// What stands behind a claim, in words.
fn evidence(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Series => "data series",
        EvidenceKind::TwoIndependent => "two or more sources",
        EvidenceKind::Episode => "documented episode",
        EvidenceKind::OneNamed => "one named source",
        EvidenceKind::NoNote => "no note",
        EvidenceKind::OneUnnamed => "one unnamed interview",
        EvidenceKind::Flawed => "flawed evidence",
    }
}
