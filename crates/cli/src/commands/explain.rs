//! `oxus explain`: a code, the plan, a variable, parameter, link, claim, scenario, outcome, series; lists of them.

mod items;
mod plan;

use oxus_diag::{Diagnostic, codes, did_you_mean};

use crate::args::{Common, Explain};
use crate::output::failure::Failure;
use crate::pack;

const LISTS: [&str; 8] = ["plan", "codes", "scenarios", "outcomes", "links", "views", "series", "parameters"];

/// Prints what is asked for, wherever it is found.
pub fn run(args: &Explain, common: &Common) -> Result<(), Failure> {
    let what = args.what.as_str();
    // `S001` may be a scenario as well as a diagnostic of the solver: the pack's own ids come first, `codes.S001` is the code
    let code = oxus_diag::Code::find(what.strip_prefix("codes.").unwrap_or(what));
    let ambiguous = code.is_some_and(|c| c.id().starts_with('S')) && !what.starts_with("codes.");
    if let (Some(code), false) = (code, ambiguous) {
        println!("{} {}", code.id(), code.page().trim_start_matches("# ").trim_end());
        return Ok(());
    }
    if what == "codes" {
        for code in codes::ALL {
            println!("{}  {}", code.id(), code.title());
        }
        return Ok(());
    }
    let loaded = pack::load(None, common)?;
    let region = &loaded.region;
    let model = match oxus_engine::model(region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, loaded.sources)),
    };
    let context = items::Context { region, model: &model, sources: &loaded.sources, args };
    if what == "plan" {
        plan::print(&model, common);
        return Ok(());
    }
    if items::list(&context, what) || items::one(&context, what) {
        if let Some(code) = code {
            println!("(`oxus explain codes.{}`: the diagnostic code of that name)", code.id());
        }
        return Ok(());
    }
    if let Some(code) = code {
        println!("{} {}", code.id(), code.page().trim_start_matches("# ").trim_end());
        return Ok(());
    }
    let known = items::names(&context);
    Err(Failure::of(
        Diagnostic::error(codes::E010, format!("nothing here is called `{what}`"))
            .expected(format!(
                "a code, a variable, `parameters.<id>`, `series.<id>`, the id of a claim, link, scenario, view or outcome, or one of: {}",
                LISTS.join(", ")
            ))
            .help_maybe(did_you_mean(what, known.iter().map(String::as_str).chain(LISTS))),
    ))
}
