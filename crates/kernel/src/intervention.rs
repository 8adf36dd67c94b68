//! The one primitive behind scenario patches, levers, knock-outs, shocks and tests.

use oxus_diag::{Diagnostic, Span, codes, did_you_mean};

use crate::event::KindId;
use crate::model::Model;
use crate::world::Axis;

/// What an intervention acts on, by name.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A variable, right after its owner writes (a sum: right before its owner reads).
    Variable(String),
    /// A parameter, from the start of the month.
    Parameter(String),
    /// A link; only `off` and `scale`.
    Link(String),
    /// An event kind; `off` mutes it, `add` imposes one event a month of the given size.
    Event(String),
    /// A mechanism; only `off`: outputs hold, no events.
    Mechanism(String),
}

/// What it does there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `(1 - s) x + s value`.
    Set,
    /// `x + s value`.
    Add,
    /// `x (1 + s (value - 1))`.
    Scale,
    /// Absent (a link contributes nothing, a mechanism holds, an event kind is mute).
    Off,
}

/// The value of each simulated month, `None` where the intervention is not in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule(pub Vec<Option<f64>>);

impl Schedule {
    /// The same value from month `from` to month `to` (inclusive) of a run of `months`.
    pub fn constant(value: f64, from: usize, to: usize, months: usize) -> Self {
        Self((0..months).map(|t| (from <= t && t <= to).then_some(value)).collect())
    }

    /// Linear between `(month, value)` points given in order, in force from the first of them, held after the last until `to`.
    pub fn path(points: &[(i64, f64)], from: usize, to: usize, months: usize) -> Self {
        let at = |t: i64| -> Option<f64> {
            let (first, last) = (points.first()?, points.last()?);
            if t < first.0 {
                return None;
            }
            if t >= last.0 {
                return Some(last.1);
            }
            let i = points.partition_point(|p| p.0 <= t) - 1;
            let ((a, x), (b, y)) = (points[i], points[i + 1]);
            Some(x + (y - x) * (t - a) as f64 / (b - a) as f64)
        };
        Self((0..months).map(|t| if from <= t && t <= to { at(t as i64) } else { None }).collect())
    }
}

/// An intervention by name, as a scenario, lever or study writes it.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Where it comes from, for messages: `S001`, `knock-out of link x`.
    pub origin: String,
    /// What it acts on.
    pub target: Target,
    /// Entities by id; empty means all.
    pub entities: Vec<String>,
    /// What it does.
    pub op: Op,
    /// Values by month.
    pub schedule: Schedule,
    /// 0 to 1.
    pub strength: f64,
    /// Sets of equal cells are an error unless their orders differ; the higher acts last.
    pub order: i32,
    /// Place in the pack.
    pub span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Place {
    Variable(u32),
    Parameter(u32),
    Link(u32),
    Event(KindId),
    Mechanism(usize),
}

/// An intervention resolved against a model.
#[derive(Clone, Debug)]
pub struct Intervention {
    pub(crate) place: Place,
    pub(crate) entities: Vec<u32>,
    pub(crate) op: Op,
    pub(crate) schedule: Schedule,
    pub(crate) strength: f64,
    pub(crate) key: u64,
}

impl Intervention {
    /// New value of a cell in month `t`.
    pub(crate) fn apply(&self, x: f64, t: usize) -> f64 {
        let s = self.strength;
        match (self.schedule.0[t], self.op) {
            (None, _) => x,
            (Some(v), Op::Set) => (1.0 - s) * x + s * v,
            (Some(v), Op::Add) => x + s * v,
            (Some(v), Op::Scale) => x * (1.0 + s * (v - 1.0)),
            (Some(_), Op::Off) => (1.0 - s) * x,
        }
    }

    pub(crate) fn active(&self, t: usize) -> Option<f64> {
        self.schedule.0[t]
    }
}

