//! Claims that cannot hold together, and what the source leaves open.

use std::collections::BTreeSet;

use oxus_pack::region::Region;
use serde::Serialize;

/// One claim of a contradiction.
#[derive(Clone, Debug, Serialize)]
pub struct Side {
    /// Claim.
    pub claim: String,
    /// Who says it.
    pub claimant: String,
    /// What is said.
    pub says: String,
    /// Places in the source.
    pub at: Vec<String>,
}

/// Two claims that cannot hold together.
#[derive(Clone, Debug, Serialize)]
pub struct Contradiction {
    /// The two, by id.
    pub sides: [Side; 2],
    /// Link that carries both, one side in each draw, if any does.
    pub contested_in: Option<String>,
}

/// Something on which the source disagrees with itself, others or the data.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    /// Id.
    pub id: String,
    /// What is open.
    pub says: String,
    /// Claims on its sides.
    pub between: Vec<String>,
    /// How the pack holds it.
    pub held: String,
    /// Why so.
    pub why: Option<String>,
    /// Places in the source.
    pub at: Vec<String>,
}

/// Both lists.
#[derive(Clone, Debug, Serialize)]
pub struct Contradictions {
    /// Pairs of claims that say they contradict one another, and sides of contested links.
    pub pairs: Vec<Contradiction>,
    /// What is open, by id.
    pub open: Vec<Open>,
}

/// Lists contradictions of a pack. A pair is listed once, whichever side names it.
pub fn contradictions(region: &Region) -> Contradictions {
    let mut pairs: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |a: &str, b: &str| {
        if a != b {
            pairs.insert((a.min(b).to_owned(), a.max(b).to_owned()));
        }
    };
    for claim in region.claims.values() {
        claim.contradicts.iter().for_each(|other| add(&claim.id, &other.id));
    }
    // sides of a contested link with opposite signs deny one another
    for link in region.links.values() {
        let sides: Vec<_> = link.contested.values().collect();
        for (i, a) in sides.iter().enumerate() {
            for b in sides[i + 1..].iter().filter(|b| b.sign != a.sign) {
                a.claims.iter().for_each(|x| b.claims.iter().for_each(|y| add(&x.id, &y.id)));
            }
        }
    }
    let told = |(a, b): (String, String)| {
        let carries = |link: &&oxus_pack::region::Link| {
            let has = |id: &str| link.contested.values().any(|c| c.claims.iter().any(|n| n.id == id));
            has(&a) && has(&b)
        };
        let contested_in = region.links.values().find(carries).map(|l| l.id.clone());
        Some(Contradiction { sides: [side(region, &a)?, side(region, &b)?], contested_in })
    };
    let mut pairs: Vec<Contradiction> = pairs.into_iter().filter_map(told).collect();
    pairs.sort_by(|a, b| a.sides[0].claim.cmp(&b.sides[0].claim).then_with(|| a.sides[1].claim.cmp(&b.sides[1].claim)));
    let open = region.uncertainties.values().map(|u| Open {
        id: u.id.clone(),
        says: u.says.clone(),
        between: u.between.iter().map(|c| c.id.clone()).collect(),
        held: u.held.to_string(),
        why: u.why.clone(),
        at: u.at.clone(),
    });
    Contradictions { pairs, open: open.collect() }
}

fn side(region: &Region, id: &str) -> Option<Side> {
    let claim = region.claims.get(id)?;
    Some(Side { claim: claim.id.clone(), claimant: claim.claimant.clone(), says: claim.says.clone(), at: claim.at.clone() })
}
