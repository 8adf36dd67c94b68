//! Several saved runs as one table of members.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_pack::region::Region;
use oxus_units::Month;

pub use crate::draws::Draw;
use crate::draws::Gather;
use crate::ensemble::Design;
use crate::run::RunError;
use crate::store::{Column, Part, RunReader, RunRecord, read_record};

/// Runs that share their members, with the columns that are read.
pub struct Joined {
    /// Folders, in the order given.
    pub folders: Vec<PathBuf>,
    /// Records, in the same order.
    pub records: Vec<RunRecord>,
    /// Cases of all runs, each once: the baseline first, then in the order of the runs.
    pub cases: Vec<String>,
    /// What is read of every member.
    pub columns: Vec<Column>,
    /// Run and position in it of every column.
    places: Vec<(usize, usize)>,
}

/// What of two runs has to be equal for their members to be the same futures, with its name.
fn identity(record: &RunRecord) -> [(&'static str, String); 6] {
    [
        ("pack", format!("{} ({})", record.pack, short(&record.pack_hash))),
        ("version of Oxus", record.engine.clone()),
        ("seed", record.seed.to_string()),
        ("draws", record.draws.to_string()),
        ("replicates of each draw", record.replicates.to_string()),
        ("futures simulated", record.members.to_string()),
    ]
}

fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

impl Joined {
    /// Opens runs and joins them.
    ///
    /// # Errors
    /// `A040` runs that do not share their members, or that were made from another pack than `region`; what reading says.
    pub fn open(folders: &[PathBuf], region: &Region) -> Result<Self, RunError> {
        let records = folders.iter().map(|f| read_record(f)).collect::<Result<Vec<_>, _>>()?;
        let named: Vec<(&Path, &RunRecord)> = folders.iter().map(PathBuf::as_path).zip(&records).collect();
        let mut problems = Diagnostics::new();
        problems.extend(named.iter().filter(|(_, record)| record.pack_hash != region.content_hash).map(|(f, record)| other_pack(f, record, region)));
        if let Some((first, others)) = named.split_first() {
            problems.extend(others.iter().filter_map(|other| differ(first, other)));
        }
        if problems.has_errors() {
            return Err(problems.into());
        }
        let readers = folders.iter().map(|f| RunReader::open(f)).collect::<Result<Vec<_>, _>>()?;
        let mut joined = Self { folders: folders.to_vec(), records, cases: Vec::new(), columns: Vec::new(), places: Vec::new() };
        for (run, reader) in readers.iter().enumerate() {
            for case in &reader.record.cases {
                if !joined.cases.contains(case) {
                    joined.cases.push(case.clone());
                }
            }
            for (position, column) in reader.columns().iter().enumerate() {
                if !joined.columns.contains(column) {
                    joined.columns.push(column.clone());
                    joined.places.push((run, position));
                }
            }
        }
        Ok(joined)
    }

    /// Seed, draws and replicates of all the runs.
    pub fn design(&self) -> Design {
        let record = self.records.first();
        Design { seed: record.map_or(0, |r| r.seed), draws: record.map_or(0, |r| r.draws), replicates: record.map_or(1, |r| r.replicates) }
    }

    /// Ends of periods that every run measures, ascending.
    pub fn horizons(&self) -> Vec<Month> {
        let all = self.records.iter().map(|r| r.horizons.iter().filter_map(|h| Month::parse(h).ok()).collect::<Vec<_>>());
        let mut common = all.reduce(|a, b| a.into_iter().filter(|h| b.contains(h)).collect()).unwrap_or_default();
        common.sort();
        common
    }

    /// Leaves only the columns that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&Column) -> bool) {
        let wanted: Vec<bool> = self.columns.iter().map(&mut keep).collect();
        let mut at = wanted.iter();
        self.columns.retain(|_| at.next().copied().unwrap_or(false));
        let mut at = wanted.iter();
        self.places.retain(|_| at.next().copied().unwrap_or(false));
    }

    /// Position of a column.
    pub fn column(&self, case: &str, outcome: &str, entity: &str, horizon: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.case == case && c.outcome == outcome && c.entity == entity && c.horizon == horizon)
    }

    /// Hands every draw to `receive`, in order. Memory does not grow with the number of draws.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn each_draw(&self, mut receive: impl FnMut(&Draw)) -> Result<(), RunError> {
        let mut readers = self.folders.iter().map(|f| RunReader::open(f)).collect::<Result<Vec<_>, _>>()?;
        let mut parts: Vec<Option<Part>> = readers.iter_mut().map(RunReader::next_part).collect::<Result<_, _>>()?;
        let mut gather = Gather::new(self.design().replicates, self.columns.len());
        while let Some(chunk) = parts.iter().flatten().map(|p| p.chunk).min() {
            let here: Vec<Option<&Part>> = parts.iter().map(|p| p.as_ref().filter(|p| p.chunk == chunk)).collect();
            for (member, rows) in common(&here) {
                let value = |&(run, position): &(usize, usize)| here[run].map_or(f64::NAN, |part| part.values[position][rows[run]]);
                gather.add(member, self.places.iter().map(value), &mut receive);
            }
            for (part, reader) in parts.iter_mut().zip(&mut readers) {
                if part.as_ref().is_some_and(|p| p.chunk == chunk) {
                    *part = reader.next_part()?;
                }
            }
        }
        gather.close(&mut receive);
        Ok(())
    }
}

/// Members that every part has, with their rows in each; none when a run lost the whole chunk.
fn common(parts: &[Option<&Part>]) -> Vec<(u32, Vec<usize>)> {
    let mut found: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for part in parts.iter().flatten() {
        for (row, &member) in part.members.iter().enumerate() {
            found.entry(member).or_default().push(row);
        }
    }
    found.into_iter().filter(|(_, rows)| rows.len() == parts.len()).collect()
}

fn other_pack(folder: &Path, record: &RunRecord, region: &Region) -> Diagnostic {
    Diagnostic::error(codes::A040, format!("{} was made from another pack, or from another state of this one", folder.display()))
        .found(format!("{} with content {}", record.pack, record.pack_hash))
        .expected(format!("{} {} with content {}", region.identity.id, region.identity.version, region.content_hash))
        .help("run it again on the pack as it is now, or name its pack with `--pack FOLDER`")
}

fn differ(first: &(&Path, &RunRecord), other: &(&Path, &RunRecord)) -> Option<Diagnostic> {
    let pairs = identity(first.1).into_iter().zip(identity(other.1));
    let (here, there): (Vec<String>, Vec<String>) =
        pairs.filter(|(a, b)| a.1 != b.1).map(|((name, a), (_, b))| (format!("{name} {a}"), format!("{name} {b}"))).unzip();
    if here.is_empty() {
        return None;
    }
    let headline = format!("{} and {} do not share their futures", first.0.display(), other.0.display());
    Some(
        Diagnostic::error(codes::A040, headline)
            .found(there.join(", "))
            .expected(here.join(", "))
            .help("run one of them again with the other's `--seed`, `--draws` and `--replicates`")
            .help("or run all cases together: `oxus compare --scenarios S001,S002`"),
    )
}
