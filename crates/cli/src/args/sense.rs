//! What can be typed after `oxus sense` and `oxus discover`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus sense`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus sense                                        the headline outcomes under the default scenario
  oxus sense --outcome incursion --scenario S003
  oxus sense --outcome deaths --of level     the baseline's own spread
  oxus sense --outcome distress --rows 2048         intervals half as wide as with 512

Every uncertain number and link is screened first; then what the variance rests on
is told by evidence, mechanism, input and claim, and how much of it is chance.")]
pub struct Sense {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// Outcomes to analyse (default: the pack's headline outcomes, in brief)
    #[arg(long, value_name = "ID")]
    pub outcome: Vec<String>,
    /// A scenario, lever or combined case, such as `S001+S042=0.5` (default: the pack's first)
    #[arg(long, visible_alias = "case", value_name = "CASE")]
    pub scenario: Option<String>,
    /// What varies: the difference from the baseline, or the baseline's own level
    #[arg(long, value_enum, default_value_t = Of::Difference)]
    pub of: Of,
    /// A worldview
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
    /// End of the period
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Base rows of the indices; intervals shrink with their square root
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(2..=65_536))]
    pub rows: u32,
    /// Trajectories of the screening over all inputs
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub trajectories: u32,
    /// Leading inputs, and claims, of each outcome that are told one by one
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(0..=100))]
    pub leaders: u32,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

/// What is analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Of {
    /// Case less baseline, on the same futures
    Difference,
    /// The baseline itself
    Level,
}

/// `oxus discover`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus run --scenario S001 --draws 1000 --replicates 1 --out run1
  oxus discover run1 --outcome remittances --entity TJK --worst 10%
  oxus discover run1 --outcome deaths --difference --worst 10%
  oxus discover run1 --outcome deaths --worse-than 500 --observe 2014-12

Boxes are found on two thirds of the draws and checked on the rest.")]
pub struct Discover {
    /// Run folder
    pub run: PathBuf,
    /// Outcome
    #[arg(long, value_name = "ID")]
    pub outcome: String,
    /// Entity, where the outcome has several
    #[arg(long, value_name = "ENTITY")]
    pub entity: Option<String>,
    /// Case (default: the run's first that is not the baseline)
    #[arg(long, visible_alias = "scenario", value_name = "CASE")]
    pub case: Option<String>,
    /// Look at the difference from the baseline, not at the case's own level
    #[arg(long)]
    pub difference: bool,
    /// End of the period
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Going wrong is being worse than this, in the outcome's unit
    #[arg(long, value_name = "X", allow_negative_numbers = true, conflicts_with = "worst")]
    pub worse_than: Option<f64>,
    /// Going wrong is being among this share of the futures, such as 10% [default: what happens at all, or 10%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub worst: Option<f64>,
    /// Which way is worse (default: as the pack says)
    #[arg(long, value_enum)]
    pub worse: Option<Worse>,
    /// What is known of all recorded outcomes at this earlier horizon counts as a condition too
    #[arg(long, value_name = "YYYY-MM")]
    pub observe: Option<String>,
    /// Inputs searched: those with the strongest rank correlation
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub inputs: u32,
    /// Share of a box that should go wrong
    #[arg(long, value_name = "SHARE", default_value = "50%", value_parser = share)]
    pub density: f64,
    /// Boxes to look for
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub boxes: u32,
    /// Resamples that tell how often a restriction is found again
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub resamples: u32,
    /// Seed of the split and of the resamples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// Which way is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Worse {
    /// More of it
    Higher,
    /// Less of it
    Lower,
}

/// `10%` or `0.1`.
fn share(text: &str) -> Result<f64, String> {
    let percent = text.trim().strip_suffix('%');
    let number: f64 = percent.unwrap_or(text).trim().parse().map_err(|_| "a share such as 10% or 0.1".to_owned())?;
    let share = if percent.is_some() { number / 100.0 } else { number };
    if 0.0 < share && share < 1.0 { Ok(share) } else { Err("a share above 0 and below 100%".to_owned()) }
}
