//! The outcome table: two lines an outcome, 80 columns; the same rows as JSON.

use oxus_analysis::{Likelihood, Paired};
use oxus_engine::confidence::{Confidence, confidence};
use oxus_engine::run::Finished;
use oxus_pack::Region;
use oxus_pack::region::BadIf;
use oxus_units::Month;
use serde::Serialize;

use super::number::{chance, plain, points, signed};

/// One outcome of one case against the baseline.
#[derive(Debug, Serialize)]
pub struct Row {
    /// Case.
    pub case: String,
    /// Outcome id.
    pub outcome: String,
    /// Entity, empty where outcomes combine entities.
    pub entity: String,
    /// End of the period.
    pub horizon: String,
    /// Title for people.
    pub title: String,
    /// Unit; `probability` for outcomes that happen or not.
    pub unit: String,
    /// Mean of the baseline.
    pub baseline: f64,
    /// Mean of the case.
    pub scenario: f64,
    /// Mean difference.
    pub difference: f64,
    /// Half-width of the 95 % Monte Carlo interval of the difference, clustered by draw.
    pub monte_carlo: f64,
    /// 10 % and 90 % of the draw-level differences.
    pub spread: (f64, f64),
    /// How many times fewer runs pairing needs.
    pub runs_saved: f64,
    /// The most it could save, for outcomes that happen or not.
    pub runs_saved_ceiling: Option<f64>,
    /// Share of the draws that agree on the sign.
    pub sign_agreement: f64,
    /// Words for both chances (ICD 203).
    pub likelihood: Option<(String, String)>,
    /// Confidence, apart from likelihood.
    pub confidence: String,
    /// Why.
    pub confidence_because: String,
    /// Which way is worse.
    pub worse: Option<bool>,
    /// 10, 50 and 90 % quantiles of the baseline and the case.
    pub quantiles: [(f64, f64, f64); 2],
}

/// Rows of all cases but the baseline at one horizon, in the pack's order of outcomes.
pub fn rows(region: &Region, finished: &Finished<'_>, horizon: Month) -> Vec<Row> {
    let mut rows = Vec::new();
    let only_baseline = finished.ensemble.cases.len() == 1;
    for (c, case) in finished.ensemble.cases.iter().enumerate().skip(usize::from(!only_baseline)) {
        for (k, cell) in finished.ensemble.outcomes.cells.iter().enumerate().filter(|(_, cell)| cell.horizon == horizon) {
            let (Some(summary), Some(outcome)) = (finished.summary.row(c, k), region.outcomes.get(&cell.outcome)) else { continue };
            let p = summary.paired;
            let (level, because) = confidence(region, finished.ensemble.model, &cell.outcome, &p);
            let words = |x| Likelihood::of(x).words().to_owned();
            let ceiling = Paired::binary_ceiling(p.baseline, p.scenario);
            rows.push(Row {
                case: case.case.to_string(),
                outcome: cell.outcome.clone(),
                entity: cell.entity.clone(),
                horizon: cell.horizon.to_string(),
                title: outcome.title.clone(),
                unit: if cell.binary { "probability".into() } else { outcome.unit.to_string() },
                baseline: p.baseline,
                scenario: p.scenario,
                difference: p.difference,
                monte_carlo: p.monte_carlo,
                spread: p.spread,
                runs_saved: p.runs_saved,
                runs_saved_ceiling: (cell.binary && ceiling.is_finite()).then_some(ceiling),
                sign_agreement: p.sign_agreement,
                likelihood: cell.binary.then(|| (words(p.baseline), words(p.scenario))),
                confidence: level.word().into(),
                confidence_because: because,
                worse: match (outcome.bad_if, p.difference) {
                    (_, 0.0) | (BadIf::Either, _) => None,
                    (BadIf::Higher, d) => Some(d > 0.0),
                    (BadIf::Lower, d) => Some(d < 0.0),
                },
                quantiles: [summary.baseline, summary.case].map(|q| (q[1], q[3], q[5])),
            });
        }
    }
    rows
}

const TITLE: usize = 39;

/// The table of the baseline alone: mean and 10, 50, 90 % of the futures.
pub fn levels(rows: &[&Row]) -> String {
    let mut out = format!("{:<TITLE$}{:>11}{:>30}\n", "", "mean", "10, 50, 90 % of futures");
    for row in rows {
        let (mean, spread) = match &row.likelihood {
            Some((words, _)) => (chance(row.baseline, row.confidence == Confidence::Low.word()), words.clone()),
            None => {
                let (low, middle, high) = row.quantiles[0];
                (plain(row.baseline), format!("{}, {}, {}", plain(low), plain(middle), plain(high)))
            }
        };
        for (i, line) in wrap(&title(row), TITLE - 1).iter().enumerate() {
            out += &if i == 0 { format!("{line:<TITLE$}{mean:>11}{spread:>30}\n") } else { format!("{line}\n") };
        }
    }
    out
}

/// The table of one case as text.
pub fn text(rows: &[&Row]) -> String {
    let mut out = String::new();
    out += &format!("{:<TITLE$}{:>11}{:>11}{:>19}\n", "", "baseline", "scenario", "difference (95 %)");
    for row in rows {
        let unmoved = row.difference == 0.0 && row.spread == (0.0, 0.0);
        let (a, b, d) = if unmoved {
            let value = if row.likelihood.is_some() { chance(row.baseline, row.confidence == Confidence::Low.word()) } else { plain(row.baseline) };
            (value.clone(), value, "none in any".to_owned())
        } else if row.likelihood.is_some() {
            let assumed = row.confidence == Confidence::Low.word();
            let d = format!("{} pt ± {:.1}", points(row.difference), 100.0 * row.monte_carlo);
            (chance(row.baseline, assumed), chance(row.scenario, assumed), d)
        } else {
            (plain(row.baseline), plain(row.scenario), format!("{} ± {}", signed(row.difference), plain(row.monte_carlo)))
        };
        for (i, line) in wrap(&title(row), TITLE - 1).iter().enumerate() {
            if i == 0 {
                out += &format!("{line:<TITLE$}{a:>11}{b:>11}{d:>19}\n");
            } else {
                out += &format!("{line}\n");
            }
        }
        for line in wrap(&if unmoved { String::new() } else { small_print(row) }, 76).iter().filter(|l| !l.is_empty()) {
            out += &format!("    {line}\n");
        }
    }
    out
}

fn title(row: &Row) -> String {
    let mut title = row.title.clone();
    if !row.entity.is_empty() && !title.contains(&row.entity) {
        title += &format!(" [{}]", row.entity);
    }
    if row.likelihood.is_none() && !matches!(row.unit.as_str(), "1" | "index" | "events" | "share") {
        title += &format!(", {}", row.unit);
    }
    title
}

fn small_print(row: &Row) -> String {
    let (low, high) = row.spread;
    let (low, high) = if row.likelihood.is_some() { (points(low), points(high)) } else { (signed(low), signed(high)) };
    let words = match &row.likelihood {
        Some((a, b)) if a == b => format!("{a}; "),
        Some((a, b)) => format!("{a} -> {b}; "),
        None => String::new(),
    };
    let saved = if row.runs_saved < 1000.0 { format!("{:.1}x", row.runs_saved) } else { "over 1,000x".into() };
    format!("{words}draws {low} to {high}; runs saved {saved}; confidence {}", row.confidence)
}

/// Breaks a line at spaces so that no part is longer than `width` characters (a longer word stays whole).
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |l| l.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
