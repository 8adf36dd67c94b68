//! Levers over scenarios and views: what each loses against the best lever of the same world, with and without knowing the draw.

use oxus_analysis::regret::{ByDraw, Losses};
use oxus_analysis::{Cluster, Paired};
use oxus_diag::{Diagnostic, Diagnostics, codes, did_you_mean};
use oxus_pack::region::{BadIf, Region};

use super::joined::{Draw, Joined};
use crate::case::Case;
use crate::run::RunError;

/// Name of the policy without any lever.
pub const NO_LEVER: &str = "no lever";

/// A lever (or none) in one world.
#[derive(Clone, Debug)]
pub struct Cell {
    /// Mean of the outcome.
    pub level: f64,
    /// Mean loss beyond that of the lever with the least mean loss in this world.
    pub regret: f64,
    /// Half-width of its 95 % Monte Carlo interval, paired, clustered by draw; 0 for the best itself.
    pub monte_carlo: f64,
    /// The same when the draw is known before choosing.
    pub by_draw: ByDraw,
}

/// A lever over all worlds, which count alike.
#[derive(Clone, Copy, Debug)]
pub struct Overall {
    /// Mean regret over the worlds.
    pub mean: f64,
    /// Half-width of its 95 % Monte Carlo interval.
    pub monte_carlo: f64,
    /// Largest regret.
    pub largest: f64,
    /// Half-width of its 95 % Monte Carlo interval in that world.
    pub largest_monte_carlo: f64,
    /// The world of the largest.
    pub world: usize,
}

/// The regret table of one outcome.
#[derive(Clone, Debug)]
pub struct Table {
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// Whether more is worse.
    pub more_is_worse: bool,
    /// Scenarios and views.
    pub worlds: Vec<String>,
    /// Levers, [`NO_LEVER`] among them where the runs have it.
    pub levers: Vec<String>,
    /// `[world][lever]`.
    pub cells: Vec<Vec<Cell>>,
    /// By lever.
    pub overall: Vec<Overall>,
    /// Members compared.
    pub members: u64,
    /// Draws they belong to.
    pub draws: u64,
}

/// Which case of the runs is which lever in which world.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Scenarios and views, in the order of the cases.
    pub worlds: Vec<String>,
    /// Levers and their combinations, in the order of the cases.
    pub levers: Vec<String>,
    /// Case of `[world][lever]`.
    pub cases: Vec<Vec<String>>,
}

/// The world and the lever of a case: parts that are levers of the pack are the lever, all else is the world.
fn split(case: &Case, region: &Region) -> (String, String) {
    let lever = |id: &String| region.scenarios.get(id).is_some_and(|s| s.lever.is_some());
    let (levers, world): (Vec<_>, Vec<_>) = case.parts.iter().cloned().partition(|(id, _)| lever(id));
    let world = Case { view: case.view.clone(), parts: world }.to_string();
    let lever = if levers.is_empty() { NO_LEVER.to_owned() } else { Case { view: None, parts: levers }.to_string() };
    (world, lever)
}

impl Grid {
    /// Finds levers and worlds among cases.
    ///
    /// # Errors
    /// `A041` fewer than two levers, or a lever that some world lacks.
    pub fn of(cases: &[String], region: &Region) -> Result<Self, Box<Diagnostic>> {
        let mut found: Vec<(String, String, String)> = Vec::new();
        for text in cases {
            if let Ok(case) = Case::parse(text, region) {
                let (world, lever) = split(&case, region);
                found.push((world, lever, text.clone()));
            }
        }
        let (mut worlds, mut levers): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        // the baseline stands in every run as the reference of differences; it is a world only where a lever is tried in it
        let tried = |world: &str| found.iter().any(|(w, lever, _)| w == world && lever != NO_LEVER);
        for (world, lever, _) in found.iter().filter(|(world, _, _)| tried(world)) {
            if !worlds.contains(world) {
                worlds.push(world.clone());
            }
            if !levers.contains(lever) {
                levers.push(lever.clone());
            }
        }
        let help = "name levers and scenarios: `oxus compare --regret --levers S064,S067 --scenarios S001,S003` runs every pair";
        if levers.len() < 2 {
            let problem = Diagnostic::error(codes::A041, "a regret table needs two ways to act in the same world");
            let found = match levers.first() {
                None => format!("no lever in the cases {}", cases.join(", ")),
                Some(only) => format!("`{only}` alone in the cases {}", cases.join(", ")),
            };
            return Err(Box::new(problem.found(found).expected("a lever beside another, or beside none").help(help)));
        }
        let case = |world: &String, lever: &String| found.iter().find(|(w, l, _)| w == world && l == lever).map(|f| f.2.clone());
        let mut missing = Vec::new();
        let rows =
            worlds.iter().map(|world| levers.iter().filter_map(|lever| case(world, lever).or_else(|| absent(&mut missing, world, lever))).collect());
        let rows: Vec<Vec<String>> = rows.collect();
        if !missing.is_empty() {
            let problem = Diagnostic::error(codes::A041, "a regret table needs every lever in every world");
            return Err(Box::new(problem.found(format!("no case for {}", missing.join(", "))).expected("one case for each pair").help(help)));
        }
        Ok(Self { worlds, levers, cases: rows })
    }
}

