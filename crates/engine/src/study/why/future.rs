//! One future, dated: events that only the case or only the baseline has, with what they came from.

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_kernel::{Block, Event, Model, PhiloxNoise};
use oxus_pack::region::Region;
use serde::Serialize;

use super::{Asked, Question, refuse};

/// An event of one future.
#[derive(Clone, Debug, Serialize)]
pub struct EventLine {
    /// Month.
    pub month: String,
    /// Months since the start of the run.
    pub time: f64,
    /// Kind.
    pub kind: String,
    /// Entity.
    pub entity: String,
    /// Size on the kind's scale.
    pub size: f64,
    /// `+` in the case alone, `-` in the baseline alone, `=` in both.
    pub change: char,
    /// Stable id.
    pub id: String,
    /// Event that triggered it: kind, place and month.
    pub parent: Option<String>,
    /// How far it was from not happening, in logs of the rate, where it happens; `None` for triggered and imposed events.
    pub margin: Option<f64>,
    /// Links without any one of which it would not have happened.
    pub but_for: Vec<String>,
}

/// One future in the case and in the baseline.
#[derive(Clone, Debug, Serialize)]
pub struct FutureLog {
    /// Draw.
    pub draw: u32,
    /// Replicate.
    pub replicate: u32,
    /// Outcome in the baseline and in the case, cell by cell: entity and two values.
    pub outcomes: Vec<(String, f64, f64)>,
    /// Events by time.
    pub events: Vec<EventLine>,
}

/// The log of one future, up to the horizon.
///
/// # Errors
/// `A033` a future that the design does not have, or that failed; those of [`super::why`].
pub fn future(region: &Region, model: &Model, asked: &Asked, draw: u32, replicate: u32) -> Result<FutureLog, Diagnostics> {
    let design = asked.design;
    if draw >= design.draws || replicate >= design.replicates {
        return Err(refuse(
            Diagnostic::error(codes::A033, "the run does not have this future").found(format!("draw {draw}, replicate {replicate}")).expected(
                format!("a draw from 0 to {} and a replicate from 0 to {}", design.draws.saturating_sub(1), design.replicates.saturating_sub(1)),
            ),
        ));
    }
    let question = Question::of(region, model, asked)?;
    let futures = question.futures();
    let member = draw * design.replicates + replicate;
    let mut block = Block::new(model);
    let mut traced = [false; oxus_kernel::LANES];
    traced[0] = true;
    block.trace(traced);
    let (mut values, mut events) = (Vec::new(), Vec::new());
    for side in [&question.base, &question.case] {
        futures.load(side, &mut block, member, 1);
        let run = block.run(side.interventions(), &question.outcomes.recording, &PhiloxNoise);
        if let Some(failure) = &run.failures[0] {
            let text = format!("this future could not be simulated: {} in {}", failure.reason, failure.place);
            return Err(refuse(Diagnostic::error(codes::A033, text).help("choose another")));
        }
        let mut row = Vec::new();
        question.outcomes.evaluate(&run.record, 0, &mut row);
        values.push(row);
        events.push(run.events[0].iter().map(|e| (*e, run.but_for(e).to_vec())).collect::<Vec<_>>());
    }
    let outcomes = question.outcomes.cells.iter().enumerate().map(|(k, c)| (c.entity.clone(), values[0][k], values[1][k])).collect();
    let last = f64::from(asked.horizon.since(model.world().first()) + 1);
    Ok(FutureLog { draw, replicate, outcomes, events: lines(model, &events[0], &events[1], last) })
}

type Traced = [(Event, Vec<u32>)];

fn lines(model: &Model, base: &Traced, case: &Traced, last: f64) -> Vec<EventLine> {
    let has = |list: &Traced, id: u64| list.iter().any(|e| e.0.id == id);
    let mut found: Vec<(char, &(Event, Vec<u32>))> = Vec::new();
    found.extend(base.iter().filter(|e| !has(case, e.0.id)).map(|e| ('-', e)));
    found.extend(case.iter().map(|e| (if has(base, e.0.id) { '=' } else { '+' }, e)));
    found.retain(|(_, e)| e.0.time < last);
    found.sort_by(|a, b| a.1.0.time.total_cmp(&b.1.0.time).then(a.1.0.id.cmp(&b.1.0.id)));
    let name = |e: &Event| {
        let entity = model.kind_axis(e.kind).map_or("", |a| a.entities[e.entity as usize].as_str());
        (model.kind_names().nth(e.kind.index()).unwrap_or_default().to_owned(), entity.to_owned())
    };
    let month = |e: &Event| model.world().first().plus(e.time as i32).to_string();
    let from = |id: u64| {
        let parent = base.iter().chain(case).find(|e| e.0.id == id).map(|e| e.0)?;
        let (kind, entity) = name(&parent);
        Some(format!("{kind} {entity} {}", month(&parent)))
    };
    let line = |(change, (event, but_for)): (char, &(Event, Vec<u32>))| {
        let (kind, entity) = name(event);
        EventLine {
            month: month(event),
            time: event.time,
            kind,
            entity,
            size: event.size,
            change,
            id: format!("{:016x}", event.id),
            parent: event.parent.map(|id| from(id).unwrap_or_else(|| format!("{id:016x}"))),
            margin: event.margin.is_finite().then_some(event.margin),
            but_for: but_for.iter().map(|&l| model.links()[l as usize].id.clone()).collect(),
        }
    };
    found.into_iter().map(line).collect()
}
