//! The page of back-tests, at 80 columns.

use std::collections::BTreeSet;

use oxus_analysis::scoring::MeanInterval;
use oxus_engine::study::score::backtest::{BackTest, Settings};
use oxus_engine::study::score::summary::{Reliability, Row, Verdict, ViewRow};
use oxus_pack::Region;

use crate::output::rows::wrap;

const RED: &str = "\u{1b}[31m";
const PLAIN: &str = "\u{1b}[0m";

/// What the page is made of.
pub(super) struct Page<'a> {
    pub region: &'a Region,
    pub settings: &'a Settings,
    pub test: &'a BackTest,
    pub rows: &'a [Row],
    pub views: &'a [ViewRow],
    pub reliability: Option<&'a Reliability>,
    /// Every horizon.
    pub all: bool,
}

impl Page<'_> {
    pub(super) fn text(&self, colour: bool) -> String {
        let mut out = self.head();
        for event in [false, true] {
            let rows: Vec<&Row> = self.rows.iter().filter(|r| r.event == event && (self.all || r.horizon.is_none())).collect();
            if !rows.is_empty() {
                out += &table(&rows, event, colour);
            }
        }
        out += &self.count();
        out += &self.diagram();
        out += &self.worldviews();
        out += &self.limits();
        out
    }

    fn head(&self) -> String {
        let years: Vec<String> = self.settings.origins.iter().map(i32::to_string).collect();
        let states: BTreeSet<&str> =
            self.test.scored.iter().filter(|s| self.region.states.contains_key(&s.entity)).map(|s| s.entity.as_str()).collect();
        let mut out = paragraph(&format!(
            "{}: forecasts from the ends of {}, up to {} years ahead, values up to {}; {}",
            self.region.identity.title,
            years.join(", "),
            self.settings.horizon,
            self.region.identity.origin.year(),
            states.into_iter().collect::<Vec<_>>().join(" ")
        ));
        out += &paragraph(&format!("{} futures each, seed {}", self.settings.design.members(), self.settings.design.seed));
        out
    }

    fn count(&self) -> String {
        let wholes: Vec<&Row> = self.rows.iter().filter(|r| r.horizon.is_none()).collect();
        let of = |v: Verdict| wholes.iter().filter(|r| r.verdict() == v).map(|r| r.series.as_str()).collect::<Vec<_>>();
        let (beats, loses, open) = (of(Verdict::Beats), of(Verdict::Loses), of(Verdict::Open));
        let mut out =
            format!("\nOf {} series: {} beat their baseline, {} lose, {} cannot be told\n", wholes.len(), beats.len(), loses.len(), open.len());
        if !loses.is_empty() {
            out += &paragraph(&format!("Loses on {}.", loses.join(", ")));
        }
        if !self.test.constant.is_empty() {
            let list: Vec<&str> = self.test.constant.iter().map(String::as_str).collect();
            out += &paragraph(&format!("Not counted, because they never change: {}.", list.join("; ")));
        }
        let sum = |map: &std::collections::BTreeMap<usize, u32>| map.values().sum::<u32>();
        let (short, gaps) = (sum(&self.test.unscored), sum(&self.test.unobserved));
        if short + gaps > 0 {
            out += &paragraph(&format!(
                "Not scored: {short} forecasts whose past is shorter than four unbroken years up to the origin, {gaps} for which the series has no value. Gaps are not filled."
            ));
        }
        out
    }

    fn diagram(&self) -> String {
        let Some(reliability) = self.reliability else { return String::new() };
        let mut out = "\nReliability of all chances of events\n".to_owned();
        let width = reliability.bins.len() as f64;
        for (b, bin) in reliability.bins.iter().enumerate() {
            let Some(share) = bin.share() else { continue };
            out += &format!(
                "  {:>3.0} to {:>3.0} %: {:>4} forecasts, mean {:>4.1} %, happened {:>5.1} %\n",
                100.0 * b as f64 / width,
                100.0 * (b + 1) as f64 / width,
                bin.forecasts,
                100.0 * bin.mean_probability,
                100.0 * share
            );
        }
        let m = reliability.murphy;
        out += &format!("  Brier parts: reliability {:.4}, resolution {:.4}, uncertainty {:.4}\n", m.reliability, m.resolution, m.uncertainty);
        out
    }

    fn worldviews(&self) -> String {
        if self.views.is_empty() {
            return String::new();
        }
        let mut out = "\nViews against the pooled default (score less its score; below 0 is better)\n".to_owned();
        out += &format!("{:<24}{:>27}{:>27}\n", "", "numbers", "events");
        // a view that is the default in every number says nothing
        let telling: Vec<&ViewRow> = self.views.iter().filter(|r| [&r.numbers, &r.events].into_iter().flatten().any(|m| m.mean != 0.0)).collect();
        for row in &telling {
            let cell = |m: &Option<MeanInterval>| m.as_ref().map_or_else(|| "-".to_owned(), |m| difference(m, 4));
            out += &format!("{:<24}{:>27}{:>27}\n", row.view, cell(&row.numbers), cell(&row.events));
            if row.separated() {
                out += "  the past separates it from the pooled default\n";
            }
        }
        if telling.iter().any(|r| r.separated()) {
            let pairs = 2 * telling.len();
            out += &paragraph(&format!(
                "The past cannot separate the others. The intervals are not corrected for {pairs} comparisons: about one in twenty leaves out 0 by chance."
            ));
        } else {
            out += "The past cannot separate these.\n";
        }
        out
    }

    fn limits(&self) -> String {
        let mut out = String::from("\nHow each origin was started\n");
        for start in &self.test.starts {
            let (borrowed, anew, later) = (start.borrowed.len(), start.anew.len(), start.later.len());
            out += &item(&format!(
                "{}: {anew} parameters estimated anew, {borrowed} values at the origin borrowed from other states, {later} parameters kept that were estimated on later data",
                start.origin
            ));
        }
        for (what, reason) in &self.region.restart.without {
            out += &item(&format!("{what} is not scored: {reason}"));
        }
        if !self.test.left_out.is_empty() {
            out += &item(&format!("Not forecast, because no variable measures them: {}.", self.test.left_out.join(", ")));
        }
        out += &paragraph(
            "Judged numbers, links and claims are those of the pack; their makers knew what happened after each origin. The intervals resample whole states and are too narrow for so few (five give about 85 % for 95).",
        );
        out
    }
}

