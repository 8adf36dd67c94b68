//! Reading the tables of a run folder back: what was drawn, and what came of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array, DictionaryArray, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use super::reader::{Column, RunReader};
use super::{StoreError, TableError, io};

/// Values of the numbers and links of the baseline that vary, by name; one value a draw, from draw 0.
pub type Drawn = BTreeMap<String, Vec<f64>>;

/// One value of the `outcomes` table.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Of what.
    pub column: Column,
    /// Draw.
    pub draw: u32,
    /// Replicate.
    pub replicate: u32,
    /// Value.
    pub value: f64,
}

/// Reads `inputs.parquet`; at most the draws that the table holds.
///
/// # Errors
/// When the file is missing or is not such a table.
pub fn read_inputs(folder: &Path) -> Result<Drawn, StoreError> {
    let mut drawn = Drawn::new();
    for batch in batches(&folder.join("inputs.parquet"))? {
        let batch = batch.map_err(TableError::from)?;
        let (draws, values) = (wholes(&batch, "draw")?, reals(&batch, "value")?);
        let names = texts(&batch, "parameter")?;
        for row in 0..batch.num_rows() {
            let name = names.at(row);
            if !drawn.contains_key(name) {
                drawn.insert(name.to_owned(), Vec::new());
            }
            if let Some(list) = drawn.get_mut(name) {
                let draw = draws.value(row) as usize;
                list.resize(list.len().max(draw + 1), f64::NAN);
                list[draw] = values.value(row);
            }
        }
    }
    Ok(drawn)
}

/// Reads the values of `outcomes.parquet` of the columns that `keep` takes.
///
/// # Errors
/// When the file is missing or is not such a table.
pub fn read_outcomes(folder: &Path, keep: &dyn Fn(&Column) -> bool) -> Result<Vec<Measured>, StoreError> {
    let mut reader = RunReader::open(folder)?;
    let kept: Vec<(usize, Column)> = reader.columns().iter().cloned().enumerate().filter(|(_, column)| keep(column)).collect();
    let replicates = reader.record.replicates;
    let mut rows = Vec::new();
    while let Some(part) = reader.next_part()? {
        for (n, column) in &kept {
            for (&member, &value) in part.members.iter().zip(&part.values[*n]) {
                rows.push(Measured { column: column.clone(), draw: member / replicates, replicate: member % replicates, value });
            }
        }
    }
    Ok(rows)
}

/// The batches of a table, one after the other.
pub(super) fn batches(path: &Path) -> Result<ParquetRecordBatchReader, StoreError> {
    let file = File::open(path).map_err(io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|b| b.with_batch_size(65_536).build());
    Ok(reader.map_err(TableError::from)?)
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array, StoreError> {
    let missing = || TableError::Arrow(arrow::error::ArrowError::SchemaError(format!("no column `{name}`")));
    Ok(batch.column_by_name(name).ok_or_else(missing)?.as_ref())
}

fn other(name: &str) -> TableError {
    TableError::Arrow(arrow::error::ArrowError::SchemaError(format!("column `{name}` is of another type")))
}

pub(super) fn reals<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b Float64Array, StoreError> {
    Ok(column(batch, name)?.as_any().downcast_ref().ok_or_else(|| other(name))?)
}

pub(super) fn wholes<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b UInt32Array, StoreError> {
    Ok(column(batch, name)?.as_any().downcast_ref().ok_or_else(|| other(name))?)
}

/// A column of words with its dictionary.
pub(super) struct Texts<'b> {
    /// Position of each row's word.
    pub keys: &'b UInt32Array,
    /// Words.
    pub words: &'b StringArray,
}

impl<'b> Texts<'b> {
    /// The word of a row.
    pub fn at(&self, row: usize) -> &'b str {
        self.words.value(self.keys.value(row) as usize)
    }
}

pub(super) fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Result<Texts<'b>, StoreError> {
    let array = column(batch, name)?.as_any().downcast_ref::<DictionaryArray<UInt32Type>>().ok_or_else(|| other(name))?;
    let words = array.values().as_any().downcast_ref().ok_or_else(|| other(name))?;
    Ok(Texts { keys: array.keys(), words })
}
