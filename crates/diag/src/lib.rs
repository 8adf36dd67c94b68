//! Diagnostics: code, severity, spans, labels, help; as text and as JSON.
//!
//! One error type serves the whole product, from the TOML parser to the solver. A [`Diagnostic`] says what is wrong
//! with the user's thing, where, what was found, what was expected, and what to do. Problems are collected in a
//! [`Diagnostics`] and reported together; [`render()`] prints them for people and [`to_json`] for programs.
//!
//! ```
//! use oxus_diag::{Diagnostic, Diagnostics, Sources, Style, codes, render};
//!
//! let mut sources = Sources::new();
//! let file = sources.add("parameters/growth.toml", "[trend]\nunit = \"1/yer\"\n");
//! let mut problems = Diagnostics::new();
//! problems.push(
//!     Diagnostic::error(codes::U001, "unit `1/yer` is not known")
//!         .at(sources.span(file, 15..22), "this unit")
//!         .found("yer")
//!         .help("did you mean `yr`?"),
//! );
//! assert!(problems.has_errors());
//! let text = render(&problems.into_sorted(), &sources, Style::plain());
//! assert!(text.contains("parameters/growth.toml:2:8"));
//! ```

mod collect;
mod diagnostic;
mod json;
mod near;
mod render;
mod source;

pub mod codes;

pub use codes::{Code, CodeInfo};
pub use collect::{Counts, Diagnostics};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use json::{Place, Record, RecordLabel, records, to_json};
pub use near::{did_you_mean, near_misses};
pub use render::{Style, render};
pub use source::{SourceId, Sources, Span};

#[cfg(test)]
mod tests;
