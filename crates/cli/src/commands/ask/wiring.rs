//! Beside a bottom line: how far it rests on the links.

use oxus_engine::Watch;
use oxus_engine::run::{Request, RunError};
use oxus_engine::study::wiring;
use oxus_pack::Region;
use oxus_units::Month;
use serde::Serialize;

use super::page::{Page, label};
use crate::output::number::{points, signed};
use crate::output::rows::{Row, wrap};

/// Outcomes shown at most.
const MOST: usize = 4;

/// The study of the case that the bottom line is about, for the outcomes that it moves most.
#[derive(Debug, Serialize)]
pub struct Wiring {
    case: String,
    members: u32,
    packs: u32,
    placebo_members: u32,
    links: usize,
    links_assumed: usize,
    rows: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    outcome: String,
    entity: String,
    title: String,
    binary: bool,
    /// Differences as believed, without links, without assumed links, halved, doubled.
    differences: [f64; 5],
    /// 95 % Monte Carlo half-width of the first.
    monte_carlo: f64,
    sign_agreement: f64,
    /// The part that links carry, the 90 % bar of placebo packs, the share of packs that carry less.
    placebo: Option<(f64, f64, f64)>,
    verdict: &'static str,
}

/// Runs the study for what the page shows; `None` where nothing moves clearly.
pub fn study(region: &Region, request: &Request, page: &Page<'_>, shown: &[&Row], watch: &dyn Watch) -> Result<Option<Wiring>, RunError> {
    let Some(top) = page.top() else { return Ok(None) };
    let mut wanted: Vec<&Row> = shown.iter().copied().filter(|row| row.case == top.case && row.difference.abs() > row.monte_carlo).collect();
    wanted.sort_by_key(|row| (row.outcome != top.outcome) || (row.entity != top.entity));
    wanted.truncate(MOST);
    let Some(case) = request.cases.iter().find(|c| c.to_string() == top.case) else { return Ok(None) };
    let base = oxus_engine::Case { view: case.view.clone(), ..oxus_engine::Case::default() };
    let mut outcomes: Vec<String> = wanted.iter().map(|row| row.outcome.clone()).collect();
    outcomes.dedup();
    let asked = Request { cases: vec![base, case.clone()], outcomes, horizons: vec![page.horizon], ..request.clone() };
    let short = until(region, page.horizon);
    let model = oxus_engine::model(&short)?;
    let effort = wiring::Effort::of(request.design);
    let found = wiring::study(&short, &model, &asked, effort, watch)?;
    let line = |row: &&Row| {
        let at = found.cells.iter().position(|c| c.outcome == row.outcome && c.entity == row.entity)?;
        let weighed = found.rows.iter().find(|w| w.cell == at)?;
        let all = [weighed.believed, weighed.without_links, weighed.without_assumed, weighed.halved, weighed.doubled];
        Some(Line {
            outcome: row.outcome.clone(),
            entity: row.entity.clone(),
            title: label(row),
            binary: row.likelihood.is_some(),
            differences: all.map(|p| p.difference),
            monte_carlo: weighed.believed.monte_carlo,
            sign_agreement: weighed.believed.sign_agreement,
            placebo: weighed.placebo.map(|p| (p.part, p.bar, p.smaller)),
            verdict: weighed.verdict().words(),
        })
    };
    Ok(Some(Wiring {
        case: top.case.clone(),
        members: found.members,
        packs: effort.packs,
        placebo_members: found.placebo_members,
        links: found.links.0,
        links_assumed: found.links.1,
        rows: wanted.iter().filter_map(line).collect(),
    }))
}

/// The region up to a month: what happens in it is the same as in the whole run.
fn until(region: &Region, horizon: Month) -> Region {
    let mut short = region.clone();
    short.identity.last = horizon.min(short.identity.last);
    short
}

/// Futures that the study will simulate, for the progress bar.
pub fn futures(request: &Request) -> u32 {
    wiring::Effort::of(request.design).futures()
}

impl Wiring {
    /// Columns of differences that say something: where every size is judged, links that were measured are no links.
    fn columns(&self) -> impl Iterator<Item = usize> + use<> {
        let all_judged = self.links_assumed == self.links;
        (0..5).filter(move |at| *at != 2 || !all_judged)
    }

