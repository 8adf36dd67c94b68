//! One file a command.

pub mod ask;
pub mod audit;
pub mod check;
pub mod compare;
pub mod coverage;
pub mod discover;
pub mod explain;
pub mod fit;
pub mod loops;
pub mod method;
pub mod run;
pub mod score;
pub mod sense;
pub mod tripwires;
pub mod why;
