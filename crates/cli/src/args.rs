//! What can be typed.

mod audit;
mod compare;
mod coverage;
mod discovery;
mod fit;
mod score;
mod sense;
mod why;

use std::path::PathBuf;

use clap::{Args as Group, Parser, Subcommand};

pub use audit::{Audit, Loops};
pub use compare::{Compare, Tripwires};
pub use coverage::Coverage;
pub use discovery::{Cart, Interest, Morris, Prim, Sobol};
pub use fit::Fit;
pub use score::{MethodScore, Score};
pub use sense::{Discover, Of, Sense, Worse};
pub use why::{Why, WhyMode};

/// Turns a written, sourced account of a region into a model that runs. Without a pack, the built-in region is used.
#[derive(Debug, Parser)]
#[command(name = "oxus", version, arg_required_else_help = true, max_term_width = 100, after_help = EXAMPLES)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

const EXAMPLES: &str = "\
Examples:
  oxus run                              the default scenario against the baseline
  oxus run --case S001+S042=0.5         a scenario with a lever at half strength
  oxus ask                              the headline questions
  oxus ask 3                            what stops gas to China?
  oxus why --outcome afghan-collapse    what carries the difference, step by step
  oxus coverage --section III.C         what of the source is in the model
  oxus compare --scenarios S001,S003    scenarios side by side
  oxus compare --views                  one scenario as each worldview sees it
  oxus tripwires --outcome deaths       what to watch for, by when
  oxus explain S001                     a scenario, a claim, a variable, a code …
  oxus score                            how forecasts from 1998 to 2010 would have done
  oxus fit                              what the data say of the parameters
  oxus check my-region                  every problem of a pack at once

It models aggregates, gives no advice on attacking or repressing anyone, and does not predict single events.";

/// Options of every command.
#[derive(Debug, Group)]
pub struct Common {
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Fail on warnings too
    #[arg(long, global = true)]
    pub strict: bool,
    /// Region pack: a folder (default: the built-in region)
    #[arg(long, global = true, value_name = "FOLDER")]
    pub pack: Option<PathBuf>,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read a region pack and report every problem at once
    Check(Check),
    /// Simulate the baseline and scenarios on the same futures; print the outcome table
    Run(Run),
    /// Answer a headline question of the pack
    Ask(Ask),
    /// Why an outcome differs between a case and the baseline: chains from the shock, each step tested
    Why(Why),
    /// Set scenarios, levers, views or saved runs side by side on the same futures; regret, tornado
    Compare(Compare),
    /// Which early observation moves the odds of an outcome most
    Tripwires(Tripwires),
    /// Tell what of the source is in the model: every claim, figure, future and outcome with its part
    Coverage(Coverage),
    /// Explain a diagnostic code, the plan, a variable, or anything that has an id in the pack
    Explain(Explain),
    /// Check the source's own arithmetic; list departures and contradictions
    Audit(Audit),
    /// The feedback loops of the running model, and whether they explode
    Loops(Loops),
    /// What the variance of an outcome rests on: numbers, links, claims, kinds of evidence, chance
    Sense(Sense),
    /// Under which conditions a saved run goes wrong, in words
    Discover(Discover),
    /// Forecasts against what happened: back-tests, a frozen forecast, replays of past shocks
    Score(Score),
    /// Estimate parameters from the pack's own series, beside what is shipped
    Fit(Fit),
    /// One numerical method alone, on CSV files
    Method(Method),
}

/// `oxus check`
#[derive(Debug, Group)]
#[command(after_help = "Example:\n  oxus check packs/central-asia")]
pub struct Check {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
}

/// `oxus run`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus run                                   the default scenario, 1,000 futures
  oxus run --scenario S001 --scenario S002   two scenarios, each against the baseline
  oxus run --case S001+S067 --draws 500      one combined case, 2,000 futures
  oxus run --outcome gas-to-china-lost --horizon 2018-12
  oxus run --until \"mc interval of irregular-exit[KGZ] < 1 pt\" --at-most 20000
  oxus run --verify runs/NAME                recompute a run and compare the tables")]
