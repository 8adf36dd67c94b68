//! `oxus explain`: what a name of the pack, the model or the diagnostics stands for.

mod items;
mod plan;
mod sheet;
mod source;

use oxus_diag::{Code, Diagnostic, Sources, codes, did_you_mean};
use oxus_kernel::Model;
use oxus_pack::Region;

use crate::args::{Common, Explain};
use crate::output::failure::Failure;
use crate::output::rows::wrap;
use crate::pack;

const LISTS: [&str; 17] = [
    "plan",
    "codes",
    "scenarios",
    "outcomes",
    "links",
    "views",
    "series",
    "parameters",
    "claims",
    "quantities",
    "events",
    "ties",
    "actors",
    "uncertainties",
    "organisations",
    "proposals",
    "routes",
];

/// What there is to explain from.
pub struct Context<'a> {
    /// The region.
    pub region: &'a Region,
    /// Its model.
    pub model: &'a Model,
    /// Its texts, for places.
    pub sources: &'a Sources,
    /// Options.
    pub args: &'a Explain,
}

/// Prints what is asked for, wherever it is found.
pub fn run(args: &Explain, common: &Common) -> Result<(), Failure> {
    let what = args.what.as_str();
    // `S001` may be a scenario, `M001` a claim and `E001` an event as well as diagnostics: the pack's own ids come first, `codes.S001` is the code
    let code = Code::find(what.strip_prefix("codes.").unwrap_or(what));
    let ambiguous = code.is_some_and(|c| c.id().starts_with(['S', 'M', 'E'])) && !what.starts_with("codes.");
    if let (Some(code), false) = (code, ambiguous) {
        page(code, common);
        return Ok(());
    }
    if what == "codes" {
        print_list(codes::ALL.iter().map(|code| (code.id().to_owned(), code.title().to_owned())).collect(), common);
        return Ok(());
    }
    let loaded = pack::load(None, common)?;
    let region = &loaded.region;
    let model = match oxus_engine::model(region) {
        Ok(model) => model,
        Err(problems) => return Err(Failure::Problems(problems, loaded.sources)),
    };
    let context = Context { region, model: &model, sources: &loaded.sources, args };
    if what == "plan" {
        plan::print(&model, common);
        return Ok(());
    }
    if let Some(list) = items::list(&context, what) {
        print_list(list, common);
        return Ok(());
    }
    let sheets: Vec<sheet::Sheet> = items::find(&context, what).into_iter().chain(source::find(&context, what)).collect();
    match (sheets.is_empty(), code) {
        (true, Some(code)) => page(code, common),
        (true, None) => return Err(unknown(&context, what)),
        (false, _) if common.json => println!("{:#}", serde_json::Value::Array(sheets.iter().map(sheet::Sheet::json).collect())),
        (false, _) => {
            print!("{}", sheets.iter().map(sheet::Sheet::text).collect::<Vec<_>>().join("\n"));
            if let Some(code) = code {
                println!("\n(`oxus explain codes.{}`: the diagnostic code of that name)", code.id());
            }
        }
    }
    Ok(())
}

fn page(code: Code, common: &Common) {
    let page = code.page().trim_start_matches("# ").trim_end();
    if common.json {
        println!("{:#}", serde_json::json!([{ "sort": "code", "id": code.id(), "title": code.title(), "says": page }]));
    } else {
        println!("{} {page}", code.id());
    }
}

/// Ids in a column, titles beside it or, below long ids, two columns in.
fn print_list(list: Vec<(String, String)>, common: &Common) {
    if common.json {
        let list = list.iter().map(|(id, title)| serde_json::json!({ "id": id, "title": title })).collect();
        println!("{:#}", serde_json::Value::Array(list));
        return;
    }
    let column = list.iter().map(|(id, _)| id.chars().count()).max().unwrap_or(0).min(30) + 2;
    for (id, title) in list {
        let mut id = id;
        if id.chars().count() + 2 > column && !title.is_empty() {
            println!("{id}");
            id.clear();
        }
        for line in wrap(&title, 79 - column) {
            println!("{}", format!("{id:<column$}{line}").trim_end());
            id.clear();
        }
    }
}

fn unknown(c: &Context<'_>, what: &str) -> Failure {
    let known = items::names(c);
    Failure::of(
        Diagnostic::error(codes::E010, format!("nothing here is called `{what}`"))
            .expected(format!(
                "a code, a variable, `parameters.<id>`, `series.<id>`, the id of something in the pack, or a list: {}",
                LISTS.join(", ")
            ))
            .help_maybe(did_you_mean(what, known.iter().map(String::as_str).chain(LISTS))),
    )
}
