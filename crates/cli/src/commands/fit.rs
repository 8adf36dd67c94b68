//! `oxus fit`: what the pack's data say of its parameters, and writing it into them.

mod page;

use oxus_diag::{Diagnostic, Diagnostics, codes};
use oxus_engine::fit::{Report, Settings, Written, fit, write};
use oxus_units::Month;
use serde_json::json;

use crate::args::{Common, Fit};
use crate::output::failure::{Failure, print};
use crate::pack;

/// Fits, prints, and with `--write` changes the pack.
pub fn run(args: &Fit, common: &Common) -> Result<(), Failure> {
    let root = args.folder.as_deref().or(common.pack.as_deref());
    if args.write && root.is_none() {
        return Err(Failure::of(
            Diagnostic::error(codes::A065, "the built-in region cannot be changed")
                .expected("the folder of a pack: `oxus fit FOLDER --write`")
                .help("copy `packs/central-asia` of the source, and give its path"),
        ));
    }
    let loaded = pack::load(args.folder.as_deref(), common)?;
    let (region, sources) = (loaded.region, loaded.sources);
    print(loaded.warnings, &sources, common);
    let settings = Settings { cut_off: cut_off(args, region.identity.as_of.month())?, only: args.only.clone() };
    let report = fit(&region, &settings).map_err(|problems| Failure::Problems(problems, sources))?;
    let written = match root.filter(|_| args.write) {
        Some(root) => Some(write(root, &region, &report).map_err(|(problems, sources)| Failure::Problems(problems, sources))?),
        None => None,
    };
    let text = if common.json { machine(&report, written.as_ref())? } else { page::text(&report, written.as_ref()) };
    if let Some(path) = &args.report {
        let json = path.extension().is_some_and(|ending| ending == "json");
        let text = if json { machine(&report, None)? } else { page::text(&report, None) };
        std::fs::write(path, text).map_err(|why| Failure::file(path, why))?;
    }
    print!("{text}");
    Ok(())
}

fn cut_off(args: &Fit, as_of: Month) -> Result<Option<Month>, Failure> {
    let Some(text) = &args.cut_off else { return Ok(None) };
    let month = Month::parse(text).map_err(|error| {
        let mut problems = Diagnostics::new();
        problems.push(Diagnostic::error(codes::U004, error.to_string()).expected("a month, such as `--cut-off 2008-12`"));
        Failure::Problems(problems, oxus_diag::Sources::new())
    })?;
    if args.write && month > as_of {
        return Err(Failure::of(
            Diagnostic::error(codes::A065, format!("a pack as of {as_of} cannot hold what was known in {month} alone"))
                .expected(format!("a cut-off up to {as_of} with `--write`"))
                .help("leave `--write` out to see what later knowledge of the same years would say"),
        ));
    }
    Ok(Some(month))
}

fn machine(report: &Report, written: Option<&Written>) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(&json!({ "fit": report, "written": written }));
    text.map(|text| text + "\n").map_err(|e| Failure::of(Diagnostic::error(codes::X001, e.to_string())))
}