    /// What the bottom line has to say for itself, if anything.
    pub fn caution(&self) -> Option<&'static str> {
        self.rows
            .first()
            .filter(|top| top.verdict == wiring::Verdict::Arbitrary.words())
            .map(|_| "What links carry of it is not distinguishable from arbitrary wiring.")
    }

    /// The table.
    pub fn text(&self) -> String {
        const TITLE: usize = 33;
        let mut out = String::new();
        let judged = if self.links_assumed == self.links { "all".to_owned() } else { self.links_assumed.to_string() };
        let head = format!(
            "How far this rests on the {} links, {judged} of a size judged from words ({}; {} futures, {} placebo packs of {})",
            self.links, self.case, self.members, self.packs, self.placebo_members
        );
        wrap(&head, 79).iter().for_each(|line| out += &format!("{line}\n"));
        let columns = ["believed", "no links", "measured", "halved", "doubled"];
        let head: String = self.columns().map(|at| format!("{:>9}", columns[at])).collect();
        out += &format!("{:<TITLE$}{head}\n", "");
        for line in &self.rows {
            let shown = line.differences.map(|d| if line.binary { format!("{} pt", points(d)) } else { signed(d) });
            let numbers: String = self.columns().map(|at| format!("{:>9}", shown[at])).collect();
            for (n, part) in wrap(&line.title, TITLE - 2).iter().enumerate() {
                out += &if n == 0 { format!("{part:<TITLE$}{numbers}\n") } else { format!("{part}\n") };
            }
            wrap(&line.small_print(), 75).iter().for_each(|part| out += &format!("    {part}\n"));
        }
        out
    }
}

impl Line {
    fn small_print(&self) -> String {
        let mut text = self.verdict.to_owned();
        if let Some((part, bar, smaller)) = self.placebo
            && (self.verdict == wiring::Verdict::Links.words() || self.verdict == wiring::Verdict::Arbitrary.words())
        {
            let show = |d: f64| if self.binary { format!("{} pt", points(d)) } else { signed(d) };
            text += &format!(
                "; they carry {}, 90 % of placebo packs at most {} either way, {:.0} % of them less",
                show(part),
                show(bar),
                100.0 * smaller
            );
        }
        if self.sign_agreement.is_finite() {
            text += &format!("; {:.0} % of draws agree on the sign", 100.0 * self.sign_agreement);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(title: &str, binary: bool, verdict: wiring::Verdict) -> Line {
        Line {
            outcome: "o".into(),
            entity: String::new(),
            title: title.into(),
            binary,
            differences: [0.12, 0.02, 0.05, 0.07, 0.2],
            monte_carlo: 0.01,
            sign_agreement: 0.9,
            placebo: Some((0.1, 0.04, 0.97)),
            verdict: verdict.words(),
        }
    }

    fn study(links_assumed: usize, rows: Vec<Line>) -> Wiring {
        Wiring { case: "S001".into(), members: 256, packs: 200, placebo_members: 48, links: 70, links_assumed, rows }
    }

    #[test]
    fn the_table_tells_what_links_carry_and_how_it_compares() {
        let study =
            study(70, vec![line("Collapse of the government", true, wiring::Verdict::Links), line("Growth", false, wiring::Verdict::Mechanisms)]);
        let expected = "\
How far this rests on the 70 links, all of a size judged from words (S001; 256
futures, 200 placebo packs of 48)
                                  believed no links   halved  doubled
Collapse of the government          +12 pt  +2.0 pt  +7.0 pt   +20 pt
    its links matter; they carry +10 pt, 90 % of placebo packs at most +4.0 pt
    either way, 97 % of them less; 90 % of draws agree on the sign
Growth                              +0.120   +0.020   +0.070   +0.200
    mechanisms carry it; 90 % of draws agree on the sign
";
        assert_eq!(study.text(), expected);
        assert!(study.caution().is_none());
    }

    #[test]
    fn arbitrary_wiring_is_said_where_the_bottom_line_stands_and_measured_links_have_a_column() {
        let study = study(60, vec![line("Growth", false, wiring::Verdict::Arbitrary)]);
        assert!(study.caution().is_some_and(|text| text.contains("arbitrary")));
        assert!(study.text().contains("measured") && study.text().contains("+0.050"));
        assert!(study.text().lines().all(|l| l.chars().count() <= 80));
    }
}
