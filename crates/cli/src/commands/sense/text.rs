//! The study on 80 columns.

use oxus_analysis::sensitivity::Index;
use oxus_engine::study::sense::{CHANCE, FEWEST_ROWS, Found, Report, Share, Table};
use oxus_pack::Region;

use crate::output::number::{plain, signed};
use crate::output::rows::wrap;

/// Half-width that a share is asked to have before it is told as a number in a sentence, and what more rows are reckoned for.
const TARGET: f64 = 0.1;
/// Half-width past which a share says little.
const VAGUE: f64 = 0.2;
const NAME: usize = 39;
/// Groups whose shares stay below this, interval included, are counted and not listed.
const SMALL: f64 = 0.015;
/// Half-width past which no number is told.
const NOTHING: f64 = 0.5;

/// Everything: in brief (a few lines an outcome), or table by table.
pub fn text(region: &Region, report: &Report, brief: bool) -> String {
    let mut out = head(region, report);
    for found in &report.outcomes {
        out += &if brief { in_brief(region, report, found) } else { in_full(region, report, found) };
    }
    if !report.constant.is_empty() {
        let names: Vec<String> =
            report.constant.iter().map(|(o, e)| if e.is_empty() { title(region, o, "", false) } else { title(region, o, e, false) }).collect();
        out += &paragraph(&format!("The same in every row, so that there is nothing to explain: {}.", names.join("; ")), 0);
    }
    out += &too_few(report);
    out + if brief { BRIEF } else { LEGEND }
}

const LEGEND: &str = "
alone: the part of the variance that would go, on average, if this were known
(first order). with interplay: the part that would stay if all else were known
(total order). of the rest: alone, as a part of what is not chance. ± 95 %
bootstrap intervals over base rows. Parts with interplay add up to more than
100 %. All of it is about this model: a number that no one doubted has no part.
";

const BRIEF: &str = "
of the rest: the part of the variance that is not chance and would go if these
were known; ± 95 % bootstrap intervals. `--outcome ID` tells one in full.
";

fn head(region: &Region, report: &Report) -> String {
    let mut out = format!("{}, as known on {} (historical)\n", region.identity.title, region.identity.as_of);
    let of = match &report.case {
        Some(case) => format!("of the difference {case} makes to the same future"),
        None => "of the baseline".to_owned(),
    };
    out += &paragraph(&format!("What the variance {of} rests on, to {}", report.horizon), 0);
    out += &paragraph(
        &format!(
            "{} uncertain inputs screened on {} trajector{}; {} base rows; {} futures in all; seed {}",
            plain(report.inputs as f64),
            report.trajectories,
            if report.trajectories == 1 { "y" } else { "ies" },
            report.rows,
            plain(report.simulated as f64 * if report.case.is_some() { 2.0 } else { 1.0 }),
            report.seed
        ),
        0,
    );
    out
}

fn in_full(region: &Region, report: &Report, found: &Found) -> String {
    let mut out = format!("\n{}", paragraph(&title(region, &found.outcome, &found.entity, found.binary), 0));
    out += &level(report, found);
    out += &format!("\n{:<NAME$}{:>12}{:>16}{:>13}\n", "", "alone", "with interplay", "of the rest");
    for (table, heading) in [
        (Table::Chance, ""),
        (Table::Evidence, "by what it rests on"),
        (Table::Mechanism, "by mechanism (its numbers, links that arrive)"),
        (Table::Input, "leading inputs"),
        (Table::Claim, "leading claims (their links and numbers)"),
    ] {
        let mut shares: Vec<&Share> = found.shares.iter().filter(|s| s.table == table).collect();
        shares.sort_by(|a, b| b.total.value.total_cmp(&a.total.value));
        let counts = |s: &&&Share| table == Table::Chance || s.total.value + s.total.half_width >= SMALL;
        let shown: Vec<&&Share> = shares.iter().filter(counts).collect();
        if shares.is_empty() {
            continue;
        }
        if !heading.is_empty() {
            out += &format!("{heading}\n");
        }
        for share in &shown {
            out += &row(region, share);
        }
        let single = matches!(table, Table::Input | Table::Claim);
        if shown.is_empty() {
            out += "  none above 1 %\n";
        } else if !single && shown.len() < shares.len() {
            out += &format!("  {} more below 1 %\n", shares.len() - shown.len());
        }
    }
    out += "\n";
    out + &sentence(found)
}

fn level(report: &Report, found: &Found) -> String {
    let mean = if report.case.is_some() { signed(found.mean) } else { plain(found.mean) };
    let mut out = format!("mean {mean}, standard deviation over futures {}", plain(found.deviation));
    if found.lost > 0 {
        out += &format!("; {} base rows lost to failures", found.lost);
    }
    paragraph(&out, 0)
}

fn row(region: &Region, share: &Share) -> String {
    let name = match share.table {
        Table::Chance => "chance (events and shocks)".to_owned(),
        Table::Evidence | Table::Mechanism => format!("{} ({})", share.name, share.inputs),
        Table::Input => share.name.clone(),
        Table::Claim => {
            let says = region.claims.get(&share.name).map_or("", |c| c.says.as_str());
            format!("{} {says}", share.name)
        }
    };
    let rest = if share.name == CHANCE { String::new() } else { percent(&share.of_knowable) };
    let lines = wrap(&name, NAME - 3);
    // two lines of what a claim says are enough to know it by
    let many = if share.table == Table::Claim { 2 } else { lines.len() };
    let mut out = String::new();
    for (i, line) in lines.iter().take(many).enumerate() {
        let line = if i + 1 == many && many < lines.len() { format!("{line} …") } else { line.clone() };
        out += &match i {
            0 => format!("  {line:<width$}{:>12}{:>16}{rest:>13}\n", percent(&share.first), percent(&share.total), width = NAME - 2),
            _ => format!("    {line}\n"),
        };
    }
    out
}

