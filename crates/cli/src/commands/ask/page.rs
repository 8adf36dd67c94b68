//! The page that answers a question: bottom line, what moved most beside where it stood, and how far to trust it.

use oxus_pack::Region;
use oxus_pack::region::Question;
use oxus_units::Month;

use super::levels::Level;
use crate::output::number::{chance, plain, points, signed};
use crate::output::rows::{Row, wrap};

/// Lines of a page, about.
const LINES: usize = 60;
/// Most rows, outcomes for one entity each.
const ROWS: usize = 12;
/// Rows shown even when none of them moves by more than chance.
const LEAST: usize = 4;
/// Cases in a row; the others are counted.
const CASES: usize = 5;
/// Columns.
const WIDTH: usize = 79;

/// What a page tells.
pub struct Page<'a> {
    /// The question.
    pub question: &'a Question,
    /// The region.
    pub region: &'a Region,
    /// All rows at the horizon.
    pub rows: &'a [Row],
    /// Where each outcome stood.
    pub levels: &'a [Level],
    /// Futures.
    pub members: u32,
    /// End of the period.
    pub horizon: Month,
    /// What the bottom line has to say for itself.
    pub caution: Option<&'static str>,
}

/// The table of a page.
pub struct Table<'a> {
    /// As text.
    pub text: String,
    /// All cases of the outcomes and entities in it.
    pub shown: Vec<&'a Row>,
}

/// One outcome for one entity under all cases.
struct Line<'a> {
    rows: Vec<&'a Row>,
    /// Largest change in deviations of the outcome, among cases that move it clearly if there are any.
    moved: f64,
    clear: bool,
}

/// Whether the change is larger than its 95 % Monte Carlo interval.
fn clear(row: &Row) -> bool {
    row.difference.abs() > row.monte_carlo
}

/// The change in standard deviations of the outcome over futures: of a share of futures, or from the 10 and 90 % quantiles of a normal.
fn moved(row: &Row) -> f64 {
    let deviation = |p: f64, (low, _, high): (f64, f64, f64)| {
        if row.likelihood.is_some() { (p * (1.0 - p)).max(0.0).sqrt() } else { (high - low) / 2.563 }
    };
    let spread = deviation(row.baseline, row.quantiles[0]).max(deviation(row.scenario, row.quantiles[1]));
    match (row.difference, spread) {
        (0.0, _) => 0.0,
        (_, spread) if spread > 0.0 => row.difference.abs() / spread,
        _ => f64::INFINITY,
    }
}

/// Title with the entity, where the title does not name it.
pub fn label(row: &Row) -> String {
    if row.entity.is_empty() || row.title.contains(&row.entity) { row.title.clone() } else { format!("{} [{}]", row.title, row.entity) }
}

fn unit(row: &Row) -> String {
    if row.likelihood.is_some() || matches!(row.unit.as_str(), "1" | "index" | "share") { String::new() } else { row.unit.clone() }
}

fn value(row: &Row, x: f64) -> String {
    if row.likelihood.is_some() { chance(x, row.confidence == "low") } else { plain(x) }
}

fn change(row: &Row) -> String {
    if row.likelihood.is_some() { format!("{} pt", points(row.difference)) } else { signed(row.difference) }
}

fn paragraph(out: &mut String, text: &str) {
    wrap(text, WIDTH).iter().for_each(|line| *out += &format!("{line}\n"));
}

impl<'a> Page<'a> {
    /// The question, its cases and the bottom line.
    pub fn head(&self) -> String {
        let mut out = String::new();
        let identity = &self.region.identity;
        paragraph(&mut out, &self.question.asks);
        out += &format!("{} futures, {} to {}; as known on {} (historical)\n\n", self.members, identity.origin.plus(1), self.horizon, identity.as_of);
        for (id, title) in self.parts() {
            for (n, line) in wrap(&title, WIDTH - 6).iter().enumerate() {
                out += &format!("{:<6}{line}\n", if n == 0 { id } else { "" });
            }
        }
        out.push('\n');
        paragraph(&mut out, &self.bottom_line());
        out.push('\n');
        out
    }

    /// Scenarios, levers and views of the cases, each once.
    fn parts(&self) -> Vec<(&'a str, String)> {
        let mut parts: Vec<(&str, String)> = Vec::new();
        let cases = self.question.cases.iter().map(|n| n.id.as_str());
        for id in cases.flat_map(|case| case.split(['+', '@'])).map(|part| part.split('=').next().unwrap_or(part)) {
            if let Some(scenario) = self.region.scenarios.get(id)
                && !parts.iter().any(|(known, _)| *known == id)
            {
                parts.push((&scenario.id, scenario.title.clone()));
            }
        }
        if !self.question.views.is_empty() {
            let views: Vec<&str> = self.question.views.iter().map(|n| n.id.as_str()).collect();
            parts.push(("@", format!("as a view sees it: {}", views.join(", "))));
        }
        parts
    }

