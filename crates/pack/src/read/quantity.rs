//! Figures that a source states, inside its claims.

use super::units;
use crate::region::{Figure, Quantity};
use crate::walk::Table;

/// Reads `quantity = { value | low, high | is | stated = false, unit, … }` of a claim.
pub(super) fn read(table: &Table<'_>) -> Option<Quantity> {
    let about = table.need("about").and_then(|v| v.words());
    let figure = figure(table);
    let wants_unit = matches!(figure, Some(Figure::Value(_) | Figure::Range(..)));
    let stated = if wants_unit { table.need("unit") } else { table.get("unit") };
    let unit = stated.as_ref().and_then(|v| units::parse(v.cx, &v.text()?, v.span));
    if let (Some(value), Some(Figure::Date(_) | Figure::Unstated)) = (&stated, figure) {
        value.wrong("a unit", "no unit: a date or an unstated figure has none");
    }
    let quantity = Quantity {
        bound: table.get("bound").and_then(|v| v.word()),
        date: table.get("date").and_then(|v| v.when()),
        printed: table.get("printed").and_then(|v| v.words()),
        span: table.span,
        about: about.unwrap_or_default(),
        unit,
        figure: figure?,
    };
    table.finish();
    Some(quantity)
}

/// The one figure of the table.
fn figure(table: &Table<'_>) -> Option<Figure> {
    let (value, low, high) = (table.get("value"), table.get("low"), table.get("high"));
    let (is, stated) = (table.get("is"), table.get("stated"));
    match (value, low, high, is, stated) {
        (Some(value), None, None, None, None) => Some(Figure::Value(value.real()?)),
        (None, Some(low), Some(high), None, None) => {
            let (from, to) = (low.real()?, high.real()?);
            if from > to {
                high.wrong(&format!("{to}, below `low`"), &format!("a number of at least {from}"));
                return None;
            }
            Some(Figure::Range(from, to))
        }
        (None, None, None, Some(is), None) => Some(Figure::Date(is.when()?)),
        (None, None, None, None, Some(stated)) => {
            if stated.flag()? {
                stated.wrong("`true`", "`false`, or the figure itself: `value`, `low` and `high`, or `is` for a date");
                return None;
            }
            Some(Figure::Unstated)
        }
        (None, None, None, None, None) => {
            table.missing("value");
            None
        }
        (a, b, c, d, e) => {
            let extra = [a, b, c, d, e].into_iter().flatten().max_by_key(|v| v.key_span)?;
            extra.wrong("a second figure", "one of: `value`; `low` and `high`; `is` (a date); `stated = false`");
            None
        }
    }
}
