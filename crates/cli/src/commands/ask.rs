//! `oxus ask`: the headline questions of the pack, each answered on one page.

mod grid;
mod levels;
mod page;
mod wiring;

use oxus_diag::{Diagnostic, codes, did_you_mean};
use oxus_engine::Case;
use oxus_engine::run::{Finished, Request, RunError};
use oxus_pack::Region;
use oxus_pack::region::{Form, Question};
use oxus_units::Month;

use super::run::{design, horizon};
use crate::args::{Ask, Common};
use crate::output::failure::{Failure, print};
use crate::output::progress::Progress;
use crate::output::rows::rows;
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
    let finished = match finished {
        Ok(finished) => finished,
        Err(error) => return Err(Failure::of_run(error, sources)),
    };
    answer(args, &Asked { question, region: &region, request: &request, horizon }, &finished, common).map_err(|e| Failure::of_run(e, sources))
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

/// A question on its way to an answer.
struct Asked<'a> {
    question: &'a Question,
    region: &'a Region,
    request: &'a Request,
    horizon: Month,
}

fn answer(args: &Ask, asked: &Asked<'_>, finished: &Finished<'_>, common: &Common) -> Result<(), RunError> {
    let Asked { question, region, request, horizon } = *asked;
    let rows = rows(region, finished, horizon);
    let levels = levels::levels(region, finished, horizon);
    let mut page = page::Page { question, region, rows: &rows, levels: &levels, members: finished.members, horizon, caution: None };
    let table = page.table();
    let wiring = if args.quick {
        None
    } else {
        let progress = Progress::new(wiring::futures(request));
        let found = wiring::study(region, request, &page, &table.shown, &progress);
        progress.end();
        found?
    };
    page.caution = wiring.as_ref().and_then(wiring::Wiring::caution);
    if common.json {
        let document = serde_json::json!({
            "question": question.id, "asks": question.asks, "horizon": horizon.to_string(),
            "members": finished.members, "rows": rows, "levels": levels, "wiring": wiring,
        });
        println!("{document:#}");
        return Ok(());
    }
    print!("{}", page.head());
    let cases: Vec<String> = finished.ensemble.cases.iter().map(|c| c.case.to_string()).collect();
    let shown: Vec<&crate::output::rows::Row> = if args.all {
        grid::print(question.form, &rows, &cases);
        rows.iter().collect()
    } else {
        print!("{}", table.text);
        table.shown
    };
    if question.form == Form::TwoByTwo {
        grid::two_by_two(&shown, &cases);
    }
    if let Some(wiring) = wiring {
        print!("\n{}", wiring.text());
    }
    print!("{}", page.foot());
    Ok(())
}