pub struct Run {
    /// Region pack: a folder (default: the built-in region)
    pub folder: Option<PathBuf>,
    /// A scenario or lever beside the baseline (repeat for several cases)
    #[arg(long, value_name = "ID")]
    pub scenario: Vec<String>,
    /// A combined case, such as `S001+S042=0.5`, or with a view, `S001@chinese-public`
    #[arg(long, value_name = "CASE")]
    pub case: Vec<String>,
    /// A worldview: every case is run as it sees the region
    #[arg(long, value_name = "VIEW")]
    pub view: Option<String>,
    /// Outcomes to measure (default: the pack's headline outcomes)
    #[arg(long, value_name = "ID")]
    pub outcome: Vec<String>,
    /// All outcomes of the pack, not the headline ones alone
    #[arg(long)]
    pub all: bool,
    /// End of the period shown
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
    /// Futures: draws of the parameters times replicates of chance
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
    /// Threads (default: all cores); the result does not depend on them
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Run folder to write (default: runs/CASES-HASH)
    #[arg(long, value_name = "FOLDER", conflicts_with = "no_save")]
    pub out: Option<PathBuf>,
    /// Write no run folder
    #[arg(long)]
    pub no_save: bool,
    /// Every this many futures keeps its monthly paths and events (0: none)
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub keep_every: u32,
    /// Print where the time goes
    #[arg(long)]
    pub timings: bool,
    /// Stop when `mc interval of OUTCOME[ENTITY] < WIDTH` holds for every case (looks at doubling numbers of draws)
    #[arg(long, value_name = "RULE", conflicts_with_all = ["members", "draws", "verify"])]
    pub until: Option<String>,
    /// With --until: most futures
    #[arg(long, value_name = "N", requires = "until")]
    pub at_most: Option<u32>,
    /// Recompute this run folder and compare its tables
    #[arg(long, value_name = "RUN", conflicts_with_all = ["scenario", "case", "out"])]
    pub verify: Option<PathBuf>,
}

/// `oxus ask`
#[derive(Debug, Group)]
#[command(
    after_help = "Examples:\n  oxus ask            list the questions\n  oxus ask 3          what stops gas to China?\n  oxus ask 3 --all    the same with every outcome under every case"
)]
pub struct Ask {
    /// Number or id of the question; without it, the questions are listed
    pub question: Option<String>,
    /// Every outcome under every case, not the page of those that moved most
    #[arg(long)]
    pub all: bool,
    /// Leave out how far the bottom line rests on the links (200 placebo packs; most of the time)
    #[arg(long)]
    pub quick: bool,
    /// Futures
    #[arg(long, value_name = "N")]
    pub members: Option<u32>,
    /// Seed of every random stream
    #[arg(long)]
    pub seed: Option<u64>,
    /// End of the period shown
    #[arg(long, value_name = "YYYY-MM")]
    pub horizon: Option<String>,
}

/// `oxus explain`
#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  oxus explain plan                         the schedule as a table
  oxus explain C005                         a diagnostic code
  oxus explain parameters.finance.growth_trend
  oxus explain unrest.protests              a variable: owner, readers, links
  oxus explain M041                         a claim and what stands on it
  oxus explain Q027                         a figure; also events E…, ties T…, actors N…, open questions U…
  oxus explain sco.development-fund         a proposal before an organisation
  oxus explain scenarios                    also: outcomes, links, views, series, events, ties, actors, codes …")]
pub struct Explain {
    /// What to explain
    pub what: String,
    /// Entity, for a parameter
    #[arg(long)]
    pub entity: Option<String>,
    /// View, for a parameter's precedence
    #[arg(long)]
    pub view: Option<String>,
    /// Case, for a parameter's precedence
    #[arg(long)]
    pub case: Option<String>,
}

const METHOD_SCORE: &str = "\
Examples:\n  oxus method score --ensemble forecasts.csv                 obs and one column for each member\n  oxus method score --ensemble forecasts.csv --weights w.csv\n  oxus method score --normal forecasts.csv                   obs,mu,sigma\n  oxus method score --binary forecasts.csv                   p,outcome (0 or 1)";

/// `oxus method`
#[derive(Debug, Group)]
pub struct Method {
    /// Which method
    #[command(subcommand)]
    pub method: MethodName,
}

