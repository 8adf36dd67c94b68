//! An outcome's number as people read it: title with entity and unit, levels, differences, intervals.

use oxus_analysis::Likelihood;
use oxus_engine::confidence::assumed_share;
use oxus_pack::Region;
use oxus_pack::region::Fold;

use super::number::{chance, plain, points, signed};

/// How an outcome's numbers are written.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Title, with the entity where the title does not name it, and the unit where there is one to tell.
    pub title: String,
    /// Unit; `probability` for what happens or not.
    pub unit: String,
    /// Whether it is a chance.
    pub binary: bool,
    /// Whether chances are rounded to 5 points: nothing observed, or most of the owner's numbers assumed.
    pub rounded: bool,
}

impl Measure {
    /// Of an outcome of the pack for an entity.
    pub fn of(region: &Region, outcome: &str, entity: &str) -> Self {
        let found = region.outcomes.get(outcome);
        let mut title = found.map_or_else(|| outcome.to_owned(), |o| o.title.clone());
        if !entity.is_empty() && !title.contains(entity) {
            title += &format!(" [{entity}]");
        }
        let binary = found.is_some_and(|o| matches!(o.fold, Fold::AnyAbove(_) | Fold::RunAbove { .. }));
        let unit = found.map_or_else(String::new, |o| o.unit.to_string());
        if !binary && !matches!(unit.as_str(), "1" | "index" | "events" | "share") {
            title += &format!(", {unit}");
        }
        let owner = found.and_then(|o| o.of.id.split_once('.')).map_or("", |(mechanism, _)| mechanism);
        let rounded = found.is_some_and(|o| !o.observable) || assumed_share(region, owner).is_some_and(|share| share > 0.5);
        Self { title, unit: if binary { "probability".into() } else { unit }, binary, rounded }
    }

    /// A level; a chance to a percent, never below 1 or above 99.
    pub fn level(&self, x: f64) -> String {
        if self.binary { self.chance(x) } else { plain(x) }
    }

    /// A chance, to 5 points where it rests mostly on assumed numbers.
    pub fn chance(&self, p: f64) -> String {
        chance(p, self.rounded)
    }

    /// A difference with its sign; of chances, in points.
    pub fn difference(&self, x: f64) -> String {
        if self.binary { format!("{} pt", points(x)) } else { signed(x) }
    }

    /// A difference with the half-width of its Monte Carlo interval.
    pub fn interval(&self, x: f64, half_width: f64) -> String {
        let half = match half_width {
            h if h.is_nan() => "–".to_owned(),
            h if self.binary => format!("{:.1}", 100.0 * h),
            h => plain(h),
        };
        format!("{} ± {half}", self.difference(x))
    }

    /// 10 to 90 % of draws.
    pub fn spread(&self, (low, high): (f64, f64)) -> String {
        if self.binary { format!("{} to {}", points(low), points(high)) } else { format!("{} to {}", signed(low), signed(high)) }
    }

    /// Words of ICD 203 for a chance.
    pub fn words(&self, x: f64) -> Option<&'static str> {
        self.binary.then(|| Likelihood::of(x).words())
    }
}
