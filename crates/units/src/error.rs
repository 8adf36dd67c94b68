//! What can be wrong with a unit, a value or a date.

use std::ops::Range;

use thiserror::Error;

/// A unit that cannot be read, or that does not do what it is asked to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnitError {
    /// A word that is no unit. Close words: compare with [`crate::known_words`].
    #[error("unit `{word}` is not known")]
    Unknown {
        /// The word.
        word: String,
        /// Its bytes in the text of the unit.
        at: Range<usize>,
    },
    /// The text does not follow the grammar.
    #[error("unit cannot be read: {what}")]
    Syntax {
        /// What is wrong.
        what: String,
        /// Where, in bytes of the text of the unit.
        at: Range<usize>,
    },
    /// Two units measure different things.
    #[error("`{from}` ({from_dimension}) does not convert to `{to}` ({to_dimension})")]
    Dimension {
        /// The unit given.
        from: String,
        /// What it measures.
        from_dimension: String,
        /// The unit wanted.
        to: String,
        /// What that measures.
        to_dimension: String,
    },
    /// Money of different currencies or price years, or without a price year.
    #[error("`{from}` does not convert to `{to}`: {why}")]
    PriceYear {
        /// The unit given.
        from: String,
        /// The unit wanted.
        to: String,
        /// What differs.
        why: String,
    },
    /// A value, or a unit, that is impossible for its kind.
    #[error("{what}")]
    Kind {
        /// What is wrong.
        what: String,
    },
}

impl UnitError {
    /// The diagnostic code of the problem, such as `U001`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "U001",
            Self::Dimension { .. } => "U002",
            Self::PriceYear { .. } => "U003",
            Self::Syntax { .. } => "U005",
            Self::Kind { .. } => "U006",
        }
    }

    /// The bytes of the unit's text that the problem is about, where the text could not be read.
    #[must_use]
    pub fn range(&self) -> Option<Range<usize>> {
        match self {
            Self::Unknown { at, .. } | Self::Syntax { at, .. } => Some(at.clone()),
            _ => None,
        }
    }
}

/// A month, date or period that cannot be read or does not exist (code `U004`).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not {expected}")]
pub struct DateError {
    /// The text.
    pub text: String,
    /// What was wanted, with an example.
    pub expected: &'static str,
}

impl DateError {
    /// The diagnostic code, `U004`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "U004"
    }
}
