//! The answer on 80 columns: the effect, the chains, what each step shows and where it stands in the source, redundant causes.

use oxus_engine::study::why::{Chain, Genealogy, Joint, Necessity, Probability, Report, Sort, Step, Verdict};

use crate::output::number::{chance, plain, points, signed};
use crate::output::rows::wrap;

/// Chains told step by step.
const TOLD: usize = 3;
/// Width of the page.
const WIDTH: usize = 78;

/// The page.
pub fn text(report: &Report, all: bool) -> String {
    let mut out = head(report);
    if !report.effect.is_clear() {
        return out + &nothing(report);
    }
    if let Some(n) = &report.links_together {
        let rest = "what stays passes inside mechanisms";
        out += &format!("\n{}", paragraph(&format!("All links cut together: {} of the effect goes; {rest}.", share(n.share, n.half_width)), "", ""));
    }
    let on_chains: Vec<usize> = report.chains.iter().flat_map(|c| c.steps.iter().copied()).collect();
    if report.chains.is_empty() {
        out += "\nNo chain of steps from the shock to the outcome is confirmed in this model.\n";
    }
    for (n, chain) in report.chains.iter().enumerate() {
        out += &chain_text(report, n, chain);
    }
    let redundant_ones = |s: usize| report.joint.iter().any(|j| j.redundant && j.steps.contains(&s));
    let rest = (0..report.steps.len()).filter(|&s| !on_chains.contains(&s) && !redundant_ones(s));
    let (carrying, other): (Vec<usize>, Vec<usize>) = rest.partition(|&s| report.steps[s].verdict != Verdict::NotConfirmed);
    if !carrying.is_empty() {
        out += "\nAlso beyond chance\n";
        carrying.iter().for_each(|&s| out += &row(report, s));
    }
    out += &redundant(report);
    out += &unconfirmed(report, &other, all);
    out += &sources(report, &on_chains);
    out + &legend(report)
}

fn paragraph(text: &str, first: &str, next: &str) -> String {
    let width = WIDTH - next.chars().count();
    wrap(text, width).iter().enumerate().map(|(n, line)| format!("{}{line}\n", if n == 0 { first } else { next })).collect()
}

fn head(report: &Report) -> String {
    let e = &report.effect;
    let entity = if report.entity.is_empty() { String::new() } else { format!(" [{}]", report.entity) };
    let mut out = paragraph(&format!("{}{entity}, to {}", report.outcome_title, report.horizon), "", "");
    out += &paragraph(&format!("{} {}, against the {}", report.case, report.case_title, report.baseline), "", "");
    out += &format!("{} futures of {} draws, seed {}\n\n", e.members, e.draws, report.seed);
    let values = if report.binary {
        let (a, b) = (chance(e.baseline, false), chance(e.case, false));
        format!("{a} in the baseline, {b} in the case: {} points ± {:.1}", points(e.difference), 100.0 * e.monte_carlo)
    } else {
        let (a, b) = (plain(e.baseline), plain(e.case));
        format!("{a} in the baseline, {b} in the case: {} ± {} {}", signed(e.difference), plain(e.monte_carlo), unit(report))
    };
    out += &paragraph(values.trim_end(), "", "");
    if report.chosen_of > 1 {
        out += &paragraph(&format!("the clearest difference of {} entities; --entity takes another", report.chosen_of), "", "");
    }
    if let Some(p) = &report.necessity_of_case {
        out += &paragraph(
            &format!("Of the futures in which {}, the share in which it does not in the baseline: {}", happens(report), probability(p)),
            "",
            "",
        );
    }
    out
}

fn happens(report: &Report) -> &'static str {
    if report.effect.difference > 0.0 { "it happens in the case" } else { "it stays away in the case" }
}

fn unit(report: &Report) -> &str {
    if matches!(report.unit.as_str(), "1" | "index" | "events" | "share") { "" } else { &report.unit }
}

fn nothing(report: &Report) -> String {
    let e = &report.effect;
    let text = match e.needed {
        None => format!("No future of these {} differs: there is nothing to explain.", e.members),
        Some(needed) => format!(
            "The 95 % interval holds 0: the difference cannot be told from none, and nothing is explained. If it stays what it is, about {} \
             futures ({} more) would tell it.",
            plain(needed as f64),
            plain(needed.saturating_sub(e.members) as f64)
        ),
    };
    format!("\n{}", paragraph(&text, "", ""))
}

