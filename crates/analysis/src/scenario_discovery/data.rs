//! Inputs by column, and boxes in them.

use super::DiscoveryError;

/// Values of one input, one a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Numbers.
    Numeric(Vec<f64>),
    /// Positions in a list of categories.
    Categorical {
        /// Category of each row.
        of: Vec<u32>,
        /// Names of the categories.
        names: Vec<String>,
    },
}

/// What a box allows of one input.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// From the first to the second, both included.
    Range(f64, f64),
    /// The categories marked.
    Among(Vec<bool>),
}

/// A box: one limit a column.
pub type Limits = Vec<Limit>;

/// Rows of named inputs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs {
    /// Name of each column.
    pub names: Vec<String>,
    /// Columns.
    pub columns: Vec<Column>,
    rows: usize,
}

impl Column {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numeric(values) => values.len(),
            Self::Categorical { of, .. } => of.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The smallest limit that holds every row; every category named counts.
    fn all(&self) -> Limit {
        match self {
            Self::Numeric(values) => {
                let (low, high) = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
                Limit::Range(low, high)
            }
            Self::Categorical { names, .. } => Limit::Among(vec![true; names.len()]),
        }
    }

    /// Whether a row is within a limit.
    pub fn within(&self, row: usize, limit: &Limit) -> bool {
        match (self, limit) {
            (Self::Numeric(values), Limit::Range(low, high)) => *low <= values[row] && values[row] <= *high,
            (Self::Categorical { of, .. }, Limit::Among(allowed)) => allowed[of[row] as usize],
            _ => false,
        }
    }
}

impl Inputs {
    /// Inputs of equal length.
    ///
    /// # Errors
    /// No columns or rows, columns of unequal length, a number that is not finite.
    pub fn new(named: Vec<(String, Column)>) -> Result<Self, DiscoveryError> {
        let (names, columns): (Vec<String>, Vec<Column>) = named.into_iter().unzip();
        let rows = columns.first().map_or(0, Column::len);
        if rows == 0 {
            return Err(DiscoveryError::Shape("there are no inputs, or no rows of them".into()));
        }
        for (name, column) in names.iter().zip(&columns) {
            if column.len() != rows {
                return Err(DiscoveryError::Shape(format!("input `{name}` has {} rows, the first has {rows}", column.len())));
            }
            if let Column::Numeric(values) = column
                && let Some(row) = values.iter().position(|v| !v.is_finite())
            {
                return Err(DiscoveryError::Shape(format!("input `{name}` is not a finite number in row {}", row + 1)));
            }
        }
        Ok(Self { names, columns, rows })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The box that holds every row.
    pub fn all(&self) -> Limits {
        self.columns.iter().map(Column::all).collect()
    }

    /// Whether a row is in a box.
    pub fn within(&self, row: usize, limits: &[Limit]) -> bool {
        self.columns.iter().zip(limits).all(|(column, limit)| column.within(row, limit))
    }

    /// These rows, in this order, repeated where they stand twice.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        let columns = self.columns.iter().map(|column| match column {
            Column::Numeric(values) => Column::Numeric(rows.iter().map(|&r| values[r]).collect()),
            Column::Categorical { of, names } => Column::Categorical { of: rows.iter().map(|&r| of[r]).collect(), names: names.clone() },
        });
        Self { names: self.names.clone(), columns: columns.collect(), rows: rows.len() }
    }
}

/// Refuses outcomes that do not fit the inputs or do not tell rows apart.
pub(super) fn usable(inputs: &Inputs, y: &[f64]) -> Result<(), DiscoveryError> {
    if y.len() != inputs.rows() {
        return Err(DiscoveryError::Shape(format!("{} outcomes for {} rows of inputs", y.len(), inputs.rows())));
    }
    if let Some(row) = y.iter().position(|v| !(0.0..=1.0).contains(v)) {
        return Err(DiscoveryError::Shape(format!("the outcome of row {} is {}: outcomes are 0, 1 or a share between", row + 1, y[row])));
    }
    let total: f64 = y.iter().sum();
    if total == 0.0 {
        return Err(DiscoveryError::OneSided(format!("none of {} rows is of interest", y.len())));
    }
    if total == y.len() as f64 {
        return Err(DiscoveryError::OneSided(format!("all of {} rows are of interest", y.len())));
    }
    Ok(())
}
