//! Tests of the energy mechanism: equations, dispatch against other people's solver, outages, decisions, replay of 2009, the region's pack.

// paths are `[variable][month][entity][lane]`: indices say which is meant better than nested iterators
#![allow(clippy::needless_range_loop)]

mod bench;
mod causes;
mod dispatch;
mod equations;
mod money;
mod outages;
mod pack;
