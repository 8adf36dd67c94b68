//! What is estimated from the pack's own data, and how (`fits/*.toml`).

use std::collections::BTreeMap;

use oxus_diag::Span;
use oxus_units::Period;

use super::{Name, Parameter};

/// One estimation: a method, the data it reads, and the parameters it writes.
#[derive(Clone, Debug)]
pub struct Fit {
    /// Stable id (`growth-trend`).
    pub id: String,
    /// What is estimated, in words; goes into the `from` of every number written.
    pub says: String,
    /// How it is estimated.
    pub method: Method,
    /// Years whose data may be used; fewer where the cut-off or the series end earlier.
    pub years: Period,
    /// Entities of the series, in the order of the table; empty for panels.
    pub entities: Vec<Name>,
    /// Fewest observations of an entity (rows of a panel) that count as enough.
    pub least: usize,
    /// What becomes of the estimates.
    pub writes: Vec<FitTarget>,
    /// The table's header.
    pub span: Span,
}

/// A method of estimation with what it needs.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a few dozen, each read once: a box would only be in the way")]
pub enum Method {
    /// Mean of each entity, optionally drawn towards the mean of the group (empirical Bayes). Estimates: `mean`.
    Means {
        /// The variable.
        of: Measured,
        /// Whether means are drawn together.
        shrink: bool,
    },
    /// Standard deviation of each entity, after a regression where there are regressors. Estimates: `deviation`.
    Deviations {
        /// The variable.
        of: Measured,
        /// Regressors taken out first.
        on: Vec<Measured>,
    },
    /// One autoregression of order one for all entities with own means. Estimates: `persistence`, `innovation`.
    Autoregression {
        /// The variable.
        of: Measured,
    },
    /// Loadings of entities on one common factor, after a regression where there are regressors. Estimates: `loading`.
    CommonFactor {
        /// The variable.
        of: Measured,
        /// Regressors taken out first.
        on: Vec<Measured>,
    },
    /// Ornstein-Uhlenbeck process of each entity. Estimates: `level`, `speed`, `volatility`, `change`.
    MeanReversion {
        /// The variable.
        of: Measured,
        /// Whether values are means of a period, whose changes are smoother than those of the process (Working 1960).
        averaged: bool,
    },
    /// Least squares. Estimates: one for each regressor, `intercept`, `residual`.
    Regression {
        /// Response.
        of: Measured,
        /// Regressors.
        on: Vec<Measured>,
        /// Which intercepts there are.
        intercept: Intercept,
        /// A regression for each entity instead of one for all.
        each: bool,
        /// Whether errors allow for unequal variances.
        errors: FitErrors,
    },
    /// Share of changes that are more than nothing, and their size, after a regression. Estimates: `chance`, `size`.
    RareChanges {
        /// The variable.
        of: Measured,
        /// Regressors taken out first, without an intercept.
        on: Vec<Measured>,
        /// What counts as a change.
        above: f64,
    },
    /// Counts under a log-normal yearly effect with a memory. Estimates: `sigma`, `persistence`, `rate`.
    YearlyCounts {
        /// The counts.
        of: Measured,
    },
    /// Hazard of an event on a panel, the pack's own states held out. Estimates: `constant` and one for each covariate.
    Hazard {
        /// The panel.
        panel: Name,
        /// Column with the number of periods at risk of a row.
        exposure: Name,
        /// Column with the number of events of a row, at most one a period.
        event: Name,
        /// How the linear predictor becomes a probability.
        link: HazardLink,
        /// Covariates.
        on: Vec<Covariate>,
    },
    /// What the debt identity leaves unexplained. Estimates: `mean`, `deviation`.
    StockFlow {
        /// Debt over output, a share.
        debt: Measured,
        /// Primary balance over output, a share.
        balance: Measured,
        /// Real growth, a share.
        growth: Measured,
        /// Inflation, a share.
        inflation: Measured,
        /// Interest rate on all debt.
        interest: f64,
    },
}

/// A variable made of series: their product, scaled and transformed.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Its name among the estimates and in messages.
    pub name: String,
    /// Series; several are multiplied.
    pub series: Vec<Name>,
    /// The entity whose values are used for all; `None` each entity's own.
    pub entity: Option<Name>,
    /// Factor on the product, before the transform.
    pub scale: f64,
    /// What is done to it.
    pub transform: Transform,
    /// The table.
    pub span: Span,
}

/// A covariate of a panel.
#[derive(Clone, Debug)]
pub struct Covariate {
    /// Name of its estimate.
    pub name: String,
    /// Column.
    pub column: Name,
    /// What is done to it: a level, a logarithm, or a logarithm of one more.
    pub transform: Transform,
    /// Taken off before the transform's value enters.
    pub centre: f64,
}

/// What is done to a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    /// Nothing.
    Level,
    /// Logarithm.
    Log,
    /// Logarithm of one more.
    LogPlusOne,
    /// Change on the year before.
    Change,
    /// Change of the logarithm.
    LogChange,
}

/// Which intercepts a regression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intercept {
    /// One for all.
    Common,
    /// One for each entity.
    Own,
    /// None.
    None,
}

/// Which standard errors a regression has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitErrors {
    /// For unequal variances (HC3).
    Robust,
    /// For equal variances.
    Classical,
}

