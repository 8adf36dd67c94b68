//! `oxus method decide`: a bargain among actors, or the power of the players of a weighted voting game.

use std::path::Path;

use oxus_numerics::collective_decision::{
    Actors, Advance, DecisionError, Election, Reading, Victory, WeightedGame, compromise_mean, expected_utility_round, weighted_median,
};

use super::{Csv, print_table};
use crate::args::{Common, Decide};
use crate::output::failure::Failure;

/// Computes what the arguments ask for.
pub fn run(args: &Decide, common: &Common) -> Result<(), Failure> {
    if let Some(game) = &args.game {
        return power(game, &args.quota, common);
    }
    let path = args.actors.as_deref().ok_or_else(|| usage("give `--actors` or `--game`"))?;
    let table = Table::read(path)?;
    match args.rounds {
        Some(rounds) => table.rounds(rounds, word(&args.reading, "--reading", &READINGS)?, common),
        None => {
            let election =
                Election { advance: word(&args.election, "--election", &ADVANCES)?, victory: word(&args.victory, "--victory", &VICTORIES)? };
            table.election(election, args.observers, common)
        }
    }
}

const READINGS: [(&str, Reading); 2] = [("perceived", Reading::Perceived), ("own", Reading::Own)];
const ADVANCES: [(&str, Advance); 3] =
    [("conditional", Advance::Conditional), ("markov-uniform", Advance::MarkovUniform), ("markov-incentive", Advance::MarkovIncentive)];
const VICTORIES: [(&str, Victory); 3] = [("linear", Victory::Linear), ("square", Victory::Square), ("quartic", Victory::Quartic)];

fn usage(text: impl Into<String>) -> Failure {
    Failure::of(oxus_diag::Diagnostic::error(oxus_diag::codes::E006, text.into()).help("`oxus method decide --help` shows what there is"))
}

/// The choice that a word names.
fn word<T: Copy>(given: &str, option: &str, choices: &[(&str, T)]) -> Result<T, Failure> {
    choices.iter().find(|(name, _)| *name == given).map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let near = oxus_diag::did_you_mean(given, names.iter().copied()).unwrap_or_default();
        usage(format!("`{option} {given}`: expected {} {near}", names.join(", ")))
    })
}

/// Actors of a file: `actor,capability,position,salience`, or KTAB's `actor,capability,pos0,…,sal0,…`; capitals do not matter.
struct Table<'p> {
    path: &'p Path,
    names: Vec<String>,
    capability: Vec<f64>,
    /// `[actor][dimension]`, as in the file.
    position: Vec<f64>,
    salience: Vec<f64>,
    dimensions: usize,
}

impl<'p> Table<'p> {
    fn read(path: &'p Path) -> Result<Self, Failure> {
        let mut file = Csv::read(path)?;
        file.header.iter_mut().for_each(|h| *h = h.to_lowercase());
        let dimensions = file.header.iter().filter(|h| h.strip_prefix("pos").is_some_and(|rest| rest.parse::<usize>().is_ok())).count();
        let columns = |long: &str, short: &str| -> Result<Vec<Vec<f64>>, Failure> {
            match dimensions {
                0 => Ok(vec![file.finite(long)?]),
                n => (0..n).map(|d| file.finite(&format!("{short}{d}"))).collect(),
            }
        };
        let (positions, saliences) = (columns("position", "pos")?, columns("salience", "sal")?);
        let names = file.texts("actor")?;
        let by_actor = |columns: &[Vec<f64>]| (0..names.len()).flat_map(|i| columns.iter().map(move |c| c[i])).collect();
        Ok(Self {
            path,
            capability: file.finite("capability")?,
            position: by_actor(&positions),
            salience: by_actor(&saliences),
            dimensions: dimensions.max(1),
            names,
        })
    }

    fn refused(&self, error: DecisionError) -> Failure {
        Failure::file(self.path, error)
    }

    /// Positions on 0 to 1 in each dimension: as given where they are, else by the smallest and the largest of the file.
    fn scaled(&self) -> Vec<f64> {
        let mut scaled = self.position.clone();
        for d in 0..self.dimensions {
            let column = self.position.iter().skip(d).step_by(self.dimensions);
            let (low, high) = column.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
            if low < 0.0 || high > 1.0 {
                let width = if high > low { high - low } else { 1.0 };
                scaled.iter_mut().skip(d).step_by(self.dimensions).for_each(|x| *x = (*x - low) / width);
            }
        }
        scaled
    }

