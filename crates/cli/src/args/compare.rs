//! What can be typed after `oxus compare` and `oxus tripwires`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus compare`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus compare --scenarios S001,S003 --outcome irregular-exit  scenarios side by side, saved as a run
  oxus compare runs/A runs/B                       saved runs of the same futures
  oxus compare runs/A --against S001               differences from S001
  oxus compare --views                             the default scenario as every view sees it
  oxus compare --case S001,S001@authors            one scenario pooled and as a view has it
  oxus compare --regret --levers S064,S067 --scenarios S001,S008 --outcome gas-to-china-lost
  oxus compare --levers --case S001 --budget 2     which protective levers do well, whatever comes
  oxus compare --tornado --outcome irregular-exit[KGZ] --top 8
  oxus compare --scenarios S001 --until \"mc interval of deaths < 100\" --at-most 8000

Regret is what a lever loses against the best lever of the same scenario and view. A tornado
moves one uncertain number at a time, all else equal in the same futures. A search for levers betters
the outcomes named (default: what the case worsens most) and never leaves out rights and deaths
by the state.")]
pub struct Compare {
    /// Run folders; their futures must be the same
    #[arg(value_name = "RUN", conflicts_with_all = ["views", "case", "levers", "members", "draws", "replicates", "seed", "out"])]
    pub runs: Vec<PathBuf>,
    /// Scenarios or combined cases, such as `S001+S042=0.5` or `S001@authors`, joined by commas
    #[arg(long, visible_aliases = ["scenario", "scenarios"], value_name = "CASE", value_delimiter = ',')]
    pub case: Vec<String>,
    /// Levers, each tried in every scenario; without names: search all protective levers for settings that do well everywhere
    #[arg(long, visible_alias = "lever", value_name = "ID", value_delimiter = ',', num_args = 0..)]
    pub levers: Option<Vec<String>>,
    /// Search the levers for settings within this effort in all (a lever at full strength is 1; default 2)
    #[arg(long, value_name = "EFFORT", conflicts_with_all = ["regret", "tornado", "until", "out", "all", "against"])]
    pub budget: Option<f64>,
    /// Compare worldviews: those named (joined by commas), or all of the pack
    #[arg(long, value_name = "VIEW", value_delimiter = ',', num_args = 0..)]
    pub views: Option<Vec<String>>,
    /// What each lever loses against the best lever of the same scenario and view
    #[arg(long, conflicts_with_all = ["tornado", "against"])]
    pub regret: bool,
    /// Each uncertain number alone at its 10 and 90 % quantile: what moves one outcome most
    #[arg(long, conflicts_with_all = ["views", "against", "until"])]
    pub tornado: bool,
    /// With --tornado: bars
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=40))]
    pub top: u16,
    /// The case that differences are taken from (default: the baseline, of a case's own view where it is there)
    #[arg(long, value_name = "CASE", conflicts_with = "views")]
    pub against: Option<String>,
    /// Outcomes, with an entity in brackets for one of several (default: the pack's headline outcomes, or all of a saved run)
    #[arg(long, value_name = "ID")]
    pub outcome: Vec<String>,
    /// All outcomes of the pack, not the headline ones alone
    #[arg(long, conflicts_with = "outcome")]
    pub all: bool,
    /// End of the period shown
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Futures of every case
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Draws of the parameters
    #[arg(long, value_name = "N", conflicts_with = "members")]
    pub draws: Option<u32>,
    /// Replicates of chance for each draw
    #[arg(long, value_name = "N")]
    pub replicates: Option<u32>,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Stop when `mc interval of OUTCOME < WIDTH` holds for every case
    #[arg(long, value_name = "RULE", conflicts_with_all = ["runs", "members", "draws"])]
    pub until: Option<String>,
    /// With --until: most futures
    #[arg(long, value_name = "N", requires = "until")]
    pub at_most: Option<u32>,
    /// Run folder to write (default: runs/CASES-HASH)
    #[arg(long, value_name = "FOLDER", conflicts_with = "tornado")]
    pub out: Option<PathBuf>,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}

impl Compare {
    /// Levers named.
    pub fn levers(&self) -> &[String] {
        self.levers.as_deref().unwrap_or_default()
    }
}

/// `oxus tripwires`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus tripwires --outcome irregular-exit[KGZ]
  oxus tripwires --outcome deaths --horizon 2018-12 --case S001
  oxus tripwires --outcome irregular-exit-any --members 8192 --top 8

Half of the draws choose threshold rules on published figures, the other half judges them.
What holds in the model's futures is a sign to look for, not a cause.")]
pub struct Tripwires {
    /// Outcome, with the entity in brackets where it has several
    #[arg(long, value_name = "ID")]
    pub outcome: String,
    /// The case whose futures are watched
    #[arg(long, visible_alias = "scenario", value_name = "CASE", default_value = "baseline")]
    pub case: String,
    /// End of the period
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Most tripwires to print
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=40))]
    pub top: u16,
    /// Futures, both halves together
    #[arg(long, value_name = "N", default_value_t = 4096)]
    pub members: u32,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
}
