//! Outcomes: folds over recorded variables up to the end of each horizon.

use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_kernel::{LANES, Model, Recording};
use oxus_pack::region::{self, Across, Fold, Region};
use oxus_units::{Month, Unit};

/// One number of each member: an outcome at one horizon for one entity (or for all together).
#[derive(Clone, Debug)]
pub struct Cell {
    /// Outcome id.
    pub outcome: String,
    /// Entity, or empty where the outcome combines entities.
    pub entity: String,
    /// Last month counted.
    pub horizon: Month,
    /// Whether it can only be 0 or 1.
    pub binary: bool,
    /// Index of the rule that computes it.
    rule: usize,
    /// Position in the rule's list of results: months to the horizon.
    months: usize,
}

#[derive(Clone, Debug)]
struct Rule {
    /// Recorded cells that are combined.
    cells: Vec<usize>,
    across: Across,
    fold: Fold,
    window: Option<usize>,
    factor: f64,
}

/// All outcomes of a model, and what must be recorded for them.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// One entry for each number of a member, in the order of the results.
    pub cells: Vec<Cell>,
    rules: Vec<Rule>,
    /// Recorded cells.
    pub recording: Recording,
}

impl Outcomes {
    /// Resolves the outcomes of these ids (all, if empty) at these horizons.
    ///
    /// # Errors
    /// `E003` an unknown outcome, `C007` an unknown variable or entity, `U002` a unit that the fold does not give.
    pub fn resolve(region: &Region, model: &Model, ids: &[String], horizons: &[Month]) -> Result<Self, Diagnostics> {
        let mut problems = Diagnostics::new();
        let mut outcomes = Self::default();
        for id in ids {
            if !region.outcomes.contains_key(id) {
                let known = region.outcomes.keys().map(String::as_str);
                problems.push(
                    Diagnostic::error(codes::E003, format!("unknown outcome `{id}`"))
                        .expected("an outcome of the pack (`oxus explain outcomes` lists them)")
                        .help_maybe(did_you_mean(id, known)),
                );
            }
        }
        // in the pack's own order, which tables keep
        let mut asked: Vec<&region::Outcome> = region.outcomes.values().filter(|o| ids.is_empty() || ids.contains(&o.id)).collect();
        asked.sort_by_key(|o| o.span.range().start);
        for outcome in asked {
            outcomes.add(region, outcome, model, horizons, &mut problems);
        }
        if problems.has_errors() { Err(problems) } else { Ok(outcomes) }
    }

    fn add(&mut self, region: &Region, outcome: &region::Outcome, model: &Model, horizons: &[Month], problems: &mut Diagnostics) {
        let Some(variable) = model.variable(&outcome.of.id) else {
            problems.push(
                Diagnostic::error(codes::C007, format!("outcome `{}` is of a variable that no mechanism owns", outcome.id))
                    .at(outcome.of.span, "this one")
                    .help_maybe(did_you_mean(&outcome.of.id, model.variable_names())),
            );
            return;
        };
        let axis = model.axis_of(variable);
        let mut entities = Vec::new();
        for name in &outcome.entities {
            match axis.position(&name.id) {
                Some(e) => entities.push(e),
                None => problems.push(
                    Diagnostic::error(codes::C007, format!("outcome `{}` names an unknown entity of `{}`", outcome.id, axis.name))
                        .at(name.span, "this one")
                        .help_maybe(did_you_mean(&name.id, axis.entities.iter().map(String::as_str))),
                ),
            }
        }
        if outcome.entities.is_empty() {
            entities = (0..axis.len()).collect();
        }
        let Some(factor) = crate::money::unit(model.spec(variable).unit, &region.identity).ok().and_then(|u| factor(outcome, &u)) else {
            problems.push(
                Diagnostic::error(codes::U002, format!("outcome `{}` cannot be in its unit", outcome.id))
                    .at(outcome.span, "this outcome")
                    .found(format!("`{}`", outcome.unit))
                    .expected(format!("what the fold gives of `{}`, in `{}`", outcome.of.id, model.spec(variable).unit)),
            );
            return;
        };
        let groups: Vec<(String, Vec<usize>)> = match outcome.over {
            Across::Each => entities.iter().map(|&e| (axis.entities[e].clone(), vec![e])).collect(),
            _ => vec![(String::new(), entities)],
        };
        // an outcome of one entity says so in its title
        let single = groups.len() == 1;
        for (entity, members) in groups {
            let cells = members.iter().map(|&e| self.record(variable, e as u32)).collect();
            let rule = self.rules.len();
            self.rules.push(Rule { cells, across: outcome.over, fold: outcome.fold, window: outcome.window.map(|w| w as usize), factor });
            for &horizon in horizons {
                let Ok(months) = usize::try_from(horizon.since(model.world().first()) + 1) else { continue };
                self.cells.push(Cell {
                    outcome: outcome.id.clone(),
                    entity: if single { String::new() } else { entity.clone() },
                    horizon,
                    binary: matches!(outcome.fold, Fold::AnyAbove(_) | Fold::RunAbove { .. }),
                    rule,
                    months: months.min(model.world().months()),
                });
            }
        }
    }

