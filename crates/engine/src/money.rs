//! Mechanisms name money without a price year; a region has one.

use oxus_pack::region::Identity;
use oxus_units::{Unit, UnitError};

/// A unit of the model, with the region's price year where it names the region's currency without one.
///
/// # Errors
/// When the text is no unit.
pub fn unit(text: &str, identity: &Identity) -> Result<Unit, UnitError> {
    let unit = Unit::parse(text)?;
    if !unit.lacks_price_year() {
        return Ok(unit);
    }
    let (bare, dated) = (identity.currency.as_str(), format!("{}@{}", identity.currency, identity.price_year));
    let kept = text.replace(&dated, "\u{0}");
    Unit::parse(&kept.replace(bare, &dated).replace('\u{0}', &dated))
}
