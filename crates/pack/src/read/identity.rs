use oxus_diag::{Diagnostic, Span, codes};
use oxus_units::{Date, Month};

use crate::lock;
use crate::region::{Defaults, Identity, Name};
use crate::walk::{Context, Table, parse};

const FILE: &str = "pack.toml";

/// Reads `pack.toml`. What cannot be read is reported and stands as a placeholder, so that the rest can be checked.
///
/// The flag says whether everything was there: checks against a placeholder would only add noise.
pub(super) fn read(cx: &Context<'_>) -> (Identity, bool) {
    let Some((text, source)) = cx.file(FILE) else {
        if !cx.broken.contains(FILE) {
            cx.push(no_pack());
        }
        return (placeholder(cx), false);
    };
    let tree = parse(cx, FILE, text, source);
    let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), "`pack.toml`");
    let blank = placeholder(cx);
    let before = cx.errors();
    let identity = Identity {
        id: table.need("id").and_then(|v| v.words()).unwrap_or_default(),
        title: table.need("title").and_then(|v| v.words()).unwrap_or_default(),
        version: table.need("version").and_then(|v| v.words()).unwrap_or_default(),
        schema: table.need("schema").and_then(|v| v.whole(1, 1)).map_or(1, |_| 1),
        origin: table.need("origin").and_then(|v| v.month()).unwrap_or(blank.origin),
        last: table.need("last").and_then(|v| v.month()).unwrap_or(blank.last),
        as_of: table.need("as_of").and_then(|v| v.date()).unwrap_or(blank.as_of),
        currency: table.need("currency").and_then(|v| v.words()).unwrap_or(blank.currency),
        price_year: (table.need("price_year").and_then(|v| v.whole(1900, 2100))).map_or(blank.price_year, |year| year as u16),
        source: table.need("source").and_then(|v| v.name()).unwrap_or(blank.source),
        defaults: match table.need("defaults").and_then(|v| v.table("`[defaults]`")) {
            Some(defaults) => read_defaults(&defaults),
            None => blank.defaults,
        },
        inventory: table.get("inventory").and_then(|v| super::inventory::read(&v.table("`[inventory]`")?)),
        span: cx.head(source),
    };
    let whole = cx.errors() == before;
    table.finish();
    (identity, whole)
}

/// Says that a folder is no pack.
pub(super) fn no_pack() -> Diagnostic {
    Diagnostic::error(codes::P001, "this is not a region pack: it has no `pack.toml`")
        .help("give the folder that holds `pack.toml`, or start one with `oxus new NAME`")
}

fn read_defaults(table: &Table<'_>) -> Defaults {
    let months = |list: Vec<crate::walk::Value<'_>>| list.iter().filter_map(|v| v.month()).collect();
    let defaults = Defaults {
        draws: table.need("draws").and_then(|v| v.count(1)).unwrap_or(1),
        replicates: table.need("replicates").and_then(|v| v.count(1)).unwrap_or(1),
        seed: table.need("seed").and_then(|v| v.whole(0, i64::MAX as u64)).unwrap_or(0),
        scenarios: table.get("scenarios").and_then(|v| v.names()).unwrap_or_default(),
        horizons: table.need("horizons").and_then(|v| v.list()).map(months).unwrap_or_default(),
        span: table.span,
    };
    table.finish();
    defaults
}

/// An identity that makes no check fail; only ever seen together with an error.
fn placeholder(cx: &Context<'_>) -> Identity {
    let month = |year, month| Month::new(year, month).expect("internal: a constant month exists");
    let span = cx.anywhere();
    Identity {
        id: String::new(),
        title: String::new(),
        version: String::new(),
        schema: 1,
        origin: month(9999, 12),
        last: month(9999, 12),
        as_of: Date::new(9999, 12, 31).expect("internal: a constant day exists"),
        currency: "USD".to_owned(),
        price_year: 2012,
        source: Name { id: String::new(), span },
        defaults: Defaults { draws: 1, replicates: 1, seed: 0, scenarios: Vec::new(), horizons: Vec::new(), span },
        inventory: None,
        span,
    }
}

/// The hash that `lock.toml` states, where there is one.
pub(super) fn lock(cx: &Context<'_>) -> Option<Name> {
    let (text, source) = cx.file(lock::FILE)?;
    let tree = parse(cx, lock::FILE, text, source);
    let table = Table::new(cx, tree.get_ref(), Span::new(source, 0..0), "`lock.toml`");
    table.need("hash").and_then(|v| v.name())
}
