//! What can be typed after `oxus method sobol`, `morris`, `prim` and `cart`.

use std::path::PathBuf;

use clap::Args as Group;

/// `oxus method sobol`
#[derive(Debug, Group)]
pub struct Sobol {
    /// CSV of runs in the order of the design, one column an input, one the outcome
    #[arg(long, required_unless_present = "design", conflicts_with = "design")]
    pub runs: Option<PathBuf>,
    /// Column of the outcome (default: the last)
    #[arg(long, value_name = "COLUMN", requires = "runs")]
    pub outcome: Option<String>,
    /// CSV of inputs (name,low,high): print the points at which to run
    #[arg(long, value_name = "INPUTS")]
    pub design: Option<PathBuf>,
    /// With --design: base rows, best a power of two
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(2..=1_048_576))]
    pub rows: u32,
    /// Blocks for second-order indices too
    #[arg(long)]
    pub second_order: bool,
    /// Resamples of the intervals
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub resamples: u32,
    /// Seed of design and resamples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// `oxus method morris`
#[derive(Debug, Group)]
pub struct Morris {
    /// CSV of runs in the order of the trajectories, one column an input, one the outcome
    #[arg(long, required_unless_present = "design", conflicts_with = "design")]
    pub runs: Option<PathBuf>,
    /// Column of the outcome (default: the last)
    #[arg(long, value_name = "COLUMN", requires = "runs")]
    pub outcome: Option<String>,
    /// CSV of inputs (name,low,high) for the ranges of the runs (default: the smallest and the largest of each column)
    #[arg(long, value_name = "INPUTS", requires = "runs")]
    pub inputs: Option<PathBuf>,
    /// CSV of inputs (name,low,high): print the points at which to run
    #[arg(long, value_name = "INPUTS")]
    pub design: Option<PathBuf>,
    /// With --design: trajectories
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub trajectories: u32,
    /// Levels of the grid, an even number
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub levels: u32,
    /// Resamples of the intervals
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub resamples: u32,
    /// Seed of design and resamples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// What is of interest in a table of rows.
#[derive(Debug, Group)]
pub struct Interest {
    /// CSV of rows; columns that are not numbers are categories
    #[arg(long)]
    pub rows: PathBuf,
    /// Column of the outcome (default: the last)
    #[arg(long, value_name = "COLUMN")]
    pub outcome: Option<String>,
    /// Rows whose outcome is above this are of interest (default: outcomes are 0, 1 or shares)
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub above: Option<f64>,
    /// Rows whose outcome is below this are of interest
    #[arg(long, value_name = "X", allow_negative_numbers = true, conflicts_with = "above")]
    pub below: Option<f64>,
}

/// `oxus method prim`
#[derive(Debug, Group)]
pub struct Prim {
    /// Rows.
    #[command(flatten)]
    pub interest: Interest,
    /// Share of the rows in the box that one peel takes off
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub peel: f64,
    /// Share of the rows beyond a limit that one paste puts back
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub paste: f64,
    /// Least share of all rows in a box
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub mass: f64,
    /// Raise the mean itself (Friedman and Fisher), not its gain for each row taken off
    #[arg(long)]
    pub mean: bool,
    /// Pass over peels that leave too few rows, and do not stop there
    #[arg(long)]
    pub pass_over_small: bool,
    /// Density at which a box is told; the last of the trajectory at 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub density: f64,
    /// Boxes to find, each among the rows that the ones before leave
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub boxes: u32,
    /// Keep restrictions that the data do not bear out (quasi-p above 0.05)
    #[arg(long)]
    pub keep_all: bool,
    /// Resamples that tell how often a restriction is found again
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub resamples: u32,
    /// Seed of the resamples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Print every box of the trajectories
    #[arg(long)]
    pub trajectory: bool,
}

/// `oxus method cart`
#[derive(Debug, Group)]
pub struct Cart {
    /// Rows.
    #[command(flatten)]
    pub interest: Interest,
    /// Least share of the rows in a leaf
    #[arg(long, value_name = "SHARE", default_value_t = 0.05)]
    pub leaf: f64,
    /// Most questions on the way to a leaf
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub depth: u32,
    /// Print the nodes, not the leaves
    #[arg(long)]
    pub nodes: bool,
}
