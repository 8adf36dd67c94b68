//! What a mechanism declares: the only access it will have.

use std::collections::BTreeMap;

use oxus_diag::Diagnostics;
use oxus_random::hash64;

use crate::event::KindId;
use crate::variable::Variable;
use crate::world::{AxisId, World};

/// A variable owned by the declaring mechanism: exactly one owner, which writes it.
#[derive(Clone, Copy, Debug)]
pub struct Own(pub(crate) u32);

/// A variable read, either as it was at the end of the previous step or as it is now (its producer runs first).
#[derive(Clone, Copy, Debug)]
pub struct Read {
    pub(crate) variable: u32,
    pub(crate) now: bool,
}

/// A sum owned by the declaring mechanism: zero at the start of a step, fed by links and other mechanisms, final when it is read.
#[derive(Clone, Copy, Debug)]
pub struct Sum(pub(crate) u32);

/// A contribution to somebody's [`Sum`].
#[derive(Clone, Copy, Debug)]
pub struct Add(pub(crate) u32);

/// A parameter, spread over an axis.
#[derive(Clone, Copy, Debug)]
pub struct Param(pub(crate) u32);

/// A private column without memory.
#[derive(Clone, Copy, Debug)]
pub struct Scratch(pub(crate) u32);

/// A column of keyed noise, drawn afresh each step it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct NoiseIn {
    pub(crate) scratch: u32,
    pub(crate) domain: u64,
    pub(crate) axis: AxisId,
    pub(crate) normal: bool,
}

/// An event kind this mechanism emits.
#[derive(Clone, Copy, Debug)]
pub struct Emit(pub(crate) KindId);

impl Emit {
    /// The kind.
    pub fn kind(self) -> KindId {
        self.0
    }
}

/// An event kind this mechanism hears, one step later.
#[derive(Clone, Copy, Debug)]
pub struct Hear(pub(crate) KindId);

#[derive(Clone, Debug)]
pub(crate) struct Owned {
    pub mechanism: usize,
    pub spec: Variable,
    pub axis: AxisId,
    pub sum: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Prev,
    Now,
    Add,
}

#[derive(Clone, Debug)]
pub(crate) struct Use {
    pub mechanism: usize,
    pub variable: u32,
    pub axis: String,
    pub unit: String,
    pub access: Access,
}

#[derive(Clone, Debug)]
pub(crate) struct ParamUse {
    pub mechanism: usize,
    pub id: String,
    pub axis: AxisId,
    pub unit: String,
}

#[derive(Clone, Debug)]
pub(crate) struct KindInfo {
    pub name: String,
    pub axis: Option<AxisId>,
    pub emitter: Option<usize>,
    pub hearers: Vec<usize>,
}

/// Everything that all mechanisms have declared; the planner checks it as a whole.
#[derive(Default)]
pub(crate) struct Registry {
    pub names: Vec<String>,
    pub index: BTreeMap<String, u32>,
    pub owners: BTreeMap<u32, Vec<Owned>>,
    pub uses: Vec<Use>,
    pub params: Vec<ParamUse>,
    pub scratch: Vec<AxisId>,
    pub kinds: Vec<KindInfo>,
    pub unknown_axes: Vec<(usize, String, String)>,
    pub problems: Diagnostics,
}

impl Registry {
    fn variable(&mut self, name: &str) -> u32 {
        if let Some(&i) = self.index.get(name) {
            return i;
        }
        let i = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.index.insert(name.to_owned(), i);
        i
    }

    fn kind(&mut self, name: &str) -> usize {
        if let Some(i) = self.kinds.iter().position(|k| k.name == name) {
            return i;
        }
        self.kinds.push(KindInfo { name: name.to_owned(), axis: None, emitter: None, hearers: Vec::new() });
        self.kinds.len() - 1
    }
}

/// Handed to a mechanism's `declare`; problems are collected, never raised one by one.
pub struct Ports<'a> {
    pub(crate) world: &'a World,
    pub(crate) registry: &'a mut Registry,
    pub(crate) mechanism: usize,
    pub(crate) mechanism_name: &'static str,
}