/// A share in percent with its interval; a wide one is marked.
fn percent(index: &Index) -> String {
    if !index.value.is_finite() || !index.half_width.is_finite() {
        return "cannot tell".into();
    }
    // an estimate may fall below zero by chance: it is told as it is; adding zero takes the sign off a zero
    let value = (100.0 * index.value).round() + 0.0;
    let mark = if index.half_width > VAGUE { "~" } else { "" };
    if index.half_width > NOTHING { "cannot tell".into() } else { format!("{mark}{value:.0} % ±{:.0}", 100.0 * index.half_width) }
}

/// One sentence an analyst may quote, or why not.
fn sentence(found: &Found) -> String {
    if found.chance.half_width > VAGUE || found.chance.half_width.is_nan() {
        return paragraph(&format!("How much of this variance is chance cannot be told from {} base rows.", found.rows), 0);
    }
    let chance = format!("{:.0} % of this variance is chance (± {:.0})", within(found.chance.value), 100.0 * found.chance.half_width);
    let assumed = found.shares.iter().find(|s| s.table == Table::Evidence && s.name == "assumed numbers");
    let text = match assumed {
        Some(s) if s.of_knowable.half_width <= VAGUE => {
            let (value, width) = (within(s.of_knowable.value), 100.0 * s.of_knowable.half_width);
            format!("{chance}; of the rest {value:.0} % rests on assumed numbers alone (± {width:.0}).")
        }
        Some(s) => {
            let (alone, with) = (within(s.first.value), within(s.total.value));
            let clear = s.first.half_width.max(s.total.half_width) <= VAGUE;
            let text = if clear {
                format!("; {alone:.0} % of all of it rests on assumed numbers alone, {with:.0} % with their interplay")
            } else {
                String::new()
            };
            format!("{chance}{text}; their part of what is not chance cannot be told from {} base rows.", found.rows)
        }
        None => format!("{chance}; no assumed number enters."),
    };
    paragraph(&text, 0)
}

/// In percent, without what only an estimate can do: fall below nothing or rise above all.
fn within(share: f64) -> f64 {
    100.0 * share.clamp(0.0, 1.0)
}

fn in_brief(region: &Region, report: &Report, found: &Found) -> String {
    let mut out = format!("\n{}", paragraph(&title(region, &found.outcome, &found.entity, found.binary), 0));
    out += &paragraph(&format!("{}; chance {}", level(report, found).trim(), percent(&found.chance)), 2);
    let of = |table: Table| {
        let mut shares: Vec<&Share> = found.shares.iter().filter(|s| s.table == table).collect();
        shares.sort_by(|a, b| b.first.value.total_cmp(&a.first.value));
        // what its own interval does not tell from nothing is not named
        shares.retain(|s| s.first.value > s.first.half_width);
        shares.iter().take(3).map(|s| format!("{} {}", s.name, percent(&s.of_knowable))).collect::<Vec<_>>().join(", ")
    };
    let rest: Vec<String> = [Table::Evidence, Table::Mechanism, Table::Input].into_iter().map(of).filter(|text| !text.is_empty()).collect();
    let rest = if rest.is_empty() { "of the rest: nothing beyond its interval".to_owned() } else { format!("of the rest: {}", rest.join("; ")) };
    out + &paragraph(&rest, 2)
}

/// What more rows would be needed, in words.
fn too_few(report: &Report) -> String {
    let shares = report.outcomes.iter().flat_map(|f| &f.shares).filter(|s| matches!(s.table, Table::Chance | Table::Evidence));
    let indices = shares.flat_map(|s| [s.first, s.total]).filter(|i| i.half_width.is_finite());
    let widest = indices.max_by(|a, b| a.half_width.total_cmp(&b.half_width));
    let Some(widest) = widest else { return String::new() };
    let times = widest.times_for(TARGET);
    let mut text = String::new();
    if report.rows < FEWEST_ROWS {
        text += &format!("{} base rows are too few for an interval to mean anything: {FEWEST_ROWS} are the least. ", report.rows);
    }
    if times > 1.05 {
        // a power of two keeps the points stratified
        let rows = (f64::from(report.rows) * times).min(1e9).ceil() as u64;
        text += &format!(
            "The widest interval among chance and the kinds of evidence is ± {:.0} points; ± {:.0} needs some {} base rows (--rows {}).",
            100.0 * widest.half_width,
            100.0 * TARGET,
            plain(rows as f64),
            rows.next_power_of_two()
        );
        if widest.half_width > NOTHING {
            text += " A variance that hangs on a few extreme futures is slow to show what it rests on.";
        }
    }
    if text.is_empty() { text } else { format!("\n{}", paragraph(&text, 0)) }
}

fn title(region: &Region, outcome: &str, entity: &str, binary: bool) -> String {
    let Some(found) = region.outcomes.get(outcome) else { return outcome.to_owned() };
    let mut title = found.title.clone();
    if !entity.is_empty() && !title.contains(entity) {
        title += &format!(" [{entity}]");
    }
    let unit = found.unit.to_string();
    if !binary && !matches!(unit.as_str(), "1" | "index" | "events" | "share") {
        title += &format!(", {unit}");
    }
    title
}

fn paragraph(text: &str, indent: usize) -> String {
    wrap(text, 78 - indent).iter().map(|line| format!("{:indent$}{line}\n", "")).collect()
}
