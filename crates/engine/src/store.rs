//! Run folders: tables in Parquet, `run.json` (what was computed), `log.json` (when, where, how long), written whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::ensemble::{Chunk, Design, Ensemble};
use crate::summary::{QUANTILES, Summary};

mod read;
mod reader;
mod table;
mod writer;

pub use read::{Drawn, Measured, read_inputs, read_outcomes};
pub use reader::{Column, Part, RunReader};
pub use table::{Field, Table, TableError};
pub use writer::RunWriter;

/// `run.json`: what was computed; equal for equal inputs, whatever the machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of the engine.
    pub engine: String,
    /// Pack id and version.
    pub pack: String,
    /// Content hash of the pack.
    pub pack_hash: String,
    /// Seed.
    pub seed: u64,
    /// Draws asked for.
    pub draws: u32,
    /// Replicates of each draw.
    pub replicates: u32,
    /// Members simulated (fewer than draws x replicates after an interruption).
    pub members: u32,
    /// Cases, the baseline first.
    pub cases: Vec<String>,
    /// Ids of the outcomes asked for; empty means all.
    pub outcomes: Vec<String>,
    /// Ends of the periods over which outcomes are measured.
    pub horizons: Vec<String>,
    /// Every this many members keeps its path and events.
    pub thin: u32,
    /// Canonical hashes of the tables' contents.
    pub tables: BTreeMap<String, String>,
}

/// `log.json`: what differs from machine to machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunLog {
    /// Seconds from the first chunk to the last.
    pub seconds: f64,
    /// Threads used.
    pub threads: usize,
    /// Operating system and processor family.
    pub machine: String,
    /// Seconds by stage (links, mechanisms, bookkeeping), summed over threads; empty unless timed.
    pub stages: Vec<(String, f64)>,
    /// The rule that ended the run, if one was given: a run of the same size without it has the same tables.
    #[serde(default)]
    pub until: Option<String>,
}

/// Why a run folder could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system said no.
    #[error("{path}: {source}")]
    Io {
        /// Place.
        path: PathBuf,
        /// What it said.
        source: std::io::Error,
    },
    /// A table could not be written or read.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A JSON file of the folder is not what it should be.
    #[error("{path}: {source}")]
    Json {
        /// Place.
        path: PathBuf,
        /// What is wrong.
        source: serde_json::Error,
    },
}

pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError + '_ {
    move |source| StoreError::Io { path: path.to_owned(), source }
}

/// Reads `run.json` of a run folder.
///
/// # Errors
/// When it is missing or is not a run record.
pub fn read_record(folder: &Path) -> Result<RunRecord, StoreError> {
    let path = folder.join("run.json");
    let text = fs::read_to_string(&path).map_err(io(&path))?;
    serde_json::from_str(&text).map_err(|source| StoreError::Json { path, source })
}

/// The small tables of a run, from its summary: `cases`, `inputs`, `series`, `failures`.
pub fn small_tables(ensemble: &Ensemble<'_>, summary: &Summary) -> Vec<(&'static str, Table)> {
    vec![("cases", cases(ensemble)), ("inputs", inputs(ensemble)), ("series", series(ensemble, summary)), ("failures", failures(ensemble, summary))]
}

fn cases(ensemble: &Ensemble<'_>) -> Table {
    let mut table = Table::new(&[("case", Field::Text), ("view", Field::Text), ("part", Field::Text), ("strength", Field::Real)]);
    for case in &ensemble.cases {
        let (name, view) = (case.case.to_string(), case.case.view.clone().unwrap_or_else(|| "pooled".into()));
        if case.case.parts.is_empty() {
            table.row().text(&name).text(&view).text("").real(0.0);
        }
        for (part, strength) in &case.case.parts {
            table.row().text(&name).text(&view).text(part).real(*strength);
        }
    }
    table
}

/// Drawn values of every number that varies in the baseline, by draw; at most 2,000 draws (the rest follow from seed and design).
fn inputs(ensemble: &Ensemble<'_>) -> Table {
    let mut table = Table::new(&[("draw", Field::Whole), ("parameter", Field::Text), ("value", Field::Real)]);
    let Some(baseline) = ensemble.cases.first() else { return table };
    let Design { seed, draws, .. } = ensemble.design;
    for draw in 0..draws.min(2_000) {
        let values = baseline.quantities().draw(seed, draw);
        for (i, name) in baseline.quantities().varying() {
            table.row().whole(draw).text(name).real(values[i]);
        }
        for (link, strength) in ensemble.model.links().iter().zip(baseline.beliefs().draw(seed, draw)) {
            table.row().whole(draw).text(&format!("links.{}", link.id)).real(strength);
        }
    }
    table
}

