//! `oxus audit`: the source's arithmetic done again, departures from the default table, contradictions.

use oxus_diag::{Diagnostic, codes};
use oxus_engine::audit::{Contradictions, Departures, Finding, Verdict, contradictions, departures, findings};
use serde_json::json;

use crate::args::{Audit, Common};
use crate::output::failure::{Failure, print};
use crate::output::number::plain;
use crate::output::rows::wrap;
use crate::pack;

const WIDTH: usize = 78;

/// Prints what was asked for: the arithmetic, unless a list is.
pub fn run(args: &Audit, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let region = loaded.region;
    print(loaded.warnings, &loaded.sources, common);
    let arithmetic = !(args.departures || args.contradictions);
    let found = arithmetic.then(|| findings(&region));
    let departed = args.departures.then(|| departures(&region));
    let denied = args.contradictions.then(|| contradictions(&region));
    if found.as_ref().is_some_and(Vec::is_empty) {
        let problem = Diagnostic::error(codes::E010, "the pack has no arithmetic of its source to check");
        return Err(Failure::of(
            problem.expected("an `audit.toml` with at least one reckoning").help("`oxus audit --departures` and `--contradictions` need none"),
        ));
    }
    if common.json {
        println!("{:#}", json!({ "pack": region.identity.id, "findings": found, "departures": departed, "contradictions": denied }));
        return Ok(());
    }
    let parts: Vec<String> = [found.map(|f| told(&f)), departed.map(|d| departing(&d)), denied.map(|c| denying(&c))].into_iter().flatten().collect();
    print!("{}", parts.join("\n"));
    Ok(())
}

fn told(findings: &[Finding]) -> String {
    let count = |v: Verdict| findings.iter().filter(|f| f.verdict == v).count();
    let mut out = format!(
        "The source's arithmetic: {} reckonings; {} hold, {} do not, {} follow",
        findings.len(),
        count(Verdict::Holds),
        count(Verdict::DoesNotHold),
        count(Verdict::Follows)
    );
    out += &match count(Verdict::CannotBeTold) {
        0 => "\n".to_owned(),
        n => format!(", {n} cannot be told\n"),
    };
    for f in findings {
        out += "\n";
        out += &item(&f.id, &f.says, 6);
        out += &paragraph(&format!("{}: {}", f.verdict.words(), f.finding), 6);
        if let Some(tolerance) = &f.tolerance {
            out += &paragraph(tolerance, 6);
        }
        out += &paragraph(&format!("{}; from {}", f.at.join(", "), f.rests_on.join(", ")), 6);
    }
    out
}

fn departing(d: &Departures) -> String {
    let head = format!("Strengths set by hand: {} of {} links; the others follow from the words of their claims", d.hand_set.len(), d.links);
    let mut out = paragraph(&head, 0);
    for h in &d.hand_set {
        let words = h.by_words.map_or_else(|| "nothing".into(), plain);
        out += "\n";
        let text = format!("({}) {} where the table of words gives {words}; {}", h.claims.join(" "), plain(h.set), h.status);
        out += &item(&h.link, &text, 6);
        out += &paragraph(h.reason.as_deref().unwrap_or("no reason given"), 6);
        let works = if h.works.is_empty() { "no work is cited for it".to_owned() } else { h.works.join(", ") };
        let in_time = if h.source_in_time { "" } else { "; a source from before the as-of day is needed" };
        out += &paragraph(&format!("{works}{in_time}"), 6);
    }
    out += &format!("\nNumbers that views put in place of the pack's: {} (of {} parameters)\n", d.in_views.len(), d.parameters);
    for v in &d.in_views {
        let pack = v.pack.map_or_else(|| "nothing".into(), plain);
        out += &item(&v.parameter, &format!("in view {}: {} for {pack} {}; {}", v.view, plain(v.mean), v.unit, v.status), 6);
    }
    out
}

fn denying(c: &Contradictions) -> String {
    let mut out = format!("Claims that cannot hold together: {} pairs\n", c.pairs.len());
    for pair in &c.pairs {
        out += "\n";
        for side in &pair.sides {
            out += &item(&side.claim, &format!("{} ({}; {})", side.says, side.claimant, side.at.join(", ")), 6);
        }
        if let Some(link) = &pair.contested_in {
            out += &paragraph(&format!("one side is drawn in each draw: {link}"), 6);
        }
    }
    out += &format!("\nWhat the source leaves open: {} items\n", c.open.len());
    for open in &c.open {
        out += "\n";
        out += &item(&open.id, &open.says, 6);
        let between = if open.between.is_empty() { String::new() } else { format!("between {}; ", open.between.join(", ")) };
        let why = open.why.as_ref().map_or_else(String::new, |w| format!(": {w}"));
        out += &paragraph(&format!("{between}held as {}{why}; {}", open.held, open.at.join(", ")), 6);
    }
    out
}

/// An id with a text beside it, or below it where the id is longer than the column.
fn item(id: &str, text: &str, column: usize) -> String {
    let below = paragraph(text, column);
    if id.chars().count() < column { format!("{id:<column$}{}", &below[column..]) } else { format!("{id}\n{below}") }
}

/// Indented lines of at most the page's width.
fn paragraph(text: &str, indent: usize) -> String {
    wrap(text, WIDTH - indent).iter().map(|line| format!("{}{line}\n", " ".repeat(indent))).collect()
}
