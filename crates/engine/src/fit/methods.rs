//! From points to estimates, one function a method.

use oxus_analysis::estimate::{EstimateError, least_squares, moments, one_factor, residuals, shrink};
use oxus_diag::{Diagnostic, codes};
use oxus_pack::region::{Fit, FitErrors, Intercept, Measured, Method, Region};
use oxus_units::Month;

use super::data::{Point, of, points, span};
use super::{Identified, Left, hazard};

/// One number estimated.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Name.
    pub name: String,
    /// Entity; empty for one for all.
    pub entity: String,
    /// Value.
    pub value: f64,
    /// Standard error; 0 where there is none.
    pub error: f64,
    /// Successes and failures, where it is a share of counted cases.
    pub counted: Option<(f64, f64)>,
    /// Observations behind it.
    pub observations: usize,
    /// First and last year behind it.
    pub years: (i32, i32),
}

/// All that a method gives.
#[derive(Clone, Debug, Default)]
pub struct Estimated {
    /// The estimates.
    pub estimates: Vec<Estimate>,
    /// Observations used.
    pub observations: usize,
    /// First and last year used.
    pub years: (i32, i32),
    /// Residuals.
    pub residuals: Option<Left>,
    /// Identification.
    pub identified: Option<Identified>,
    /// Remarks.
    pub notes: Vec<String>,
}

pub(super) type Outcome = Result<Estimated, Box<Diagnostic>>;

/// Runs a fit.
pub fn run(region: &Region, fit: &Fit, cut_off: Month) -> Outcome {
    if let Method::Hazard { .. } = &fit.method {
        return hazard::run(region, fit, cut_off);
    }
    let points = points(region, fit, &fit.method.measured(), cut_off)?;
    let work = Work { fit, points: &points };
    let mut found = match &fit.method {
        Method::Means { shrink, .. } => work.means(*shrink),
        Method::Deviations { on, .. } => work.deviations(on),
        Method::Autoregression { .. } => work.autoregression(),
        Method::CommonFactor { on, .. } => work.common_factor(on),
        Method::MeanReversion { averaged, .. } => work.mean_reversion(*averaged),
        Method::Regression { on, intercept, each, errors, .. } => work.regression(on, *intercept, *each, *errors),
        Method::RareChanges { on, above, .. } => work.rare_changes(on, *above),
        Method::YearlyCounts { .. } => work.yearly_counts(),
        Method::StockFlow { interest, .. } => work.stock_flow(*interest),
        Method::Hazard { .. } => Ok(Estimated::default()),
    }?;
    (found.observations, found.years) = (points.len(), span(&points));
    Ok(found)
}

pub(super) struct Work<'w> {
    pub(super) fit: &'w Fit,
    pub(super) points: &'w [Point],
}

/// A regression over some points.
struct Regressed {
    fit: oxus_analysis::estimate::LeastSquares,
    names: Vec<String>,
}

