//! Saved runs side by side: runs that share their members are joined member by member, and any case is set against any other.
//!
//! - [`joined`]: which runs may be joined, and their members, draw by draw.
//! - [`differences()`]: every case against its reference.
//! - [`regret`]: levers over scenarios and views.

pub mod differences;
pub mod joined;
pub mod regret;

pub use differences::{Compared, differences};
pub use joined::{Draw, Joined};