    fn record(&mut self, variable: usize, entity: u32) -> usize {
        let cells = &mut self.recording.cells;
        cells.iter().position(|c| *c == (variable, entity)).unwrap_or_else(|| {
            cells.push((variable, entity));
            cells.len() - 1
        })
    }

    /// Adds the value of a variable's entity at the end of each of these months as numbers of every member; returns the position of the first.
    pub fn watch(&mut self, model: &Model, variable: usize, entity: u32, months: &[Month]) -> usize {
        let cells = vec![self.record(variable, entity)];
        self.rules.push(Rule { cells, across: Across::Each, fold: Fold::Last, window: None, factor: 1.0 });
        let name = (model.spec(variable).name, &model.axis_of(variable).entities[entity as usize]);
        let at = self.cells.len();
        for &month in months {
            let Ok(count) = usize::try_from(month.since(model.world().first()) + 1) else { continue };
            let (outcome, entity, rule) = (name.0.to_owned(), name.1.clone(), self.rules.len() - 1);
            self.cells.push(Cell { outcome, entity, horizon: month, binary: false, rule, months: count.min(model.world().months()) });
        }
        at
    }

    /// Adds the same number as a cell has, at the ends of earlier periods; returns their positions.
    pub fn earlier(&mut self, cell: usize, model: &Model, months: &[Month]) -> Vec<usize> {
        let mut at = Vec::new();
        for &month in months {
            let Ok(count) = usize::try_from(month.since(model.world().first()) + 1) else { continue };
            self.cells.push(Cell { horizon: month, months: count.min(model.world().months()), ..self.cells[cell].clone() });
            at.push(self.cells.len() - 1);
        }
        at
    }

    /// Adds the month, counted from the start, in which what a cell asks for happens first (past the end where it never does); `None` where the cell
    /// is no chance over the whole period.
    pub fn watch_first(&mut self, cell: usize) -> Option<usize> {
        let Cell { rule, .. } = self.cells[cell];
        let Fold::AnyAbove(threshold) = self.rules[rule].fold else { return None };
        if self.rules[rule].window.is_some() {
            return None;
        }
        self.rules.push(Rule { fold: Fold::FirstMonthAbove(threshold), ..self.rules[rule].clone() });
        self.cells.push(Cell { binary: false, rule: self.rules.len() - 1, ..self.cells[cell].clone() });
        Some(self.cells.len() - 1)
    }

    /// Position of an outcome's number for an entity at a horizon. The entity may be left out where the outcome has one.
    ///
    /// # Errors
    /// `E003` an entity that is needed and not named, or that the outcome does not have.
    pub fn cell(&self, outcome: &str, entity: &str, horizon: Month) -> Result<usize, Box<Diagnostic>> {
        let of: Vec<(usize, &Cell)> = self.cells.iter().enumerate().filter(|(_, c)| c.outcome == outcome && c.horizon == horizon).collect();
        match of.as_slice() {
            [(at, single)] if entity.is_empty() || single.entity == entity => return Ok(*at),
            _ => {}
        }
        if let Some((at, _)) = of.iter().find(|(_, c)| c.entity == entity) {
            return Ok(*at);
        }
        let written = |e: &str| if e.is_empty() { outcome.to_owned() } else { format!("{outcome}[{e}]") };
        let list: Vec<String> = of.iter().map(|(_, c)| written(&c.entity)).collect();
        let headline = match entity {
            "" => format!("outcome `{outcome}` has several numbers: name the entity"),
            unknown => format!("outcome `{outcome}` has no entity `{unknown}`"),
        };
        let problem = Diagnostic::error(codes::E003, headline).expected(format!("one of {}", list.join(", ")));
        Err(Box::new(problem.help_maybe(did_you_mean(entity, of.iter().map(|(_, c)| c.entity.as_str())))))
    }