fn chain_text(report: &Report, n: usize, chain: &Chain) -> String {
    let name = if n == 0 { "Strongest chain".to_owned() } else { format!("Chain {}", n + 1) };
    let mut out = format!("\n{name}\n");
    let titles: Vec<&str> = std::iter::once(report.case_title.as_str()).chain(chain.steps.iter().map(|&s| report.steps[s].title.as_str())).collect();
    out += &paragraph(&format!("{} -> {}", titles.join(" -> "), outcome(report)), "  ", "  ");
    if n < TOLD {
        chain.steps.iter().for_each(|&s| out += &row(report, s));
    }
    if let Some(alone) = &chain.alone {
        let mut text = format!(
            "alone, with {} of other chains cut: {} of the effect stays",
            count(alone.cut.len(), "step"),
            share(alone.share, alone.half_width)
        );
        if let Some(p) = &alone.probability {
            text += &format!("; sufficient in {}", probability(p));
        }
        out += &paragraph(&text, "  ", "    ");
    }
    out
}

fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn outcome(report: &Report) -> String {
    let way = match (report.binary, report.effect.difference > 0.0) {
        (true, true) => "more often",
        (true, false) => "less often",
        (false, true) => "higher",
        (false, false) => "lower",
    };
    format!("{}, {way}", report.outcome_title)
}

fn share(x: f64, half: f64) -> String {
    let half = if half.is_finite() { format!(" ± {:.0}", 100.0 * half) } else { String::new() };
    // no minus before a zero
    let x = if (100.0 * x).round() == 0.0 { 0.0 } else { x };
    format!("{:.0}{half} %", 100.0 * x)
}

fn probability(p: &Probability) -> String {
    let percent = |x: f64| format!("{:.0}", 100.0 * x);
    if p.coupled.is_nan() {
        return "–".into();
    }
    format!("{} % (any coupling: {} to {} %)", percent(p.coupled), percent(p.bounds.0), percent(p.bounds.1))
}

/// A step: what it is and what goes without it.
fn row(report: &Report, at: usize) -> String {
    let step = &report.steps[at];
    let mark = at + 1;
    let sort = match step.sort {
        Sort::Shock => "part of the shock".to_owned(),
        Sort::Link => format!("link {}", step.passes),
        Sort::Mechanism => format!("in {}", step.passes),
        Sort::Events => format!("events of {}", step.passes),
    };
    let mut out = paragraph(&format!("{} ({sort})", step.title), &format!("  {mark:>2}  "), "      ");
    out += &paragraph(&shows(step), "      ", "      ");
    out
}

fn shows(step: &Step) -> String {
    let Some(n) = &step.necessity else { return "the whole shock".into() };
    let mut text = format!("{}; {}", gone(n), step.verdict.words());
    if let Some(strength) = &step.strength {
        let lag = if strength.lag > 0.0 { format!(", delay {:.0} months", strength.lag) } else { String::new() };
        text +=
            &format!("; there in {:.0} % of draws with mean strength {}{lag} ({})", 100.0 * strength.exists, signed(strength.mean), strength.status);
    }
    text
}

fn gone(n: &Necessity) -> String {
    if !n.testable {
        return "the model does not run with it cut".into();
    }
    let mut text = format!("cut, {} of the effect goes", share(n.share, n.half_width));
    if let Some(p) = &n.probability {
        text += &format!("; necessary in {}", probability(p));
    }
    text
}

fn redundant(report: &Report) -> String {
    let mut out = String::new();
    for joint in &report.joint {
        out += &joint_text(report, joint);
    }
    if out.is_empty() { out } else { format!("\nRedundant causes: together more than each alone\n{out}") }
}

fn joint_text(report: &Report, joint: &Joint) -> String {
    let names: Vec<String> = joint.steps.iter().map(|&s| format!("{} [{}]", report.steps[s].title, s + 1)).collect();
    let alone: Vec<String> = joint
        .steps
        .iter()
        .map(|&s| report.steps[s].necessity.as_ref().map_or_else(|| "all".into(), |n| format!("{:.0} %", 100.0 * n.share)))
        .collect();
    let beyond = joint.beyond.map_or_else(String::new, |(x, half, _)| format!(", {} more than the sum", share(x, half)));
    let text = format!(
        "{}: alone {}; together {}{beyond}",
        names.join(" and "),
        alone.join(" and "),
        share(joint.together.share, joint.together.half_width)
    );
    paragraph(&text, "  - ", "    ")
}

