//! Reads the `outcomes` table of a run folder back, chunk by chunk, so that memory does not grow with the number of members.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow::array::{Array, DictionaryArray, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

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

/// One batch of the table with its texts as words and positions.
struct Texts<'a> {
    words: &'a StringArray,
    keys: &'a UInt32Array,
}

impl<'a> Texts<'a> {
    fn of(batch: &'a RecordBatch, name: &str) -> Option<Self> {
        let column = batch.column_by_name(name)?.as_any().downcast_ref::<DictionaryArray<UInt32Type>>()?;
        Some(Self { words: column.values().as_any().downcast_ref::<StringArray>()?, keys: column.keys() })
    }
}

impl RunReader {
    /// Opens a run folder.
    ///
    /// # Errors
    /// When it is no run folder, or the file system says no.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let record = read_record(folder)?;
        let path = folder.join("outcomes.parquet");
        let file = File::open(&path).map_err(super::io(&path))?;
        let batches = ParquetRecordBatchReaderBuilder::try_new(file).map_err(TableError::from)?.with_batch_size(65_536).build();
        let mut reader = Self {
            record,
            folder: folder.to_owned(),
            columns: Vec::new(),
            index: BTreeMap::new(),
            batches: batches.map_err(TableError::from)?,
            rows: VecDeque::new(),
            ended: false,
        };
        reader.find_columns(&path)?;
        Ok(reader)
    }

    /// What the table holds of every member, in its order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Columns are those of the first chunk, which has all of them: a member that was lost is in none.
    fn find_columns(&mut self, path: &Path) -> Result<(), StoreError> {
        while !self.ended && !self.whole_chunk_ahead() {
            self.read_batch(path)?;
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

    fn read_batch(&mut self, path: &Path) -> Result<(), StoreError> {
        let Some(batch) = self.batches.next() else {
            self.ended = true;
            return Ok(());
        };
        let batch = batch.map_err(TableError::from)?;
        let odd = || StoreError::Io { path: path.to_owned(), source: std::io::Error::other("it has not the columns of an `outcomes` table") };
        self.take(&batch).ok_or_else(odd)
    }

    /// Appends the rows of a batch; `None` when its columns are not those of an outcomes table.
    fn take(&mut self, batch: &RecordBatch) -> Option<()> {
        let texts = [Texts::of(batch, "case")?, Texts::of(batch, "outcome")?, Texts::of(batch, "entity")?, Texts::of(batch, "horizon")?];
        let whole = |name: &str| batch.column_by_name(name)?.as_any().downcast_ref::<UInt32Array>();
        let (draws, replicates) = (whole("draw")?, whole("replicate")?);
        let values = batch.column_by_name("value")?.as_any().downcast_ref::<Float64Array>()?;
        let (mut last, mut column) = ([u32::MAX; 4], 0);
        for row in 0..batch.num_rows() {
            let keys: [u32; 4] = std::array::from_fn(|n| texts[n].keys.value(row));
            if keys != last {
                let word = |n: usize| texts[n].words.value(keys[n] as usize).to_owned();
                let key = Column { case: word(0), outcome: word(1), entity: word(2), horizon: word(3) };
                column = *self.index.entry(key.clone()).or_insert_with(|| {
                    self.columns.push(key);
                    self.columns.len() - 1
                });
                last = keys;
            }
            let member = draws.value(row).checked_mul(self.record.replicates)?.checked_add(replicates.value(row))?;
            self.rows.push_back((member, column, values.value(row)));
        }
        Some(())
    }

    /// The next chunk; `None` at the end.
    ///
    /// # Errors
    /// When the file cannot be read, or a member lacks a column.
    pub fn next_part(&mut self) -> Result<Option<Part>, StoreError> {
        let path = self.folder.join("outcomes.parquet");
        while !self.ended && !self.whole_chunk_ahead() {
            self.read_batch(&path)?;
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
            let source = std::io::Error::other(format!("chunk {chunk} has not every outcome of every member"));
            return Err(StoreError::Io { path, source });
        }
        Ok(Some(part))
    }
}