/// How a linear predictor becomes a probability.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HazardLink {
    /// Complementary log-log.
    Cloglog,
    /// Logistic.
    Logit,
}

/// What becomes of one estimate.
#[derive(Clone, Debug)]
pub struct FitTarget {
    /// Name of the estimate.
    pub estimate: Name,
    /// The parameter it is for.
    pub parameter: Name,
    /// The parameter's entity, where the estimate is one for all; `None`: entities get their own, one for all the default.
    pub entity: Option<Name>,
    /// Entities of the fit that are meant; empty for all.
    pub only: Vec<Name>,
    /// Distribution it is written as.
    pub form: FitForm,
    /// Truncation of the distribution.
    pub low: Option<f64>,
    /// Truncation of the distribution.
    pub high: Option<f64>,
    /// Factor on the estimate and its error, by entity; the empty string for all others.
    pub times: BTreeMap<String, f64>,
    /// Factor on the error alone.
    pub widen: f64,
    /// Why it is not written as estimated.
    pub because: Option<String>,
    /// Whether the estimate is only set beside the parameter, which keeps its value.
    pub compare: bool,
    /// The table.
    pub span: Span,
}

/// The distribution an estimate is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitForm {
    /// Normal with the standard error.
    Normal,
    /// Log-normal; the error over the estimate as sigma.
    LogNormal,
    /// Beta of counted successes and failures, half of each added (Jeffreys).
    Beta,
    /// A number.
    Point,
}

impl Method {
    /// The word of the pack format for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Means { .. } => "means",
            Self::Deviations { .. } => "deviations",
            Self::Autoregression { .. } => "autoregression",
            Self::CommonFactor { .. } => "common-factor",
            Self::MeanReversion { .. } => "mean-reversion",
            Self::Regression { .. } => "regression",
            Self::RareChanges { .. } => "rare-changes",
            Self::YearlyCounts { .. } => "yearly-counts",
            Self::Hazard { .. } => "hazard",
            Self::StockFlow { .. } => "stock-flow",
        }
    }

    /// Variables it reads from series, the response first.
    #[must_use]
    pub fn measured(&self) -> Vec<&Measured> {
        match self {
            Self::Means { of, .. } | Self::Autoregression { of } | Self::MeanReversion { of, .. } | Self::YearlyCounts { of } => vec![of],
            Self::Deviations { of, on } | Self::CommonFactor { of, on } | Self::Regression { of, on, .. } | Self::RareChanges { of, on, .. } => {
                std::iter::once(of).chain(on).collect()
            }
            Self::StockFlow { debt, balance, growth, inflation, .. } => vec![debt, balance, growth, inflation],
            Self::Hazard { .. } => Vec::new(),
        }
    }

    /// Names of the estimates it gives.
    #[must_use]
    pub fn estimates(&self) -> Vec<&str> {
        match self {
            Self::Means { .. } => vec!["mean"],
            Self::Deviations { .. } => vec!["deviation"],
            Self::Autoregression { .. } => vec!["persistence", "innovation"],
            Self::CommonFactor { .. } => vec!["loading"],
            Self::MeanReversion { .. } => vec!["level", "speed", "volatility", "change"],
            Self::Regression { on, intercept, .. } => {
                let mut names: Vec<&str> = on.iter().map(|x| x.name.as_str()).collect();
                names.extend((*intercept == Intercept::Common).then_some("intercept"));
                names.push("residual");
                names
            }
            Self::RareChanges { .. } => vec!["chance", "size"],
            Self::YearlyCounts { .. } => vec!["sigma", "persistence", "rate"],
            Self::Hazard { on, .. } => std::iter::once("constant").chain(on.iter().map(|x| x.name.as_str())).collect(),
            Self::StockFlow { .. } => vec!["mean", "deviation"],
        }
    }
}

impl Method {
    /// Whether an estimate has a value for each entity, rather than one for all.
    #[must_use]
    pub fn by_entity(&self, estimate: &str) -> bool {
        match self {
            Self::Means { .. } | Self::Deviations { .. } | Self::CommonFactor { .. } | Self::MeanReversion { .. } | Self::StockFlow { .. } => true,
            Self::Regression { each, .. } => *each,
            Self::YearlyCounts { .. } => estimate == "rate",
            Self::Autoregression { .. } | Self::RareChanges { .. } | Self::Hazard { .. } => false,
        }
    }
}

impl Fit {
    /// Where the estimate for `entity` (empty: for all) goes in a parameter: the empty string is its value for all.
    ///
    /// The target's entity comes first; else the estimate's own; else, where the fit has a single entity of which the parameter knows nothing, all.
    #[must_use]
    pub fn place(&self, target: &FitTarget, parameter: Option<&Parameter>, entity: &str) -> String {
        if let Some(own) = &target.entity {
            return own.id.clone();
        }
        let foreign = self.entities.len() == 1 && parameter.is_some_and(|p| p.default.is_some() && !p.entities.contains_key(entity));
        if foreign { String::new() } else { entity.to_owned() }
    }
}

impl FitTarget {
    /// Factor for an entity.
    #[must_use]
    pub fn factor(&self, entity: &str) -> f64 {
        self.times.get(entity).or_else(|| self.times.get("")).copied().unwrap_or(1.0)
    }
}