    fn election(&self, election: Election, observers: bool, common: &Common) -> Result<(), Failure> {
        let scaled = self.scaled();
        let actors = Actors::new(&scaled, &self.salience, &self.capability, self.dimensions).map_err(|e| self.refused(e))?;
        let found = election.hold(&actors);
        let name = |i: usize| self.names[i].clone();
        if observers {
            let mut rows = Vec::new();
            for (observer, list) in found.by_observer.iter().enumerate() {
                rows.extend(found.options.iter().zip(list).map(|(&option, p)| vec![name(observer), name(option), p.to_string()]));
            }
            print_table(&["observer", "position_of_actor", "prob"], &rows, common);
            return Ok(());
        }
        let mut rows = Vec::new();
        for d in 0..self.dimensions {
            let of = |list: &[f64]| list.iter().skip(d).step_by(self.dimensions).copied().collect::<Vec<f64>>();
            let (x, s) = (of(&self.position), of(&self.salience));
            let expected: f64 = found.options.iter().zip(&found.probability).map(|(&i, p)| p * x[i]).sum();
            for (what, value) in [
                ("compromise_mean", compromise_mean(&x, &self.capability, &s)),
                ("weighted_median", weighted_median(&x, &self.capability, &s)),
                ("election_mean", expected),
            ] {
                rows.push(vec![what.to_owned(), d.to_string(), value.to_string()]);
            }
        }
        rows.extend(found.risk.iter().enumerate().map(|(i, r)| vec!["risk".to_owned(), name(i), r.to_string()]));
        rows.extend(found.options.iter().zip(&found.probability).map(|(&i, p)| vec!["probability".to_owned(), name(i), p.to_string()]));
        print_table(&["what", "of", "value"], &rows, common);
        Ok(())
    }

    fn rounds(&self, rounds: u32, reading: Reading, common: &Common) -> Result<(), Failure> {
        if self.dimensions != 1 {
            return Err(Failure::file(self.path, "`--rounds` plays on one dimension; the file has several"));
        }
        let (low, high) = self.position.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
        let mut x = self.position.clone();
        let mut rows = Vec::new();
        for round in 1..=rounds {
            match expected_utility_round(reading, &x, &self.capability, &self.salience, high - low) {
                Ok(found) => {
                    rows.extend((0..x.len()).map(|i| {
                        let chosen = found.moves.iter().find(|m| m.actor == i);
                        let towards = chosen.map_or_else(String::new, |m| self.names[m.towards].clone());
                        vec![round.to_string(), self.names[i].clone(), found.position[i].to_string(), found.risk[i].to_string(), towards]
                    }));
                    x = found.position;
                }
                // all have come to one point: later rounds change nothing
                Err(DecisionError::NoDispute) if round > 1 => break,
                Err(error) => return Err(self.refused(error)),
            }
        }
        print_table(&["round", "actor", "position", "risk", "towards"], &rows, common);
        Ok(())
    }
}

/// Power indices of a game: `player` and one column of whole weights for each quota.
fn power(path: &Path, quotas: &[u64], common: &Common) -> Result<(), Failure> {
    let file = Csv::read(path)?;
    let names = file.texts("player")?;
    let weights = file.header.iter().filter(|h| *h != "player").map(|h| file.numbers(h)).collect::<Result<Vec<Vec<u64>>, _>>()?;
    let game = WeightedGame::new(weights, quotas.to_vec()).map_err(|e| Failure::file(path, e))?;
    let found = game.indices();
    let rows: Vec<Vec<String>> = (0..names.len())
        .map(|i| {
            let shares = [&found.banzhaf, &found.banzhaf_normalised, &found.shapley_shubik, &found.power_to_prevent, &found.power_to_initiate];
            let mut row = vec![names[i].clone(), found.swings[i].to_string()];
            row.extend(shares.map(|list| list[i].value().to_string()));
            row.extend([found.power_to_act.value().to_string(), found.shapley_shubik[i].to_string()]);
            row
        })
        .collect();
    let header = [
        "player",
        "swings",
        "banzhaf",
        "banzhaf_normalised",
        "shapley_shubik",
        "power_to_prevent",
        "power_to_initiate",
        "power_to_act",
        "shapley_shubik_exact",
    ];
    print_table(&header, &rows, common);
    Ok(())
}
