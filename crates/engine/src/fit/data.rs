//! Variables of fits, year by year, from what was observable by the cut-off.

use std::collections::BTreeMap;

use oxus_diag::{Diagnostic, codes};
use oxus_math::{ln, ln_1p};
use oxus_pack::region::{Fit, Measured, Region, Transform};
use oxus_units::Month;

/// One year of one entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Position of the entity in the fit.
    pub entity: usize,
    /// Year.
    pub year: i32,
    /// The response.
    pub y: f64,
    /// Regressors.
    pub x: Vec<f64>,
}

/// Rows of all entities of a fit for which every variable is known, entity by entity in the order of time.
pub fn points(region: &Region, fit: &Fit, variables: &[&Measured], cut_off: Month) -> Result<Vec<Point>, Box<Diagnostic>> {
    let mut points = Vec::new();
    for (entity, name) in fit.entities.iter().enumerate() {
        let columns = variables.iter().map(|v| yearly(region, v, &name.id, cut_off)).collect::<Result<Vec<_>, _>>()?;
        let Some((first, others)) = columns.split_first() else { continue };
        let mut known = Vec::new();
        for (&year, &y) in first.range(fit.years.first().year()..=fit.years.last().year()) {
            let x: Vec<f64> = others.iter().filter_map(|column| column.get(&year).copied()).collect();
            if x.len() == others.len() {
                known.push(Point { entity, year, y, x });
            }
        }
        if known.len() < fit.least {
            return Err(too_few(fit, &name.id, known.len(), cut_off, name.span));
        }
        points.extend(known);
    }
    Ok(points)
}

fn too_few(fit: &Fit, entity: &str, found: usize, cut_off: Month, span: oxus_diag::Span) -> Box<Diagnostic> {
    let years = |n: usize| format!("{n} {}", if n == 1 { "year" } else { "years" });
    Box::new(
        Diagnostic::error(codes::A061, format!("fit `{}` has too few years of `{entity}`", fit.id))
            .at(span, "")
            .found(format!("{} within {}-{} observable by {cut_off}", years(found), fit.years.first().year(), fit.years.last().year()))
            .expected(format!("at least {}", years(fit.least)))
            .help("give the fit more years, a later `--cut-off`, or leave the entity out; `least = …` says how many are enough"),
    )
}

/// A variable of an entity by year.
fn yearly(region: &Region, variable: &Measured, entity: &str, cut_off: Month) -> Result<BTreeMap<i32, f64>, Box<Diagnostic>> {
    let entity = variable.entity.as_ref().map_or(entity, |own| own.id.as_str());
    let mut product: Option<BTreeMap<i32, f64>> = None;
    for name in &variable.series {
        let list = region.series.get(&name.id).and_then(|series| series.values.get(entity)).map_or(&[][..], Vec::as_slice);
        let known = list.iter().filter(|seen| seen.period.months() == 12 && seen.observable_from <= cut_off);
        let own: BTreeMap<i32, f64> = known.map(|seen| (seen.period.first().year(), seen.value)).collect();
        product = Some(match product {
            None => own,
            Some(before) => before.into_iter().filter_map(|(year, value)| Some((year, value * own.get(&year)?))).collect(),
        });
    }
    let levels: BTreeMap<i32, f64> = product.unwrap_or_default().into_iter().map(|(year, value)| (year, value * variable.scale)).collect();
    let logs = |f: fn(f64) -> f64, least: f64| -> Result<BTreeMap<i32, f64>, Box<Diagnostic>> {
        match levels.iter().find(|(_, value)| **value <= least) {
            None => Ok(levels.iter().map(|(year, value)| (*year, f(*value))).collect()),
            Some((year, value)) => Err(Box::new(
                Diagnostic::error(codes::A064, format!("the value of `{entity}` in {year} has no logarithm"))
                    .at(variable.span, "")
                    .found(format!("{value}"))
                    .expected(format!("values above {least}"))
                    .help("take another transform: `level`, `change` or `log-plus-one`"),
            )),
        }
    };
    Ok(match variable.transform {
        Transform::Level => levels,
        Transform::Log => logs(ln, 0.0)?,
        Transform::LogPlusOne => logs(ln_1p, -1.0)?,
        Transform::Change => changes(&levels),
        Transform::LogChange => changes(&logs(ln, 0.0)?),
    })
}

fn changes(levels: &BTreeMap<i32, f64>) -> BTreeMap<i32, f64> {
    levels.iter().filter_map(|(year, value)| Some((*year, value - levels.get(&(year - 1))?))).collect()
}

/// The points of one entity.
pub fn of(points: &[Point], entity: usize) -> Vec<&Point> {
    points.iter().filter(|p| p.entity == entity).collect()
}

/// First and last year.
pub fn span<'p>(points: impl IntoIterator<Item = &'p Point>) -> (i32, i32) {
    let years: Vec<i32> = points.into_iter().map(|p| p.year).collect();
    (years.iter().copied().min().unwrap_or(0), years.iter().copied().max().unwrap_or(0))
}