fn absent(missing: &mut Vec<String>, world: &str, lever: &str) -> Option<String> {
    missing.push(format!("{lever} in {world}"));
    None
}

/// Regret tables of every outcome among the columns of `joined` that has a direction of harm.
///
/// # Errors
/// `A041` a grid with holes, `A042` no outcome with a direction of harm; what reading says.
pub fn regret(joined: &Joined, region: &Region) -> Result<Vec<Table>, RunError> {
    let refuse = |problem: Box<Diagnostic>| {
        let mut problems = Diagnostics::new();
        problems.push(*problem);
        RunError::Problems(problems)
    };
    let grid = Grid::of(&joined.cases, region).map_err(refuse)?;
    let mut tables: Vec<Wanted> = Vec::new();
    for column in &joined.columns {
        let known = tables.iter().any(|t| (&t.outcome, &t.entity, &t.horizon) == (&column.outcome, &column.entity, &column.horizon));
        let sign = match region.outcomes.get(&column.outcome).map(|o| o.bad_if) {
            Some(BadIf::Higher) => 1.0,
            Some(BadIf::Lower) => -1.0,
            _ => continue,
        };
        if !known {
            let at = |case: &String| joined.column(case, &column.outcome, &column.entity, &column.horizon);
            let places: Option<Vec<Vec<usize>>> = grid.cases.iter().map(|row| row.iter().map(at).collect()).collect();
            let (outcome, entity, horizon) = (column.outcome.clone(), column.entity.clone(), column.horizon.clone());
            tables.extend(places.map(|places| Wanted { outcome, entity, horizon, sign, places }));
        }
    }
    if tables.is_empty() {
        let mut ids: Vec<&str> = joined.columns.iter().map(|c| c.outcome.as_str()).collect();
        ids.dedup();
        directed(&ids, region).map_err(refuse)?;
    }
    let mut losses: Vec<Vec<Losses>> = tables.iter().map(|_| vec![Losses::new(grid.levers.len()); grid.worlds.len()]).collect();
    joined.each_draw(|draw| {
        for (table, losses) in tables.iter().zip(&mut losses) {
            for (world, losses) in losses.iter_mut().enumerate() {
                losses.add(&table.losses(draw, world));
            }
        }
    })?;
    let mut pairs: Vec<Against> = tables.iter().zip(&losses).filter_map(|(t, l)| Against::new(t, l, &grid)).collect();
    joined.each_draw(|draw| pairs.iter_mut().for_each(|p| p.add(draw)))?;
    Ok(pairs.iter().zip(&losses).filter_map(|(p, l)| p.table(l, &grid)).collect())
}

/// Whether some of these outcomes has a direction of harm.
///
/// # Errors
/// `A042` none has.
pub fn directed(ids: &[&str], region: &Region) -> Result<(), Box<Diagnostic>> {
    let has = |id: &str| region.outcomes.get(id).is_none_or(|o| o.bad_if != BadIf::Either);
    if ids.is_empty() || ids.iter().any(|id| has(id)) {
        return Ok(());
    }
    let directed = region.outcomes.values().filter(|o| o.bad_if != BadIf::Either).map(|o| o.id.as_str());
    let problem = Diagnostic::error(codes::A042, "regret needs an outcome of which more, or less, is worse")
        .found(format!("`bad_if = \"either\"` of {}", ids.join(", ")))
        .expected("an outcome with `bad_if` higher or lower (`oxus explain outcomes` lists outcomes)")
        .help_maybe(ids.first().and_then(|id| did_you_mean(id, directed)));
    Err(Box::new(problem))
}

