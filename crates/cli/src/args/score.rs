//! What can be typed after `oxus score` and `oxus method score`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus score`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus score                                 back-tests from 1998 to 2010, series by series
  oxus score --all --series gdp_growth       one series, every horizon
  oxus score --views                         does the past tell the worldviews apart?
  oxus score --replays                       2009 and 2010: does the answer hold what happened?
  oxus score --freeze my-forecasts           the forecast of the as-of day, in two editions
  oxus score --observed seen.csv --forecast my-forecasts/2013-02-27.csv

A back-test starts the region with what was known at its origin. Those who made the model knew what came after:
it tells where the model fails, not how well it will do.")]
pub struct Score {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// Years at whose ends forecasts start
    #[arg(long, value_name = "YEARS", value_delimiter = ',', default_values_t = [1998, 2001, 2004, 2007, 2010])]
    pub origins: Vec<i32>,
    /// Longest horizon, years
    #[arg(long, value_name = "YEARS", default_value_t = 5, value_parser = clap::value_parser!(i32).range(1..=20))]
    pub horizon: i32,
    /// Compare worldviews with the pooled default: those named (joined by commas), or all of the pack
    #[arg(long, value_name = "VIEW", value_delimiter = ',', num_args = 0..)]
    pub views: Option<Vec<String>>,
    /// One series (repeat for several)
    #[arg(long, value_name = "ID")]
    pub series: Vec<String>,
    /// Every horizon, not each series as a whole
    #[arg(long)]
    pub all: bool,
    /// Futures of each forecast
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    pub members: u32,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Replay the pack's past shocks
    #[arg(long, conflicts_with_all = ["freeze", "observed", "views", "all"])]
    pub replays: bool,
    /// Write the forecast of the as-of day into this folder, in the editions `strict` and `reconstructed`
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["observed", "views", "all"])]
    pub freeze: Option<PathBuf>,
    /// With --freeze: last year written
    #[arg(long, value_name = "YEAR", requires = "freeze", default_value_t = 2022)]
    pub through: i32,
    /// With --freeze: day of making, for the stamp (default: today, UTC)
    #[arg(long, value_name = "YYYY-MM-DD", requires = "freeze")]
    pub made: Option<String>,
    /// Score a frozen forecast on these values (series,entity,period,value)
    #[arg(long, value_name = "FILE", requires = "forecast")]
    pub observed: Option<PathBuf>,
    /// With --observed: the frozen forecast (series,entity,period,draw,value)
    #[arg(long, value_name = "FILE", requires = "observed")]
    pub forecast: Option<PathBuf>,
}

/// `oxus method score`
#[derive(Debug, Group)]
pub struct MethodScore {
    /// CSV with `obs` and one column for each member (any other names, `mu` and `sigma` apart)
    #[arg(long, required_unless_present_any = ["normal", "binary"], conflicts_with_all = ["normal", "binary"])]
    pub ensemble: Option<PathBuf>,
    /// With --ensemble: CSV of weights, one column for each member in the same order
    #[arg(long, requires = "ensemble")]
    pub weights: Option<PathBuf>,
    /// With --ensemble: count thresholds above this alone in `crps_above`
    #[arg(long, requires = "ensemble", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// CSV with `obs`, `mu` and `sigma` of normal forecasts
    #[arg(long, conflicts_with = "binary")]
    pub normal: Option<PathBuf>,
    /// CSV with `p` and `outcome` (0 or 1)
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Share inside the central interval that is scored
    #[arg(long, default_value_t = 0.8)]
    pub inside: f64,
    /// With --binary: bins of the reliability diagram
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub bins: u32,
    /// Print a row for each forecast instead of the means
    #[arg(long)]
    pub each: bool,
}