    /// Values of one lane, in the order of `cells`, from a record `[month][cell][lane]`.
    pub fn evaluate(&self, record: &[f64], lane: usize, out: &mut Vec<f64>) {
        let width = self.recording.cells.len() * LANES;
        let mut path = Vec::new();
        let mut last_rule = usize::MAX;
        for cell in &self.cells {
            let rule = &self.rules[cell.rule];
            if cell.rule != last_rule {
                path.clear();
                path.extend(record.chunks_exact(width).map(|month| rule.combine(month, lane)));
                last_rule = cell.rule;
            }
            out.push(rule.fold(&path[..cell.months]));
        }
    }
}

/// Outcome and entity of `irregular-exit[KGZ]`; no entity where none is written.
pub fn split_name(text: &str) -> (&str, &str) {
    let text = text.trim();
    match text.strip_suffix(']').and_then(|t| t.split_once('[')) {
        Some((outcome, entity)) => (outcome.trim(), entity.trim()),
        None => (text, ""),
    }
}

/// What turns the folded variable into the outcome's unit; `None` if nothing does. A flow per step summed over months loses its `/month`.
fn factor(outcome: &region::Outcome, unit: &Unit) -> Option<f64> {
    let month = Unit::parse("month").ok()?;
    match outcome.fold {
        Fold::AnyAbove(_) | Fold::RunAbove { .. } | Fold::MonthsAbove(_) | Fold::FirstMonthAbove(_) => Some(1.0),
        Fold::Sum => unit.convert(1.0, &outcome.unit).ok().or_else(|| unit.times(&month).ok()?.convert(1.0, &outcome.unit).ok()),
        Fold::Mean | Fold::Last | Fold::Max => unit.convert(1.0, &outcome.unit).ok(),
    }
}

impl Rule {
    fn combine(&self, month: &[f64], lane: usize) -> f64 {
        let values = self.cells.iter().map(|&c| month[c * LANES + lane]);
        match self.across {
            Across::Each | Across::Sum => values.sum(),
            Across::Mean => values.sum::<f64>() / self.cells.len() as f64,
            Across::Max => values.fold(f64::NEG_INFINITY, f64::max),
        }
    }

    fn fold(&self, path: &[f64]) -> f64 {
        let start = self.window.map_or(0, |w| path.len().saturating_sub(w));
        let path = &path[start..];
        let above = |threshold: f64| path.iter().filter(|x| **x > threshold).count();
        match self.fold {
            Fold::Sum => self.factor * path.iter().sum::<f64>(),
            Fold::Mean => self.factor * path.iter().sum::<f64>() / path.len().max(1) as f64,
            Fold::Last => self.factor * path.last().copied().unwrap_or(f64::NAN),
            Fold::Max => self.factor * path.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Fold::AnyAbove(threshold) => f64::from(u8::from(above(threshold) > 0)),
            Fold::MonthsAbove(threshold) => above(threshold) as f64,
            // one past the end where it never happens, so that later is larger and everything stays comparable
            Fold::FirstMonthAbove(threshold) => path.iter().position(|x| *x > threshold).unwrap_or(path.len()) as f64,
            Fold::RunAbove { threshold, months } => {
                let mut run = 0;
                let longest = path.iter().map(|x| {
                    run = if *x > threshold { run + 1 } else { 0 };
                    run
                });
                f64::from(u8::from(longest.max().unwrap_or(0) >= months))
            }
        }
    }
}
