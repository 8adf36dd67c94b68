//! The region pack: reading with spans, evidence, validation, precedence and locks.
//!
//! A pack is a folder of text files that describes one region as it was known on one day (the format: `docs/book/pack-format.md`).
//! [`read()`] gives a [`Region`], plain owned data in which every item knows where it was written, and every problem of the pack at
//! once. The crate knows nothing of simulation: whether a variable exists is for the engine to say, which has the places.
//!
//! ```
//! use oxus_pack::{Memory, read};
//!
//! let files = Memory::from_pairs(&[("pack.toml", "id = \"nowhere\"\n")]);
//! let found = read(&files);
//! assert!(found.region.is_none());
//! assert!(found.diagnostics.iter().any(|problem| problem.headline.contains("has no `origin`")));
//! ```

pub mod case;
mod check;
pub mod files;
pub mod formula;
pub mod lock;
mod read;
pub mod region;
pub mod stack;
pub mod strength;
mod walk;

pub use case::Case;
pub use files::{Files, Folder, Memory};
pub use read::{Read, read};
pub use region::Region;
pub use stack::{Layer, Origin};
pub use strength::LinkPrior;
