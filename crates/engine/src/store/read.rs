//! Reading the tables of a run folder back: what was drawn, and what came of it.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use arrow::array::{Array, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;
use arrow::record_batch::RecordBatch;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{StoreError, TableError, io};

/// Values of the numbers and links of the baseline that vary, by name; one value a draw, from draw 0.
pub type Drawn = BTreeMap<String, Vec<f64>>;

/// One value of the `outcomes` table.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// Case.
    pub case: String,
    /// Draw.
    pub draw: u32,
    /// Replicate.
    pub replicate: u32,
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where the outcome combines entities.
    pub entity: String,
    /// End of the period.
    pub horizon: String,
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

/// Reads the rows of `outcomes.parquet` whose (case, outcome, horizon) `keep` takes.
///
/// # Errors
/// When the file is missing or is not such a table.
pub fn read_outcomes(folder: &Path, keep: &dyn Fn(&str, &str, &str) -> bool) -> Result<Vec<Measured>, StoreError> {
    let mut rows = Vec::new();
    for batch in batches(&folder.join("outcomes.parquet"))? {
        let (cases, outcomes, entities, horizons) =
            (texts(&batch, "case")?, texts(&batch, "outcome")?, texts(&batch, "entity")?, texts(&batch, "horizon")?);
        let (draws, replicates, values) = (wholes(&batch, "draw")?, wholes(&batch, "replicate")?, reals(&batch, "value")?);
        for row in 0..batch.num_rows() {
            if keep(cases.at(row), outcomes.at(row), horizons.at(row)) {
                rows.push(Measured {
                    case: cases.at(row).to_owned(),
                    draw: draws.value(row),
                    replicate: replicates.value(row),
                    outcome: outcomes.at(row).to_owned(),
                    entity: entities.at(row).to_owned(),
                    horizon: horizons.at(row).to_owned(),
                    value: values.value(row),
                });
            }
        }
    }
    Ok(rows)
}

fn batches(path: &Path) -> Result<Vec<RecordBatch>, StoreError> {
    let file = File::open(path).map_err(io(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).and_then(|b| b.build()).map_err(TableError::from)?;
    Ok(reader.collect::<Result<_, _>>().map_err(TableError::from)?)
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b dyn Array, StoreError> {
    let missing = || TableError::Arrow(arrow::error::ArrowError::SchemaError(format!("no column `{name}`")));
    Ok(batch.column_by_name(name).ok_or_else(missing)?.as_ref())
}

fn other(name: &str) -> TableError {
    TableError::Arrow(arrow::error::ArrowError::SchemaError(format!("column `{name}` is of another type")))
}

fn reals<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b Float64Array, StoreError> {
    Ok(column(batch, name)?.as_any().downcast_ref().ok_or_else(|| other(name))?)
}

fn wholes<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b UInt32Array, StoreError> {
    Ok(column(batch, name)?.as_any().downcast_ref().ok_or_else(|| other(name))?)
}

/// A column of words with its dictionary.
struct Texts<'b> {
    keys: &'b UInt32Array,
    words: &'b StringArray,
}

impl<'b> Texts<'b> {
    fn at(&self, row: usize) -> &'b str {
        self.words.value(self.keys.value(row) as usize)
    }
}

fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Result<Texts<'b>, StoreError> {
    let array = column(batch, name)?.as_any().downcast_ref::<arrow::array::DictionaryArray<UInt32Type>>().ok_or_else(|| other(name))?;
    let words = array.values().as_any().downcast_ref().ok_or_else(|| other(name))?;
    Ok(Texts { keys: array.keys(), words })
}