    /// The largest clear change of all, in deviations of its outcome.
    pub fn top(&self) -> Option<&'a Row> {
        self.rows.iter().filter(|row| clear(row)).max_by(|a, b| moved(a).total_cmp(&moved(b)))
    }

    fn bottom_line(&self) -> String {
        let Some(top) = self.top() else {
            return "Bottom line: none of these cases moves any of these outcomes by more than chance in this many futures.".into();
        };
        let words = top.likelihood.as_ref().map_or(String::new(), |(x, y)| if x == y { format!(" ({x} in both)") } else { format!(" ({x} to {y})") });
        let unit = unit(top);
        let caution = self.caution.map_or(String::new(), |text| format!(" {text}"));
        format!(
            "Bottom line: the largest clear change is in \"{}\" under {}: {} to {}{}{words}; {:.0} % of the draws agree on the direction. Confidence {}: {}.{caution}",
            label(top),
            top.case,
            value(top, top.baseline),
            value(top, top.scenario),
            if unit.is_empty() { unit } else { format!(" {unit}") },
            100.0 * top.sign_agreement,
            top.confidence,
            top.confidence_because
        )
    }

    /// One line for each outcome and entity, in the order of the rows.
    fn lines(&self) -> Vec<Line<'a>> {
        let mut lines: Vec<Line<'a>> = Vec::new();
        for row in self.rows {
            match lines.iter_mut().find(|l| l.rows[0].outcome == row.outcome && l.rows[0].entity == row.entity) {
                Some(line) => line.rows.push(row),
                None => lines.push(Line { rows: vec![row], moved: 0.0, clear: false }),
            }
        }
        for line in &mut lines {
            line.clear = line.rows.iter().any(|row| clear(row));
            let counted = line.rows.iter().filter(|row| clear(row) || !line.clear);
            line.moved = counted.map(|row| moved(row)).fold(0.0, f64::max);
        }
        lines
    }

    /// What moved most relative to its spread over futures, every outcome that moves clearly at least once, as much as the page holds.
    pub fn table(&self) -> Table<'a> {
        let lines = self.lines();
        let mut order: Vec<usize> = (0..lines.len()).collect();
        order.sort_by(|&a, &b| lines[b].clear.cmp(&lines[a].clear).then(lines[b].moved.total_cmp(&lines[a].moved)));
        // the first of each outcome, then the others
        let mut seen: Vec<&str> = Vec::new();
        let (mut chosen, others): (Vec<usize>, Vec<usize>) = order.iter().partition(|&&n| {
            let outcome = lines[n].rows[0].outcome.as_str();
            let first = lines[n].clear && !seen.contains(&outcome);
            if first {
                seen.push(outcome);
            }
            first
        });
        chosen.extend(others);
        chosen.truncate(lines.iter().filter(|line| line.clear).count().clamp(LEAST, ROWS));
        let room = LINES.saturating_sub(self.head().lines().count() + self.foot().lines().count());
        loop {
            let text = self.of_lines(&lines, &chosen);
            if text.lines().count() <= room || chosen.len() <= LEAST {
                let shown = chosen.iter().flat_map(|&n| lines[n].rows.iter().copied()).collect();
                return Table { text, shown };
            }
            chosen.pop();
        }
    }

    /// The table of the chosen lines, with what is left out.
    fn of_lines(&self, lines: &[Line<'a>], chosen: &[usize]) -> String {
        let mut sorted = chosen.to_vec();
        sorted.sort_by(|&a, &b| lines[b].clear.cmp(&lines[a].clear).then(lines[b].moved.total_cmp(&lines[a].moved)));
        let mut outcomes: Vec<&str> = Vec::new();
        for &n in &sorted {
            let outcome = lines[n].rows[0].outcome.as_str();
            if !outcomes.contains(&outcome) {
                outcomes.push(outcome);
            }
        }
        let (mut text, mut out) = (String::new(), lines.len());
        for outcome in &outcomes {
            let shown: Vec<&Line<'a>> = sorted.iter().map(|&n| &lines[n]).filter(|line| line.rows[0].outcome == *outcome).collect();
            let of_outcome = lines.iter().enumerate().filter(|(_, line)| line.rows[0].outcome == *outcome);
            let others: Vec<&Line<'a>> = of_outcome.filter(|(n, _)| !chosen.contains(n)).map(|(_, line)| line).collect();
            text += &self.block(&shown, &others);
            out -= shown.len() + others.len();
        }
        text.push('\n');
        let still = lines.iter().filter(|line| !line.clear && !outcomes.contains(&line.rows[0].outcome.as_str()));
        let still: Vec<String> = still.map(|line| format!("{} {}", label(line.rows[0]), value(line.rows[0], line.rows[0].baseline))).collect();
        if !still.is_empty() && still.len() <= ROWS {
            out -= still.len();
            paragraph(&mut text, &format!("No clear change in any case, at the baseline's: {}.", still.join("; ")));
        }
        if out > 0 {
            paragraph(
                &mut text,
                &format!("{out} of {} rows are left out: `oxus ask {} --all` shows every row and case.", lines.len(), self.question.id),
            );
        } else {
            paragraph(&mut text, &format!("`oxus ask {} --all` shows every row and case.", self.question.id));
        }
        let legend = "A year stands before the last observation, now for the first month of the run. In brackets: change from the baseline in the same futures; ~ is within chance.";
        paragraph(&mut text, legend);
        text
    }

    /// One outcome: a title, a line for each entity that moved, and the others together.
    fn block(&self, chosen: &[&Line<'a>], others: &[&Line<'a>]) -> String {
        let mut out = String::new();
        let Some(first) = chosen.first().map(|line| line.rows[0]) else { return out };
        let unit = unit(first);
        paragraph(&mut out, &if unit.is_empty() { first.title.clone() } else { format!("{}, {unit}", first.title) });
        for line in chosen {
            let row = line.rows[0];
            let mut text = if row.entity.is_empty() { String::new() } else { format!("{}: ", row.entity) };
            text += &self.before(row);
            text += &cases(line);
            wrap(&text, WIDTH - 4).iter().enumerate().for_each(|(n, part)| out += &format!("{}{part}\n", if n == 0 { "  " } else { "    " }));
        }
        if !others.is_empty() {
            let list: Vec<String> =
                others.iter().map(|line| format!("{} {}", line.rows[0].entity, value(line.rows[0], line.rows[0].baseline))).collect();
            let what = if others.iter().any(|line| line.clear) { "moved less, baseline" } else { "no clear change, baseline" };
            wrap(&format!("{what}: {}", list.join(", ")), WIDTH - 4).iter().for_each(|part| out += &format!("  {part}\n"));
        }
        out
    }

    /// History, now and baseline of a row.
    fn before(&self, row: &Row) -> String {
        let level = self.levels.iter().find(|l| l.outcome == row.outcome && l.entity == row.entity);
        let history = level.and_then(|l| l.history.as_ref()).map_or(String::new(), |h| format!("{} {}, ", h.period, plain(h.value)));
        let now = level.and_then(|l| l.now).map_or(String::new(), |x| format!("now {}, ", plain(x)));
        format!("{history}{now}baseline {}", value(row, row.baseline))
    }

    /// The pack's remark and how far to trust the page.
    pub fn foot(&self) -> String {
        let mut out = String::from("\n");
        if let Some(note) = &self.question.note {
            paragraph(&mut out, note);
            out.push('\n');
        }
        let low = self.rows.iter().filter(|r| r.confidence == "low").count();
        let text = format!(
            "Confidence, apart from likelihood, is low for {low} of {} numbers. A simulation of what a report written in 2013 claims, not a prediction of single events; claims that no link or mechanism carries are not in it.",
            self.rows.len()
        );
        paragraph(&mut out, &text);
        out
    }
}

/// The cases of a row: those that move it clearly, largest first, or the largest of those that do not.
fn cases(line: &Line<'_>) -> String {
    let mut rows: Vec<&Row> = line.rows.iter().copied().filter(|row| clear(row) || !line.clear).collect();
    let still = line.rows.len() - rows.len();
    rows.sort_by(|a, b| b.difference.abs().total_cmp(&a.difference.abs()));
    let more = rows.len().saturating_sub(CASES);
    rows.truncate(CASES);
    let mut out = String::new();
    for row in rows {
        let mark = if clear(row) { "" } else { "~" };
        out += &format!("; {} {} ({mark}{})", row.case, value(row, row.scenario), change(row));
    }
    match (more, still) {
        (0, 0) => {}
        (0, n) => out += &format!("; {n} other {} within chance", if n == 1 { "case" } else { "cases" }),
        (n, _) => out += &format!("; {n} more that move it less"),
    }
    out
}

#[cfg(test)]
mod tests;