impl Model {
    /// Resolves the patches of one case; every problem is reported.
    ///
    /// # Errors
    /// `C007` for unknown targets and entities, `C006` for two sets of one cell in one month without an order, `E006` for an
    /// operation that its target does not have.
    pub fn resolve(&self, patches: &[Patch]) -> Result<Vec<Intervention>, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut ordered: Vec<&Patch> = patches.iter().collect();
        ordered.sort_by_key(|p| p.order);
        let resolved: Vec<(Intervention, &Patch)> =
            ordered.iter().flat_map(|p| self.resolve_one(p, &mut problems).into_iter().map(|r| (r, *p))).collect();
        self.conflicts(&resolved, &mut problems);
        if problems.is_empty() { Ok(resolved.into_iter().map(|r| r.0).collect()) } else { Err(problems) }
    }

    /// What a patch does, place by place: a parameter may be in use on several axes, and each use that has the entities is patched.
    fn resolve_one(&self, patch: &Patch, problems: &mut Vec<Diagnostic>) -> Vec<Intervention> {
        let one = |place: Option<Place>| place.into_iter().collect::<Vec<_>>();
        let (what, name, places, candidates): (_, _, _, Vec<&str>) = match &patch.target {
            Target::Variable(n) => ("variable", n, one(self.variable(n).map(|i| Place::Variable(i as u32))), self.variable_names().collect()),
            Target::Parameter(n) => {
                ("parameter", n, self.parameter_uses(n).map(|i| Place::Parameter(i as u32)).collect(), self.parameter_ids().collect())
            }
            Target::Link(n) => ("link", n, one(self.link(n).map(|i| Place::Link(i as u32))), self.links().iter().map(|l| l.id.as_str()).collect()),
            Target::Event(n) => ("event kind", n, one(self.kind(n).map(Place::Event)), self.kind_names().collect()),
            Target::Mechanism(n) => ("mechanism", n, one(self.mechanism(n).map(Place::Mechanism)), self.mechanism_names().collect()),
        };
        let Some(first) = places.first() else {
            let problem = Diagnostic::error(codes::C007, format!("{} acts on an unknown {what} `{name}`", patch.origin))
                .found(format!("`{name}`"))
                .expected(format!("a {what} of the model (`oxus explain plan` lists them)"))
                .help_maybe(did_you_mean(name, candidates.into_iter()));
            problems.push(problem.at_maybe(patch.span, "here"));
            return Vec::new();
        };
        let allowed = match first {
            Place::Variable(_) | Place::Parameter(_) => true,
            Place::Link(_) => matches!(patch.op, Op::Off | Op::Scale),
            Place::Event(_) => matches!(patch.op, Op::Off | Op::Add),
            Place::Mechanism(_) => patch.op == Op::Off,
        };
        if !allowed {
            let text = format!("{}: a {what} cannot be changed by {:?}", patch.origin, patch.op).to_lowercase();
            problems.push(Diagnostic::error(codes::E006, text).at_maybe(patch.span, "here"));
            return Vec::new();
        }
        self.unknown_entities(&places, patch, problems);
        let key = oxus_random::hash64(&format!("{} {name}", patch.origin));
        let intervention = |place: Place| {
            let entities = self.patch_entities(&place, patch)?;
            Some(Intervention { place, entities, op: patch.op, schedule: patch.schedule.clone(), strength: patch.strength, key })
        };
        places.into_iter().filter_map(intervention).collect()
    }

    /// The axis whose entities a patch of a place may name.
    fn place_axis(&self, place: &Place) -> Option<&Axis> {
        let axis = match *place {
            Place::Variable(v) => self.variables[v as usize].axis,
            Place::Parameter(p) => self.params[p as usize].axis,
            Place::Event(k) => self.kinds[k.index()].axis?,
            Place::Link(_) | Place::Mechanism(_) => return None,
        };
        Some(self.world().axis(axis))
    }

    /// Reports the entities of a patch that none of its places has.
    fn unknown_entities(&self, places: &[Place], patch: &Patch, problems: &mut Vec<Diagnostic>) {
        let axes: Vec<&Axis> = places.iter().filter_map(|place| self.place_axis(place)).collect();
        let known = |entity: &String| axes.iter().any(|axis| axis.position(entity).is_some());
        for entity in patch.entities.iter().filter(|entity| !axes.is_empty() && !known(entity)) {
            let names: Vec<String> = axes.iter().map(|axis| format!("`{}`", axis.name)).collect();
            let problem = Diagnostic::error(codes::C007, format!("{} names an unknown entity `{entity}`", patch.origin))
                .found(format!("`{entity}`"))
                .expected(format!("an entity of the axis {}", names.join(" or ")))
                .help_maybe(did_you_mean(entity, axes.iter().flat_map(|axis| axis.entities.iter().map(String::as_str))));
            problems.push(problem.at_maybe(patch.span, "here"));
        }
    }

    /// The entities of a patch at one of its places; `None` where it names none of that place.
    fn patch_entities(&self, place: &Place, patch: &Patch) -> Option<Vec<u32>> {
        let Some(axis) = self.place_axis(place) else { return Some(Vec::new()) };
        if patch.entities.is_empty() {
            return Some((0..axis.len() as u32).collect());
        }
        let found: Vec<u32> = patch.entities.iter().filter_map(|entity| axis.position(entity)).map(|i| i as u32).collect();
        (!found.is_empty()).then_some(found)
    }

    fn conflicts(&self, resolved: &[(Intervention, &Patch)], problems: &mut Vec<Diagnostic>) {
        let sets: Vec<_> = resolved.iter().filter(|(i, _)| i.op == Op::Set && i.strength > 0.0).collect();
        for (n, (a, pa)) in sets.iter().enumerate() {
            for (b, pb) in &sets[n + 1..] {
                let together = a.place == b.place
                    && pa.order == pb.order
                    && a.entities.iter().any(|e| b.entities.contains(e))
                    && a.schedule.0.iter().zip(&b.schedule.0).any(|(x, y)| x.is_some() && y.is_some());
                if together {
                    let text = format!("{} and {} both set the same cell in the same month", pa.origin, pb.origin);
                    problems.push(
                        Diagnostic::error(codes::C006, text)
                            .at_maybe(pa.span, "one set")
                            .and_at_maybe(pb.span, "the other")
                            .help("drop one of the two, or give one of them an `order` to say which acts last"),
                    );
                }
            }
        }
    }
}
