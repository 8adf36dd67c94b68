//! Reads the `outcomes` table of a run folder back, chunk by chunk, so that memory does not grow with the number of members.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::read::{batches, reals, texts, wholes};
use super::{RunRecord, StoreError, TableError, read_record};
use crate::ensemble::CHUNK;

/// One number of every member: an outcome of one case at one horizon for one entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// Case as written in the run.
    pub case: String,
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// Last month counted, `YYYY-MM`.
    pub horizon: String,
}

/// The members of one chunk that came through in every case of the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Index of the chunk.
    pub chunk: u32,
    /// Members, ascending.
    pub members: Vec<u32>,
    /// `[column][member]`, in the order of [`RunReader::columns`].
    pub values: Vec<Vec<f64>>,
}

/// A run folder open for reading.
pub struct RunReader {
    /// Its record.
    pub record: RunRecord,
    /// Its folder.
    pub folder: PathBuf,
    columns: Vec<Column>,
    index: BTreeMap<Column, usize>,
    batches: ParquetRecordBatchReader,
    rows: VecDeque<(u32, usize, f64)>,
    ended: bool,
}

impl RunReader {
    /// Opens a run folder.
    ///
    /// # Errors
    /// When it is no run folder, or the file system says no.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let record = read_record(folder)?;
        let mut reader = Self {
            record,
            folder: folder.to_owned(),
            columns: Vec::new(),
            index: BTreeMap::new(),
            batches: batches(&folder.join("outcomes.parquet"))?,
            rows: VecDeque::new(),
            ended: false,
        };
        reader.find_columns()?;
        Ok(reader)
    }

    /// What the table holds of every member, in its order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Columns are those of the first chunk, which has all of them: a member that was lost is in none.
    fn find_columns(&mut self) -> Result<(), StoreError> {
        while !self.ended && !self.whole_chunk_ahead() {
            self.read_batch()?;
        }
        Ok(())
    }

    fn chunk_of(&self, member: u32) -> u32 {
        member / CHUNK
    }

    fn whole_chunk_ahead(&self) -> bool {
        match (self.rows.front(), self.rows.back()) {
            (Some(first), Some(last)) => self.chunk_of(first.0) != self.chunk_of(last.0),
            _ => false,
        }
    }

    fn read_batch(&mut self) -> Result<(), StoreError> {
        let Some(batch) = self.batches.next() else {
            self.ended = true;
            return Ok(());
        };
        self.take(&batch.map_err(TableError::from)?)
    }

    /// Appends the rows of a batch.
    fn take(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        let texts = [texts(batch, "case")?, texts(batch, "outcome")?, texts(batch, "entity")?, texts(batch, "horizon")?];
        let (draws, replicates, values) = (wholes(batch, "draw")?, wholes(batch, "replicate")?, reals(batch, "value")?);
        let (mut last, mut column) = ([u32::MAX; 4], 0);
        for row in 0..batch.num_rows() {
            let keys: [u32; 4] = std::array::from_fn(|n| texts[n].keys.value(row));
            if keys != last {
                let word = |n: usize| texts[n].at(row).to_owned();
                let key = Column { case: word(0), outcome: word(1), entity: word(2), horizon: word(3) };
                column = *self.index.entry(key.clone()).or_insert_with(|| {
                    self.columns.push(key);
                    self.columns.len() - 1
                });
                last = keys;
            }
            let member = draws.value(row).checked_mul(self.record.replicates).and_then(|first| first.checked_add(replicates.value(row)));
            let member = member.ok_or_else(|| self.odd("a draw beyond its record".into()))?;
            self.rows.push_back((member, column, values.value(row)));
        }
        Ok(())
    }

    fn odd(&self, what: String) -> StoreError {
        StoreError::Io { path: self.folder.join("outcomes.parquet"), source: std::io::Error::other(what) }
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or a member lacks a column.
    pub fn next_part(&mut self) -> Result<Option<Part>, StoreError> {
        while !self.ended && !self.whole_chunk_ahead() {
            self.read_batch()?;
        }
        let Some(chunk) = self.rows.front().map(|row| self.chunk_of(row.0)) else { return Ok(None) };
        let mut part = Part { chunk, members: Vec::new(), values: vec![Vec::new(); self.columns.len()] };
        while let Some(&(member, column, value)) = self.rows.front().filter(|row| self.chunk_of(row.0) == chunk) {
            if column == 0 {
                part.members.push(member);
            }
            part.values[column].push(value);
            self.rows.pop_front();
        }
        if part.values.iter().any(|column| column.len() != part.members.len()) {
            return Err(self.odd(format!("chunk {chunk} has not every outcome of every member")));
        }
        Ok(Some(part))
    }
}
