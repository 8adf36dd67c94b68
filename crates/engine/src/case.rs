//! Cases: a view, scenarios and levers with strengths, written `S001+S042=0.5`.

use std::fmt;

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_kernel::{Op, Patch, Schedule, Target, World};
use oxus_pack::region::{self, Action, Name, Number, Region};

/// One case of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Case {
    /// Worldview; `None` is the pooled default.
    pub view: Option<String>,
    /// Scenarios and levers with strengths from 0 to 1, in the order written.
    pub parts: Vec<(String, f64)>,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |(id, s): &(String, f64)| if *s == 1.0 { id.clone() } else { format!("{id}={s}") };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        f.write_str(&if parts.is_empty() { "baseline".to_owned() } else { parts.join("+") })?;
        self.view.as_ref().map_or(Ok(()), |view| write!(f, "@{view}"))
    }
}

impl Case {
    /// Reads `baseline`, `S001`, `S001+S042=0.5` or `S001@chinese-public` against the pack.
    ///
    /// # Errors
    /// `E001` an unknown scenario or view, `E006` a strength that is not a number from 0 to 1, or a part named twice.
    pub fn parse(text: &str, region: &Region) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let (parts, view) = text.split_once('@').map_or((text, None), |(p, v)| (p, Some(v)));
        let mut case = Self { view: view.map(str::to_owned), parts: Vec::new() };
        if let Some(view) = view
            && !region.views.contains_key(view)
        {
            problems.push(unknown("view", view, text, region.views.keys()));
        }
        match oxus_pack::Case::parse(parts) {
            Ok(parsed) => {
                for term in parsed.terms {
                    if !region.scenarios.contains_key(&term.scenario) {
                        problems.push(unknown("scenario or lever", &term.scenario, text, region.scenarios.keys()));
                    }
                    case.parts.push((term.scenario, term.strength));
                }
            }
            Err(reason) => problems.push(
                Diagnostic::error(codes::E006, format!("the case `{text}` cannot be read: {reason}"))
                    .expected("`baseline`, `S001`, or `S001+S042=0.5` with strengths from 0 to 1"),
            ),
        }
        if problems.is_empty() { Ok(case) } else { Err(problems) }
    }

    /// The interventions of the case, by name.
    pub fn patches(&self, region: &Region, world: &World) -> Vec<Patch> {
        let mut patches = Vec::new();
        for (id, strength) in &self.parts {
            let Some(scenario) = region.scenarios.get(id) else { continue };
            patches.extend(scenario.interventions.iter().filter_map(|i| patch(id, *strength, i, world)));
        }
        patches
    }

    /// Distributions that the case's scenarios put in place of a parameter's, weakest first.
    pub(crate) fn draws<'a>(&self, region: &'a Region, parameter: &str) -> Vec<(&'a [Name], &'a Number)> {
        let scenarios = self.parts.iter().filter_map(|(id, _)| region.scenarios.get(id));
        let draws = scenarios.flat_map(|s| &s.interventions).filter_map(|i| match (&i.target, &i.action) {
            (region::Target::Parameter(name), Action::Draw(number)) if name.id == parameter => Some((i.entities.as_slice(), number.as_ref())),
            _ => None,
        });
        draws.collect()
    }
}

fn unknown<'a>(what: &str, id: &str, case: &str, known: impl Iterator<Item = &'a String>) -> Diagnostic {
    Diagnostic::error(codes::E001, format!("the case `{case}` names an unknown {what}"))
        .found(format!("`{id}`"))
        .expected(format!("a {what} of the pack (`oxus explain scenarios` lists them)"))
        .help_maybe(did_you_mean(id, known.map(String::as_str)))
}

fn patch(id: &str, strength: f64, intervention: &region::Intervention, world: &World) -> Option<Patch> {
    let months = world.months();
    let at = |m: oxus_units::Month| m.since(world.first());
    let from = intervention.from.map_or(0, |m| at(m).max(0) as usize);
    let to = intervention.to.map_or(months.saturating_sub(1) as i32, at);
    let to = usize::try_from(to).ok()?;
    let constant = |value: f64| Schedule::constant(value, from, to, months);
    let (op, schedule) = match &intervention.action {
        Action::Set(value) => (Op::Set, constant(*value)),
        Action::Add(value) => (Op::Add, constant(*value)),
        Action::Scale(value) => (Op::Scale, constant(*value)),
        Action::Off => (Op::Off, constant(1.0)),
        Action::Path(points) => {
            let points: Vec<(i64, f64)> = points.iter().map(|(m, v)| (i64::from(at(*m)), *v)).collect();
            (Op::Set, Schedule::path(&points, from, to, months))
        }
        // realised with the parameters of the draw
        Action::Draw(_) => return None,
    };
    let target = match &intervention.target {
        region::Target::Variable(n) => Target::Variable(n.id.clone()),
        region::Target::Parameter(n) => Target::Parameter(n.id.clone()),
        region::Target::Link(n) => Target::Link(n.id.clone()),
        region::Target::Event(n) => Target::Event(n.id.clone()),
        region::Target::Mechanism(n) => Target::Mechanism(n.id.clone()),
    };
    Some(Patch {
        origin: id.to_owned(),
        target,
        entities: intervention.entities.iter().map(|n| n.id.clone()).collect(),
        op,
        schedule,
        strength,
        order: 0,
        span: Some(intervention.span),
    })
}
