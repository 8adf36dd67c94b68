//! Tests of the energy mechanism: equations, dispatch against other people's solver, outages, decisions, replay of 2009, the region's pack.

mod bench;
mod causes;
mod dispatch;
mod equations;
mod money;
mod outages;
mod pack;
