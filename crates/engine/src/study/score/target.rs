//! Which series are forecast: those that a variable of `observation` measures.

use oxus_kernel::{Kind, Model};
use oxus_pack::region::Region;

/// Mechanism whose variables say what published files would show.
const MEASURED_BY: &str = "observation.";

/// A series and the variable that measures it; the variable holds a year's value in December.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Series id.
    pub series: String,
    /// Variable (model index).
    pub variable: usize,
    /// Whether it happens in a year or not.
    pub event: bool,
    /// Smallest and largest possible value.
    pub bounds: (f64, f64),
    /// Entities of the series that the variable has, with their positions.
    pub entities: Vec<(String, u32)>,
}

/// Series that the model forecasts, and those of the pack that it does not.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Forecast, in the order of ids.
    pub list: Vec<Target>,
    /// Series without a measuring variable.
    pub left_out: Vec<String>,
}

impl Targets {
    /// The targets of a model; `without` names series and entities that are not forecast.
    pub fn of(region: &Region, model: &Model, without: &dyn Fn(&str) -> bool) -> Self {
        let mut targets = Self::default();
        for series in region.series.values().filter(|s| !without(&s.id)) {
            // the sidecar names it, or it bears the series' own name
            let named = series.variable.as_ref().map(|v| v.id.clone()).filter(|v| v.starts_with(MEASURED_BY));
            let name = named.unwrap_or_else(|| format!("{MEASURED_BY}{}", series.id));
            let Some(variable) = model.variable(&name) else {
                targets.left_out.push(series.id.clone());
                continue;
            };
            let (axis, spec) = (model.axis_of(variable), model.spec(variable));
            let alone = axis.len() == 1 && series.values.len() == 1;
            let place = |entity: &String| if alone { Some(0) } else { axis.position(entity) };
            let entities = series.values.keys().filter(|e| !without(e)).filter_map(|e| Some((e.clone(), u32::try_from(place(e)?).ok()?)));
            let target = Target {
                series: series.id.clone(),
                variable,
                event: spec.kind == Kind::Count && spec.unit == "1",
                bounds: (spec.low, spec.high),
                entities: entities.collect(),
            };
            if target.entities.is_empty() {
                targets.left_out.push(target.series);
            } else {
                targets.list.push(target);
            }
        }
        targets
    }

    /// All cells: target and entity positions, in order.
    pub fn cells(&self) -> Vec<(usize, usize)> {
        self.list.iter().enumerate().flat_map(|(t, target)| (0..target.entities.len()).map(move |e| (t, e))).collect()
    }
}
