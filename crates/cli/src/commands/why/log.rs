//! One future, event by event.

use oxus_engine::study::why::{Asked, EventLine, FutureLog};
use oxus_pack::Region;

use crate::output::number::plain;
use crate::output::rows::wrap;

/// Lines of the log beside which events of both cases are left out.
const ALL_UP_TO: usize = 40;

/// The log.
pub fn text(region: &Region, asked: &Asked, log: &FutureLog) -> String {
    let title = region.outcomes.get(&asked.outcome).map_or(asked.outcome.as_str(), |o| o.title.as_str());
    let mut out = format!(
        "Future {},{} (draw, replicate), seed {}: {} against the {}\n",
        log.draw, log.replicate, asked.design.seed, asked.case, asked.baseline
    );
    for (entity, base, case) in &log.outcomes {
        let entity = if entity.is_empty() { String::new() } else { format!(" [{entity}]") };
        let line = format!("{title}{entity}, to {}: {} in the baseline, {} in the case", asked.horizon, plain(*base), plain(*case));
        wrap(&line, 78).iter().for_each(|l| out += &format!("{l}\n"));
    }
    let differ = log.events.iter().filter(|e| e.change != '=').count();
    let both = log.events.len() - differ;
    out += &format!("\n{differ} events in one of the two alone, {both} in both\n\n");
    let shown = log.events.iter().filter(|e| e.change != '=' || log.events.len() <= ALL_UP_TO);
    shown.for_each(|event| out += &line(event));
    out + "\n+ in the case alone, - in the baseline alone, = in both; margin: logs of the\nrate by which it happened; but for: links without any one of which it would\nnot have.\n"
}

fn line(event: &EventLine) -> String {
    let mut text = format!("{} {}", event.kind, event.entity);
    text += &format!(", size {}", plain(event.size));
    if let Some(margin) = event.margin {
        text += &format!(", margin {margin:.2}");
    }
    if let Some(parent) = &event.parent {
        text += &format!(", after {parent}");
    }
    if !event.but_for.is_empty() {
        text += &format!("; but for {}", event.but_for.join(", "));
    }
    let first = format!("{} {}  ", event.change, event.month);
    let lines = wrap(&text, 67);
    lines.iter().enumerate().map(|(n, l)| if n == 0 { format!("{first}{l}\n") } else { format!("           {l}\n") }).collect()
}
