//! Estimates beside what the pack ships.

use oxus_diag::{Diagnostic, codes};
use oxus_pack::region::{Fit, FitTarget, Method, Number, Parameter, Region, Status};
use oxus_random::Distribution;

use super::methods::{Estimate, Estimated};
use super::rounded::rounded;
use super::write::{From, Target};
use super::{Row, series_of};

/// Standard errors beyond which a difference is marked.
const FAR: f64 = 2.0;

/// A row for every estimate that a target takes.
pub fn rows(region: &Region, fit: &Fit, estimated: &Estimated) -> Result<Vec<Row>, Box<Diagnostic>> {
    let mut rows = Vec::new();
    for target in &fit.writes {
        let meant = |e: &&Estimate| e.name == target.estimate.id && (target.only.is_empty() || target.only.iter().any(|name| name.id == e.entity));
        let found: Vec<&Estimate> = estimated.estimates.iter().filter(meant).collect();
        if found.is_empty() && !target.compare {
            return Err(Box::new(
                Diagnostic::error(codes::A064, format!("fit `{}` gives no `{}` on these data", fit.id, target.estimate))
                    .at(target.span, "")
                    .help("set it beside the parameter with `compare = true`, or take other years")
                    .note(estimated.notes.join("; ")),
            ));
        }
        let Some(parameter) = region.parameters.get(&target.parameter.id) else { continue };
        for estimate in found {
            rows.push(row(fit, target, parameter, estimate, estimated)?);
        }
    }
    Ok(rows)
}

fn row(fit: &Fit, target: &FitTarget, parameter: &Parameter, estimate: &Estimate, all: &Estimated) -> Result<Row, Box<Diagnostic>> {
    let place = fit.place(target, Some(parameter), &estimate.entity);
    let entity = place.as_str();
    let own = if entity.is_empty() { parameter.default.as_ref() } else { parameter.entities.get(entity) };
    let at_origin = parameter.at_origin.contains_key(entity);
    let shipped = match own {
        Some(number) if !at_origin => number,
        _ => return Err(no_place(target, parameter, entity, at_origin)),
    };
    let times = target.factor(&estimate.entity);
    let (value, error) = (estimate.value * times, (estimate.error * times).abs());
    let written = rounded(estimate, target, &shipped.value);
    if written.is_none() && !target.compare {
        return Err(Box::new(
            Diagnostic::error(codes::A066, format!("the estimate for `{}` cannot be written as `{}`", parameter.id, target.form))
                .at(target.span, "")
                .found(format!("{value} with an error of {error}"))
                .help("take another `form`, or bounds that hold it"),
        ));
    }
    let (centre, spread) = centre(&shipped.value);
    let off = (error > 0.0 && error.is_finite()).then(|| (centre - value) / error);
    let apart = shipped.status != Status::Estimated && spread > 0.0 && error > 0.0;
    Ok(Row {
        parameter: parameter.id.clone(),
        entity: entity.to_owned(),
        unit: shipped.unit.to_string(),
        estimate: estimate.name.clone(),
        shipped: (centre, spread),
        status: shipped.status.to_string(),
        fitted: (value, error),
        value: written.as_ref().map_or_else(String::new, |w| w.text.clone()),
        off,
        differs: off.is_some_and(|off| off.abs() > FAR),
        observations: estimate.observations,
        years: estimate.years,
        writes: !target.compare,
        because: target.because.clone(),
        posterior: posterior(shipped, (value, error)).filter(|_| apart),
        silent: if spread > 0.0 { apart && error > spread } else { target.compare && error > value.abs() },
        target: Target { written, from: from(fit, target, all.years) },
    })
}

/// Data and method as they stand in the pack; the cut-off may leave fewer years than the fit asks for.
fn from(fit: &Fit, target: &FitTarget, (first, last): (i32, i32)) -> From {
    let mut method = format!("fit `{}`: {}", fit.id, fit.says);
    if let Method::Hazard { panel, .. } = &fit.method {
        method += &format!("; panel {panel}");
    }
    if target.widen != 1.0 {
        method += &format!("; error times {}", target.widen);
    }
    if let Some(factor) = target.times.get("") {
        method += &format!("; times {factor}");
    }
    let own: Vec<String> =
        target.times.iter().filter(|(entity, _)| !entity.is_empty()).map(|(entity, factor)| format!("{entity} {factor}")).collect();
    if !own.is_empty() {
        method += &format!("; times {}", own.join(", "));
    }
    if let Some(because) = &target.because {
        method += &format!(": {because}");
    }
    From { series: series_of(&fit.method), years: format!("{first}-{last}"), method }
}

fn no_place(target: &FitTarget, parameter: &Parameter, entity: &str, at_origin: bool) -> Box<Diagnostic> {
    let what = if entity.is_empty() { format!("`{}`", parameter.id) } else { format!("`{}` of `{entity}`", parameter.id) };
    let problem = Diagnostic::error(codes::A066, format!("{what} has no number that a fit could stand for")).at(target.span, "");
    Box::new(match at_origin {
        true => problem.and_at(parameter.span, "").found("the last observation of a series").help("such a parameter follows its series by itself"),
        false => problem.and_at(parameter.span, "the parameter").help(match entity {
            "" => "the parameter has values of entities only: name one with `entity = …`".to_owned(),
            _ => format!("give it a first value: `[{}.{entity}]` with `value = …`, or leave the entity out with `only = […]`", parameter.id),
        }),
    })
}

/// Where a distribution lies and how wide it is, without its truncation.
fn centre(value: &Distribution) -> (f64, f64) {
    match value {
        Distribution::Truncated { inner, .. } => centre(inner),
        Distribution::LogNormal { median, sigma } => (*median, median * sigma),
        other => (other.mean(), other.variance().sqrt()),
    }
}

/// A normal prior after a normal estimate: weights are inverse variances.
fn posterior(shipped: &Number, (value, error): (f64, f64)) -> Option<(f64, f64)> {
    let prior = match &shipped.value {
        Distribution::Truncated { inner, .. } => inner,
        other => other,
    };
    let Distribution::Normal { mean, sd } = prior else { return None };
    let (own, data) = (1.0 / (sd * sd), 1.0 / (error * error));
    Some(((mean * own + value * data) / (own + data), 1.0 / (own + data).sqrt()))
}
