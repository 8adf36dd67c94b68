//! `oxus coverage --directions`: what raising each claim's cause does to its effect in the whole model.

use oxus_diag::Sources;
use oxus_engine::study::directions::{Asked, Direction, Part, RATE, Verdict, directions};
use oxus_engine::study::probe::Probe;
use oxus_pack::Region;

use crate::args::{Common, Coverage as Args};
use crate::commands::run::{design, threads, view};
use crate::output::failure::Failure;
use crate::output::number::{plain, signed};
use crate::output::progress::Progress;
use crate::output::rows::wrap;

/// Futures when none are asked for: an effect of a fifth of a member's spread is then seen four times in five (two-sided, 5 %).
const MEMBERS: u32 = 256;

/// Runs the probes and prints them.
pub(super) fn run(args: &Args, region: &Region, sources: Sources, common: &Common) -> Result<(), Failure> {
    threads(args.threads)?;
    let view = view(args.view.as_deref(), region)?;
    // one future a draw: the spread of what is believed is part of the answer
    let design = design(region, Some(args.members.unwrap_or(MEMBERS)), None, Some(1), args.seed);
    let part = if args.links_off { Part::Mechanisms } else { Part::Total };
    let choose = |probe: &Probe| {
        let claim = region.claims.get(&probe.claim);
        args.role.as_ref().is_none_or(|role| claim.is_some_and(|c| c.role.word() == role))
    };
    let progress = Progress::new(design.members());
    let rows = directions(region, Asked { design, part, view }, &choose, &progress);
    progress.end();
    let rows = match rows {
        Ok(rows) => rows,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    if common.json {
        let document = serde_json::json!({
            "pack": region.identity.id, "members": design.members(), "seed": design.seed, "links_off": args.links_off,
            "view": view, "false_discovery_rate": RATE, "directions": rows,
        });
        println!("{document:#}");
        return Ok(());
    }
    show(region, &rows, design.members(), args.links_off);
    Ok(())
}

fn show(region: &Region, rows: &[Direction], members: u32, links_off: bool) {
    let part = if links_off { "mechanisms alone, all links off" } else { "the whole model" };
    let lead = format!(
        "Each claim's cause held one deviation higher in {part}, {members} futures against the same ones without it; the mean effect over the \
         months up to the claim's horizon. Seen: false-discovery rate at most {:.0} % over all claims together.",
        100.0 * RATE
    );
    wrap(&lead, 78).iter().for_each(|l| println!("{l}"));
    println!();
    println!("{:<6}{:<42}{:>16} {:>5} {}", "claim", "raised -> watched, months", "effect (95 %)", "agree", "claimed");
    for row in rows {
        let on = row.on.as_ref().map_or_else(String::new, |e| format!(" [{e}]"));
        let what = format!("{}{on} {} {}, {}", row.raise, arrow(&row.claimed), row.watch, row.after);
        let effect = if row.verdict == Verdict::Unmoved { "0".to_owned() } else { format!("{} ± {}", signed(row.effect), plain(row.monte_carlo)) };
        let agree = if row.sign_agreement.is_finite() { format!("{:.0} %", 100.0 * row.sign_agreement) } else { "–".into() };
        for (i, line) in wrap(&what, 41).iter().enumerate() {
            if i == 0 {
                println!("{:<6}{line:<42}{effect:>16} {agree:>5} {}", row.claim, short(row.verdict));
            } else {
                println!("      {line}");
            }
        }
    }
    println!();
    for verdict in [Verdict::AsClaimed, Verdict::Reversed, Verdict::NotSeen, Verdict::Unmoved, Verdict::NoDirection] {
        let of: Vec<&str> = rows.iter().filter(|r| r.verdict == verdict).map(|r| r.claim.as_str()).collect();
        let list = if verdict == Verdict::AsClaimed { String::new() } else { format!(": {}", of.join(", ")) };
        if !of.is_empty() {
            wrap(&format!("{} {}{list}", of.len(), verdict.words()), 78).iter().for_each(|l| println!("{l}"));
        }
    }
    for row in rows.iter().filter(|r| r.verdict == Verdict::Reversed) {
        let says = region.claims.get(&row.claim).map_or("", |c| c.says.as_str());
        wrap(&format!("Finding: {} says \"{says}\"; in this model the total effect goes the other way (q = {}).", row.claim, plain(row.q)), 78)
            .iter()
            .for_each(|l| println!("{l}"));
    }
    let weak: Vec<String> = rows.iter().filter(|r| r.push.abs() < 0.5).map(|r| format!("{} ({:.2})", r.claim, r.push)).collect();
    if !weak.is_empty() {
        wrap(&format!("Bounds left room for less than half a deviation: {}.", weak.join(", ")), 78).iter().for_each(|l| println!("{l}"));
    }
    let lost: usize = rows.iter().map(|r| r.lost).max().unwrap_or(0);
    if lost > 0 {
        println!("Pushed to their bounds, up to {lost} futures of a claim could not be simulated.");
    }
}

fn arrow(claimed: &str) -> &'static str {
    match claimed {
        "+" => "-(+)->",
        "-" => "-(-)->",
        "0" => "-(0)->",
        "saturating" => "-(flattens)->",
        _ => "->",
    }
}

fn short(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::AsClaimed => "yes",
        Verdict::Reversed => "REVERSED",
        Verdict::NotSeen => "unclear",
        Verdict::Unmoved => "unmoved",
        Verdict::NoDirection => "–",
    }
}
