//! `oxus fit`

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus fit`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus fit                          every fit of the pack beside what is shipped
  oxus fit --only growth-trend      one of them
  oxus fit --cut-off 2008-12        on what was observable then
  oxus fit packs/central-asia --write
                                    put the estimates into the pack's files

What is fitted, from which series and how, stands in the pack (`fits/*.toml`).")]
pub struct Fit {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// Use what was observable by the end of this month (default: the pack's as-of day)
    #[arg(long, value_name = "YYYY-MM")]
    pub cut_off: Option<String>,
    /// Put the estimates into `parameters/*.toml` of the pack's folder
    #[arg(long)]
    pub write: bool,
    /// A fit (repeat for several; default: all)
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Also write the page to this file (JSON where its name ends in .json)
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}
