//! `oxus audit` and `oxus loops`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus audit`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus audit                   does the report's arithmetic hold?
  oxus audit --contradictions  claims that cannot hold together, and what is left open
  oxus audit --departures      strengths and numbers that are not the default ones")]
pub struct Audit {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// List strengths set by hand, and numbers that views replace
    #[arg(long)]
    pub departures: bool,
    /// List claims that cannot hold together, and what the source leaves open
    #[arg(long)]
    pub contradictions: bool,
}

/// `oxus loops`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus loops                        the strongest loops and the share of unstable draws
  oxus loops --view chinese-public  as a worldview has it
  oxus loops --dot > loops.dot      a graph for Graphviz

Each node is raised and lowered for a year in the same futures, all links off; links close the loops.")]
pub struct Loops {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// Futures: eight for each draw of the parameters
    #[arg(long, value_name = "N", default_value_t = 320, value_parser = clap::value_parser!(u32).range(8..))]
    pub members: u32,
    /// Loops to list
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub top: u32,
    /// Most links of a loop
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=6))]
    pub longest: u32,
    /// A worldview
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Print the graph in the DOT language
    #[arg(long, conflicts_with = "json")]
    pub dot: bool,
}
