//! Groups of inputs whose share of the variance is asked for.

use std::collections::BTreeMap;

use serde::Serialize;

use super::inputs::{Inputs, Kind};

/// Which table a group stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Table {
    /// Chance.
    Chance,
    /// By what the inputs rest on; with chance these hold every input once.
    Evidence,
    /// By mechanism: its numbers and the links that arrive at it.
    Mechanism,
    /// Single inputs.
    Input,
    /// Claims: the links that stand for one and the numbers that cite it.
    Claim,
}

/// Inputs that move together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Table.
    pub table: Table,
    /// Name: `assumed numbers`, `finance`, an input's or a claim's id.
    pub name: String,
    /// Positions of its inputs.
    pub inputs: Vec<usize>,
}

impl Group {
    /// Chance, and the groups by evidence and by mechanism.
    pub fn fixed(inputs: &Inputs) -> Vec<Self> {
        let mut evidence: BTreeMap<(u8, String), Vec<usize>> = BTreeMap::new();
        let mut mechanisms: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, input) in inputs.list.iter().enumerate() {
            let rests_on = match &input.kind {
                Kind::Number { status } => (0, format!("{status} numbers")),
                Kind::Link { evidence } => (1, format!("links: {evidence}")),
                Kind::Claimant => (2, "links: trust in their claimants".to_owned()),
                Kind::Chance => continue,
            };
            evidence.entry(rests_on).or_default().push(i);
            if !input.mechanism.is_empty() {
                mechanisms.entry(input.mechanism.clone()).or_default().push(i);
            }
        }
        let mut groups = vec![Self { table: Table::Chance, name: super::CHANCE.into(), inputs: vec![inputs.chance()] }];
        groups.extend(evidence.into_iter().map(|((_, name), inputs)| Self { table: Table::Evidence, name, inputs }));
        groups.extend(mechanisms.into_iter().map(|(name, inputs)| Self { table: Table::Mechanism, name, inputs }));
        groups
    }

    /// The single inputs and the claims that the screening ranks first for some outcome: `sizes` by outcome and input.
    pub fn leading(inputs: &Inputs, sizes: &[Vec<f64>], most: usize, most_claims: usize) -> Vec<Self> {
        let mut claims: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, input) in inputs.list.iter().enumerate() {
            for claim in &input.claims {
                let of = claims.entry(claim).or_default();
                if !of.contains(&i) {
                    of.push(i);
                }
            }
        }
        let claims: Vec<(&str, Vec<usize>)> = claims.into_iter().collect();
        let (mut leaders, mut spoken) = (Vec::new(), Vec::new());
        for sizes in sizes {
            let alone: Vec<f64> = sizes[..inputs.chance()].to_vec();
            leaders.extend(first(&alone, most));
            // effects of independent inputs add up in squares
            let together = |of: &[usize]| of.iter().map(|&i| sizes[i] * sizes[i]).sum::<f64>().sqrt();
            spoken.extend(first(&claims.iter().map(|c| together(&c.1)).collect::<Vec<f64>>(), most_claims));
        }
        let unique = |mut list: Vec<usize>| {
            list.sort_unstable();
            list.dedup();
            list
        };
        let input = |i: usize| Self { table: Table::Input, name: inputs.list[i].id.clone(), inputs: vec![i] };
        let claim = |c: usize| Self { table: Table::Claim, name: claims[c].0.to_owned(), inputs: claims[c].1.clone() };
        unique(leaders).into_iter().map(input).chain(unique(spoken).into_iter().map(claim)).collect()
    }
}

/// Positions of the largest values above zero.
fn first(values: &[f64], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).filter(|&i| values[i] > 0.0).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    order.truncate(most);
    order
}