/// Methods.
#[derive(Debug, Subcommand)]
pub enum MethodName {
    /// Minimum-cost flow and outages on a network (nodes: id,name,supply; arcs: id,from,to,cap,cost,kind)
    #[command(after_help = "Example:\n  oxus method flow --nodes nodes.csv --arcs arcs.csv --outages")]
    Flow {
        /// CSV of nodes
        #[arg(long)]
        nodes: PathBuf,
        /// CSV of arcs
        #[arg(long)]
        arcs: PathBuf,
        /// Also each single outage of a `pipe` arc: cost, shed, largest delivery
        #[arg(long)]
        outages: bool,
    },
    /// Multivariate Hawkes process with exponential kernel (events: time,dim)
    #[command(after_help = "Example:\n  oxus method hawkes --events events.csv --horizon 6000 --decay 1.5")]
    Hawkes {
        /// CSV of events
        #[arg(long)]
        events: PathBuf,
        /// End of observation
        #[arg(long)]
        horizon: f64,
        /// Decay of the kernel; without it, it is fitted too
        #[arg(long)]
        decay: Option<f64>,
    },
    /// Binary regression of a hazard (panel with an event column of 0 and 1)
    #[command(after_help = "Example:\n  oxus method hazard --panel panel.csv --event event --columns anocracy,x --link cloglog")]
    Hazard {
        /// CSV of the panel
        #[arg(long)]
        panel: PathBuf,
        /// Column of the event
        #[arg(long)]
        event: String,
        /// Covariates
        #[arg(long, value_delimiter = ',')]
        columns: Vec<String>,
        /// cloglog, logit or probit
        #[arg(long, default_value = "cloglog")]
        link: String,
    },
    /// Trade in general equilibrium after a change of costs (pairs: exporter,importer,X0,K0,K1; K is cost to the power 1 - sigma)
    #[command(after_help = "Example:\n  oxus method trade --flows pairs.csv --sigma 5 --deficits multiplicative")]
    Trade {
        /// CSV of pairs, sales at home included, each ordered pair once
        #[arg(long)]
        flows: PathBuf,
        /// CSV of economies with country,Y,E (for shares-fixed)
        #[arg(long)]
        economies: Option<PathBuf>,
        /// Elasticity of substitution, above 1
        #[arg(long, default_value_t = 5.0)]
        sigma: f64,
        /// Equilibrium, or what gegravity solves (its markets do not clear)
        #[arg(long, value_enum, default_value_t = TradeClosure::HatAlgebra)]
        closure: TradeClosure,
        /// What stays of a deficit: the amount, or its ratio to output
        #[arg(long, value_enum, default_value_t = TradeDeficits::Additive)]
        deficits: TradeDeficits,
        /// Reference importer of shares-fixed (default: the first by name)
        #[arg(long)]
        reference: Option<String>,
        /// Print pairs before and after instead of economies
        #[arg(long)]
        bilateral: bool,
    },
    /// Debt fan on given shocks (shocks: path,year,g,pi,e,pb as standard normals; parameters as JSON)
    #[command(after_help = "Example:\n  oxus method debt --parameters params.json --shocks shocks.csv")]
    Debt {
        /// JSON of the base case, standard deviations, correlation, persistence
        #[arg(long)]
        parameters: PathBuf,
        /// CSV of standard normals
        #[arg(long)]
        shocks: PathBuf,
        /// Reaction of the primary balance to debt at the start of the year
        #[arg(long, default_value_t = 0.0)]
        reaction: f64,
    },
    /// A bargain among actors (actor,capability,position,salience; or KTAB's pos0,…,sal0,…), or power in a voting game (player and weights)
    #[command(after_help = "Examples:\n  oxus method decide --actors actors.csv\n  oxus method decide --game votes.csv --quota 12")]
    Decide(Decide),
    /// Variance-based sensitivity indices of runs in Saltelli blocks, or the points at which to run
    #[command(
        after_help = "Examples:\n  oxus method sobol --design inputs.csv --rows 512 > points.csv\n  oxus method sobol --runs runs.csv --outcome y"
    )]
    Sobol(Sobol),
    /// Elementary effects of runs along trajectories, or the points at which to run
    #[command(
        after_help = "Examples:\n  oxus method morris --design inputs.csv --trajectories 20 > points.csv\n  oxus method morris --runs runs.csv --outcome y"
    )]
    Morris(Morris),
    /// Boxes of the inputs in which an outcome is common (patient rule induction method)
    #[command(after_help = "Example:\n  oxus method prim --rows runs.csv --outcome losses --above 100")]
    Prim(Prim),
    /// A classification tree of an outcome (gini)
    #[command(after_help = "Example:\n  oxus method cart --rows runs.csv --outcome losses --above 100")]
    Cart(Cart),
    /// Scores of ensembles, normal forecasts or probabilities against what happened
    #[command(after_help = METHOD_SCORE)]
    Score(MethodScore),
}

/// `oxus method decide`
#[derive(Debug, Group)]
pub struct Decide {
    /// CSV of actors; positions outside 0 to 1 are scaled for the election by their smallest and largest
    #[arg(long, required_unless_present = "game", conflicts_with = "game")]
    pub actors: Option<PathBuf>,
    /// How victories over pairs become probabilities: conditional, markov-uniform or markov-incentive
    #[arg(long, default_value = "conditional")]
    pub election: String,
    /// How backing becomes victory over a pair: linear, square or quartic
    #[arg(long, default_value = "linear")]
    pub victory: String,
    /// Print the election as each actor sees it
    #[arg(long)]
    pub observers: bool,
    /// Play this many rounds of the expected-utility model instead
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: Option<u32>,
    /// Reading of the expected-utility model: perceived (Scholz and others 2011) or own
    #[arg(long, default_value = "perceived")]
    pub reading: String,
    /// CSV of a voting game: `player` and one column of whole weights for each quota
    #[arg(long, requires = "quota")]
    pub game: Option<PathBuf>,
    /// Quota of each column of weights, joined by commas
    #[arg(long, value_delimiter = ',')]
    pub quota: Vec<u64>,
}

/// Closures of `oxus method trade`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum TradeClosure {
    /// All markets clear (Dekle, Eaton and Kortum)
    HatAlgebra,
    /// Shares of output and expenditure stay those of the base (gegravity)
    SharesFixed,
}

/// Deficits of `oxus method trade`.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum TradeDeficits {
    /// The amount stays
    Additive,
    /// The ratio of expenditure to output stays
    Multiplicative,
}
