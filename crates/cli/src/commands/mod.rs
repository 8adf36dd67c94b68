//! One file a command.

pub mod ask;
pub mod check;
pub mod explain;
pub mod method;
pub mod run;