fn unconfirmed(report: &Report, steps: &[usize], all: bool) -> String {
    let mut out = String::from("\nNot confirmed in this model\n");
    let links: Vec<&Step> = steps.iter().map(|&s| &report.steps[s]).filter(|s| s.sort == Sort::Link).collect();
    if all {
        steps.iter().for_each(|&s| out += &row(report, s));
    } else {
        let changes = |s: &&Step| s.necessity.is_some_and(|n| n.share != 0.0 || n.half_width > 0.0);
        let one = |s: &&Step| s.necessity.as_ref().map_or_else(|| s.id.clone(), |n| format!("{} ({})", s.id, share(n.share, n.half_width)));
        let named: Vec<String> = links.iter().copied().filter(|s| changes(s)).map(|s| one(&s)).collect();
        if !named.is_empty() {
            out += &paragraph(&format!("links cut in turn: {}", named.join(", ")), "  ", "    ");
        }
        if links.len() > named.len() {
            out += &format!("  {} cut in turn, in no future any change\n", count(links.len() - named.len(), "link"));
        }
        let shock: Vec<usize> = steps.iter().copied().filter(|&s| report.steps[s].sort == Sort::Shock).collect();
        shock.iter().for_each(|&s| out += &row(report, s));
        let others = steps.len() - links.len() - shock.len();
        if others > 0 {
            out += &format!("  {} inside mechanisms (--all lists them)\n", count(others, "step"));
        }
    }
    let mut reasons: Vec<&str> = report.ruled_out.iter().map(|r| r.because).collect();
    reasons.dedup();
    for reason in reasons {
        let ids: Vec<&str> = report.ruled_out.iter().filter(|r| r.because == reason).map(|r| r.id.as_str()).collect();
        let shown = if all { format!(": {}", ids.join(", ")) } else { String::new() };
        let weak = report.untested_together.filter(|_| reason.contains("budget"));
        let together = weak.map_or_else(String::new, |n| format!("; cut together, {} of the effect goes", share(n.share, n.half_width)));
        out += &paragraph(&format!("{} not tested in turn, {reason}{shown}{together}", count(ids.len(), "link")), "  ", "    ");
    }
    out
}

/// What the source says of the steps on chains; steps that stand for the same claims are told together.
fn sources(report: &Report, steps: &[usize]) -> String {
    let mut told: Vec<usize> = steps.to_vec();
    told.sort_unstable();
    told.dedup();
    let ids = |s: usize| report.steps[s].claims.iter().map(|c| c.id.as_str()).collect::<Vec<_>>();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for s in told.into_iter().filter(|&s| !(report.steps[s].claims.is_empty() && report.steps[s].notes.is_empty())) {
        match groups.iter_mut().find(|g| !ids(s).is_empty() && ids(g[0]) == ids(s)) {
            Some(group) => group.push(s),
            None => groups.push(vec![s]),
        }
    }
    let mut out = String::new();
    for group in groups {
        let numbers: Vec<String> = group.iter().map(|s| (s + 1).to_string()).collect();
        out += &format!("  {}\n", numbers.join(", "));
        for claim in &report.steps[group[0]].claims {
            let text = format!("{}: {} ({}; {}; at {})", claim.id, claim.says, claim.claimant, claim.evidence, claim.at.join(", "));
            out += &paragraph(&text, "    ", "      ");
        }
        for &s in &group {
            let own = if group.len() > 1 { format!("{}: ", s + 1) } else { String::new() };
            report.steps[s].notes.iter().for_each(|note| out += &paragraph(&format!("{own}{note}"), "    ", "      "));
        }
    }
    if out.is_empty() { out } else { format!("\nIn the source\n{out}") }
}

fn legend(report: &Report) -> String {
    let tested = report.steps.len();
    let text = format!(
        "Cut: held to what it does in the baseline of the same future, everything else as in the case. {tested} of {} steps that respond were tested, \
         the strongest for their distance from the outcome; a step counts at a false-discovery rate of 5 % over them. Intervals are Monte Carlo, 95 %, \
         clustered by draw. These are statements about this model, not about the world.",
        report.responding.max(tested)
    );
    format!("\n{}", paragraph(&text, "", ""))
}

/// The page of `--mode genealogy`.
pub fn genealogy(found: &Genealogy) -> String {
    let mut out = paragraph(
        &format!("{}{}, to {}", found.outcome, if found.entity.is_empty() { String::new() } else { format!(" [{}]", found.entity) }, found.horizon),
        "",
        "",
    );
    out += &paragraph(
        &format!("{} against the baseline; {} futures of {} draws; events of {}", found.case, found.members, found.draws, found.kind),
        "",
        "",
    );
    let e = &found.effect;
    out += &format!("{} in the baseline, {} in the case: {} ± {}\n", plain(e.baseline), plain(e.case), signed(e.difference), plain(e.monte_carlo));
    out += "\nWhat goes with a link's events and their offspring, feedback frozen\n";
    for row in &found.links {
        let text = format!("{}: {} ± {} in the case, {} in the baseline", row.id, plain(row.case), plain(row.half_width), plain(row.baseline));
        out += &paragraph(&text, "  ", "    ");
    }
    if found.links.is_empty() {
        out += "  no link is in a but-for set of any event\n";
    }
    let text = format!(
        "Of the case's events there {:.0} % were triggered by others; {:.0} % of the rest would have happened without any single link.",
        100.0 * found.triggered,
        100.0 * found.by_themselves
    );
    out += &format!("\n{}", paragraph(&text, "", ""));
    out
}

#[cfg(test)]
mod tests;
