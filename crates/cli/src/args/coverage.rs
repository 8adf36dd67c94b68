//! What can be typed after `oxus coverage`.

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