fn table(rows: &[&Row], event: bool, colour: bool) -> String {
    let what = if event {
        "Chances of events: Brier score; log: mean logarithmic score"
    } else {
        "Numbers: CRPS in units of a state's mean yearly change before the origin"
    };
    let last = if event { "log" } else { "in 80 %" };
    let mut out = format!("\n{what}\n{:<27}{:>4}{:>6}{:>6}{:>7}{:>22}{:>8}\n", "", "n", "model", "base", "skill", "difference (95 %)", last);
    for row in rows {
        let name = row.horizon.map_or_else(|| row.series.clone(), |h| format!("  {h} year{}", if h == 1 { "" } else { "s" }));
        let end = row.coverage.map(|c| format!("{:.0} %", 100.0 * c)).or(row.log_score.map(|l| format!("{l:.2}"))).unwrap_or_default();
        let skill = row.skill.map_or_else(|| "-".to_owned(), percent);
        let (model, base) = (number(row.model), number(row.baseline));
        let line = format!("{name:<27}{:>4}{model:>6}{base:>6}{skill:>7}{:>22}{end:>8}", row.forecasts, difference(&row.difference, 2));
        // a long name takes a line of its own
        let line = if name.len() > 27 { format!("{name}\n{:27}{}", "", &line[name.len()..]) } else { line };
        let loses = row.verdict() == Verdict::Loses;
        out += &match (loses, colour) {
            (true, true) => format!("{RED}{line}{PLAIN}\n"),
            _ => format!("{line}\n"),
        };
        if row.horizon.is_some() {
            let mut names: Vec<&str> = row.baselines.iter().map(String::as_str).collect();
            names.dedup();
            out += &format!("      against {}\n", names.join(", then "));
        }
    }
    out + "skill: 1 - model / baseline; below 0 the model is worse (red on a terminal where\nthe interval excludes 0)\n"
}

/// Three digits that matter, whole from 100.
fn number(x: f64) -> String {
    if x.abs() >= 100.0 { format!("{x:.0}") } else { format!("{x:.2}") }
}

/// A skill in whole percent with its sign; what is lower than the table has room for is said to be so.
fn percent(skill: f64) -> String {
    let whole = (100.0 * skill).round() as i64;
    match whole {
        0 => "0 %".to_owned(),
        ..=-1000 => "<-999 %".to_owned(),
        _ => format!("{whole:+} %"),
    }
}

/// A mean difference with its interval, or why there is none.
fn difference(m: &MeanInterval, digits: usize) -> String {
    match m.interval {
        Some((low, high)) => format!("{:+.digits$} ({low:+.digits$} {high:+.digits$})", m.mean),
        None => format!("{:+.digits$} ({} < 4 states)", m.mean, m.blocks),
    }
}

fn paragraph(text: &str) -> String {
    wrap(text, 78).iter().map(|line| format!("{line}\n")).collect()
}

fn item(text: &str) -> String {
    wrap(text, 76).iter().enumerate().map(|(i, line)| format!("{}{line}\n", if i == 0 { "- " } else { "  " })).collect()
}
