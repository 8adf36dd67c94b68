//! Running until an interval is narrow enough: `mc interval of OUTCOME[ENTITY] < WIDTH`.
//!
//! The rule looks when the number of draws has doubled, at whole chunks, so that what it sees does not depend on threads and the run that is left is bit
//! for bit a run of that size. What stopping by the width does to the interval is told in [`oxus_analysis::sequential`] and in the book.

use std::fmt;

use oxus_analysis::sequential::{half_width, looks};
use oxus_analysis::{Cluster, Paired};
use oxus_diag::{Diagnostic, codes};
use oxus_units::Month;

use crate::draws::Gather;
use crate::ensemble::{CHUNK, Chunk, Design};
use crate::outcome::{Outcomes, split_name};
use crate::run::Request;

/// When to stop.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome has one number.
    pub entity: String,
    /// End of the period.
    pub horizon: Month,
    /// Half-width asked for, in the outcome's unit; of a chance, a share.
    pub width: f64,
    /// Whether the width was written in points, which only a chance has.
    pub points: bool,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entity = if self.entity.is_empty() { String::new() } else { format!("[{}]", self.entity) };
        let width = if self.points { format!("{} pt", 100.0 * self.width) } else { self.width.to_string() };
        write!(f, "mc interval of {}{entity} < {width}", self.outcome)
    }
}

impl Rule {
    /// Reads `mc interval of irregular-exit[KGZ] < 1 pt`.
    ///
    /// # Errors
    /// `A043` another sentence, or a width that is not above zero.
    pub fn parse(text: &str, horizon: Month) -> Result<Self, Box<Diagnostic>> {
        let unreadable = |found: &str| {
            let problem = Diagnostic::error(codes::A043, "`--until` cannot be read")
                .found(format!("`{found}`"))
                .expected("`mc interval of OUTCOME < WIDTH`, such as `mc interval of irregular-exit[KGZ] < 1 pt`");
            Box::new(problem)
        };
        let words = text.trim();
        let rest = words.strip_prefix("mc interval of ").or_else(|| words.strip_prefix("interval of ")).ok_or_else(|| unreadable(words))?;
        let (name, width) = rest.split_once('<').ok_or_else(|| unreadable(words))?;
        let (outcome, entity) = split_name(name);
        let width = width.trim();
        let number = width.strip_suffix("pt").or_else(|| width.strip_suffix('%'));
        let points = number.is_some();
        match number.unwrap_or(width).trim().parse::<f64>() {
            Ok(x) if x > 0.0 && x.is_finite() && !outcome.is_empty() => {
                let width = if points { x / 100.0 } else { x };
                Ok(Self { outcome: outcome.to_owned(), entity: entity.to_owned(), horizon, width, points })
            }
            _ => Err(unreadable(words)),
        }
    }
}

/// What the rule saw at its looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Stopped {
    /// The rule.
    pub rule: Rule,
    /// Members, and the widest half-width over the cases then.
    pub looks: Vec<(u32, f64)>,
    /// Whether it was narrow enough at the last.
    pub met: bool,
}

impl Stopped {
    /// About how many members the width takes, from the last look: half the width takes four times as many.
    pub fn needed(&self) -> Option<f64> {
        let (members, width) = self.looks.last()?;
        width.is_finite().then(|| f64::from(*members) * (width / self.rule.width) * (width / self.rule.width))
    }
}

/// The rule at work on a run.
pub(crate) struct Stop {
    rule: Rule,
    binary: bool,
    design: Design,
    /// Numbers of each member: the cell in every case.
    width: usize,
    columns: Vec<usize>,
    gather: Gather,
    paired: Vec<Paired>,
    looks: Vec<(u32, f64)>,
    met: bool,
}

impl Stop {
    pub fn new(rule: &Rule, outcomes: &Outcomes, request: &Request) -> Result<Self, Box<Diagnostic>> {
        let cell = outcomes.cell(&rule.outcome, &rule.entity, rule.horizon)?;
        let binary = outcomes.cells[cell].binary;
        if rule.points && !binary {
            let problem = Diagnostic::error(codes::A043, format!("outcome `{}` is not a chance: its interval has no points", rule.outcome))
                .found(format!("`{rule}`"))
                .expected("a width in the outcome's unit, such as `< 5`");
            return Err(Box::new(problem));
        }
        let (cases, cells) = (request.cases.len(), outcomes.cells.len());
        let columns: Vec<usize> = (0..cases).map(|case| case * cells + cell).collect();
        Ok(Self {
            rule: rule.clone(),
            binary,
            design: request.design,
            width: cases * cells,
            gather: Gather::new(request.design.replicates, columns.len()),
            columns,
            paired: vec![Paired::default(); (cases - 1).max(1)],
            looks: Vec::new(),
            met: false,
        })
    }

    /// Numbers of draws at which to look: whole chunks.
    pub fn looks(&self) -> Vec<u32> {
        looks(CHUNK / common_divisor(CHUNK, self.design.replicates.max(1)), self.design.draws)
    }

    pub fn add(&mut self, chunk: &Chunk) {
        let paired = &mut self.paired;
        self.gather.chunk(chunk, self.width, &self.columns, &mut |draw| add(paired, &draw.values));
    }

    /// Whether every case's interval is narrow enough now.
    pub fn narrow(&mut self, members: u32) -> bool {
        let paired = &mut self.paired;
        self.gather.close(&mut |draw| add(paired, &draw.values));
        let widest = self.paired.iter().map(|p| half_width(p, self.binary)).fold(0.0, f64::max);
        self.looks.push((members, widest));
        self.met = widest < self.rule.width;
        self.met
    }

    /// What it saw; the design becomes that of the members done, when the rule ended the run.
    pub fn end(self, design: &mut Design, members: u32) -> Stopped {
        if self.met {
            design.draws = members.div_ceil(design.replicates.max(1));
        }
        Stopped { rule: self.rule, looks: self.looks, met: self.met }
    }
}

/// One draw: differences from the first case, or the level of a single one.
fn add(paired: &mut [Paired], values: &[Vec<f64>]) {
    let Some((first, others)) = values.split_first() else { return };
    if others.is_empty() {
        paired.iter_mut().for_each(|p| p.add(&Cluster { members: first.iter().map(|&x| (0.0, x)).collect() }));
    }
    for (sums, other) in paired.iter_mut().zip(others) {
        sums.add(&Cluster { members: first.iter().copied().zip(other.iter().copied()).collect() });
    }
}

fn common_divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::Rule;
    use oxus_units::Month;

    fn parse(text: &str) -> Option<Rule> {
        Rule::parse(text, Month::parse("2016-12").expect("a month")).ok()
    }

    #[test]
    fn rules_are_read() {
        let rule = parse("mc interval of irregular-exit[KGZ] < 1.5 pt").expect("a rule");
        assert_eq!((rule.outcome.as_str(), rule.entity.as_str(), rule.width, rule.points), ("irregular-exit", "KGZ", 0.015, true));
        assert_eq!(rule.to_string(), "mc interval of irregular-exit[KGZ] < 1.5 pt");
        assert_eq!(parse("  interval of deaths<5").map(|r| (r.width, r.points)), Some((5.0, false)));
        for odd in ["", "mc interval of", "mc interval of deaths", "mc interval of deaths < 0", "mc interval of deaths < -1", "deaths < 5"] {
            assert!(parse(odd).is_none(), "{odd}");
        }
        assert!(parse("mc interval of < 5").is_none() && parse("mc interval of deaths < NaN").is_none());
    }
}
