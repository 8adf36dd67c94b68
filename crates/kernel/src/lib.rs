//! Variables, ports, links, planner, events and interventions: the simulation without any input or output.
//!
//! A [`World`] (axes, relations, attributes) and a list of [`Definition`]s (mechanisms that declare ports) are planned into a
//! [`Model`]; a [`Block`] advances [`LANES`] members of one case together, month by month. Nothing here reads files, the clock or
//! the environment, starts threads or prints; nothing here knows of a pack or of a region.

mod block;
mod column;
mod embedding;
mod event;
mod hold;
mod intervention;
mod link;
mod model;
mod noise;
mod plan;
mod ports;
mod step;
mod variable;
mod world;

pub use block::{Block, Failure, Imposed, Recording, Run, Store};
pub use column::{Column, LANES};
pub use embedding::{Component, Embedding, Immigrant};
pub use event::{ButFor, Event, KindId};
pub use hold::{Course, Followed, Hold};
pub use intervention::{Intervention, Op, Patch, Schedule, Target};
pub use link::{Link, LinkId, Reference, Shape};
pub use model::{Definition, Mechanism, Model};
pub use noise::{Draws, Noise, PhiloxNoise};
pub use plan::{PlanRow, plan};
pub use ports::{Add, Emit, Hear, NoiseIn, Own, Param, Ports, Read, Scratch, Sum};
pub use step::{Sink, Source, Step};
pub use variable::{Kind, Scale, Variable};
pub use world::{Axis, AxisId, Map, Relation, World};

#[cfg(test)]
mod tests;
