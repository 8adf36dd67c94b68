//! Strengths set by hand instead of by the table of words, and numbers that a view puts in place of the pack's.

use oxus_pack::region::{Cite, Number, Region, Strength};
use serde::Serialize;

/// A link whose strength is not the table's.
#[derive(Clone, Debug, Serialize)]
pub struct HandSet {
    /// Link.
    pub link: String,
    /// Claims it stands for.
    pub claims: Vec<String>,
    /// Mean of the strength set, in typical deviations.
    pub set: f64,
    /// Mean of what the table of words gives.
    pub by_words: Option<f64>,
    /// How the number is founded.
    pub status: String,
    /// Works cited for it.
    pub works: Vec<String>,
    /// Whether some work cited was published by the as-of year, as a strength set by hand must.
    pub source_in_time: bool,
    /// Reason or remark.
    pub reason: Option<String>,
}

/// A parameter that a view replaces.
#[derive(Clone, Debug, Serialize)]
pub struct InView {
    /// View.
    pub view: String,
    /// Parameter, or one entity of it.
    pub parameter: String,
    /// Mean in the pack, in the pack's unit; `None` where the pack has none for it.
    pub pack: Option<f64>,
    /// Mean in the view, in the unit of the view.
    pub mean: f64,
    /// Unit of the view's number.
    pub unit: String,
    /// How the view's number is founded.
    pub status: String,
}

/// Everything that departs from a default.
#[derive(Clone, Debug, Serialize)]
pub struct Departures {
    /// Links in all.
    pub links: usize,
    /// Those set by hand.
    pub hand_set: Vec<HandSet>,
    /// Parameters in all.
    pub parameters: usize,
    /// Those that views replace.
    pub in_views: Vec<InView>,
}

/// Lists departures, by id.
pub fn departures(region: &Region) -> Departures {
    let set = |link: &oxus_pack::region::Link| match &link.strength {
        Strength::Set(number) => Some(hand_set(region, link, number)),
        Strength::Claims => None,
    };
    let mut in_views = Vec::new();
    for view in region.views.values() {
        for parameter in view.parameters.values() {
            let all = parameter.default.iter().map(|n| (String::new(), n));
            for (entity, number) in all.chain(parameter.entities.iter().map(|(e, n)| (e.clone(), n))) {
                let id = if entity.is_empty() { parameter.id.clone() } else { format!("{}.{entity}", parameter.id) };
                let own = region.parameters.get(&parameter.id).and_then(|p| p.entities.get(&entity).or(p.default.as_ref()));
                let pack = own.and_then(|n| n.unit.convert(n.value.mean(), &number.unit).ok());
                in_views.push(InView {
                    view: view.id.clone(),
                    parameter: id,
                    pack,
                    mean: number.value.mean(),
                    unit: number.unit.to_string(),
                    status: number.status.to_string(),
                });
            }
        }
    }
    Departures { links: region.links.len(), hand_set: region.links.values().filter_map(set).collect(), parameters: region.parameters.len(), in_views }
}

fn hand_set(region: &Region, link: &oxus_pack::region::Link, number: &Number) -> HandSet {
    let claims: Vec<_> = link.claims.iter().chain(link.contested.values().flat_map(|c| &c.claims)).map(|c| c.id.clone()).collect();
    let said: Vec<_> = claims.iter().filter_map(|c| region.claims.get(c)).collect();
    let works: Vec<&str> = number
        .evidence
        .cites
        .iter()
        .filter_map(|c| match c {
            Cite::Work(cited) => Some(cited.work.id.as_str()),
            Cite::Claim(_) => None,
        })
        .collect();
    let in_time = |id: &str| region.references.get(id).and_then(|w| w.year).is_some_and(|year| year <= region.identity.as_of.month().year());
    HandSet {
        link: link.id.clone(),
        by_words: oxus_pack::strength::of_claims(&said).map(|prior| prior.size.mean()),
        claims,
        set: number.value.mean(),
        status: number.status.to_string(),
        source_in_time: works.iter().any(|w| in_time(w)),
        works: works.into_iter().map(str::to_owned).collect(),
        reason: number.evidence.reason.clone().or_else(|| number.note.clone()),
    }
}