fn series(ensemble: &Ensemble<'_>, summary: &Summary) -> Table {
    let fields = [
        ("case", Field::Text),
        ("variable", Field::Text),
        ("entity", Field::Text),
        ("month", Field::Text),
        ("quantile", Field::Real),
        ("value", Field::Real),
    ];
    let mut table = Table::new(&fields);
    let model = ensemble.model;
    for (c, case) in ensemble.cases.iter().enumerate() {
        let case = case.case.to_string();
        for (n, &(variable, entity)) in ensemble.outcomes.recording.cells.iter().enumerate() {
            let (name, entity) = (model.spec(variable).name, &model.axis_of(variable).entities[entity as usize]);
            for t in 0..model.world().months() {
                let month = model.world().first().plus(t as i32).to_string();
                for (p, value) in QUANTILES.iter().zip(summary.path(c, n, t)) {
                    table.row().text(&case).text(name).text(entity).text(&month).real(*p).real(value);
                }
            }
        }
    }
    table
}

fn failures(ensemble: &Ensemble<'_>, summary: &Summary) -> Table {
    let fields = [
        ("case", Field::Text),
        ("draw", Field::Whole),
        ("replicate", Field::Whole),
        ("code", Field::Text),
        ("month", Field::Text),
        ("place", Field::Text),
        ("reason", Field::Text),
    ];
    let mut table = Table::new(&fields);
    for lost in &summary.lost {
        let (draw, replicate) = ensemble.design.split(lost.member);
        let month = ensemble.model.world().first().plus(lost.failure.month as i32).to_string();
        let case = ensemble.cases[lost.case].case.to_string();
        let row = table.row().text(&case).whole(draw).whole(replicate);
        row.text(lost.failure.code).text(&month).text(&lost.failure.place).text(&lost.failure.reason);
    }
    table
}

/// Rows of the `outcomes` table of one chunk: by case, cell, member.
pub(crate) fn outcome_rows(ensemble: &Ensemble<'_>, chunk: &Chunk, table: &mut Table) {
    let cells = &ensemble.outcomes.cells;
    let cases = ensemble.cases.len();
    for (c, case) in ensemble.cases.iter().enumerate() {
        let name = case.case.to_string();
        for (k, cell) in cells.iter().enumerate() {
            let horizon = cell.horizon.to_string();
            for i in 0..chunk.members {
                if chunk.is_lost(chunk.first + i) {
                    continue;
                }
                let (draw, replicate) = ensemble.design.split(chunk.first + i);
                let value = chunk.values[(i as usize * cases + c) * cells.len() + k];
                table.row().text(&name).whole(draw).whole(replicate).text(&cell.outcome).text(&cell.entity).text(&horizon).real(value);
            }
        }
    }
}

/// Rows of the `paths` and `events` tables of one chunk: kept members only.
pub(crate) fn kept_rows(ensemble: &Ensemble<'_>, chunk: &Chunk, paths: &mut Table, events: &mut Table) {
    let model = ensemble.model;
    let recorded = &ensemble.outcomes.recording.cells;
    for kept in &chunk.kept {
        let (draw, replicate) = ensemble.design.split(kept.member);
        let case = ensemble.cases[kept.case].case.to_string();
        for (t, month) in kept.path.chunks_exact(recorded.len().max(1)).enumerate() {
            let label = model.world().first().plus(t as i32).to_string();
            for (&(variable, entity), value) in recorded.iter().zip(month) {
                let (name, entity) = (model.spec(variable).name, &model.axis_of(variable).entities[entity as usize]);
                paths.row().text(&case).whole(draw).whole(replicate).text(&label).text(name).text(entity).real(*value);
            }
        }
        for (event, but_for) in &kept.events {
            let kind = model.kind_names().nth(event.kind.index()).unwrap_or("");
            let entity = model.kind_axis(event.kind).map_or("", |a| a.entities[event.entity as usize].as_str());
            let links: Vec<&str> = but_for.iter().map(|&l| model.links()[l as usize].id.as_str()).collect();
            let row = events.row().text(&case).whole(draw).whole(replicate).text(kind).text(entity).real(event.time).real(event.size);
            let parent = event.parent.map_or_else(String::new, |p| format!("{p:016x}"));
            row.text(&format!("{:016x}", event.id)).text(&parent).real(event.margin).text(&links.join(" "));
        }
    }
}
