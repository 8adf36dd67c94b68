//! `oxus ask`: the headline questions of the pack, each answered on one page.

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_engine::Case;
use oxus_engine::run::{Finished, Request};
use oxus_pack::Region;
use oxus_pack::region::{Form, Question};
use oxus_units::Month;

use super::run::{design, horizon};
use crate::args::{Ask, Common};
use crate::output::failure::{Failure, print};
use crate::output::number::{chance, plain, points, signed};
use crate::output::progress::Progress;
use crate::output::rows::{Row, rows, wrap};
use crate::pack;

/// Lists the questions, or answers one.
pub fn run(args: &Ask, common: &Common) -> Result<(), Failure> {
    let loaded = pack::load(None, common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    let Some(asked) = &args.question else {
        list(&region, common);
        return Ok(());
    };
    let question = find(&region, asked)?;
    let horizon = horizon(args.horizon.as_deref(), &region)?;
    let model = match oxus_engine::model(&region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let cases: Vec<Case> = match cases(question, &region) {
        Ok(cases) => cases,
        Err(problems) => return Err(Failure::Problems(problems, sources)),
    };
    let request = Request {
        cases,
        outcomes: question.outcomes.iter().map(|o| o.id.clone()).collect(),
        horizons: vec![horizon],
        design: design(&region, args.members, None, None, args.seed),
        thin: 0,
        timed: false,
        folder: None,
    };
    let progress = Progress::new(request.design.members());
    let finished = oxus_engine::run::run(&region, &model, &request, &progress);
    progress.end();
    let finished = finished.map_err(|e| Failure::of_run(e, sources))?;
    answer(question, &region, &finished, horizon, common);
    Ok(())
}

fn list(region: &Region, common: &Common) {
    if common.json {
        let list = region.questions.values().map(|q| serde_json::json!({ "id": q.id, "asks": q.asks })).collect::<Vec<_>>();
        println!("{:#}", serde_json::Value::Array(list));
        return;
    }
    for question in region.questions.values() {
        println!("{:>4}  {}", question.id, question.asks);
    }
    println!("\n`oxus ask NUMBER` answers one.");
}

/// By id (`q03`) or number (`3`).
fn find<'r>(region: &'r Region, asked: &str) -> Result<&'r Question, Failure> {
    let numbered = asked.parse::<u32>().ok().map(|n| format!("q{n:02}"));
    let found = region.questions.get(asked).or_else(|| numbered.and_then(|id| region.questions.get(&id)));
    found.ok_or_else(|| {
        Failure::of(
            Diagnostic::error(codes::E003, format!("the pack has no question `{asked}`"))
                .expected("one of those that `oxus ask` lists")
                .help_maybe(did_you_mean(asked, region.questions.keys().map(String::as_str))),
        )
    })
}

