//! What can be typed after `oxus coverage` and `oxus compare`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus coverage`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus coverage                              the whole source, section by section
  oxus coverage --section III.C              all that one section says
  oxus coverage --role background            what is not computed, and why
  oxus coverage --strict                     fail if anything has no role
  oxus coverage --directions                 does raising each cause move its effect as claimed?")]
pub struct Coverage {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// One section of the source, such as III.C
    #[arg(long, value_name = "SECTION")]
    pub section: Option<String>,
    /// One role: link, parameter, mechanism, scenario, lever, observation, background, outcome, question, none
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Print the page of the book
    #[arg(long, conflicts_with_all = ["json", "section", "role", "directions"])]
    pub markdown: bool,
    /// Hold each tested claim's cause higher in the same futures and tell what its effect does
    #[arg(long, conflicts_with = "section")]
    pub directions: bool,
    /// With --directions: all links off, mechanisms alone
    #[arg(long, requires = "directions")]
    pub links_off: bool,
    /// With --directions: futures (default 256)
    #[arg(long, value_name = "N", requires = "directions")]
    pub members: Option<u32>,
    /// With --directions: seed of every random stream
    #[arg(long, requires = "directions")]
    pub seed: Option<u64>,
    /// With --directions: the worldview whose beliefs hold
    #[arg(long, value_name = "VIEW", requires = "directions")]
    pub view: Option<String>,
    /// With --directions: threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N", requires = "directions")]
    pub threads: Option<usize>,
}

/// `oxus compare`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus compare --views                                     the default scenario as every view sees it
  oxus compare --views chinese-public,authors --case S003  two views of one scenario
  oxus compare --views --outcome irregular-exit --members 400")]
pub struct Compare {
    /// Compare worldviews: those named (joined by commas), or all of the pack
    #[arg(long, value_name = "VIEW", value_delimiter = ',', num_args = 0.., required = true)]
    pub views: Vec<String>,
    /// A scenario, lever or combined case, such as `S001+S042=0.5` (repeat for several)
    #[arg(long, visible_alias = "scenario", value_name = "CASE")]
    pub case: Vec<String>,
    /// Outcomes to measure (default: the pack's headline outcomes)
    #[arg(long, value_name = "ID")]
    pub outcome: Vec<String>,
    /// All outcomes of the pack, not the headline ones alone
    #[arg(long)]
    pub all: bool,
    /// End of the period shown
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Futures under each view
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}
