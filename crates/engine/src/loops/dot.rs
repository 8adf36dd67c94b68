//! The loops as a graph in the DOT language of Graphviz.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::report::{Report, Step};

/// Steps of the reported loops: mechanisms dashed, links solid, each with its gain; links also with their claims.
pub fn dot(report: &Report) -> String {
    let mut lines = BTreeSet::new();
    // a link that several loops pass is one edge, with the largest of its gains: with a trend reference they differ by what comes before
    let mut links: BTreeMap<&str, &Step> = BTreeMap::new();
    for step in report.loops.iter().flat_map(|l| &l.steps) {
        lines.insert(format!("  {} [shape=box];", quoted(&step.from)));
        lines.insert(format!("  {} [shape=box];", quoted(&step.to)));
        lines.insert(format!("  {} [shape=ellipse];", quoted(&step.source)));
        let label = quoted(&format!("{} {:+.2}", step.inside.join(", "), step.inside_gain));
        lines.insert(format!("  {} -> {} [style=dashed, label={label}];", quoted(&step.from), quoted(&step.source)));
        let largest = links.entry(&step.link).or_insert(step);
        if step.link_gain.abs() > largest.link_gain.abs() {
            *largest = step;
        }
    }
    for step in links.values() {
        let label = quoted(&format!("{} {:+.2}", step.claims.join(" "), step.link_gain));
        lines.insert(format!("  {} -> {} [label={label}];", quoted(&step.source), quoted(&step.to)));
    }
    let mut out =
        String::from("// modifiers are boxes, variables ellipses; dashed: inside mechanisms; solid: a link\ndigraph loops {\n  rankdir=LR;\n");
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    out + "}\n"
}

/// A DOT string: quotes and backslashes escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