/// The question's cases, the baseline first, repeated for each of its views.
fn cases(question: &Question, region: &Region) -> Result<Vec<Case>, oxus_diag::Diagnostics> {
    let mut problems = oxus_diag::Diagnostics::new();
    let mut cases = vec![Case::default()];
    let views: Vec<String> = std::iter::once(String::new()).chain(question.views.iter().map(|v| format!("@{}", v.id))).collect();
    for view in &views {
        for name in &question.cases {
            match Case::parse(&format!("{}{view}", name.id), region) {
                Ok(case) if cases.contains(&case) => {}
                Ok(case) => cases.push(case),
                Err(found) => problems.extend(found),
            }
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(cases) }
}

fn answer(question: &Question, region: &Region, finished: &Finished<'_>, horizon: Month, common: &Common) {
    let rows = rows(region, finished, horizon);
    if common.json {
        let document = serde_json::json!({
            "question": question.id, "asks": question.asks, "horizon": horizon.to_string(),
            "members": finished.members, "rows": rows,
        });
        println!("{document:#}");
        return;
    }
    for line in wrap(&question.asks, 78) {
        println!("{line}");
    }
    println!("{} futures, {} to {horizon}; as known on {} (historical)\n", finished.members, region.identity.origin.plus(1), region.identity.as_of);
    let cases: Vec<String> = finished.ensemble.cases.iter().map(|c| c.case.to_string()).collect();
    for (i, case) in cases.iter().enumerate().skip(1) {
        let titles: Vec<&str> =
            finished.ensemble.cases[i].case.parts.iter().filter_map(|(id, _)| region.scenarios.get(id)).map(|s| s.title.as_str()).collect();
        for (n, line) in wrap(&titles.join("; "), 64).iter().enumerate() {
            println!("{:<14}{line}", if n == 0 { case.as_str() } else { "" });
        }
    }
    println!();
    bottom_line(&rows);
    match question.form {
        Form::TwoByTwo => two_by_two(&rows, &cases),
        Form::Ratio => grid(&rows, &cases, &ratio),
        Form::Table | Form::ByCause => grid(&rows, &cases, &level),
    }
    if let Some(note) = &question.note {
        println!();
        for line in wrap(note, 78) {
            println!("{line}");
        }
    }
    limits(&rows);
}

/// The largest change in standard errors, in words.
fn bottom_line(rows: &[Row]) {
    let strength = |r: &Row| if r.monte_carlo > 0.0 { (r.difference / r.monte_carlo).abs() } else { 0.0 };
    let Some(top) = rows.iter().max_by(|a, b| strength(a).total_cmp(&strength(b))) else { return };
    let text = if strength(top) < 1.0 {
        "Bottom line: none of these cases moves any of these outcomes by more than chance in this many futures.".to_owned()
    } else {
        let (a, b) = values(top);
        let words = top.likelihood.as_ref().map_or(String::new(), |(x, y)| if x == y { format!(" ({x} in both)") } else { format!(" ({x} to {y})") });
        format!(
            "Bottom line: the clearest change is in \"{}\" under {}: {a} to {b}{words}; {:.0} % of the draws agree on the direction. Confidence {}: {}.",
            label(top),
            top.case,
            100.0 * top.sign_agreement,
            top.confidence,
            top.confidence_because
        )
    };
    for line in wrap(&text, 78) {
        println!("{line}");
    }
    println!();
}

fn label(row: &Row) -> String {
    if row.entity.is_empty() || row.title.contains(&row.entity) { row.title.clone() } else { format!("{} [{}]", row.title, row.entity) }
}

fn values(row: &Row) -> (String, String) {
    let low = row.confidence == "low";
    if row.likelihood.is_some() {
        (chance(row.baseline, low), chance(row.scenario, low))
    } else {
        let unit = if matches!(row.unit.as_str(), "1" | "index" | "share") { String::new() } else { format!(" {}", row.unit) };
        (format!("{}{unit}", plain(row.baseline)), format!("{}{unit}", plain(row.scenario)))
    }
}

fn level(row: &Row) -> String {
    if row.likelihood.is_some() {
        format!("{} ({})", chance(row.scenario, row.confidence == "low"), points(row.difference))
    } else {
        format!("{} ({})", plain(row.scenario), signed(row.difference))
    }
}

fn ratio(row: &Row) -> String {
    if row.baseline == 0.0 {
        level(row)
    } else {
        format!(
            "{} (x{:.2})",
            if row.likelihood.is_some() { chance(row.scenario, row.confidence == "low") } else { plain(row.scenario) },
            row.scenario / row.baseline
        )
    }
}

/// Outcomes down, cases across, in blocks that fit 80 columns.
fn grid(rows: &[Row], cases: &[String], cell: &dyn Fn(&Row) -> String) {
    for block in cases[1..].chunks(3) {
        print!("{:<26}{:>8}", "", "baseline");
        for case in block {
            let short: String = case.chars().take(14).collect();
            print!(" {short:>14.14}");
        }
        println!();
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for row in rows {
            let key = (row.outcome.as_str(), row.entity.as_str());
            if seen.contains(&key) {
                continue;
            }
            seen.push(key);
            let unit = if row.likelihood.is_some() || matches!(row.unit.as_str(), "1" | "index" | "share") {
                String::new()
            } else {
                format!(", {}", row.unit)
            };
            for (i, line) in wrap(&format!("{}{unit}", label(row)), 25).iter().enumerate() {
                print!("{line:<26}");
                if i == 0 {
                    let base = if row.likelihood.is_some() { chance(row.baseline, row.confidence == "low") } else { plain(row.baseline) };
                    print!("{base:>8}");
                    for case in block {
                        let found = rows.iter().find(|r| r.case == *case && (r.outcome.as_str(), r.entity.as_str()) == key);
                        print!(" {:>14}", found.map_or_else(|| "–".into(), cell));
                    }
                }
                println!();
            }
        }
        println!();
    }
    println!("In brackets: the change from the baseline on the same futures (chances in");
    println!("points, ratios with x).");
}

/// Two factors of two levels: effect of each, and how much more both do together than the sum of the two.
fn two_by_two(rows: &[Row], cases: &[String]) {
    grid(rows, cases, &level);
    let factors = |case: &str| case.split('@').next().unwrap_or(case).split('+').map(str::to_owned).collect::<Vec<_>>();
    let pairs: Vec<(String, Vec<String>)> = cases[1..].iter().map(|c| (c.clone(), factors(c))).filter(|(_, f)| f.len() == 2).collect();
    let [first, .., last] = pairs.as_slice() else { return };
    let (a, b) = (&first.1, &last.1);
    let name = |x: &str, y: &str| pairs.iter().find(|(_, f)| f[0] == x && f[1] == y).map(|p| p.0.clone());
    let (Some(aa), Some(ab), Some(ba), Some(bb)) = (name(&a[0], &a[1]), name(&a[0], &b[1]), name(&b[0], &a[1]), name(&b[0], &b[1])) else { return };
    println!();
    println!("{:<38}{:>13}{:>13}{:>13}", "effect of", format!("{}/{}", a[0], b[0]), format!("{}/{}", a[1], b[1]), "interaction");
    let mut seen = Vec::new();
    for row in rows {
        let key = (row.outcome.clone(), row.entity.clone());
        if seen.contains(&key) {
            continue;
        }
        let at = |case: &str| rows.iter().find(|r| r.case == case && r.outcome == key.0 && r.entity == key.1).map(|r| r.scenario);
        seen.push(key.clone());
        let (Some(aa), Some(ab), Some(ba), Some(bb)) = (at(&aa), at(&ab), at(&ba), at(&bb)) else { continue };
        let effects = [((aa + ab) - (ba + bb)) / 2.0, ((aa + ba) - (ab + bb)) / 2.0, aa - ab - ba + bb];
        let text = effects.map(|x| if row.likelihood.is_some() { format!("{} pt", points(x)) } else { signed(x) });
        let lines = wrap(&label(row), 37);
        println!("{:<38}{:>13}{:>13}{:>13}", lines[0], text[0], text[1], text[2]);
        lines[1..].iter().for_each(|l| println!("{l}"));
    }
    println!("\nEach effect is the mean over both levels of the other factor; interaction: how");
    println!("much one effect changes with the other.");
}

fn limits(rows: &[Row]) {
    let low = rows.iter().filter(|r| r.confidence == "low").count();
    println!();
    let text = format!(
        "Confidence is low for {low} of {} rows. A simulation of what a report written in 2013 claims, not a prediction of single events; claims that no link or mechanism carries are not in it.",
        rows.len()
    );
    for line in wrap(&text, 78) {
        println!("{line}");
    }
}