impl Ports<'_> {
    /// The frame: axes, relations, attributes, profiles.
    pub fn world(&self) -> &World {
        self.world
    }

    /// Reports a problem of the region that this mechanism cannot work with.
    pub fn problem(&mut self, diagnostic: oxus_diag::Diagnostic) {
        self.registry.problems.push(diagnostic);
    }

    /// Axis by name; an unknown name is reported and answered with the `world` axis.
    pub fn axis(&mut self, name: &str) -> AxisId {
        match self.world.find(name) {
            Some(id) => id,
            None => {
                self.registry.unknown_axes.push((self.mechanism, name.to_owned(), self.mechanism_name.to_owned()));
                AxisId(0)
            }
        }
    }

    fn claim(&mut self, spec: &Variable, sum: bool) -> u32 {
        let axis = self.axis(spec.axis);
        let variable = self.registry.variable(spec.name);
        let owned = Owned { mechanism: self.mechanism, spec: *spec, axis, sum };
        self.registry.owners.entry(variable).or_default().push(owned);
        variable
    }

    fn using(&mut self, name: &str, axis: &str, unit: &str, access: Access) -> u32 {
        let variable = self.registry.variable(name);
        self.registry.uses.push(Use { mechanism: self.mechanism, variable, axis: axis.to_owned(), unit: unit.to_owned(), access });
        variable
    }

    /// Owns a variable: this mechanism alone writes it, at `start` and then in `step`; between writes it holds.
    pub fn own(&mut self, spec: &Variable) -> Own {
        Own(self.claim(spec, false))
    }

    /// Owns a sum (a modifier that links may feed, or an accumulator): readable here once every contributor has run.
    pub fn sum(&mut self, spec: &Variable) -> Sum {
        Sum(self.claim(spec, true))
    }

    /// Reads a variable as it was at the end of the previous step; makes no edge in the schedule.
    pub fn prev(&mut self, name: &str, axis: &str, unit: &str) -> Read {
        Read { variable: self.using(name, axis, unit, Access::Prev), now: false }
    }

    /// Reads a variable as it is in this step: its owner runs first.
    pub fn now(&mut self, name: &str, axis: &str, unit: &str) -> Read {
        Read { variable: self.using(name, axis, unit, Access::Now), now: true }
    }

    /// Contributes to somebody's sum: its owner runs later.
    pub fn add(&mut self, name: &str, axis: &str, unit: &str) -> Add {
        Add(self.using(name, axis, unit, Access::Add))
    }

    /// Uses a parameter, one value for each entity of `axis`; `name` is completed with the mechanism's name unless it has a dot.
    pub fn param(&mut self, name: &str, axis: &str, unit: &str) -> Param {
        let axis = self.axis(axis);
        let id = if name.contains('.') { name.to_owned() } else { format!("{}.{name}", self.mechanism_name) };
        self.registry.params.push(ParamUse { mechanism: self.mechanism, id, axis, unit: unit.to_owned() });
        Param(self.registry.params.len() as u32 - 1)
    }

    /// A private column along an axis; its content does not survive the step.
    pub fn scratch(&mut self, axis: &str) -> Scratch {
        let axis = self.axis(axis);
        self.registry.scratch.push(axis);
        Scratch(self.registry.scratch.len() as u32 - 1)
    }

    fn noise(&mut self, stream: &str, axis: &str, normal: bool) -> NoiseIn {
        let scratch = self.scratch(axis).0;
        let axis = self.registry.scratch[scratch as usize];
        NoiseIn { scratch, domain: self.domain(stream), axis, normal }
    }

    /// Standard normals, one for each entity and step, of the stream `mechanism.stream`.
    pub fn normals(&mut self, stream: &str, axis: &str) -> NoiseIn {
        self.noise(stream, axis, true)
    }

    /// Uniforms in (0, 1), one for each entity and step, of the stream `mechanism.stream`.
    pub fn uniforms(&mut self, stream: &str, axis: &str) -> NoiseIn {
        self.noise(stream, axis, false)
    }

    /// Key of the stream `mechanism.stream`, for what draws lane by lane.
    pub fn domain(&self, stream: &str) -> u64 {
        hash64(&format!("{}.{stream}", self.mechanism_name))
    }

    /// Emits events of a kind on an axis; one emitter a kind.
    pub fn emit(&mut self, kind: &str, axis: &str) -> Emit {
        let axis = self.axis(axis);
        let i = self.registry.kind(kind);
        let info = &mut self.registry.kinds[i];
        if let Some(first) = info.emitter {
            let text = format!("event kind `{kind}` has two emitters (mechanisms {first} and {})", self.mechanism);
            self.registry.problems.push(oxus_diag::Diagnostic::error(oxus_diag::codes::C001, text));
        } else {
            info.emitter = Some(self.mechanism);
            info.axis = Some(axis);
        }
        Emit(KindId(i as u16))
    }

    /// Hears events of a kind, those of the previous step.
    pub fn hear(&mut self, kind: &str) -> Hear {
        let i = self.registry.kind(kind);
        self.registry.kinds[i].hearers.push(self.mechanism);
        Hear(KindId(i as u16))
    }
}
