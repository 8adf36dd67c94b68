//! Boxes in words, on 80 columns.

use std::collections::BTreeMap;

use oxus_engine::discover::{Checked, FoundBox, Limit, Part, Report};
use oxus_pack::Region;

use crate::output::number::plain;
use crate::output::rows::wrap;

/// Leaves told.
const LEAVES: usize = 3;

/// The whole page.
pub fn text(region: &Region, report: &Report) -> String {
    let units = Units::of(region, report);
    let mut out = head(region, report);
    for (at, found) in report.boxes.iter().enumerate() {
        out += &format!("\nBox {}\n", at + 1);
        out += &one(&units, report, found, "where ");
    }
    if report.boxes.is_empty() {
        out += "\nNo box: no restriction of the inputs searched makes it markedly more common.\n";
    }
    let leaves: Vec<&FoundBox> = report.leaves.iter().filter(|l| !l.limits.is_empty()).take(LEAVES).collect();
    if !leaves.is_empty() {
        out += "\nThe densest leaves of a tree over the same inputs\n";
        for leaf in leaves {
            out += &one(&units, report, leaf, "where ");
        }
    }
    out + LEGEND
}

const LEGEND: &str = "
density: the share of a box that goes wrong; coverage: the share of all that
goes wrong which the box holds; held out: draws that had no part in finding it,
with a 95 % interval (Wilson). quasi-p: how likely the box would be as dense
without the restriction; found again: share of resamples that restrict this
input at the same coverage, at the same density. Conditions go along with the
outcome in this model; they need not cause it.
";

fn head(region: &Region, report: &Report) -> String {
    let outcome = region.outcomes.get(&report.outcome);
    let mut title = outcome.map_or_else(|| report.outcome.clone(), |o| o.title.clone());
    if !report.entity.is_empty() && !title.contains(&report.entity) {
        title += &format!(" [{}]", report.entity);
    }
    let unit =
        outcome.map(|o| o.unit.to_string()).filter(|u| !matches!(u.as_str(), "1" | "index" | "share")).map_or_else(String::new, |u| format!(" {u}"));
    let of = if report.difference { format!("{} less baseline", report.case) } else { report.case.clone() };
    let mut out = paragraph(&format!("{title}: {of}, to {}", report.horizon), 0);
    let side = if report.above { "above" } else { "below" };
    let happens = outcome.is_some_and(|o| matches!(o.fold, oxus_pack::region::Fold::AnyAbove(_) | oxus_pack::region::Fold::RunAbove { .. }));
    let wrong = match (happens && !report.difference, report.above) {
        (true, true) => "it happens".to_owned(),
        (true, false) => "it does not happen".to_owned(),
        _ => format!("{side} {}{unit}", plain(report.threshold)),
    };
    let rows = if report.by_future { "futures" } else { "draws" };
    out += &paragraph(
        &format!(
            "Going wrong: {wrong}; {} of {} futures, in {} {rows} searched and {} held out; the {} of {} inputs that go along with it most",
            percent(report.base.0),
            plain(report.futures as f64),
            report.rows.0,
            report.rows.1,
            report.inputs.1,
            report.inputs.0
        ),
        0,
    );
    if region.content_hash != report.pack_hash {
        out += &paragraph("The run was made from another pack, or another state of this one: units are left out.", 0);
    }
    out
}

fn one(units: &Units, report: &Report, found: &FoundBox, lead: &str) -> String {
    let mut out = String::new();
    for (at, limit) in found.limits.iter().enumerate() {
        let lead = if at == 0 { lead } else { "and " };
        for (i, line) in wrap(&units.words(limit), 70).iter().enumerate() {
            out += &if i == 0 { format!("  {lead}{line}\n") } else { format!("      {line}\n") };
        }
        if let (Some(p), Some(again)) = (limit.quasi_p, limit.reproduced) {
            out += &format!("        quasi-p {}; found again {}, {}\n", p_value(p), percent(again.0), percent(again.1));
        }
    }
    let Part { density, coverage, rows, .. } = found.found;
    let all = report.rows.0;
    out += &paragraph(
        &format!("density {} (of all: {}), coverage {}, {rows} of {all} rows", percent(density), percent(report.base.0), percent(coverage)),
        2,
    );
    let held = found.held_out;
    let text = if held.rows == 0 {
        "held out: no row falls into it".to_owned()
    } else {
        let interval = format!("{} to {}", percent(held.interval.0), percent(held.interval.1));
        format!(
            "held out: density {} ({interval}; of all: {}), coverage {}, {} of {} rows",
            percent(held.density),
            percent(report.base.1),
            percent(held.coverage),
            held.rows,
            report.rows.1
        )
    };
    let verdict = match found.checked {
        Checked::Holds => "holds on draws that had no part in finding it",
        Checked::NotBorneOut => "NOT borne out by the held-out draws: it may be chance",
        Checked::TooFew => "too few held-out rows to tell",
    };
    out + &paragraph(&format!("{text}: {verdict}."), 2)
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "below 0.001".into() } else { format!("{p:.3}") }
}

fn percent(x: f64) -> String {
    if x.is_finite() { format!("{:.0} %", 100.0 * x) } else { "–".into() }
}

/// Units of inputs, by parameter id.
struct Units {
    by_parameter: BTreeMap<String, String>,
}

impl Units {
    /// As the model asks for them, where the run was made from this pack.
    fn of(region: &Region, report: &Report) -> Self {
        let mut by_parameter = BTreeMap::new();
        if region.content_hash == report.pack_hash
            && let Ok(model) = oxus_engine::model(region)
        {
            for (at, id) in model.parameter_ids().enumerate() {
                by_parameter.insert(id.to_owned(), model.parameter_use(at).1.to_owned());
            }
        }
        Self { by_parameter }
    }

    fn words(&self, limit: &Limit) -> String {
        if let Some(link) = limit.input.strip_prefix("links.") {
            return link_words(link, limit);
        }
        let (id, entity) = limit.input.split_once('/').map_or((limit.input.as_str(), None), |(id, e)| (id, Some(e)));
        let unit = self.by_parameter.get(id).filter(|u| u.as_str() != "1").map_or_else(String::new, |u| format!(" {u}"));
        let name = entity.map_or_else(|| id.to_owned(), |e| format!("{id} of {e}"));
        let (low, high) = limit.all;
        format!("{name} is {}{unit} (of {} to {})", range(limit), plain(low), plain(high))
    }
}

/// A link that does not exist has strength zero.
fn link_words(link: &str, limit: &Limit) -> String {
    match (limit.from, limit.to) {
        (Some(from), None) if from > 0.0 => format!("the link {link} exists and is stronger than {}", plain(from)),
        (None, Some(to)) if to < 0.0 => format!("the link {link} exists and is below {}", plain(to)),
        _ => format!("the link {link} has a strength {} (0 where it does not exist)", range(limit)),
    }
}

fn range(limit: &Limit) -> String {
    match (limit.from, limit.to) {
        (Some(from), Some(to)) => format!("between {} and {}", plain(from), plain(to)),
        (Some(from), None) => format!("above {}", plain(from)),
        (None, Some(to)) => format!("below {}", plain(to)),
        (None, None) => "anything".to_owned(),
    }
}

fn paragraph(text: &str, indent: usize) -> String {
    wrap(text, 78 - indent).iter().map(|line| format!("{:indent$}{line}\n", "")).collect()
}
