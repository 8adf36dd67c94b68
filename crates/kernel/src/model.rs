//! The planned model: mechanisms in order, variables, parameters, links, event kinds.

use std::any::Any;

use crate::event::KindId;
use crate::link::{Link, LinkPlan};
use crate::plan::PlanRow;
use crate::ports::{KindInfo, Own, Owned, ParamUse, Ports};
use crate::step::Step;
use crate::variable::Variable;
use crate::world::{Axis, AxisId, World};

/// A mechanism: owns variables, writes them at the origin (`start`) and every month (`step`), knows no other mechanism.
pub trait Mechanism: Send + Sync + 'static {
    /// What it keeps between steps beside its variables (queues, solver bases); one for each block.
    type Memory: Default + Send + 'static;

    /// Declares every access; problems are reported through the ports.
    fn declare(ports: &mut Ports<'_>) -> Self
    where
        Self: Sized;

    /// Writes every owned variable as of the origin and empties the memory. Called twice for each run, in plan order: in the second pass
    /// `prev` reads see what every other mechanism wrote in the first. Links and sums are not available yet.
    fn start(&self, step: &mut Step<'_>, memory: &mut Self::Memory);

    /// Advances one step.
    fn step(&self, step: &mut Step<'_>, memory: &mut Self::Memory);

    /// Runs every this many months; between runs its outputs hold.
    fn every(&self) -> usize {
        1
    }
}

/// Object-safe face of [`Mechanism`].
pub(crate) trait DynMechanism: Send + Sync {
    fn memory(&self) -> Box<dyn Any + Send>;
    fn start(&self, step: &mut Step<'_>, memory: &mut dyn Any);
    fn step(&self, step: &mut Step<'_>, memory: &mut dyn Any);
    fn every(&self) -> usize;
}

impl<M: Mechanism> DynMechanism for M {
    fn memory(&self) -> Box<dyn Any + Send> {
        Box::new(M::Memory::default())
    }

    fn start(&self, step: &mut Step<'_>, memory: &mut dyn Any) {
        let memory = memory.downcast_mut().expect("internal: a block holds each mechanism's own memory");
        Mechanism::start(self, step, memory);
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut dyn Any) {
        let memory = memory.downcast_mut().expect("internal: a block holds each mechanism's own memory");
        Mechanism::step(self, step, memory);
    }

    fn every(&self) -> usize {
        Mechanism::every(self).max(1)
    }
}

/// An entry of the list of mechanisms.
#[derive(Clone)]
pub struct Definition {
    /// Name: the prefix of its variables and parameters.
    pub name: &'static str,
    /// One sentence.
    pub about: &'static str,
    declare: Declare,
}

#[derive(Clone)]
enum Declare {
    Mechanism(fn(&mut Ports<'_>) -> Box<dyn DynMechanism>),
    Given(Vec<(Variable, f64)>),
}

impl Definition {
    /// The entry of mechanism `M`.
    pub const fn of<M: Mechanism>(name: &'static str, about: &'static str) -> Self {
        Self { name, about, declare: Declare::Mechanism(|ports| Box::new(M::declare(ports))) }
    }

    /// Variables held at given values (interventions may change them): what surrounds a mechanism that runs alone, in tests and studies.
    pub fn given(name: &'static str, variables: Vec<(Variable, f64)>) -> Self {
        Self { name, about: "variables held at given values", declare: Declare::Given(variables) }
    }

    pub(crate) fn declare(&self, ports: &mut Ports<'_>) -> Box<dyn DynMechanism> {
        match &self.declare {
            Declare::Mechanism(declare) => declare(ports),
            Declare::Given(variables) => {
                let held = variables.iter().map(|(spec, value)| (spec.kind, *value, *spec));
                let mut owned = Vec::new();
                for (kind, value, spec) in held {
                    if matches!(kind, crate::variable::Kind::Modifier(_)) {
                        ports.sum(&spec);
                    } else {
                        owned.push((ports.own(&spec), value));
                    }
                }
                Box::new(Given { owned })
            }
        }
    }
}

struct Given {
    owned: Vec<(Own, f64)>,
}

impl Mechanism for Given {
    type Memory = ();

    fn declare(_: &mut Ports<'_>) -> Self {
        Self { owned: Vec::new() }
    }

    fn start(&self, step: &mut Step<'_>, (): &mut ()) {
        for (port, value) in &self.owned {
            step.fill(port, *value);
        }
    }

    fn step(&self, step: &mut Step<'_>, memory: &mut ()) {
        Mechanism::start(self, step, memory);
    }
}

pub(crate) struct Planned {
    pub name: &'static str,
    pub about: &'static str,
    pub mechanism: Box<dyn DynMechanism>,
    /// Sums that this mechanism owns: interventions on them act before it runs.
    pub sums: Vec<u32>,
    /// Variables that it writes.
    pub owned: Vec<u32>,
}

/// A checked, ordered model; immutable, shared by all blocks.
pub struct Model {
    pub(crate) world: World,
    pub(crate) mechanisms: Vec<Planned>,
    pub(crate) variables: Vec<Owned>,
    /// Whether some mechanism or link reads what the variable was in the step before.
    pub(crate) past_read: Vec<bool>,
    pub(crate) params: Vec<ParamUse>,
    pub(crate) scratch: Vec<AxisId>,
    pub(crate) kinds: Vec<KindInfo>,
    pub(crate) links: Vec<Link>,
    pub(crate) link_plan: LinkPlan,
    pub(crate) rows: Vec<PlanRow>,
}

impl Model {
    /// The frame.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Schedule as a table, in execution order.
    pub fn plan_rows(&self) -> &[PlanRow] {
        &self.rows
    }

    /// Index of a variable.
    pub fn variable(&self, name: &str) -> Option<usize> {
        self.variables.iter().position(|v| v.spec.name == name)
    }

    /// Names of all variables, by index.
    pub fn variable_names(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|v| v.spec.name)
    }

    /// Declaration of a variable.
    pub fn spec(&self, variable: usize) -> &Variable {
        &self.variables[variable].spec
    }

    /// Whether a variable is a sum that links and other mechanisms feed.
    pub fn is_sum(&self, variable: usize) -> bool {
        self.variables[variable].sum
    }

    /// Axis of a variable.
    pub fn axis_of(&self, variable: usize) -> &Axis {
        self.world.axis(self.variables[variable].axis)
    }

    /// Id of the axis of a variable.
    pub fn axis_id_of(&self, variable: usize) -> AxisId {
        self.variables[variable].axis
    }

    /// Indices of the uses of a parameter id, one for each axis it is read on.
    pub fn parameter_uses(&self, id: &str) -> impl Iterator<Item = usize> {
        self.params.iter().enumerate().filter(move |(_, p)| p.id == id).map(|(i, _)| i)
    }

    /// Ids of all parameter uses, by index; an id may be used on several axes.
    pub fn parameter_ids(&self) -> impl Iterator<Item = &str> {
        self.params.iter().map(|p| p.id.as_str())
    }

    /// Names of the mechanisms that use a parameter.
    pub fn parameter_users(&self, id: &str) -> Vec<&'static str> {
        let mut users: Vec<usize> = self.params.iter().filter(|p| p.id == id).map(|p| p.mechanism).collect();
        users.dedup();
        users.into_iter().map(|m| self.mechanisms[m].name).collect()
    }

    /// Axis and unit (as text) in which parameter use `index` is expected.
    pub fn parameter_use(&self, index: usize) -> (&Axis, &str) {
        let p = &self.params[index];
        (self.world.axis(p.axis), &p.unit)
    }

    /// Links by index.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Index of a link.
    pub fn link(&self, id: &str) -> Option<usize> {
        self.links.iter().position(|l| l.id == id)
    }

    /// Event kind by name.
    pub fn kind(&self, name: &str) -> Option<KindId> {
        self.kinds.iter().position(|k| k.name == name).map(|i| KindId(i as u16))
    }

    /// Names of event kinds, by index.
    pub fn kind_names(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|k| k.name.as_str())
    }

    /// Axis of an event kind.
    pub fn kind_axis(&self, kind: KindId) -> Option<&Axis> {
        self.kinds[kind.index()].axis.map(|a| self.world.axis(a))
    }

    /// Index of a mechanism in execution order.
    pub fn mechanism(&self, name: &str) -> Option<usize> {
        self.mechanisms.iter().position(|m| m.name == name)
    }

    /// Names of mechanisms in execution order.
    pub fn mechanism_names(&self) -> impl Iterator<Item = &str> {
        self.mechanisms.iter().map(|m| m.name)
    }

    /// Name and sentence of the mechanism that owns a variable.
    pub fn owner(&self, variable: usize) -> (&'static str, &'static str) {
        let planned = &self.mechanisms[self.variables[variable].mechanism];
        (planned.name, planned.about)
    }
}
