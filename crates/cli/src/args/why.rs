//! `oxus why`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus why`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus why --outcome afghan-collapse                   the default scenario against the baseline
  oxus why --outcome irregular-exit --entity KGZ --case S002
  oxus why runs/S001-0a1b2c3d --outcome afghan-collapse    the futures of a saved run
  oxus why --outcome afghan-collapse --future 17,3     one future, event by event
  oxus why --outcome afghan-collapse --dot > why.dot   the chains as a graph for Graphviz

Every step between the shock and the outcome is held to what it does in the baseline of the same future, and the model is run again.")]
pub struct Why {
    /// Run folder whose futures are explained (default: the pack's default design)
    #[arg(value_name = "RUN")]
    pub run: Option<PathBuf>,
    /// Outcome whose difference is explained
    #[arg(long, value_name = "ID")]
    pub outcome: String,
    /// Entity (default: where the difference is clearest)
    #[arg(long, value_name = "ID")]
    pub entity: Option<String>,
    /// Case (default: the run's first, or the pack's default scenario)
    #[arg(long, visible_alias = "scenario", value_name = "CASE")]
    pub case: Option<String>,
    /// How: rerun with each step cut, or prune the tree of events as it stands
    #[arg(long, value_enum, default_value_t = WhyMode::Total)]
    pub mode: WhyMode,
    /// One future, by draw and replicate, counted from 0: its dated events in the case against the baseline
    #[arg(long, value_name = "D,R", value_parser = future, conflicts_with = "dot")]
    pub future: Option<(u32, u32)>,
    /// End of the period
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Futures (default: those of the run, or 400)
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Seed of every random stream (default: the run's, or the pack's)
    #[arg(long)]
    pub seed: Option<u64>,
    /// Most steps that are tested
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(4..=400))]
    pub steps: u32,
    /// All tested steps, not those on chains alone
    #[arg(long)]
    pub all: bool,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Print the chains in the DOT language
    #[arg(long, conflicts_with = "json")]
    pub dot: bool,
}

/// Modes of `oxus why`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum WhyMode {
    /// Run again with each step cut: everything that follows is in it
    Total,
    /// Prune the events that would not have happened and their offspring: no rerun, feedback stays as it is
    Genealogy,
}

fn future(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once(',').and_then(|(d, r)| Some((d.trim().parse().ok()?, r.trim().parse().ok()?)));
    parts.ok_or_else(|| "a draw and a replicate, such as 17,3".to_owned())
}