/// One outcome that gets a table.
struct Wanted {
    outcome: String,
    entity: String,
    horizon: String,
    /// 1 where more is worse, -1 where less is.
    sign: f64,
    /// Column of `[world][lever]`.
    places: Vec<Vec<usize>>,
}

impl Wanted {
    fn losses(&self, draw: &Draw, world: usize) -> Vec<Vec<f64>> {
        self.places[world].iter().map(|&at| draw.values[at].iter().map(|x| self.sign * x).collect()).collect()
    }
}

/// Sums of the second reading: every lever against the best of its world.
struct Against<'a> {
    wanted: &'a Wanted,
    best: Vec<usize>,
    /// `[world][lever]`.
    cells: Vec<Vec<Paired>>,
    overall: Vec<Paired>,
}

impl<'a> Against<'a> {
    fn new(wanted: &'a Wanted, losses: &[Losses], grid: &Grid) -> Option<Self> {
        let best = losses.iter().map(Losses::best).collect::<Option<Vec<_>>>()?;
        let row = vec![Paired::default(); grid.levers.len()];
        Some(Self { wanted, best, cells: vec![row.clone(); grid.worlds.len()], overall: row })
    }

    fn add(&mut self, draw: &Draw) {
        let worlds = self.cells.len() as f64;
        let mut sums: Vec<Vec<(f64, f64)>> = Vec::new();
        for (world, cells) in self.cells.iter_mut().enumerate() {
            let losses = self.wanted.losses(draw, world);
            let best = &losses[self.best[world]];
            sums.resize(losses.len(), vec![(0.0, 0.0); best.len()]);
            for ((cell, sum), of) in cells.iter_mut().zip(&mut sums).zip(&losses) {
                cell.add(&Cluster { members: best.iter().copied().zip(of.iter().copied()).collect() });
                for ((a, b), (x, y)) in sum.iter_mut().zip(best.iter().zip(of)) {
                    *a += x / worlds;
                    *b += y / worlds;
                }
            }
        }
        for (overall, members) in self.overall.iter_mut().zip(sums) {
            overall.add(&Cluster { members });
        }
    }

    fn table(&self, losses: &[Losses], grid: &Grid) -> Option<Table> {
        let mut cells: Vec<Vec<Cell>> = Vec::new();
        for (world, row) in self.cells.iter().enumerate() {
            let cell = |(lever, paired): (usize, &Paired)| {
                let found = paired.summary()?;
                let (level, by_draw) = (self.wanted.sign * found.scenario, losses[world].by_draw(lever)?);
                Some(Cell { level, regret: found.difference, monte_carlo: found.monte_carlo, by_draw })
            };
            cells.push(row.iter().enumerate().map(cell).collect::<Option<_>>()?);
        }
        let overall = self.overall.iter().enumerate().map(|(lever, paired)| {
            let found = paired.summary()?;
            let world = (0..cells.len()).rev().max_by(|&a, &b| cells[a][lever].regret.total_cmp(&cells[b][lever].regret))?;
            let worst = &cells[world][lever];
            let (largest, largest_monte_carlo) = (worst.regret, worst.monte_carlo);
            Some(Overall { mean: found.difference, monte_carlo: found.monte_carlo, largest, largest_monte_carlo, world })
        });
        let overall = overall.collect::<Option<Vec<_>>>()?;
        let first = self.overall.first()?.summary()?;
        Some(Table {
            outcome: self.wanted.outcome.clone(),
            entity: self.wanted.entity.clone(),
            more_is_worse: self.wanted.sign > 0.0,
            worlds: grid.worlds.clone(),
            levers: grid.levers.clone(),
            cells,
            overall,
            members: first.members,
            draws: first.draws,
        })
    }
}
