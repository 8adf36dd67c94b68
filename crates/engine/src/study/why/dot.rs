//! The chains as a graph in the DOT language of Graphviz.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::report::{Report, Sort, Step, Verdict};

/// Steps on chains and redundant causes: shocks as boxes, links as arrows' labels of their own, what is not confirmed dashed.
pub fn dot(report: &Report) -> String {
    let mut lines = BTreeSet::new();
    let (case, outcome) = (quoted(&report.case_title), quoted(&report.outcome_title));
    lines.insert(format!("  {case} [shape=box, style=bold];"));
    lines.insert(format!("  {outcome} [shape=box, style=bold];"));
    for chain in &report.chains {
        let mut before = case.clone();
        for &at in &chain.steps {
            let step = &report.steps[at];
            lines.insert(node(step));
            let here = quoted(&step.title);
            lines.insert(format!("  {before} -> {here};"));
            before = here;
        }
        lines.insert(format!("  {before} -> {outcome};"));
    }
    for joint in &report.joint {
        for pair in joint.steps.windows(2) {
            let [a, b] = [pair[0], pair[1]].map(|s| &report.steps[s]);
            lines.insert(node(a));
            lines.insert(node(b));
            let label = quoted(&format!("together {:.0} %", 100.0 * joint.together.share));
            lines.insert(format!("  {} -> {} [dir=none, style=dotted, label={label}];", quoted(&a.title), quoted(&b.title)));
        }
    }
    let mut out = String::from(
        "// bold: shock and outcome; boxes: parts of the shock; ellipses: links; plain: inside mechanisms; dotted: redundant\ndigraph why {\n  rankdir=LR;\n",
    );
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    out + "}\n"
}

fn node(step: &Step) -> String {
    let shape = match step.sort {
        Sort::Shock => "box",
        Sort::Link => "ellipse",
        Sort::Mechanism | Sort::Events => "plain",
    };
    let claims: Vec<&str> = step.claims.iter().map(|c| c.id.as_str()).collect();
    let share = step.necessity.map_or_else(String::new, |n| format!("\n{:.0} % goes without it", 100.0 * n.share));
    let claims = if claims.is_empty() { String::new() } else { format!("\n{}", claims.join(" ")) };
    let style = if step.verdict == Verdict::NotConfirmed { ", style=dashed" } else { "" };
    format!("  {} [shape={shape}{style}, label={}];", quoted(&step.title), quoted(&format!("{}{share}{claims}", step.title)))
}

/// A DOT string: quotes, backslashes and line ends escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