impl Work<'_> {
    pub(super) fn failed(&self, error: EstimateError, entity: &str) -> Box<Diagnostic> {
        let of = if entity.is_empty() { String::new() } else { format!(" on `{entity}`") };
        Box::new(
            Diagnostic::error(codes::A064, format!("fit `{}` cannot be made{of}", self.fit.id))
                .at(self.fit.span, "")
                .found(error.to_string())
                .help("take more years, fewer regressors, or leave the entity out"),
        )
    }

    fn name(&self, entity: usize) -> &str {
        self.fit.entities.get(entity).map_or("", |name| name.id.as_str())
    }

    pub(super) fn entities(&self) -> impl Iterator<Item = (usize, &str, Vec<&Point>)> {
        self.fit.entities.iter().enumerate().map(|(i, name)| (i, name.id.as_str(), of(self.points, i)))
    }

    /// An estimate from some points.
    pub(super) fn estimate(&self, name: &str, entity: &str, (value, error): (f64, f64), from: &[&Point]) -> Estimate {
        Estimate {
            name: name.to_owned(),
            entity: entity.to_owned(),
            value,
            error,
            counted: None,
            observations: from.len(),
            years: span(from.iter().copied()),
        }
    }

    pub(super) fn all(&self) -> Vec<&Point> {
        self.points.iter().collect()
    }

    /// What residuals tell; they stand in the order of `from`.
    pub(super) fn left(&self, values: &[f64], from: &[&Point]) -> Option<Left> {
        let follows: Vec<bool> =
            (0..from.len()).map(|i| i > 0 && from[i].entity == from[i - 1].entity && from[i].year == from[i - 1].year + 1).collect();
        let told = residuals(values, &follows)?;
        Some(Left {
            autocorrelation: told.autocorrelation.is_finite().then_some(told.autocorrelation),
            largest: told.largest,
            entity: self.name(from[told.at].entity).to_owned(),
            year: from[told.at].year,
        })
    }

    fn means(&self, drawn: bool) -> Outcome {
        let (mut found, mut rest) = (Estimated::default(), Vec::new());
        let mut all = Vec::new();
        for (_, name, points) in self.entities() {
            let values: Vec<f64> = points.iter().map(|p| p.y).collect();
            let m = moments(&values, 1).map_err(|e| self.failed(e, name))?;
            rest.extend(values.iter().map(|x| x - m.mean));
            all.push((name, m, points));
        }
        let (means, errors): (Vec<f64>, Vec<f64>) = all.iter().map(|(_, m, _)| (m.mean, m.mean_error)).unzip();
        let mut shown: Vec<(f64, f64)> = means.iter().copied().zip(errors.iter().copied()).collect();
        if drawn {
            let s = shrink(&means, &errors).map_err(|e| self.failed(e, ""))?;
            shown = s.means.iter().copied().zip(s.errors.iter().copied()).collect();
            let share = |f: fn(f64, f64) -> f64, start: f64| 100.0 * s.shares.iter().copied().fold(start, f);
            found.notes.push(format!(
                "drawn towards {:.4} (error {:.4}) by {:.0} to {:.0} %; deviation between true means {:.4}",
                s.centre,
                s.centre_error,
                share(f64::min, 1.0),
                share(f64::max, 0.0),
                s.between.sqrt()
            ));
        }
        found.estimates = all.iter().zip(&shown).map(|((name, _, points), value)| self.estimate("mean", name, *value, points)).collect();
        found.residuals = self.left(&rest, &self.all());
        Ok(found)
    }

    fn deviations(&self, on: &[Measured]) -> Outcome {
        let (mut found, mut rest) = (Estimated::default(), Vec::new());
        for (_, name, points) in self.entities() {
            let left = self.without(&points, on, name)?;
            let m = moments(&left, 1 + on.len()).map_err(|e| self.failed(e, name))?;
            if m.deviation == 0.0 {
                return Err(self.failed(EstimateError::Constant, name));
            }
            rest.extend(left.iter().map(|x| (x - m.mean) / m.deviation));
            found.estimates.push(self.estimate("deviation", name, (m.deviation, m.deviation_error), &points));
        }
        found.residuals = self.left(&rest, &self.all());
        Ok(found)
    }

    /// The response of one entity without what regressors and an intercept explain; without regressors, the response.
    fn without(&self, points: &[&Point], on: &[Measured], name: &str) -> Result<Vec<f64>, Box<Diagnostic>> {
        if on.is_empty() {
            return Ok(points.iter().map(|p| p.y).collect());
        }
        Ok(self.regress(points, on, Intercept::Common, name)?.fit.residuals)
    }

    fn regress(&self, points: &[&Point], on: &[Measured], intercept: Intercept, entity: &str) -> Result<Regressed, Box<Diagnostic>> {
        let mut names: Vec<String> = on.iter().map(|x| x.name.clone()).collect();
        match intercept {
            Intercept::Common => names.push("intercept".to_owned()),
            Intercept::Own => names.extend(self.fit.entities.iter().map(|e| format!("intercept of {e}"))),
            Intercept::None => {}
        }
        let mut design = Vec::with_capacity(points.len() * names.len());
        for p in points {
            design.extend(&p.x);
            match intercept {
                Intercept::Common => design.push(1.0),
                Intercept::Own => design.extend((0..self.fit.entities.len()).map(|i| f64::from(u8::from(i == p.entity)))),
                Intercept::None => {}
            }
        }
        let y: Vec<f64> = points.iter().map(|p| p.y).collect();
        let fit = least_squares(&design, names.len(), &y).map_err(|e| self.failed(e, entity))?;
        Ok(Regressed { fit, names })
    }

    fn common_factor(&self, on: &[Measured]) -> Outcome {
        let mut columns = Vec::new();
        for (_, name, points) in self.entities() {
            let left = self.without(&points, on, name)?;
            columns.push(points.iter().map(|p| p.year).zip(left).collect::<std::collections::BTreeMap<i32, f64>>());
        }
        let common: Vec<i32> = columns[0].keys().copied().filter(|year| columns.iter().all(|c| c.contains_key(year))).collect();
        let k = columns.len();
        let values: Vec<f64> = common.iter().flat_map(|year| columns.iter().map(move |c| c[year])).collect();
        let factor = one_factor(&values, k).map_err(|e| self.failed(e, ""))?;
        let used: Vec<&Point> = self.points.iter().filter(|p| common.contains(&p.year)).collect();
        let estimates = (0..k).map(|i| {
            let mine: Vec<&Point> = used.iter().copied().filter(|p| p.entity == i).collect();
            self.estimate("loading", self.name(i), (factor.loadings[i], factor.errors[i]), &mine)
        });
        let pair = |(i, j): (usize, usize)| format!("{}-{} {:.2}", self.name(i), self.name(j), factor.correlation[i * k + j]);
        let pairs: Vec<String> = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j))).map(pair).collect();
        Ok(Estimated { estimates: estimates.collect(), notes: vec![format!("correlations: {}", pairs.join(", "))], ..Estimated::default() })
    }

    fn regression(&self, on: &[Measured], intercept: Intercept, each: bool, errors: FitErrors) -> Outcome {
        let mut found = Estimated::default();
        let groups: Vec<(&str, Vec<&Point>)> =
            if each { self.entities().map(|(_, name, points)| (name, points)).collect() } else { vec![("", self.all())] };
        let mut rest = Vec::new();
        for (entity, points) in groups {
            let r = self.regress(&points, on, if each && intercept == Intercept::Own { Intercept::Common } else { intercept }, entity)?;
            for (i, name) in r.names.iter().enumerate().filter(|(_, name)| !name.starts_with("intercept of ")) {
                let error = if errors == FitErrors::Robust { r.fit.errors[i] } else { r.fit.classical[i] };
                found.estimates.push(self.estimate(name, entity, (r.fit.coefficients[i], error), &points));
            }
            let freedom = (points.len() - r.names.len()) as f64;
            let residual = (r.fit.deviation, r.fit.deviation / (2.0 * freedom).sqrt());
            found.estimates.push(self.estimate("residual", entity, residual, &points));
            let of = if entity.is_empty() { String::new() } else { format!("{entity}: ") };
            found.notes.push(format!("{of}explains {:.0} % of the variation, leaves a deviation of {:.4}", 100.0 * r.fit.explained, r.fit.deviation));
            rest.extend(r.fit.residuals.iter().map(|e| if each && r.fit.deviation > 0.0 { e / r.fit.deviation } else { *e }));
            found.identified = worst(found.identified, identified(&r.fit.correlation, Some(r.fit.condition), &r.names));
        }
        found.residuals = self.left(&rest, &self.all());
        Ok(found)
    }

    fn rare_changes(&self, on: &[Measured], above: f64) -> Outcome {
        let points = self.all();
        let mut found = Estimated::default();
        let left = if on.is_empty() {
            points.iter().map(|p| p.y).collect()
        } else {
            let r = self.regress(&points, on, Intercept::None, "")?;
            found.identified = identified(&r.fit.correlation, Some(r.fit.condition), &r.names);
            r.fit.residuals
        };
        let large: Vec<f64> = left.iter().copied().filter(|e| e.abs() > above).collect();
        let (n, k) = (left.len() as f64, large.len() as f64);
        let share = (k + 0.5) / (n + 1.0);
        let chance = self.estimate("chance", "", (share, (share * (1.0 - share) / (n + 2.0)).sqrt()), &points);
        found.estimates.push(Estimate { counted: Some((k, n - k)), ..chance });
        found.notes.push(format!("{k} of {n} years of an entity with a change above {above}"));
        if large.is_empty() {
            return Err(self.failed(EstimateError::Constant, ""));
        }
        let size = (large.iter().map(|e| e * e).sum::<f64>() / k).sqrt();
        found.estimates.push(self.estimate("size", "", (size, size / (2.0 * k).sqrt()), &points));
        found.residuals = self.left(&left, &points);
        Ok(found)
    }
}

/// The largest correlation between two of several estimates; `None` for one alone.
pub fn identified(correlation: &[f64], condition: Option<f64>, names: &[String]) -> Option<Identified> {
    let k = names.len();
    let pairs = (0..k).flat_map(|i| (i + 1..k).map(move |j| (i, j)));
    let (i, j) = pairs.max_by(|a, b| correlation[a.0 * k + a.1].abs().total_cmp(&correlation[b.0 * k + b.1].abs()))?;
    Some(Identified { condition, correlation: correlation[i * k + j], between: (names[i].clone(), names[j].clone()) })
}

/// The worse identified of two.
fn worst(a: Option<Identified>, b: Option<Identified>) -> Option<Identified> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.correlation.abs() >= b.correlation.abs() { a } else { b }),
        (a, b) => a.or(b),
    }
}
