//! Writes a run folder while the run goes on: under a temporary name, renamed when whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::table::{Field, Table, TableFile};
use super::{RunLog, RunRecord, StoreError, io, kept_rows, outcome_rows, small_tables};
use crate::ensemble::{Chunk, Ensemble};
use crate::summary::Summary;

/// A run folder in the making. Dropped without [`RunWriter::finish`], it leaves nothing behind.
pub struct RunWriter {
    temporary: PathBuf,
    /// `outcomes`, `paths`, `events`: they grow while the run goes on.
    growing: Vec<(&'static str, Table, TableFile)>,
    finished: bool,
}

const MEMBER: [(&str, Field); 3] = [("case", Field::Text), ("draw", Field::Whole), ("replicate", Field::Whole)];

fn fields(rest: &[(&'static str, Field)]) -> Table {
    Table::new(&[&MEMBER[..], rest].concat())
}

impl RunWriter {
    /// Starts a folder beside `folder`, which must not exist yet.
    ///
    /// # Errors
    /// When the file system says no.
    pub fn create(folder: &Path) -> Result<Self, StoreError> {
        let name = folder.file_name().map_or_else(|| "run".into(), |n| n.to_string_lossy().into_owned());
        let temporary = folder.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        fs::create_dir_all(&temporary).map_err(io(&temporary))?;
        let outcomes = fields(&[("outcome", Field::Text), ("entity", Field::Text), ("horizon", Field::Text), ("value", Field::Real)]);
        let paths = fields(&[("month", Field::Text), ("variable", Field::Text), ("entity", Field::Text), ("value", Field::Real)]);
        let events = fields(&[
            ("kind", Field::Text),
            ("entity", Field::Text),
            ("time", Field::Real),
            ("size", Field::Real),
            ("id", Field::Text),
            ("parent", Field::Text),
            ("margin", Field::Real),
            ("but_for", Field::Text),
        ]);
        let mut growing = Vec::new();
        for (name, table) in [("outcomes", outcomes), ("paths", paths), ("events", events)] {
            let file = TableFile::create(&temporary.join(format!("{name}.parquet")), &table)?;
            growing.push((name, table, file));
        }
        Ok(Self { temporary, growing, finished: false })
    }

    /// Appends a chunk; chunks must come in index order.
    ///
    /// # Errors
    /// When the file system says no.
    pub fn add(&mut self, ensemble: &Ensemble<'_>, chunk: &Chunk) -> Result<(), StoreError> {
        if let [outcomes, paths, events] = self.growing.as_mut_slice() {
            outcome_rows(ensemble, chunk, &mut outcomes.1);
            kept_rows(ensemble, chunk, &mut paths.1, &mut events.1);
        }
        for (_, table, file) in &mut self.growing {
            file.append(table)?;
            table.clear();
        }
        Ok(())
    }

    /// Writes the small tables and the records and gives the folder its name; returns the record with the tables' hashes.
    ///
    /// # Errors
    /// When the file system says no.
    pub fn finish(
        mut self,
        folder: &Path,
        ensemble: &Ensemble<'_>,
        summary: &Summary,
        mut record: RunRecord,
        log: &RunLog,
    ) -> Result<RunRecord, StoreError> {
        let mut hashes = BTreeMap::new();
        for (name, _, file) in std::mem::take(&mut self.growing) {
            hashes.insert(name.to_owned(), file.close()?);
        }
        for (name, table) in small_tables(ensemble, summary) {
            let mut file = TableFile::create(&self.temporary.join(format!("{name}.parquet")), &table)?;
            file.append(&table)?;
            hashes.insert(name.to_owned(), file.close()?);
        }
        record.tables = hashes;
        write_json(&self.temporary.join("run.json"), &record)?;
        write_json(&self.temporary.join("log.json"), log)?;
        write_json(&self.temporary.join("plan.json"), &plan(ensemble))?;
        fs::rename(&self.temporary, folder).map_err(io(folder))?;
        self.finished = true;
        Ok(record)
    }
}

impl Drop for RunWriter {
    fn drop(&mut self) {
        if !self.finished {
            // nothing half-written stays; a folder that cannot be removed is hidden and named `.tmp`
            let _ = fs::remove_dir_all(&self.temporary);
        }
    }
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), StoreError> {
    let text = serde_json::to_string_pretty(value).map_err(|source| StoreError::Json { path: path.to_owned(), source })?;
    fs::write(path, text + "\n").map_err(io(path))
}

/// The schedule and the links, for whoever draws the model from the run alone.
fn plan(ensemble: &Ensemble<'_>) -> serde_json::Value {
    let rows = ensemble.model.plan_rows().iter().map(|r| {
        serde_json::json!({
            "order": r.order, "mechanism": r.mechanism, "about": r.about, "owns": r.owns, "sums": r.sums,
            "now": r.now, "prev": r.prev, "adds": r.adds,
        })
    });
    let links = ensemble
        .model
        .links()
        .iter()
        .map(|l| serde_json::json!({ "id": l.id, "from": ensemble.model.spec(l.from).name, "to": ensemble.model.spec(l.to).name }));
    serde_json::json!({ "mechanisms": rows.collect::<Vec<_>>(), "links": links.collect::<Vec<_>>() })
}
