//! A table with few column types: to Parquet, and to a hash of its content that no encoding changes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{ArrayRef, DictionaryArray, Float64Array, StringArray, UInt32Array};
use arrow::datatypes::{DataType, Field as ArrowField, Schema, UInt32Type};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use sha2::{Digest, Sha256};

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Text, dictionary-encoded.
    Text,
    /// A whole number from 0.
    Whole,
    /// A double.
    Real,
}

#[derive(Clone, Debug)]
enum Column {
    Text { index: BTreeMap<String, u32>, words: Vec<String>, last: Option<u32>, rows: Vec<u32> },
    Whole(Vec<u32>),
    Real(Vec<f64>),
}

/// Rows of named, typed columns.
#[derive(Clone, Debug)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
    next: usize,
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// Arrow said no.
    #[error("table: {0}")]
    Arrow(#[from] arrow::error::ArrowError),
    /// Parquet said no.
    #[error("table: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// The file system said no.
    #[error("table: {0}")]
    Io(#[from] std::io::Error),
}

impl Table {
    /// An empty table.
    pub fn new(fields: &[(&str, Field)]) -> Self {
        let column = |f: &Field| match f {
            Field::Text => Column::Text { index: BTreeMap::new(), words: Vec::new(), last: None, rows: Vec::new() },
            Field::Whole => Column::Whole(Vec::new()),
            Field::Real => Column::Real(Vec::new()),
        };
        Self { names: fields.iter().map(|f| f.0.to_owned()).collect(), columns: fields.iter().map(|f| column(&f.1)).collect(), next: 0 }
    }

    /// Starts a row; fill its columns in order.
    pub fn row(&mut self) -> &mut Self {
        debug_assert!(self.next == 0 || self.next == self.columns.len(), "internal: every column of a row is filled");
        self.next = 0;
        self
    }

    fn column(&mut self) -> &mut Column {
        self.next += 1;
        &mut self.columns[self.next - 1]
    }

    /// Fills a text column.
    pub fn text(&mut self, value: &str) -> &mut Self {
        if let Column::Text { index, words, last, rows } = self.column() {
            let same = last.filter(|&l| words[l as usize] == value);
            let id = same.unwrap_or_else(|| match index.get(value) {
                Some(&id) => id,
                None => {
                    words.push(value.to_owned());
                    index.insert(value.to_owned(), words.len() as u32 - 1);
                    words.len() as u32 - 1
                }
            });
            *last = Some(id);
            rows.push(id);
        }
        self
    }

    /// Fills a whole-number column.
    pub fn whole(&mut self, value: u32) -> &mut Self {
        if let Column::Whole(rows) = self.column() {
            rows.push(value);
        }
        self
    }

    /// Fills a real column.
    pub fn real(&mut self, value: f64) -> &mut Self {
        if let Column::Real(rows) = self.column() {
            rows.push(value);
        }
        self
    }

    /// Writes the table to a Parquet file of its own.
    ///
    /// # Errors
    /// What the file system or the encoding says.
    pub fn write(&self, path: &Path) -> Result<(), TableError> {
        let mut file = TableFile::create(path, self)?;
        file.append(self)?;
        file.close().map(|_| ())
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match self.columns.first() {
            Some(Column::Text { rows, .. }) => rows.len(),
            Some(Column::Whole(rows)) => rows.len(),
            Some(Column::Real(rows)) => rows.len(),
            None => 0,
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Drops all rows, keeps the dictionary.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            match column {
                Column::Text { rows, .. } | Column::Whole(rows) => rows.clear(),
                Column::Real(rows) => rows.clear(),
            }
        }
    }

    /// Feeds the content, row by row, into a hash: texts with their length, numbers as little-endian bits.
    pub fn digest(&self, hash: &mut Sha256) {
        for row in 0..self.len() {
            for column in &self.columns {
                match column {
                    Column::Text { words, rows, .. } => {
                        let word = &words[rows[row] as usize];
                        hash.update((word.len() as u32).to_le_bytes());
                        hash.update(word);
                    }
                    Column::Whole(rows) => hash.update(rows[row].to_le_bytes()),
                    Column::Real(rows) => hash.update(rows[row].to_bits().to_le_bytes()),
                }
            }
        }
    }

    fn schema(&self) -> Arc<Schema> {
        let fields = self.names.iter().zip(&self.columns).map(|(name, column)| {
            let kind = match column {
                Column::Text { .. } => DataType::Dictionary(Box::new(DataType::UInt32), Box::new(DataType::Utf8)),
                Column::Whole(_) => DataType::UInt32,
                Column::Real(_) => DataType::Float64,
            };
            ArrowField::new(name, kind, false)
        });
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    }

    fn batch(&self, schema: &Arc<Schema>) -> Result<RecordBatch, TableError> {
        let arrays = self.columns.iter().map(|column| -> Result<ArrayRef, TableError> {
            Ok(match column {
                Column::Text { words, rows, .. } => {
                    let values = Arc::new(StringArray::from_iter_values(words));
                    Arc::new(DictionaryArray::<UInt32Type>::try_new(UInt32Array::from(rows.clone()), values)?)
                }
                Column::Whole(rows) => Arc::new(UInt32Array::from(rows.clone())),
                Column::Real(rows) => Arc::new(Float64Array::from(rows.clone())),
            })
        });
        Ok(RecordBatch::try_new(schema.clone(), arrays.collect::<Result<_, _>>()?)?)
    }
}

/// A Parquet file that grows table by table, with the hash of its content.
pub(crate) struct TableFile {
    writer: ArrowWriter<File>,
    schema: Arc<Schema>,
    hash: Sha256,
}

impl TableFile {
    /// Creates the file with the columns of `table`.
    pub fn create(path: &Path, table: &Table) -> Result<Self, TableError> {
        let schema = table.schema();
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = ArrowWriter::try_new(File::create(path)?, schema.clone(), Some(properties))?;
        Ok(Self { writer, schema, hash: Sha256::new() })
    }

    /// Appends the rows of `table`.
    pub fn append(&mut self, table: &Table) -> Result<(), TableError> {
        table.digest(&mut self.hash);
        if !table.is_empty() {
            self.writer.write(&table.batch(&self.schema)?)?;
            self.writer.flush()?;
        }
        Ok(())
    }

    /// Ends the file; the canonical hash of all rows.
    pub fn close(self) -> Result<String, TableError> {
        self.writer.close()?;
        Ok(self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
    }
}
